"""Percentages in running text, tied to their count and base where the text itself says them.

A percentage is never given a base the text does not state in the same breath, in the footnote its
marker points to, or (for a count given as '(n=393)') in the sentence before. A pair prints all of
it in one breath: 'total n=821, 48% equals n=393'.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypedDict

from blikveld.checker import numbers
from blikveld.checker.document import Language
from blikveld.checker.numbers import Wording, wording

# Printed forms are often damaged: 'n= =92', 'aan 326', 'aan, n=376', 'staat gelijk n=308'.
_N = r"[nN]\s*=\s*=?\s*"
_BASE = re.compile(
    rf"\b(?:[Tt]ota(?:al|le|l)|TOTAAL|[Bb]asis|[Bb]ase|[Ss]ample)\s*:?\s*\(?\s*(?:{_N}|=\s*|:\s*)"
    rf"(?P<base>{numbers.COUNT})"
)
_EQUALS = (
    r"(?:staat\s+gelijk(?:\s+aan)?|is\s+gelijk(?:\s+aan)?|komt\s+overeen\s+met|zijn|betreft|"
    r"(?:is\s+)?equals?(?:\s+to)?|is\s+equal\s+to|corresponds?\s+to|amounts?\s+to|is|=)"
)
_PAIR = re.compile(
    rf"(?P<percent>{numbers.PERCENT})\s?%\s*{_EQUALS}\s*,?\s*(?:(?P<n>{_N})|(?=\d))"
    rf"(?P<count>{numbers.COUNT})(?!\s?%|[.,]?\d)"
)
_BETWEEN = re.compile(r"[\s,;.:)]*(?:(?:en|and)\b)?[\s,;.:(]*")
_STATED = re.compile(rf"\(\s*[nN]\s*=\s*=?\s*({numbers.COUNT})\s*\)")


@dataclass(frozen=True, slots=True)
class Pair:
    """A percentage, the count it equals, and the base stated before it, if any."""

    start: int
    end: int
    percent: str
    count: int
    base: int | None
    base_start: int | None


def pairs(text: str, language: Language) -> Iterator[Pair]:
    """Every 'p% equals n=count', with the last base stated right before it or before its group.

    A base holds for the pairs that follow it with nothing but commas, points and 'and' between.
    A pair after other words has no base: it is not guessed.
    """
    found = [(m.start(), m, True) for m in _BASE.finditer(text)]
    found += [(m.start(), m, False) for m in _PAIR.finditer(text)]
    base: re.Match[str] | None = None
    end = -1
    for _, match, is_base in sorted(found, key=lambda item: item[0]):
        if is_base:
            base, end = match, match.end()
            continue
        linked = base is not None and _BETWEEN.fullmatch(text, end, match.start())
        base = base if linked else None
        yield Pair(
            match.start(),
            match.end(),
            numbers.percent(match["percent"]),
            numbers.whole(match["count"], language),
            numbers.whole(base["base"], language) if base else None,
            base.start() if base else None,
        )
        end = match.end()


def bases(text: str, language: Language) -> list[int]:
    """Every base the text states, in order: 'Totaal n=821', or '(n=821)' in a caption."""
    found = [(m.start(), m["base"]) for m in _BASE.finditer(text)]
    found += [(m.start(), m[1]) for m in _STATED.finditer(text)]
    return [numbers.whole(number, language) for _, number in sorted(found)]


def only_base(text: str, language: Language) -> int | None:
    """The base of a footnote that states one total and no count; None otherwise."""
    found = [numbers.whole(match["base"], language) for match in _BASE.finditer(text)]
    return found[0] if len(found) == 1 and not _PAIR.search(text) else None


_INSIDE = re.compile(r"\(([^()]{0,160})\)")
_NAMED = re.compile(r"(?P<words>(?:\s+[^\W\d][^\s\d()%;:.,]*){1,5})\s*\((?P<inside>[^()]{3,40})\)")
_AFTER = re.compile(rf"(?P<words>[^\d%().;:]{{1,70}})\(\s*n\s*=\s*=?\s*({numbers.COUNT})\s*\)")
_OF_THEM = re.compile(
    r"\s*(?:of\s+(?:these|them|those)|among\s+them|van\s+(?:hen|deze|die)|hiervan|daarvan|onder\s+hen)\b",
    re.IGNORECASE,
)
_LED = re.compile(r"\s*[nN]\s*=\s*=?\s*(?=\d+\s*(?:/|of\b|out\b|van\b))")
"""The 'n =' that leads a fraction in brackets: '(n = 63/77)'."""
_NUMBER = re.compile(r"\d")
_TOUCHES = re.compile(r"\s*[,;:=]?\s*(?:i\.e\.,?|or|is|=)?\s*")
_WORDS_BETWEEN, _WORDS_APART = 8, 8
"""Words between a fraction, or a count of a stated base, and its percentage at most."""
_BRACKET = 80
"""Characters between an opening bracket and a percentage in it at most."""
_YEAR = re.compile(r"(?:19|20)\d\d")


def _skip_signs(text: str, start: int) -> int:
    """Where the text goes on behind spaces and the signs of notes."""
    while start < len(text) and text[start] in " \n*†‡":
        start += 1
    return start


class _Tie(TypedDict):
    """A count and a base, as far as they change a share."""

    count: int
    base: int
    loose: bool


@dataclass(frozen=True, slots=True)
class Share:
    """A printed percentage and where it stands; count and base as far as the text ties them."""

    start: int
    end: int
    percent: str
    count: int | None = None
    base: int | None = None
    loose: bool = False
    """Whether the tie is a guess: '48% feel safe (n=393)', or a base of the sentence before."""


class SharesSentence:
    """One sentence of running text, with the numbers in it. Offsets are those of the flow."""

    def __init__(self, text: str, offset: int, language: Language, before: int | None) -> None:
        """`before` is the base stated by the sentence before, if any."""
        self._text, self._offset, self._language = text, offset, language
        self._words: Wording = wording(language)
        self._before = before
        self._fractions = list(self._words.fraction.finditer(text))
        self._percents = list(self._words.percent.finditer(text))

    def base(self) -> int | None:
        """The last base the sentence states."""
        found = [m for m in self._words.base.finditer(self._text) if not _YEAR.fullmatch(m["base"])]
        captioned = [
            (m.start(1), m[1])
            for m in _STATED.finditer(self._text)
            if "%" not in self._text[max(0, m.start() - 70) : m.start()]
        ]
        listed = sorted([(m.start("base"), m["base"]) for m in found] + captioned)
        return numbers.whole(listed[-1][1], self._language) if listed else None

    def shares(self) -> Iterator[Share]:
        """Every percentage of the sentence."""
        previous = 0
        for match in self._percents:
            tie = self._tie(match, previous)
            start, end = match.start() + self._offset, match.end() + self._offset
            share = Share(start, end, numbers.percent(match["percent"]))
            yield self._later(match, share) if tie is None else replace(share, **tie)
            previous = match.end()

    def fractions(self) -> Iterator[tuple[int, int, int, int]]:
        """Every 'n of N': start, end, count, base."""
        for match in self._fractions:
            yield (
                match.start() + self._offset,
                match.end() + self._offset,
                numbers.whole(match["count"], self._language),
                numbers.whole(match["base"], self._language),
            )

    def _later(self, percent: re.Match[str], share: Share) -> Share:
        """'48% feel safe (n=393)': the count after some words, if a base was stated before."""
        after = _AFTER.match(self._text, percent.end())
        base = self._base_before(percent.start())
        if after is None or base is None or self._whole(after[2]) >= base:
            return share
        return replace(share, count=self._whole(after[2]), base=base, loose=True)

    def _tie(self, percent: re.Match[str], previous: int) -> _Tie | None:
        return (
            self._beside(percent)
            or self._fraction(percent, previous)
            or self._counted(percent, previous)
        )

    def _beside(self, percent: re.Match[str]) -> _Tie | None:
        """'48% (393 of 821)', '48% (n=393/821)', '48% (n=393)', '48% (393)', '(393/821, 48%)'."""
        after = _INSIDE.match(self._text, _skip_signs(self._text, percent.end()))
        if after is not None and not self._words.percent.search(after[1]):
            return self._bracketed(_LED.sub("", after[1], count=1), percent)
        return self._named(percent) or self._adjacent(percent)

    def _named(self, percent: re.Match[str]) -> _Tie | None:
        """'96% of tumours (171 of 178)': a few words, then brackets with nothing but the pair."""
        after = _NAMED.match(self._text, percent.end())
        if after is None or self._words.breaks.search(after["words"]):
            return None
        inside = _LED.sub("", after["inside"], count=1)
        fraction = self._words.slashed.fullmatch(inside.strip())
        return self._of(fraction) if fraction else None

    def _bracketed(self, inside: str, percent: re.Match[str]) -> _Tie | None:
        fraction = self._words.slashed.search(inside)
        if fraction and not _NUMBER.search(inside[: fraction.start()]):
            return self._of(fraction)
        stated = re.search(rf"\b[nN]\s*=\s*=?\s*({numbers.COUNT})", inside)
        alone = re.fullmatch(rf"\s*({numbers.COUNT})\s*", inside)
        base = self._of_all(percent.start())
        count = stated or alone
        far = base is None and stated is not None
        base = self._before if far else base
        if count and base and self._whole(count[1]) < base:
            return {"count": self._whole(count[1]), "base": base, "loose": far}
        return None

    def _of(self, fraction: re.Match[str]) -> _Tie:
        count, base = self._whole(fraction["count"]), self._whole(fraction["base"])
        return {"count": count, "base": base, "loose": False}

    def _adjacent(self, percent: re.Match[str]) -> _Tie | None:
        """A fraction that touches the percentage inside the same brackets."""
        opened = self._text.rfind("(", max(0, percent.start() - _BRACKET), percent.start())
        if opened < 0 or ")" in self._text[opened : percent.start()]:
            return None
        for match in self._words.slashed.finditer(self._text, opened, percent.end() + _BRACKET):
            left = self._text[match.end() : percent.start()]
            right = self._text[percent.end() : match.start()]
            if _TOUCHES.fullmatch(left if match.end() <= percent.start() else right):
                return self._of(match)
        return None

    def _fraction(self, percent: re.Match[str], previous: int) -> _Tie | None:
        """'393 of the 821 respondents said so (48%)', '393 of 821, which is 48%'."""
        for match in reversed(self._fractions):
            if previous <= match.start() < percent.start():
                between = self._text[match.end() : percent.start()]
                return self._of(match) if self._leads(between, _WORDS_BETWEEN) else None
        return None

    def _leads(self, between: str, words: int) -> bool:
        """Whether nothing but a few words and an opening stand between a count and a percentage."""
        lead = self._words.leads.search(between)
        if lead is None:
            return False
        middle = between[: lead.start()]
        free = not _NUMBER.search(middle) and not self._words.breaks.search(middle)
        return free and not set("()") & set(middle) and len(middle.split()) <= words

    def _counted(self, percent: re.Match[str], previous: int) -> _Tie | None:
        """'Of the 821 respondents, 393 said so (48%) and 205 did not know (25%)'."""
        stated = self._stated(percent.start())
        begin = max(previous, stated.end() if stated else 0)
        found = [
            m
            for m in self._words.count.finditer(self._text, begin, percent.start())
            if self._is_count(m, self._text[begin : percent.start()], begin)
        ]
        if not found or not self._leads(
            self._text[found[-1].end() : percent.start()], _WORDS_APART
        ):
            return None
        base = self._whole(stated["base"]) if stated else None
        if base is None and _OF_THEM.match(self._text):
            base = self._before
        count = self._whole(found[-1]["count"])
        return {"count": count, "base": base, "loose": False} if base and count <= base else None

    def _of_all(self, end: int) -> int | None:
        """The base that the sentence itself states before a place."""
        stated = self._stated(end)
        return self._whole(stated["base"]) if stated else None

    def count_before(self, share: Share) -> int | None:
        """The count in the words before a percentage, back to the percentage before that."""
        end = share.start - self._offset
        begin = max((m.end() for m in self._percents if m.end() <= end), default=0)
        return self.count(begin, end)

    def count(self, begin: int, end: int) -> int | None:
        """The one count in a stretch: written right before, or first with a noun, or alone."""
        stretch = self._text[begin:end]
        matches = self._words.count.finditer(stretch)
        found = [m for m in matches if self._is_count(m, stretch, 0)]
        beside = [m for m in found if re.fullmatch(r"\s*(?:\w+\s*)?[(,]?\s*", stretch[m.end() :])]
        if beside:
            return self._whole(beside[-1]["count"])
        figures = [m for m in found if m["count"][0].isdigit()]
        chosen = figures or found
        return self._whole(chosen[0]["count"]) if chosen else None

    def _is_count(self, match: re.Match[str], stretch: str, begin: int) -> bool:
        word = match["count"].lower()
        before = stretch[: match.start() - begin]
        if word in ("een", "één", "one") or _YEAR.fullmatch(word):
            return False
        return not re.search(
            r"(?:tot\s+en\s+met|\bof|\bor|\bto|\bfigu\w+|\btab\w+|\bn\s*=|§|\bop\s+de|leeftijd\s+van)\s*$",
            before,
            re.IGNORECASE,
        )

    def _stated(self, end: int) -> re.Match[str] | None:
        found = [
            m
            for m in self._words.base.finditer(self._text[:end])
            if not _YEAR.fullmatch(m["base"]) and self._whole(m["base"]) > 1
        ]
        return found[-1] if found else None

    def _base_before(self, end: int) -> int | None:
        stated = self._stated(end)
        return self._whole(stated["base"]) if stated else self._before

    def _whole(self, text: str) -> int:
        return numbers.whole(text, self._language)
