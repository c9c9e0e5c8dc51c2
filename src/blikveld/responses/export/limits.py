"""What each format can hold of names, labels and texts, and what had to be changed for that."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from blikveld.responses.export.table import ExportColumn, ExportTable


@dataclass(frozen=True, slots=True)
class FormatLimits:
    """The limits of a format.

    Names: length in characters, which are ASCII, and words that it keeps to itself. A variable's
    label in characters and in bytes, a value's label and a text in bytes of UTF-8.
    """

    format: str
    name: int
    reserved: re.Pattern[str]
    label_characters: int
    label_bytes: int
    value_label: int
    text: int

    def fit_names(self, names: Iterable[str]) -> Mapping[str, str]:
        """Return a name in the format for each name, all different without regard to capitals.

        Signs other than letters without accents, digits and `_` become `_`. A name that is too
        long or taken keeps its beginning and gets a number.
        """
        fitted: dict[str, str] = {}
        taken: set[str] = set()
        for name in names:
            fitted[name] = _free(self._plain(name), taken, self.name)
            taken.add(fitted[name].casefold())
        return fitted

    def cut_label(self, label: str) -> str:
        """As much of a variable's label as the format holds."""
        return cut(label[: self.label_characters], self.label_bytes)

    def cut_value_label(self, label: str) -> str:
        """As much of a value's label as the format holds."""
        return cut(label, self.value_label)

    def cut_text(self, text: str) -> str:
        """As much of an answer in words as the format holds. Readers end a text at a NUL."""
        return cut(text.replace("\0", "\N{REPLACEMENT CHARACTER}"), self.text)

    def _plain(self, name: str) -> str:
        plain = re.sub("[^A-Za-z0-9_]", "_", name)
        if not re.match("[A-Za-z]", plain) or self.reserved.fullmatch(plain.casefold()):
            return f"v_{plain}"
        return plain


SPSS = FormatLimits(
    format="sav",
    name=64,
    reserved=re.compile("all|and|by|eq|ge|gt|le|lt|ne|not|or|to|with"),
    label_characters=255,
    label_bytes=255,
    value_label=120,
    text=32_767,
)
STATA = FormatLimits(
    format="dta",
    name=32,
    reserved=re.compile(
        r"_all|_b|byte|_coef|_cons|double|float|if|in|int|long|_n|_pi|_pred|_rc|_skip|str[0-9]+"
        "|strl|using|with"
    ),
    label_characters=80,
    label_bytes=320,
    value_label=32_000,
    text=2_000_000_000,
)


def cut(text: str, most: int) -> str:
    """Return the beginning of a text that is at most so many bytes of UTF-8, cut between
    characters.
    """
    return text.encode()[:most].decode(errors="ignore")


def list_changes(table: ExportTable, limits: FormatLimits) -> Iterator[str]:
    """Yield a sentence for each name, label and text that the format cannot hold as it is."""
    names = limits.fit_names(column.name for column in table.columns)
    for column, cells in zip(table.columns, table.cells, strict=True):
        if names[column.name] != column.name:
            yield f"{limits.format}: {column.name!r} is named {names[column.name]!r}."
        yield from _cut_labels(column, limits)
        texts = (cell for cell in cells if isinstance(cell, str))
        if shortened := sum(limits.cut_text(text) != text for text in texts):
            yield f"{limits.format}: {column.name!r}: {shortened} texts were cut or lost a NUL."


def _cut_labels(column: ExportColumn, limits: FormatLimits) -> Iterator[str]:
    if limits.cut_label(column.label) != column.label:
        yield f"{limits.format}: {column.name!r}: its label was cut."
    for value in column.values:
        if limits.cut_value_label(value.label) != value.label:
            yield f"{limits.format}: {column.name!r}: the label of {value.code!r} was cut."


def _free(name: str, taken: set[str], length: int) -> str:
    candidate, number = name[:length], 1
    while candidate.casefold() in taken:
        number += 1
        candidate = f"{name[: length - len(str(number)) - 1]}_{number}"
    return candidate
