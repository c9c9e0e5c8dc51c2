"""What can be counted and laid out of codes: by a trait of the interview, together, by theme."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from blikveld.interviews.coding.actions import AGREED
from blikveld.interviews.coding.state import CodedSegment, CodingState


def interviews(
    state: CodingState, code: str, passages: Iterable[CodedSegment] | None = None
) -> set[str]:
    """The texts in which somebody gave a code, or one that stands under it."""
    given = state.segments if passages is None else passages
    return {passage.text for passage in given if code in state.above(passage.code)}


def by_attribute(state: CodingState, attribute: Mapping[str, str]) -> Mapping[tuple[str, str], int]:
    """In how many interviews a code occurs, by a trait of the interview such as its function.

    `attribute` is from text to trait. Pairs that never occur are left out.
    """
    table: dict[tuple[str, str], int] = {}
    for code in state.codes:
        for text in interviews(state, code):
            if text in attribute:
                pair = code, attribute[text]
                table[pair] = table.get(pair, 0) + 1
    return table


def together(state: CodingState) -> Mapping[tuple[str, str], int]:
    """How often one coder gave two codes to passages that overlap; pairs as in the codebook."""
    order = {code: index for index, code in enumerate(state.codes)}
    table: dict[tuple[str, str], int] = {}
    for one, other in combinations(sorted(state.segments), 2):
        if one.code != other.code and _overlap(one, other):
            first, second = sorted((one.code, other.code), key=order.__getitem__)
            table[first, second] = table.get((first, second), 0) + 1
    return table


def _overlap(one: CodedSegment, other: CodedSegment) -> bool:
    beside = one.end <= other.start or other.end <= one.start
    return (one.text, one.author) == (other.text, other.author) and not beside


def theme_count(state: CodingState) -> Mapping[str, int]:
    """In how many interviews each theme is spoken of, and each code."""
    return {code: len(interviews(state, code)) for code in state.codes}


@dataclass(frozen=True, slots=True)
class Frequency:
    """How often a code was given, with the codes under it: interviews, passages, and coders."""

    interviews: int
    passages: int
    coders: int


def frequencies(state: CodingState) -> Mapping[str, Frequency]:
    """The frequency of each code. What coders settled together is nobody's, and no coder."""
    found: dict[str, set[CodedSegment]] = {code: set() for code in state.codes}
    for passage in state.segments:
        for code in state.above(passage.code):
            found[code].add(passage)
    return {code: _frequency(passages) for code, passages in found.items()}


def _frequency(passages: set[CodedSegment]) -> Frequency:
    places = {(p.text, p.start, p.end, p.author) for p in passages}
    coders = {p.author for p in passages} - {AGREED}
    return Frequency(len({p.text for p in passages}), len(places), len(coders))


def framework(state: CodingState) -> Mapping[tuple[str, str], tuple[CodedSegment, ...]]:
    """The passages of each interview under each code, in order: the cells of a framework matrix.

    A passage that several coders gave a code stands there once.
    """
    cells: dict[tuple[str, str], dict[tuple[int, int], CodedSegment]] = {}
    for passage in sorted(state.segments):
        cell = cells.setdefault((passage.text, passage.code), {})
        cell.setdefault((passage.start, passage.end), passage)
    return {key: tuple(cell.values()) for key, cell in cells.items()}
