"""Suggestions: what in a text could tell who somebody is.

The meaning of a capital in Dutch does most of the work: inside a sentence it marks a name of
something. Lists tell towns from people, and what is known to tell of nobody is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from blikveld.interviews.protect.frog import ProgramFailed
from blikveld.interviews.protect.patterns import patterns
from blikveld.interviews.protect.people import People, mentions
from blikveld.interviews.protect.runs import Run, runs
from blikveld.interviews.protect.spans import WORDS, Kind, Source, Span, settled
from blikveld.interviews.protect.words import (
    BODIES,
    BODY_ENDS,
    SCHOOLS,
    STREETS,
    TITLES,
    TOWNS,
    body,
    listed,
)

Program = Callable[[str], Iterable[Span]]
"""Something else that finds names, such as deduce."""
_INTO = frozenset(("in", "uit", "naar", "te", "richting", "rond", "omgeving", "vanuit", "bij"))
_KINDS = "|".join(re.escape(w) for table in WORDS.values() for w in table.values())
_PLACEHOLDER = re.compile(rf"\[(?:{_KINDS}) \d+\]")
_NUMBER = re.compile(r" \d{1,4}[a-zA-Z]?\b")
_BACK = 60
_SMALL = r"(?:(?:van|de|der|den|ter|ten|te|el|al|het|'t)\s)"
_INITIALS = re.compile(rf"(?:\b[A-Z]\.\s?)+{_SMALL}*$")
_PREFIXED = re.compile(rf"\b{_SMALL}+$")
_BODY = "|".join((*map(str.lower, BODIES), *(rf"\w*{end}" for end in BODY_ENDS)))
_BODY_BEFORE = re.compile(
    rf"\b(?:[A-Z]?\w+- en )?(?!gemeente\b)(?:{_BODY})\s(?:de\s|het\s|'t\s)*$|\b[A-Z]\w+- en $"
)
_ABBREVIATION = 5
_SHORTEST_TOWN = 5


@dataclass(frozen=True, slots=True)
class Context:
    """What is known beforehand: who speaks, the towns of the study, and other programs."""

    people: People = field(default_factory=People)
    towns: frozenset[str] = frozenset()
    programs: tuple[Program, ...] = field(default=())


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
    found = [*mentions(text, known.people), *patterns(text), *_named(text, known)]
    failures = []
    for program in known.programs:
        try:
            found.extend(span for span in program(text) if _tells(span.words(text)))
        except ProgramFailed as failed:
            failures.append(failed)
    closed = [match.span() for match in _PLACEHOLDER.finditer(text)]
    spans = settled(span for span in found if not _inside(span, closed))
    return Suggestions(spans, tuple(failures))


def _tells(words: str) -> bool:
    """Whether a program's find can tell of somebody: it does not know what our lists know."""
    ordinary = listed("ordinary")
    names = [word for word in words.split() if word[:1].isupper()] or words.split()
    return words not in ordinary and not ordinary.issuperset(names)


def beforehand(text: str, people: People) -> tuple[Span, ...]:
    """Where speakers and their organisations stand: what is replaced before anything is stored.

    An address or account that holds a speaker's name is taken whole.
    """
    named = list(mentions(text, people))
    places = {place for span in named for place in range(span.start, span.end)}
    around = (s for s in patterns(text) if not places.isdisjoint(range(s.start, s.end)))
    return settled((*named, *around))


def _inside(span: Span, closed: list[tuple[int, int]]) -> bool:
    return any(span.start < end and start < span.end for start, end in closed)


def _named(text: str, context: Context) -> Iterator[Span]:
    towns = listed("places") | context.towns
    whole = list(runs(text))
    found = [span for run in whole if (span := _judged(run, towns, text))]
    yield from found
    yield from _several(text, towns)
    yield from _again(whole, dict(_calls(text, found)))


def _calls(text: str, found: Iterable[Span]) -> Iterator[tuple[str, Span]]:
    """Names as they are found, and of people the first of several."""
    for span in found:
        words = span.words(text)
        yield words, span
        first, _, rest = words.partition(" ")
        if rest and span.kind is Kind.PERSON and first not in listed("starters"):
            yield first, span


def _several(text: str, towns: frozenset[str]) -> Iterator[Span]:
    """Towns of several words, small ones among them: 'Wijk bij Duurstede'."""
    long = "|".join(re.escape(town) for town in sorted(towns, key=len, reverse=True) if " " in town)
    for match in re.finditer(rf"(?<!\w)(?:{long})(?!\w)", text) if long else ():
        yield Span(match.start(), match.end(), Kind.TOWN, Source.RULE)


def _again(whole: list[Run], names: dict[str, Span]) -> Iterator[Span]:
    # A sentence may begin with any word; one that was a name elsewhere is a name here too.
    for run in whole:
        first = run.words[0]
        if first.first and (span := names.get(first.text)):
            yield Span(first.start, first.end, span.kind, Source.CAPITAL)


def _judged(run: Run, towns: frozenset[str], text: str) -> Span | None:
    cleared = _without_ordinary(run, towns)
    if cleared is None:
        return None
    kind, source = _kind(cleared, towns)
    start, end = _start(text, cleared, kind), cleared.words[-1].end
    number = _NUMBER.match(text, end)
    if number and _street(cleared):
        kind, end = Kind.TOWN, number.end()
    return Span(start, end, kind, source)


def _start(text: str, run: Run, kind: Kind) -> int:
    """Where a name begins: with initials before a surname, with what a body is before its name."""
    start = run.words[0].start
    before = text[max(0, start - _BACK) : start]
    form = {Kind.PERSON: _INITIALS, Kind.ORGANISATION: _BODY_BEFORE}.get(kind)
    if kind is Kind.PERSON and run.led in TITLES and run.led != run.before:
        form = _PREFIXED
    found = form.search(before) if form else None
    return start - len(found.group()) if found else start


def _without_ordinary(run: Run, towns: frozenset[str]) -> Run | None:
    # What is left of a run without the words in front that tell of nobody.
    rest: Run | None = run
    while rest is not None:
        first = rest.words[0]
        if _known(rest, towns):
            return rest
        if not (first.first or _ordinary(first.text) or first.text.lower() in TITLES):
            return rest
        if first.first and _begins_a_name(rest):
            return rest
        rest = rest.without(1)
    return None


def _begins_a_name(run: Run) -> bool:
    """Whether two words with capitals at the beginning of a sentence are a name together."""
    first, *more = run.words
    capital = [word.text for word in more if word.capital]
    told = first.text in listed("starters") or _ordinary(first.text)
    return bool(capital) and not told and not all(map(_ordinary, capital))


def _known(run: Run, towns: frozenset[str]) -> bool:
    first = run.words[0].text
    called = len(run.words) > 1 and (body(first) or run.words[-1].text in SCHOOLS)
    hyphened = first.split("-")[0] in listed("given_names")
    named = first in listed("given_names") or hyphened
    return named or called or _town(run, towns) or _street(run)


def _ordinary(word: str) -> bool:
    return word in listed("ordinary") or (word.isupper() and len(word) <= _ABBREVIATION)


def _town(run: Run, towns: frozenset[str]) -> bool:
    first = run.words[0].text
    if run.words[0].first and run.text in listed("word_towns"):
        return False
    return run.text in towns or first in towns or first.split("-")[0] in towns


def _street(run: Run) -> bool:
    last = run.words[-1].text.lower()
    whole = run.text.lower()
    small = any(not word.capital for word in run.words)  # 'Ada van der Laan' is no street
    long = any(last.endswith(end) and len(whole) > len(end) + 1 for end in STREETS)
    return long and not small


def _kind(run: Run, towns: frozenset[str]) -> tuple[Kind, Source]:
    first, last = run.words[0].text, run.words[-1].text
    several = len(run.words) > 1
    if (several and (body(first) or last in SCHOOLS)) or body(run.before.capitalize()):
        return Kind.ORGANISATION, Source.RULE
    if run.led in TITLES:
        return Kind.PERSON, Source.RULE
    if _town(run, towns):
        return Kind.TOWN, Source.LIST
    if first in listed("given_names"):
        return Kind.PERSON, Source.LIST
    if _street(run) or _sounds_like_a_town(run):
        return Kind.TOWN, Source.RULE
    return (Kind.TOWN if run.led in _INTO else Kind.PERSON), Source.CAPITAL


def _sounds_like_a_town(run: Run) -> bool:
    word = run.words[-1].text.lower()
    inside = run.led in _INTO and len(run.words) == 1 and len(word) >= _SHORTEST_TOWN
    return inside and any(word.endswith(end) for end in TOWNS)
