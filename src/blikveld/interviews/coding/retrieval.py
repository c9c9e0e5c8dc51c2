"""Finding passages again: those of a code over all interviews, and words in the texts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from blikveld.interviews.coding.state import CodedSegment, CodingState
from blikveld.interviews.text_lines import Unit, sentences

_MOST_HITS = 300


@dataclass(frozen=True, slots=True)
class PassageFilter:
    """Which passages to show; '' lets all through. `words` stand in the passage, in any case.

    `function` and `municipality` are those of who spoke, `coder` is who coded.
    """

    code: str = ""
    function: str = ""
    municipality: str = ""
    coder: str = ""
    words: str = ""


def find_passages(
    state: CodingState,
    texts: Mapping[str, str],
    about: Mapping[str, tuple[str, str]],
    wanted: PassageFilter,
) -> tuple[CodedSegment, ...]:
    """The passages of a code and of the codes under it, in order of text and place.

    `about` is from text to the function and municipality of who spoke.
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
    function, municipality = speaker
    return wanted.function in ("", function) and wanted.municipality in ("", municipality)


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
