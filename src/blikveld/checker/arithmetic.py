"""Sentences whose numbers must agree: changes, parts of a whole, margins, numbers of people.

Nothing is added up because it stands close together. A change has its beginning, its end and its
size in one sentence; percentages share out a whole only where the sentence says that each gave one
answer, because people may give several and a sentence names only some of the parts.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from blikveld.checker import numbers
from blikveld.checker.document import Flow, Language
from blikveld.checker.findings import ClaimKind, ReportedClaim, Verdict
from blikveld.checker.numbers import half_unit, wording
from blikveld.checker.phrases import Phrases
from blikveld.checker.rounding import slip

_SHARE = r"\d{1,3}(?:[.,]\d{1,2})?"
_UNIT = (
    r"(?P<unit>%-?punt\w*|procentpunt\w*|percentage\s?punt\w*|%?\s?percentage\s+points?|pp\b|"
    r"%\s+points?|%|procent|per\s?cent)"
)
_NAME = {
    Language.DUTCH: (
        r"(?:een\s+)?(?:stijging|toename|daling|afname|groei|verschil|verandering)\s+van"
    ),
    Language.ENGLISH: (
        r"(?:an?\s+)?(?:increase|rise|growth|gain|decrease|drop|decline|fall|change|difference)"
        r"\s+of"
    ),
}
_MOVED = {
    Language.DUTCH: r"(?:steeg|stegen|gestegen|daalde|daalden|gedaald|groeide|nam\s+(?:toe|af))\s+"
    r"(?:met|is\s+met)",
    Language.ENGLISH: r"(?:rose|risen|grew|grown|increased|fell|fallen|dropped|declined|decreased)"
    r"\s+by",
}
_FROM = {Language.DUTCH: (r"van", r"naar|tot"), Language.ENGLISH: (r"from", r"to")}
_BETWEEN = r"[^.;%\d()]{0,30}[,(–-]\s*(?:which\s+is\s+|dat\s+is\s+)?"


def changes(flow: Flow, language: Language, phrases: Phrases) -> Iterator[ReportedClaim]:
    """Every change whose beginning, end and size stand in one sentence, in percent or in points.

    '20% to 30%, an increase of 10%', 'rose by 10%, from 20% to 30%', '1,200 to 1,500, a rise of
    25%'.
    """
    start, end = _FROM[language]
    size = rf"(?P<size>{_SHARE})\s?{_UNIT}"
    shares = rf"\b(?:{start})\s+(?P<old>{_SHARE})\s?%\s+(?:{end})\s+(?P<new>{_SHARE})\s?%"
    counts = (
        rf"\b(?:{start})\s+(?P<old>{numbers.COUNT})\s+(?:{end})\s+(?P<new>{numbers.COUNT})"
        r"(?!\s?%|[.,]?\d)"
    )
    forms = (
        (rf"{shares}{_BETWEEN}{_NAME[language]}\s+{size}", True),
        (rf"\b{_MOVED[language]}\s+{size},?\s+\(?{shares}", True),
        (rf"{counts}{_BETWEEN}{_NAME[language]}\s+{size}", False),
        (rf"\b{_MOVED[language]}\s+{size},?\s+\(?{counts}", False),
    )
    for form, is_share in forms:
        for match in re.finditer(form, flow.text, re.IGNORECASE):
            points = bool(re.search(r"point|punt|pp", match["unit"], re.IGNORECASE))
            if is_share or not points:
                text = " ".join(match[0].split())
                line = flow.line(match.start())
                claim = ReportedClaim(ClaimKind.CHANGE, text, line, Verdict.RIGHT)
                change = _change(match, language, is_share=is_share)
                yield _changed(claim, change, phrases, points=points)


@dataclass(frozen=True, slots=True)
class _Change:
    """From `old` to `new` by `size`; `slack` is what rounding leaves of the first two."""

    old: Decimal
    new: Decimal
    size: Decimal
    slack: tuple[Decimal, Decimal]

    @property
    def relative(self) -> tuple[Decimal, Decimal]:
        """The smallest and largest change in percent that the printed numbers allow."""
        low, high = self.slack
        if self.old <= low:
            return Decimal(0), Decimal("Infinity")
        ends = [
            abs(100 * (self.new + up * high - self.old - down * low) / (self.old + down * low))
            for up in (-1, 1)
            for down in (-1, 1)
        ]
        return min(ends), max(ends)


def _change(match: re.Match[str], language: Language, *, is_share: bool) -> _Change:
    size = Decimal(numbers.percent(match["size"]))
    if not is_share:
        old, new = (Decimal(numbers.whole(match[name], language)) for name in ("old", "new"))
        return _Change(old, new, size, (Decimal(0), Decimal(0)))
    old, new = (Decimal(numbers.percent(match[name])) for name in ("old", "new"))
    return _Change(old, new, size, (half_unit(old), half_unit(new)))


def _changed(
    claim: ReportedClaim, change: _Change, phrases: Phrases, *, points: bool
) -> ReportedClaim:
    apart, half = abs(change.new - change.old), half_unit(change.size)
    in_points = abs(apart - change.size) <= sum(change.slack, half)
    low, high = change.relative
    in_percent = low - half <= change.size <= high + half
    if in_points if points else in_percent:
        return claim
    share = phrases.decimal(str(round(100 * apart / change.old))) if change.old else "–"
    difference = phrases.decimal(str(apart))
    told = phrases.say(
        f"Dat is {difference} procentpunt, of {share}%.",
        f"That is {difference} percentage points, or {share}%.",
    )
    if not any(change.slack):
        told = phrases.say(f"Dat is {share}%.", f"That is {share}%.")
    mixed = any(change.slack) and (in_points or in_percent)
    return replace(claim, verdict=Verdict.POINTS if mixed else Verdict.WRONG, explanation=told)


_FEWEST_PARTS = 3
_ONE_EACH = {
    Language.DUTCH: re.compile(
        r"\b(?:één|een|1)\s+antwoord(?:\s+(?:per|de)\s+\w+|\s+mogelijk)\b|\benkele?\s+antwoord",
        re.IGNORECASE,
    ),
    Language.ENGLISH: re.compile(
        r"\b(?:one|a\s+single)\s+(?:answer|choice|response)\s+(?:each|per|allowed|only)\b"
        r"|\bsingle[- ](?:answer|choice|response)\b",
        re.IGNORECASE,
    ),
}


def parts(flow: Flow, language: Language, phrases: Phrases) -> Iterator[ReportedClaim]:
    """Every sentence of three percentages or more that says that each gave one answer."""
    for start, end in flow.sentences() if _ONE_EACH[language].search(flow.text) else ():
        sentence = flow.text[start:end]
        if not _ONE_EACH[language].search(sentence):
            continue
        found = [
            numbers.percent(m["percent"]) for m in wording(language).percent.finditer(sentence)
        ]
        if len(found) >= _FEWEST_PARTS:
            text = " + ".join(f"{phrases.decimal(share)}%" for share in found)
            claim = ReportedClaim(ClaimKind.SUM, text, flow.line(start), Verdict.RIGHT)
            yield _added(claim, [Decimal(share) for share in found], phrases)


def _added(claim: ReportedClaim, shares: list[Decimal], phrases: Phrases) -> ReportedClaim:
    added = sum(shares, Decimal(0))
    if added <= 100 + sum(map(half_unit, shares), Decimal(0)):
        return claim
    why = phrases.say(
        f"Samen {phrases.decimal(added)}%, terwijl ieder één antwoord gaf.",
        f"Together {phrases.decimal(added)}%, though each gave one answer.",
    )
    return replace(claim, verdict=Verdict.SUM, explanation=why)


_MARGIN = re.compile(
    r"(?:margins?\s+of\s+(?:sampling\s+)?error|sampling\s+error|(?:fout|onzekerheids)marge|"
    r"nauwkeurigheidsmarge)[^.;\d%]{0,40}?(?:\+/-|±|plus\s+or\s+minus|plus\s+of\s+min)?\s*"
    rf"(?P<margin>{_SHARE})\s?(?:%|percent|procent|pp\b)",
    re.IGNORECASE,
)
_SAMPLE = re.compile(
    rf"\b[nN]\s*=\s*(?P<n>{numbers.COUNT})|(?<![\d.,])(?P<people>{numbers.COUNT})\s+(?:\w+\s+)?"
    r"(?:respondent\w*|adults|people|participants|interviews|deelnemers|mensen|voters|kiezers)\b"
)
_LEVEL = re.compile(r"\b(?P<level>9[059])\s?%[\s-]*(?:confidence|betrouwbaar|level|zeker|C\.?I\b)")
_FINITE = re.compile(
    r"finite|correction|eindige|correctie|populatie|population|members|leden", re.I
)
_QUANTILES = {"90": 1.645, "95": 1.96, "99": 2.576}
_LOWEST = 0.95
"""Of the margin of a simple sample: below it even generous rounding does not reach."""


def margins(flow: Flow, language: Language, phrases: Phrases) -> Iterator[ReportedClaim]:
    """Every margin of error whose sentence tells one sample size.

    A simple sample is held to p = 50%. A larger margin has a reason, such as weighting; a smaller
    one only a small population has, and where the sentence speaks of one nothing is said. Without
    a level of confidence the lowest in use is taken, 90%.
    """
    for start, end in flow.sentences() if _MARGIN.search(flow.text) else ():
        sentence = flow.text[start:end]
        found, sizes = list(_MARGIN.finditer(sentence)), list(_SAMPLE.finditer(sentence))
        if len(found) != 1 or len(sizes) != 1:
            continue
        match, n = found[0], numbers.whole(sizes[0]["n"] or sizes[0]["people"], language)
        text, line = " ".join(match[0].split()), flow.line(start + match.start())
        claim = ReportedClaim(ClaimKind.MARGIN, f"{text}, n = {n}", line, Verdict.RIGHT, base=n)
        if n < _FEWEST_SAMPLE or _FINITE.search(sentence):
            yield replace(claim, verdict=Verdict.UNCHECKED)
        else:
            yield _margin(claim, match["margin"], n, _LEVEL.search(sentence), phrases)


_FEWEST_SAMPLE = 30


def _margin(
    claim: ReportedClaim, printed: str, n: int, level: re.Match[str] | None, phrases: Phrases
) -> ReportedClaim:
    quantile = _QUANTILES[level["level"] if level else "90"]
    margin = Decimal(numbers.percent(printed))
    smallest = 100 * quantile * (0.25 / n) ** 0.5
    if float(margin + half_unit(margin)) >= _LOWEST * smallest:
        return claim
    shown = phrases.decimal(f"{smallest:.1f}")
    why = phrases.say(
        f"Bij {phrases.number(n)} mensen is de marge ten minste {shown} procentpunt.",
        f"With {phrases.number(n)} people the margin is at least {shown} percentage points.",
    )
    return replace(claim, verdict=Verdict.MARGIN, explanation=why)


_PEOPLE = {
    Language.DUTCH: r"respondenten|deelnemers|mensen|personen|professionals|leden|inwoners|"
    r"huishoudens|leerlingen|studenten|werknemers|patiënten",
    Language.ENGLISH: r"respondents|participants|people|persons|adults|members|residents|"
    r"households|pupils|students|employees|patients|responses",
}
_FEWEST = 1000


def sample_sizes(flow: Flow, language: Language, phrases: Phrases) -> Iterator[ReportedClaim]:
    """Numbers of people of four figures that differ from another by two swapped figures."""
    found: dict[int, list[int]] = defaultdict(list)
    pattern = re.compile(
        rf"(?:\b[nN]\s*=\s*(?P<n>{numbers.COUNT}))"
        rf"|(?<![\d.,])(?P<people>{numbers.COUNT})\s+(?:{_PEOPLE[language]})\b"
    )
    for match in pattern.finditer(flow.text):
        value = numbers.whole(match["n"] or match["people"], language)
        if value >= _FEWEST:
            found[value].append(match.start())
    for value, starts in found.items():
        other = next((o for o in found if _swapped(str(value), str(o))), None)
        if other is None or (len(starts), -starts[0]) > (len(found[other]), -found[other][0]):
            continue
        yield _misprint(value, other, flow.line(starts[0]), phrases)


def _swapped(one: str, other: str) -> bool:
    """Whether two numbers have two neighbouring figures in each other's place."""
    return len(one) == len(other) and slip(one, other)


def _misprint(value: int, other: int, line: int, phrases: Phrases) -> ReportedClaim:
    shown, elsewhere = phrases.number(value), phrases.number(other)
    why = phrases.say(
        f"Elders staat {elsewhere}: zijn er twee cijfers verwisseld?",
        f"Elsewhere it is {elsewhere}: were two figures swapped?",
    )
    return ReportedClaim(ClaimKind.SIZE, shown, line, Verdict.MISPRINT, why, base=value)
