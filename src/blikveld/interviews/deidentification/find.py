"""Two looks for what could tell who somebody is: suggestions, and words that nobody judged yet.

The meaning of a capital in Dutch does most of the work of the first: inside a sentence it marks a
name of something. A name that was found once is found everywhere. In turns without capitals, lists
of names and the words before a name have to do.

The second look has one row for each word, with how often it stands there and the words around it,
those that may name somebody first. Most of what the rules miss is among the first hundred
(world/names.md). In text without capitals ordinary words are names too; such a text has to be read
line by line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from unicodedata import combining, normalize

from blikveld.interviews.deidentification.lower import lower_names
from blikveld.interviews.deidentification.names import Judge
from blikveld.interviews.deidentification.patterns import patterns
from blikveld.interviews.deidentification.people import PREFIXES, KnownNames, forms, mentions
from blikveld.interviews.deidentification.programs import ProgramFailed
from blikveld.interviews.deidentification.runs import TextWord, runs
from blikveld.interviews.deidentification.runs import words as words_of
from blikveld.interviews.deidentification.spans import (
    WORDS,
    IdentifierKind,
    Span,
    SuggestionSource,
    settled,
)
from blikveld.interviews.deidentification.words import (
    Category,
    given_names,
    is_word,
    listed,
    places,
    readable,
    surnames,
)

Program = Callable[[str], Iterable[Span]]
"""Something else that finds names, such as deduce."""
_KINDS = "|".join(re.escape(w) for table in WORDS.values() for w in table.values())
_PLACEHOLDER = re.compile(rf"\[(?:{_KINDS}) \d+\]")
_SHORTEST = 3
_PLACE = re.compile(r"(?<!\w)(?=\S)")
_ENDED = re.compile(r"(?=(?:['’]?s)?(?!\w))")
_WRITTEN_ADDRESSES = frozenset((IdentifierKind.MAIL, IdentifierKind.HANDLE, IdentifierKind.LINK))
_NAMED = frozenset((IdentifierKind.PERSON, IdentifierKind.TOWN, IdentifierKind.ORGANISATION))


@dataclass(frozen=True, slots=True)
class Context:
    """What is known beforehand: who speaks, the towns of the study, and other programs.

    `hide` holds what a study hides though it tells of many people at once.
    """

    people: KnownNames = field(default_factory=KnownNames)
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


def beforehand(text: str, people: KnownNames) -> tuple[Span, ...]:
    """Where speakers and their organisations stand: what is replaced before anything is stored.

    An address or account that holds a speaker's name is taken whole, with or without its accents.
    """
    named = list(mentions(text, people))
    inside = {index for span in named for index in range(span.start, span.end)}
    parts = _parts_of_names(people)
    around = (
        s
        for s in patterns(text)
        if not inside.isdisjoint(range(s.start, s.end))
        or (s.kind in _WRITTEN_ADDRESSES and any(p in _unaccented(s.words(text)) for p in parts))
    )
    return settled((*named, *around))


def _parts_of_names(people: KnownNames) -> set[str]:
    whole = (form for speaker in people.speakers for name in speaker.names for form in forms(name))
    parts = {_unaccented(part) for name in whole for part in name.split()}
    return {part for part in parts if len(part) >= _SHORTEST and part not in PREFIXES}


def _unaccented(text: str) -> str:
    return "".join(sign for sign in normalize("NFKD", text.casefold()) if not combining(sign))


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


_AROUND = 40
_SMALL = re.compile(r" (?:(?:voor|van|der|den|de|het|'t|of|aan|tot|ter|and|the|for|du|la) ){1,2}")
_TAIL = re.compile(r" \d{1,2}(?!\d|[.,:]\d)|-[^\W\d_]+")
_HEAD = re.compile(r"[^\W\d_]+-$")
_SHORTEST_WORD = 2
_NUMBER = re.compile(r"(?<!\w)\d(?:[\d.,/:-]*\d){2,}(?!\w)")
"""Three digits or more; fewer tell of nobody."""


class Suspicion(IntEnum):
    """Why a word is shown; the strongest first."""

    CAPITAL = 0
    """It has a capital inside a sentence."""
    GAP = 1
    """It stands between words that go, and they may be one name: 'Museum of Modern Art'."""
    NAME = 2
    """It is not a word of the language, and is a name or a place in our lists."""
    UNKNOWN = 3
    """It is not a word of the language."""
    FIRST = 4
    """A sentence begins with it, and it is a name too."""
    NUMBER = 5
    """It has digits."""
    START = 6
    """A sentence begins with it, and it stands nowhere in lower case: few sentences begin so."""
    PUBLIC = 7
    """It has a capital and tells of nobody, as far as our lists know."""
    ALSO_NAME = 8
    """It is an ordinary word that is a name too."""
    WORD = 9
    """It is an ordinary word."""


@dataclass(frozen=True, slots=True)
class UnjudgedWord:
    """A word that no suggestion covers: where it stands, and what is around it first."""

    words: str
    starts: tuple[int, ...]
    before: str
    after: str
    suspicion: Suspicion
    kind: IdentifierKind
    """What it would most likely be."""

    @property
    def count(self) -> int:
        """How often it stands in the text."""
        return len(self.starts)


def second_look(
    text: str, judged: Iterable[Span], hide: frozenset[Category] = frozenset()
) -> tuple[UnjudgedWord, ...]:
    """The words that no judged suggestion touches, the likeliest names first.

    Within one suspicion rare words come before those that stand there often.
    """
    spans = tuple(judged)
    closed = {index for span in spans for index in range(span.start, span.end)}
    left, whole = readable(hide), (*words_of(text), *_numbers(text))
    lower = {word.text for word in whole if word.text.islower()}
    found: dict[str, list[tuple[int, Suspicion]]] = {}
    for word in whole:
        if len(word.text) >= _SHORTEST_WORD and closed.isdisjoint(range(word.start, word.end)):
            found.setdefault(word.text, []).append((word.start, _suspicion(word, left, lower)))
    for start, end in _gaps(text, spans):
        found.setdefault(text[start:end], []).append((start, Suspicion.GAP))
    rows = (_row(text, words, here) for words, here in found.items())
    return tuple(sorted(rows, key=lambda row: (row.suspicion, row.count, row.starts)))


def _gaps(text: str, spans: Iterable[Span]) -> Iterator[tuple[int, int]]:
    """Names that may be longer than what goes: from, and up to."""
    ordered = sorted((s for s in spans if s.kind in _NAMED), key=lambda span: span.start)
    for span, after in zip(ordered, (*ordered[1:], None), strict=False):
        bodied = after is not None and IdentifierKind.ORGANISATION in (span.kind, after.kind)
        if after and bodied and _SMALL.fullmatch(text[span.end : after.start]):
            yield span.start, after.end
        head = _HEAD.search(text[max(0, span.start - _AROUND) : span.start])
        tail = _TAIL.match(text, span.end)
        if head or tail:
            start = span.start - (len(head.group()) if head else 0)
            yield start, tail.end() if tail else span.end


def _numbers(text: str) -> Iterator[TextWord]:
    return (TextWord(match.group(), match.start(), first=False) for match in _NUMBER.finditer(text))


def _row(text: str, words: str, found: list[tuple[int, Suspicion]]) -> UnjudgedWord:
    start, suspicion = min(found, key=lambda place: (place[1], place[0]))
    end = start + len(words)
    return UnjudgedWord(
        words,
        tuple(sorted(place for place, _ in found)),
        text[max(0, start - _AROUND) : start],
        text[end : end + _AROUND],
        suspicion,
        _likely(words),
    )


def _suspicion(word: TextWord, left: frozenset[str], lower: set[str]) -> Suspicion:
    text, title = word.text, word.text.capitalize()
    if text[0].isdigit():
        return Suspicion.NUMBER
    if text in left:
        return Suspicion.PUBLIC
    named = title in given_names() or title in surnames() or title in places()
    capital = text[:1].isupper()
    if (capital and not word.first) or word.acronym:
        return Suspicion.CAPITAL
    if not is_word(text):
        return Suspicion.NAME if named else Suspicion.UNKNOWN
    if capital and named:
        return Suspicion.FIRST
    if capital and text.lower() not in lower and text not in listed("starters"):
        return Suspicion.START
    if named and title not in listed("starters"):
        return Suspicion.ALSO_NAME
    return Suspicion.WORD


def _likely(words: str) -> IdentifierKind:
    title = words.capitalize()
    if any(sign.isdigit() for sign in words):
        return IdentifierKind.NUMBER
    if title in places():
        return IdentifierKind.TOWN
    if title in given_names() or title in surnames():
        return IdentifierKind.PERSON
    return IdentifierKind.PERSON if not words.isupper() else IdentifierKind.ORGANISATION
