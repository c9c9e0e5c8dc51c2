"""Positions in a text: the standard counts code points, some programs count units of UTF-16.

They differ behind a sign above the first plane, such as an emoji. A file does not say which it
means, so what it holds has to tell.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import replace

from blikveld.interviews.refi.model import RefiDocument, RefiSelection

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

    def place(unit: int) -> int:
        return unit - bisect_left(units, unit)

    return place


def _moved(selection: RefiSelection, place: Callable[[int], int]) -> RefiSelection:
    return replace(selection, start=place(selection.start), end=place(selection.end))


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
