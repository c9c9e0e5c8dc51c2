"""Names by their capitals: what a run of words with capitals is, and where it begins and ends.

Inside a sentence a capital is a name, lists of exceptions aside. At its beginning the list of words
decides: a first word that is none is a name, another is one only where its neighbours say so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from blikveld.interviews.deidentification.runs import Run, TextWord
from blikveld.interviews.deidentification.spans import IdentifierKind, Span, SuggestionSource
from blikveld.interviews.deidentification.words import (
    BODIES,
    BODY_BEHIND,
    BODY_ENDS,
    SCHOOLS,
    STREETS,
    TITLES,
    TOWNS,
    Category,
    body,
    given_names,
    is_word,
    listed,
    readable,
    surnames,
)

_INTO = frozenset(("in", "uit", "naar", "te", "richting", "rond", "omgeving", "vanuit", "bij"))
_CODE = re.compile(r"[A-Z]\d+\w*|[A-Z]{2,3}\d{2,}\w*")
_NUMBERED = re.compile(r"(?:Radio|TV|Ned|NED|Nederland|Kanaal|Net|Zender|BBC|RTL|RTBF|SBS|NPO)")
_CHANNEL = re.compile(r" \d{1,2}(?![\d.,:])")
_NUMBER = re.compile(r" \d{1,4}(?:[a-zA-Z]|-\d{1,3}|\s?bis)?\b")
_BACK = 60
_SMALL = r"(?:(?:van|de|der|den|ter|ten|te|el|al|het|'t|in 't|op de|von|du|la|le|bin|ben)\s)"
_INITIALS = re.compile(rf"(?:\b(?:[A-Z]|Th|Ph|Chr|IJ)\.\s?)+{_SMALL}*$")
_PREFIXED = re.compile(rf"\b{_SMALL}+$")
_BODY = "|".join((*map(str.lower, BODIES), *(rf"\w*{end}" for end in BODY_ENDS)))
_BODY_BEFORE = re.compile(
    rf"\b(?:[A-Z]?\w+- en )?(?!gemeente\b)(?:{_BODY})\s(?:(?:van|voor)\s)?(?:de\s|het\s|'t\s)*$"
    r"|\b[A-Z]\w+- en $"
)
_BODY_AFTER = re.compile(rf"[ -](?:{'|'.join(BODY_BEHIND)})\b")
_ARTICLES = frozenset(("De", "Het", "Den", "Ter", "Ten", "Van", "Sint", "St", "'t"))
_OF_SURNAMES = frozenset(("der", "den", "ter", "ten"))
_LONGEST_ACRONYM = 6
_SHORTEST_TOWN = 5
_SAYS = (
    frozenset(
        ("is", "was", "zei", "zegt", "heeft", "had", "kwam", "komt", "ging", "gaat", "wil", "wilde")
    )
    | frozenset(
        ("kan", "kon", "moet", "moest", "werd", "wordt", "belde", "belt", "vroeg", "vraagt", "zat")
    )
    | {
        "woont",
        "woonde",
        "werkt",
        "werkte",
        "vertelde",
        "vertelt",
        "dacht",
        "denkt",
        "deed",
        "doet",
    }
)
"""What people do: behind a first word that is a given name too, it tells that it is one."""


class Judge:
    """What is known of names in one text: the towns of its study, and what is left readable."""

    def __init__(self, towns: frozenset[str], hide: frozenset[Category]) -> None:
        self.towns = towns
        self.readable = readable(hide)

    def span(self, run: Run, text: str) -> Span | None:
        """The name that a run of words with capitals is; None when it tells of nobody."""
        cleared = self._cleared(run)
        if cleared is None:
            return None
        kind, source = self._kind(cleared)
        if (
            kind is IdentifierKind.ORGANISATION
            and source is SuggestionSource.CAPITAL
            and _initials(text, cleared)
        ):
            kind = IdentifierKind.PERSON
        start, end = _start(text, cleared, kind), cleared.words[-1].end
        number = _NUMBER.match(text, end)
        if number and _street(cleared):
            return Span(start, number.end(), IdentifierKind.ADDRESS, SuggestionSource.RULE)
        channel = _CHANNEL.match(text, end) if _NUMBERED.fullmatch(cleared.text) else None
        end = channel.end() if channel else end
        behind = _BODY_AFTER.match(text, end)
        if behind:
            kind, end = IdentifierKind.ORGANISATION, behind.end()
        return Span(start, end, kind, source)

    def _cleared(self, run: Run) -> Run | None:
        """What is left of a run without the words on its sides that tell of nobody."""
        rest: Run | None = run
        while rest is not None:
            told = self._readable_front(rest)
            if not told and self._begins(rest):
                break
            rest = rest.without(told or 1)
        while rest is not None and len(rest.words) > 1 and self._ends_late(rest.words[-1]):
            rest = _shorter(rest)
        return rest

    def _readable_front(self, run: Run) -> int:
        """How many words at its front are one name of many people: 'Tweede Kamer'; 0 for none."""
        texts = [word.text for word in run.words]
        counts = range(len(texts), 1, -1)
        return next((n for n in counts if " ".join(texts[:n]) in self.readable), 0)

    def _ends_late(self, last: TextWord) -> bool:
        return self._is_readable((last,)) and last.text not in SCHOOLS

    def _begins(self, run: Run) -> bool:
        """Whether a name begins with the first word of a run."""
        first, *more = run.words
        if self._is_readable(run.words) or _is_compound(first.text) or _CODE.fullmatch(first.text):
            return False
        if run.led in TITLES and not first.first:
            return True
        if first.acronym and len(first.text) <= _LONGEST_ACRONYM:
            told = first.text in listed("acronyms") or self._is_readable((first,))
            return not told or any(word.capital for word in more)
        if self._known(run):
            return True
        capital = [word for word in more if word.capital]
        if first.text in self.readable:
            # 'Europese Commissie' is one name, 'Europese Youssef' is not.
            joins = bool(capital) and (first.text.endswith(("s", "se", "sche")) or not first.first)
            return joins and is_word(capital[0].text) and not self._is_readable(capital)
        if first.text in _ARTICLES and capital and not self._is_readable(capital[:1]):
            return True
        if first.text in listed("starters") or first.text.lower() in TITLES:
            return False
        return not first.first or self._begins_a_sentence(run, first, capital)

    def _begins_a_sentence(self, run: Run, first: TextWord, capital: list[TextWord]) -> bool:
        if not is_word(first.text):
            return True
        if capital and not self._is_readable(capital):
            # 'Academisch Ziekenhuis' is one name, 'Premier Kok' ends with one.
            initial = len(first.text) == 1 and first.text not in "UI"
            return initial or first.text in surnames() or is_word(capital[0].text)
        named = first.text in given_names() or first.text in surnames()
        return named and (run.after in _SAYS or not run.after)

    def _is_readable(self, words: Iterable[TextWord]) -> bool:
        whole = [word for word in words if word.capital]
        text = " ".join(word.text for word in words)
        return text in self.readable or all(word.text in self.readable for word in whole)

    def _known(self, run: Run) -> bool:
        first = run.words[0]
        several = len(run.words) > 1
        if several and (body(first.text) or run.words[-1].text in SCHOOLS):
            return True
        named = first.text in given_names() or first.text.split("-")[0] in listed("given_names")
        if named and (not first.first or several or not is_word(first.text)):
            return True
        return self._town(run) or _street(run)

    def _town(self, run: Run) -> bool:
        first = run.words[0]
        if first.first and (run.text in listed("word_towns") or is_word(run.text)):
            return False
        return run.text in self.towns or first.text in self.towns

    def _kind(self, run: Run) -> tuple[IdentifierKind, SuggestionSource]:
        first, last = run.words[0].text, run.words[-1].text
        several = len(run.words) > 1
        if (several and (body(first) or last in SCHOOLS)) or body(run.before.capitalize()):
            return IdentifierKind.ORGANISATION, SuggestionSource.RULE
        if run.led in TITLES or run.before in _OF_SURNAMES:
            return IdentifierKind.PERSON, SuggestionSource.RULE
        if self._town(run):
            return IdentifierKind.TOWN, SuggestionSource.LIST
        if first in given_names() or run.text in surnames():
            return IdentifierKind.PERSON, SuggestionSource.LIST
        if _street(run) or _sounds_like_a_town(run):
            return IdentifierKind.TOWN, SuggestionSource.RULE
        if run.words[0].acronym or is_word(last):
            return IdentifierKind.ORGANISATION, SuggestionSource.CAPITAL
        return (
            IdentifierKind.TOWN if run.led in _INTO else IdentifierKind.PERSON
        ), SuggestionSource.CAPITAL


def _shorter(run: Run) -> Run:
    rest = list(run.words[:-1])
    while len(rest) > 1 and not rest[-1].capital:
        rest.pop()
    return Run(tuple(rest), run.before, run.led, run.words[len(rest)].text)


def _start(text: str, run: Run, kind: IdentifierKind) -> int:
    """Where a name begins: with initials before a surname, with what a body is before its name."""
    start = run.words[0].start
    before = text[max(0, start - _BACK) : start]
    form = {IdentifierKind.ORGANISATION: _BODY_BEFORE}.get(kind, _INITIALS)
    found = form.search(before)
    if kind is IdentifierKind.PERSON and found is None and _has_prefix(run, before):
        found = _PREFIXED.search(before)
    return start - len(found.group()) if found else start


def _has_prefix(run: Run, before: str) -> bool:
    """Whether the small words before a run belong to a surname: 'de' after a title, 'van der'."""
    titled = run.led in TITLES and run.led != run.before
    found = _PREFIXED.search(before)
    small = found.group().split() if found else []
    known = f"{' '.join(small)} {run.words[0].text}" in listed("surnames")
    return titled or len(small) > 1 or known


def _initials(text: str, run: Run) -> bool:
    start = run.words[0].start
    return _INITIALS.search(text[max(0, start - _BACK) : start]) is not None


def _is_compound(word: str) -> bool:
    """Whether a word is one of the language with a letter or acronym before it: 'T-shirt'."""
    front, _, back = word.partition("-")
    short = len(front) == 1 or front in listed("acronyms")
    return bool(back) and back[0].islower() and short and is_word(back)


def _street(run: Run) -> bool:
    last = run.words[-1].text.lower()
    whole = run.text.lower()
    small = any(not word.capital for word in run.words)  # 'Ada van der Laan' is no street
    long = any(last.endswith(end) and len(whole) > len(end) + 1 for end in STREETS)
    return long and not small


def _sounds_like_a_town(run: Run) -> bool:
    word = run.words[-1].text.lower()
    inside = run.led in _INTO and len(run.words) == 1 and len(word) >= _SHORTEST_TOWN
    return inside and any(word.endswith(end) for end in TOWNS)
