"""The REFI-QDA model: users, codes, documents, and codings of selections.

The standard counts positions in a text in code points, some programs in units of UTF-16. They
differ behind a sign above the first plane, such as an emoji. A file does not say which it means, so
what it holds has to tell.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from uuid import uuid4

from blikveld.errors import BlikveldError


class ExchangeError(BlikveldError):
    """A project or codebook that cannot be read or written; nothing was loaded."""


def new_guid() -> str:
    """A new name for a thing."""
    return str(uuid4()).upper()


def same(guid: str) -> str:
    """The form in which two guids are compared: without braces and capitals."""
    return guid.strip().strip("{}").lower()


@dataclass(frozen=True, slots=True)
class RefiUser:
    """Somebody who coded. `login` is what the standard calls id."""

    guid: str
    name: str | None = None
    login: str | None = None


@dataclass(frozen=True, slots=True)
class RefiCode:
    """A code, and the codes under it. `codable` is false for a heading only."""

    guid: str
    name: str
    codable: bool = True
    color: str | None = None
    description: str | None = None
    notes: tuple[str, ...] = ()
    codes: tuple[RefiCode, ...] = ()

    def walk(self) -> Iterator[RefiCode]:
        """This code and all under it."""
        yield self
        for code in self.codes:
            yield from code.walk()


@dataclass(frozen=True, slots=True)
class RefiCoding:
    """A code given to a selection or a whole text, by whom and when."""

    guid: str
    code: str
    user: str | None = None
    when: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RefiSelection:
    """The code points from `start` up to `end` of a text."""

    guid: str
    start: int
    end: int
    name: str | None = None
    description: str | None = None
    user: str | None = None
    when: str | None = None
    codings: tuple[RefiCoding, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RefiDocument:
    """A text: a source, or a note. `text` is None when the package does not hold it.

    `utf16` tells that the file counts positions in units of UTF-16, as some programs do where the
    standard says code points. Selections here are in code points all the same.
    """

    guid: str
    name: str | None = None
    text: str | None = None
    description: str | None = None
    user: str | None = None
    when: str | None = None
    selections: tuple[RefiSelection, ...] = ()
    codings: tuple[RefiCoding, ...] = ()
    notes: tuple[str, ...] = ()
    utf16: bool = False


@dataclass(frozen=True, slots=True)
class RefiProject:
    """Coders, codes, texts and notes; all that other programs add is not in here."""

    name: str
    users: tuple[RefiUser, ...] = ()
    codes: tuple[RefiCode, ...] = ()
    sources: tuple[RefiDocument, ...] = ()
    notes: tuple[RefiDocument, ...] = ()
    origin: str | None = None
    description: str | None = None
    about: tuple[str, ...] = ()
    """The notes on the project as a whole."""

    def all_codes(self) -> Iterator[RefiCode]:
        """Every code, those under others included."""
        for code in self.codes:
            yield from code.walk()

    @property
    def missing(self) -> tuple[RefiDocument, ...]:
        """The sources whose text the package does not hold."""
        return tuple(source for source in self.sources if source.text is None)

    def problems(self) -> tuple[str, ...]:
        """What the schema allows and yet cannot be meant, in words; empty when all is well."""
        return (
            *(f"The text of {_named(source)} is not in the file." for source in self.missing),
            *(line for source in self.sources for line in _beyond(source)),
            *(line for source in self.sources for line in self._unknown(source)),
        )

    def _unknown(self, source: RefiDocument) -> Iterator[str]:
        known = {same(code.guid) for code in self.all_codes()}
        codings = (*source.codings, *(c for s in source.selections for c in s.codings))
        for coding in codings:
            if same(coding.code) not in known:
                yield f"A passage of {_named(source)} has code {coding.code}, which is not there."


def _named(source: RefiDocument) -> str:
    return f"source {source.name or source.guid!r}"


def _beyond(source: RefiDocument) -> Iterator[str]:
    for selection in source.selections:
        reach = selection.end if source.text is None else len(source.text)
        if not 0 <= selection.start <= selection.end <= reach:
            where = f"{selection.start}-{selection.end}"
            yield f"Selection {where} lies outside the text of {_named(source)}."


_LAST_OF_FIRST_PLANE = "\uffff"
_PROGRAMS = ("nvivo",)
"""Programs of which files were seen that count units of UTF-16."""
_SURE = 3
"""Edges on the bounds of words by which one way of counting has to be better to be believed."""


def counts_utf16(text: str, selections: Sequence[RefiSelection], origin: str) -> bool:
    """Whether positions are units of UTF-16: by where they end, by names, by words, by program.

    Selections are as the file has them. Where evidence is weak, the program decides.
    """
    high = _high(text)
    if not high or not selections:
        return False
    if any(selection.end > len(text) for selection in selections):
        return all(selection.end <= len(text) + len(high) for selection in selections)
    moved = [_moved(selection, _to_code_point(high)) for selection in selections]
    score = _fits(text, moved) - _fits(text, selections)
    if abs(score) >= _SURE:
        return score > 0
    return origin.lower().startswith(_PROGRAMS)


def in_code_points(document: RefiDocument) -> tuple[RefiSelection, ...]:
    """The selections of a document whose positions are units of UTF-16, in code points."""
    high = _high(document.text or "")
    return tuple(_moved(selection, _to_code_point(high)) for selection in document.selections)


def in_utf16(document: RefiDocument) -> tuple[RefiSelection, ...]:
    """The selections of a document, in units of UTF-16."""
    high = _high(document.text or "")

    def unit(index: int) -> int:
        return index + bisect_left(high, index)

    return tuple(_moved(selection, unit) for selection in document.selections)


def _high(text: str) -> list[int]:
    """Where signs stand that are two units of UTF-16."""
    return [index for index, sign in enumerate(text) if sign > _LAST_OF_FIRST_PLANE]


def _to_code_point(high: list[int]) -> Callable[[int], int]:
    units = [index + number for number, index in enumerate(high)]

    def position(unit: int) -> int:
        return unit - bisect_left(units, unit)

    return position


def _moved(selection: RefiSelection, position: Callable[[int], int]) -> RefiSelection:
    return replace(selection, start=position(selection.start), end=position(selection.end))


def _fits(text: str, selections: Sequence[RefiSelection]) -> int:
    """How well selections fit a text: words that a selection names count most, then whole words."""
    named = sum(_is_named(text, selection) for selection in selections)
    whole = sum(_is_edge(text, s.start) + _is_edge(text, s.end) for s in selections)
    return named * (_SURE + 2 * len(selections)) + whole


def _is_named(text: str, selection: RefiSelection) -> bool:
    words = (selection.name or "").strip().removesuffix("...").removesuffix("…").strip()
    return bool(words) and text[selection.start : selection.end].strip().startswith(words)


def _is_edge(text: str, index: int) -> bool:
    return not text[max(index - 1, 0) : index + 1].isalnum() or index in (0, len(text))
