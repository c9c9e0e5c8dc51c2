"""Speakers of an interview and their organisations, which are known before it is read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from unicodedata import normalize

from blikveld.interviews.deidentification.spans import IdentifierKind, Span, SuggestionSource
from blikveld.interviews.deidentification.words import body, listed
from blikveld.study.labels import fold_text

PREFIXES = frozenset(
    ("van", "de", "der", "den", "het", "ter", "ten", "te", "el", "al", "ben", "von", "da", "dos")
) | {"'t", "du", "la", "le", "bin"}
"""Words between a given name and a surname."""
_BESIDE = re.compile(r"\s*[(|\[]\s*([^()|\[\]]*)[)\]]?\s*")
_UNNAMED = re.compile(
    r"(?i)(?:speaker|spreker|gast|guest|unknown|onbekende?|spk)(?:\s+speaker|\s+spreker)?"
    r"[\s_]*(?:\d*|[a-z])|[a-z]\d?"
)
_ROLE = re.compile(
    r"(?i)(?:interviewer|respondent|participant|moderator|deelnemer|ge[iï]nterviewde|researcher"
    r"|onderzoeker|interviewee)\s*\d*"
)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody who speaks: every way the name is written, and what stands in its place.

    `label` is a role, such as 'Interviewer' or 'Jongerenwerker': it is read in the transcript.
    """

    names: tuple[str, ...]
    label: str


@dataclass(frozen=True, slots=True)
class KnownNames:
    """The list of speakers and the organisations that are known beforehand."""

    speakers: tuple[Speaker, ...] = ()
    organisations: tuple[str, ...] = ()

    def speaker(self, display: str) -> Speaker | None:
        """Whose display name this is; None when it is not on the list."""
        wanted = {fold_text(name) for name in (display, *forms(display))}
        for speaker in self.speakers:
            if wanted & {
                fold_text(form) for name in speaker.names for form in (name, *forms(name))
            }:
                return speaker
        return None


def unnamed(display: str) -> bool:
    """Whether a display name is none, such as 'Speaker 1'."""
    return is_role(display) or _UNNAMED.fullmatch(display.strip()) is not None


def is_role(display: str) -> bool:
    """Whether a display name says what somebody does in the interview, such as 'Interviewer'."""
    return _ROLE.fullmatch(display.strip()) is not None


def forms(display: str) -> tuple[str, ...]:
    """A display name as it is said: 'Laan, Ada (Org)' is Ada Laan; what stands beside it is left.

    >>> forms("Laan, Ada van der (Org)")
    ('Ada van der Laan',)
    """
    name = _BESIDE.sub(" ", normalize("NFC", display)).strip()
    if name.count(",") == 1:
        last, first = (part.strip() for part in name.split(","))
        name = f"{first} {last}"
    return (" ".join(name.split()),) if name else ()


def beside(display: str) -> tuple[str, ...]:
    """What stands in brackets beside a display name: most often an organisation."""
    return tuple(found.strip() for found in _BESIDE.findall(display) if found.strip())


def mentions(text: str, people: KnownNames) -> Iterator[Span]:
    """Where the speakers and their organisations are named.

    They are found in whatever letter case. Only a surname that is an ordinary word, alone and
    without a capital, is left where it stands.
    """
    for speaker in people.speakers:
        for name in {said for display in speaker.names for said in forms(display)}:
            yield from _person(text, name.split())
        for organisation in {o for display in speaker.names for o in beside(display)}:
            yield from _words(text, (organisation,), IdentifierKind.ORGANISATION)
    for organisation in people.organisations:
        yield from _words(text, (organisation,), IdentifierKind.ORGANISATION)
        for short in _short(organisation):
            # One ordinary word, such as 'De Brug', is a name with its capitals only.
            one = len([part for part in short.split() if part.casefold() not in PREFIXES]) < 2
            yield from _words(text, (short,), IdentifierKind.ORGANISATION, exact=one)


def _short(organisation: str) -> tuple[str, ...]:
    """How an organisation is called in speech: 'Stichting Anker' is 'Anker'."""
    first, _, rest = organisation.partition(" ")
    if not rest or not (first in listed("ordinary") or body(first)):
        return ()
    return (rest, *_short(rest))


def _person(text: str, parts: list[str]) -> Iterator[Span]:
    if not parts:
        return
    whole, rest = " ".join(parts), parts[1:]
    surname = [part for part in rest if part.casefold() not in PREFIXES]
    loose = [whole, parts[0]]
    if len(surname) < len(rest):
        loose.append(" ".join(rest))
    # Of two surnames the first alone is said too, and the second with what stands before it.
    if any("-" in part for part in surname):
        loose += [half for half in " ".join(rest).split("-") if fold_text(half) not in _words_too()]
    yield from _words(text, loose, IdentifierKind.PERSON)
    alone = " ".join(surname)
    yield from _words(
        text, (alone,), IdentifierKind.PERSON, exact=fold_text(alone) in listed("word_surnames")
    )


def _words_too() -> frozenset[str]:
    """Surnames that are ordinary words too."""
    return listed("word_surnames") | PREFIXES


def _words(
    text: str, phrases: Iterable[str], kind: IdentifierKind, *, exact: bool = False
) -> Iterator[Span]:
    for phrase in phrases:
        if len(phrase) < 2:
            continue
        form = r"[\s_.\-]+".join(re.escape(part) for part in phrase.split())
        flags = 0 if exact else re.IGNORECASE
        for match in re.finditer(rf"(?<!\w){form}(?=s?(?!\w))", text, flags):
            yield Span(match.start(), match.end(), kind, SuggestionSource.SPEAKERS)
