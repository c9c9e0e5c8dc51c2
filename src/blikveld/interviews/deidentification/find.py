"""Suggestions: what in a text could tell who somebody is.

The meaning of a capital in Dutch does most of the work: inside a sentence it marks a name of
something. A name that was found once is found everywhere. In turns without capitals, lists of names
and the words before a name have to do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from blikveld.interviews.deidentification.lower import lower_names
from blikveld.interviews.deidentification.names import Judge
from blikveld.interviews.deidentification.patterns import patterns
from blikveld.interviews.deidentification.people import PREFIXES, People, mentions
from blikveld.interviews.deidentification.programs import ProgramFailed
from blikveld.interviews.deidentification.runs import runs
from blikveld.interviews.deidentification.spans import (
    WORDS,
    IdentifierKind,
    Span,
    SuggestionSource,
    settled,
)
from blikveld.interviews.deidentification.words import Category, is_word, listed, places, readable

Program = Callable[[str], Iterable[Span]]
"""Something else that finds names, such as deduce."""
_KINDS = "|".join(re.escape(w) for table in WORDS.values() for w in table.values())
_PLACEHOLDER = re.compile(rf"\[(?:{_KINDS}) \d+\]")
_SHORTEST = 3
_PLACE = re.compile(r"(?<!\w)(?=\S)")
_ENDED = re.compile(r"(?=(?:['’]?s)?(?!\w))")
_NAMED = frozenset((IdentifierKind.PERSON, IdentifierKind.TOWN, IdentifierKind.ORGANISATION))


@dataclass(frozen=True, slots=True)
class Context:
    """What is known beforehand: who speaks, the towns of the study, and other programs.

    `hide` holds what a study hides though it tells of many people at once.
    """

    people: People = field(default_factory=People)
    towns: frozenset[str] = frozenset()
    programs: tuple[Program, ...] = field(default=())
    hide: frozenset[Category] = frozenset()


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What could tell who somebody is, and which programs did not do their work."""

    spans: tuple[Span, ...]
    failures: tuple[ProgramFailed, ...] = ()


def suggestions(text: str, context: Context | None = None) -> tuple[Span, ...]:
    """Everything that could tell who somebody is, without overlap, in the order of the text.

    Positions count code points. What is a placeholder already is left alone.
    """
    return suggest(text, context).spans


def suggest(text: str, context: Context | None = None) -> Suggestions:
    """Find what `suggestions` finds, and tell which programs failed: the others go on without."""
    known = context or Context()
    found = [*mentions(text, known.people), *patterns(text)]
    named = [*found, *_named(text, known)]
    failures = []
    for program in known.programs:
        try:
            named.extend(s for s in program(text) if _tells(s.words(text), known.hide))
        except ProgramFailed as failed:
            failures.append(failed)
    everywhere = (*named, *_again(text, settled(named)))
    closed = [match.span() for match in _PLACEHOLDER.finditer(text)]
    spans = settled(span for span in everywhere if not _inside(span, closed))
    return Suggestions(spans, tuple(failures))


def _tells(words: str, hide: frozenset[Category]) -> bool:
    """Whether a program's find can tell of somebody: it does not know what our lists know."""
    left = readable(hide)
    names = [word for word in words.split() if word[:1].isupper()] or words.split()
    return words not in left and not left.issuperset(names)


def beforehand(text: str, people: People) -> tuple[Span, ...]:
    """Where speakers and their organisations stand: what is replaced before anything is stored.

    An address or account that holds a speaker's name is taken whole.
    """
    named = list(mentions(text, people))
    places = {index for span in named for index in range(span.start, span.end)}
    around = (s for s in patterns(text) if not places.isdisjoint(range(s.start, s.end)))
    return settled((*named, *around))


def _inside(span: Span, closed: list[tuple[int, int]]) -> bool:
    return any(span.start < end and start < span.end for start, end in closed)


def _named(text: str, context: Context) -> Iterator[Span]:
    towns = places() | context.towns
    judge = Judge(towns, context.hide)
    for run in runs(text):
        if span := judge.span(run, text):
            yield span
    yield from _several(text, towns)
    yield from lower_names(text, towns, context.hide)


def _several(text: str, towns: frozenset[str]) -> Iterator[Span]:
    """Towns of several words, small ones among them: 'Wijk bij Duurstede'."""
    firsts = {town.split(" ", 1)[0] for town in towns if " " in town}
    for match in re.finditer(r"(?<!\w)['’]?\w[\w'’-]*", text):
        if match.group() in firsts:
            yield from _longest(text, match.start(), towns)


def _longest(text: str, start: int, towns: frozenset[str]) -> Iterator[Span]:
    ends = [m.start() + start for m in re.finditer(r"(?=[^\w'’-]|$)", text[start : start + 40])]
    whole = [end for end in ends if " " in text[start:end] and text[start:end] in towns]
    if whole:
        yield Span(start, whole[-1], IdentifierKind.TOWN, SuggestionSource.RULE)


def _again(text: str, found: Iterable[Span]) -> Iterator[Span]:
    """Where names that were found stand elsewhere: whole, and of people each of their parts."""
    names = {words: span for span in found for words in _calls(span, text)}
    if not names:
        return
    ordered = sorted(names, key=len, reverse=True)
    beginning: dict[str, list[str]] = {}
    for name in ordered:
        beginning.setdefault(name[:_SHORTEST], []).append(name)
    # A pattern of thousands of names would be tried one by one at each sign of a long text.
    done = 0
    for match in _PLACE.finditer(text):
        start = match.start()
        for name in beginning.get(text[start : start + _SHORTEST], ()) if start >= done else ():
            if text.startswith(name, start) and _ENDED.match(text, start + len(name)):
                done = start + len(name)
                yield Span(start, done, names[name].kind, SuggestionSource.CAPITAL)
                break


def _calls(span: Span, text: str) -> Iterator[str]:
    if span.kind not in _NAMED:
        return
    words = span.words(text)
    parts = words.split() if span.kind is IdentifierKind.PERSON else ()
    for call in (words, *(part for part in parts if part.casefold() not in PREFIXES)):
        if len(call) < _SHORTEST or call in listed("starters") or call.endswith("."):
            continue
        yield call
        sure = span.source is not SuggestionSource.CAPITAL
        if sure and not any(is_word(word) for word in call.split()):
            yield call.lower()
