"""Percentages printed with their count and base in one breath: 'total n=821, 48% equals n=393'."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from blikveld.checker import numbers
from blikveld.checker.document import Language

# Printed forms are often damaged: 'n= =92', 'aan 326', 'aan, n=376', 'staat gelijk n=308'.
_N = r"[nN]\s*=\s*=?\s*"
_BASE = re.compile(
    rf"\b(?:[Tt]ota(?:al|le|l)|TOTAAL|[Bb]asis|[Bb]ase|[Ss]ample)\s*:?\s*\(?\s*(?:{_N}|=\s*|:\s*)"
    rf"(?P<base>{numbers.COUNT})"
)
_EQUALS = (
    r"(?:staat\s+gelijk(?:\s+aan)?|is\s+gelijk(?:\s+aan)?|komt\s+overeen\s+met|zijn|betreft|"
    r"(?:is\s+)?equals?(?:\s+to)?|is\s+equal\s+to|corresponds?\s+to|amounts?\s+to|is|=)"
)
_PAIR = re.compile(
    rf"(?P<percent>{numbers.PERCENT})\s?%\s*{_EQUALS}\s*,?\s*(?:(?P<n>{_N})|(?=\d))"
    rf"(?P<count>{numbers.COUNT})(?!\s?%|[.,]?\d)"
)
_BETWEEN = re.compile(r"[\s,;.:)]*(?:(?:en|and)\b)?[\s,;.:(]*")
_STATED = re.compile(rf"\(\s*[nN]\s*=\s*=?\s*({numbers.COUNT})\s*\)")


@dataclass(frozen=True, slots=True)
class Pair:
    """A percentage, the count it equals, and the base stated before it, if any."""

    start: int
    end: int
    percent: str
    count: int
    base: int | None
    base_start: int | None


def pairs(text: str, language: Language) -> Iterator[Pair]:
    """Every 'p% equals n=count', with the last base stated right before it or before its group.

    A base holds for the pairs that follow it with nothing but commas, points and 'and' between.
    A pair after other words has no base: it is not guessed.
    """
    found = [(m.start(), m, True) for m in _BASE.finditer(text)]
    found += [(m.start(), m, False) for m in _PAIR.finditer(text)]
    base: re.Match[str] | None = None
    end = -1
    for _, match, is_base in sorted(found, key=lambda item: item[0]):
        if is_base:
            base, end = match, match.end()
            continue
        linked = base is not None and _BETWEEN.fullmatch(text, end, match.start())
        base = base if linked else None
        yield Pair(
            match.start(),
            match.end(),
            numbers.percent(match["percent"]),
            numbers.whole(match["count"], language),
            numbers.whole(base["base"], language) if base else None,
            base.start() if base else None,
        )
        end = match.end()


def bases(text: str, language: Language) -> list[int]:
    """Every base the text states, in order: 'Totaal n=821', or '(n=821)' in a caption."""
    found = [(m.start(), m["base"]) for m in _BASE.finditer(text)]
    found += [(m.start(), m[1]) for m in _STATED.finditer(text)]
    return [numbers.whole(number, language) for _, number in sorted(found)]


def only_base(text: str, language: Language) -> int | None:
    """The base of a footnote that states one total and no count; None otherwise."""
    found = [numbers.whole(match["base"], language) for match in _BASE.finditer(text)]
    return found[0] if len(found) == 1 and not _PAIR.search(text) else None
