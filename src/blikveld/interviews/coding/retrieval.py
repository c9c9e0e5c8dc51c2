"""Coded passages put side by side: retrieved by code and by words, counted by trait and theme."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from blikveld.interviews.coding.actions import AGREED
from blikveld.interviews.coding.state import CodedSegment, CodingState
from blikveld.interviews.text_lines import Unit, sentences

_MOST_HITS = 300


@dataclass(frozen=True, slots=True)
class PassageFilter:
    """Which passages to show; '' lets all through. `words` stand in the passage, in any case.

    `role` and `site` are those of who spoke, `coder` is who coded.
    """

    code: str = ""
    role: str = ""
    site: str = ""
    coder: str = ""
    words: str = ""


def find_passages(
    state: CodingState,
    texts: Mapping[str, str],
    about: Mapping[str, tuple[str, str]],
    wanted: PassageFilter,
) -> tuple[CodedSegment, ...]:
    """The passages of a code and of the codes under it, in order of text and place.

    `about` is from text to the role and site of who spoke.
    """
    return tuple(
        passage
        for passage in sorted(state.segments)
        if passage.text in texts
        and (not wanted.code or wanted.code in state.above(passage.code))
        and _is_of(about.get(passage.text, ("", "")), wanted)
        and wanted.coder in ("", passage.author)
        and _folded(wanted.words) in _folded(texts[passage.text][passage.start : passage.end])
    )


def _is_of(speaker: tuple[str, str], wanted: PassageFilter) -> bool:
    role, site = speaker
    return wanted.role in ("", role) and wanted.site in ("", site)


def _folded(words: str) -> str:
    return words.casefold()


@dataclass(frozen=True, slots=True)
class TextHit:
    """Words that were found: their place in code points, and the sentence they stand in."""

    text: str
    start: int
    end: int
    sentence: Unit


def search(texts: Mapping[str, str], words: str) -> tuple[TextHit, ...]:
    """Where words stand in the texts, in any case; the first 300. Nothing for less than two signs.

    Each sentence is told once, by its first hit.
    """
    if len(words.strip()) < 2:
        return ()
    found = (hit for key, text in texts.items() for hit in _hits(key, text, words.strip()))
    return tuple(hit for hit, _ in zip(found, range(_MOST_HITS), strict=False))


def _hits(key: str, text: str, words: str) -> Iterator[TextHit]:
    form = re.compile(r"\s+".join(map(re.escape, words.split())), re.IGNORECASE)
    if not form.search(text):
        return
    for unit in sentences({key: text}):
        if match := form.search(text, unit.start, unit.end):
            yield TextHit(key, *match.span(), unit)


def to_split(
    state: CodingState, texts: Mapping[str, str], coder: str, code: str, words: str
) -> tuple[CodedSegment, ...]:
    """A coder's own passages of a code in which words stand, as they were given."""
    return tuple(
        passage
        for passage in sorted(state.given)
        if passage.author == coder
        and state.root(passage.code) == code
        and passage.text in texts
        and passage.text not in state.frozen
        and _folded(words) in _folded(texts[passage.text][passage.start : passage.end])
    )


def coders_of(passages: Iterable[CodedSegment]) -> tuple[str, ...]:
    """Who coded these passages."""
    return tuple(sorted({passage.author for passage in passages}))


def interviews(
    state: CodingState, code: str, passages: Iterable[CodedSegment] | None = None
) -> set[str]:
    """The texts in which somebody gave a code, or one that stands under it."""
    given = state.segments if passages is None else passages
    return {passage.text for passage in given if code in state.above(passage.code)}


def by_attribute(state: CodingState, attribute: Mapping[str, str]) -> Mapping[tuple[str, str], int]:
    """In how many interviews a code occurs, by a trait of the interview such as its site.

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
