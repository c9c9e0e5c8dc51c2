"""Names and labels within the limits of a file format, and what had to be changed for that."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NameLimits:
    """What a format accepts as a name: its length in bytes, and the words it keeps to itself."""

    length: int
    reserved: re.Pattern[str]


SPSS_NAMES = NameLimits(64, re.compile("all|and|by|eq|ge|gt|le|lt|ne|not|or|to|with"))
STATA_NAMES = NameLimits(
    32,
    re.compile(
        r"_all|_b|byte|_coef|_cons|double|float|if|in|int|long|_n|_pi|_pred|_rc|_skip|str[0-9]+"
        "|strl|using|with"
    ),
)


def fit_names(names: Iterable[str], limits: NameLimits) -> Mapping[str, str]:
    """A name in the format for each name, all different without regard to capitals.

    Signs other than letters without accents, digits and `_` become `_`. A name that is too long or
    taken keeps its beginning and gets a number.
    """
    fitted: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        fitted[name] = _free(_plain(name, limits), taken, limits.length)
        taken.add(fitted[name].casefold())
    return fitted


def cut(text: str, most: int) -> str:
    """The beginning of a text that is at most so many bytes of UTF-8, cut between characters."""
    return text.encode()[:most].decode(errors="ignore")


def _plain(name: str, limits: NameLimits) -> str:
    plain = re.sub("[^A-Za-z0-9_]", "_", name)
    if not re.match("[A-Za-z]", plain) or limits.reserved.fullmatch(plain.casefold()):
        return f"v_{plain}"
    return plain


def _free(name: str, taken: set[str], length: int) -> str:
    candidate, number = name[:length], 1
    while candidate.casefold() in taken:
        number += 1
        candidate = f"{name[: length - len(str(number)) - 1]}_{number}"
    return candidate
