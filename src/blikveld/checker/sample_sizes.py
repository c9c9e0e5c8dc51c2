"""Two numbers of people in one report that differ by two swapped figures: 1,637 and 1,673."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from blikveld.checker import numbers
from blikveld.checker.document import Language
from blikveld.checker.findings import ClaimKind, ReportedClaim, Verdict
from blikveld.checker.phrases import Phrases
from blikveld.checker.running_text import Flow

_PEOPLE = {
    Language.DUTCH: r"respondenten|deelnemers|mensen|personen|professionals|leden|inwoners|"
    r"huishoudens|leerlingen|studenten|werknemers|patiënten",
    Language.ENGLISH: r"respondents|participants|people|persons|adults|members|residents|"
    r"households|pupils|students|employees|patients|responses",
}
_FEWEST = 1000


def sample_sizes(flow: Flow, language: Language, phrases: Phrases) -> Iterator[ReportedClaim]:
    """Numbers of people of four figures, each held against the others."""
    places: dict[int, list[int]] = defaultdict(list)
    pattern = re.compile(
        rf"(?:\b[nN]\s*=\s*(?P<n>{numbers.COUNT}))"
        rf"|(?<![\d.,])(?P<people>{numbers.COUNT})\s+(?:{_PEOPLE[language]})\b"
    )
    for match in pattern.finditer(flow.text):
        value = numbers.whole(match["n"] or match["people"], language)
        if value >= _FEWEST:
            places[value].append(match.start())
    for value, found in places.items():
        other = next((o for o in places if _swapped(str(value), str(o))), None)
        if other is None or (len(found), -found[0]) > (len(places[other]), -places[other][0]):
            continue
        yield _claim(value, other, flow.line(found[0]), phrases)


def _swapped(one: str, other: str) -> bool:
    """Whether two numbers have two neighbouring figures in each other's place."""
    if len(one) != len(other):
        return False
    apart = [i for i, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    neighbours = len(apart) == 2 and apart[1] == apart[0] + 1
    return neighbours and one[apart[0]] == other[apart[1]] and one[apart[1]] == other[apart[0]]


def _claim(value: int, other: int, line: int, phrases: Phrases) -> ReportedClaim:
    shown, elsewhere = phrases.number(value), phrases.number(other)
    why = phrases.say(
        f"Elders staat {elsewhere}: zijn er twee cijfers verwisseld?",
        f"Elsewhere it is {elsewhere}: were two figures swapped?",
    )
    return ReportedClaim(ClaimKind.SIZE, shown, line, Verdict.MISPRINT, why, base=value)
