"""Test statistics: finds t, F, r, chi-square, z and Q with their p, and computes p again.

A printed statistic is any value that rounds to it, so p has a range; a printed p is consistent
when some value in that range gives it. Decisions are those of statcheck (Nuijten and others,
2016): alpha .05, and p = .05 counts as significant. Half the p is right in a sentence that calls
its test one-sided; elsewhere in a text that speaks of such tests it is a remark.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from enum import Enum

from blikveld.checker import distributions, numbers
from blikveld.checker.document import Flow, Language
from blikveld.checker.findings import ClaimKind, ReportedClaim, Verdict
from blikveld.checker.phrases import Phrases

ALPHA = 0.05
_NUMBER = r"[-−–]?\s?\d{0,3}(?:[.,]?\d{3})*(?:[.,]\s?\d+)?(?:e[-−]?\d+)?"
_NAME = re.compile(
    r"(?<![\w.])(?P<name>t|F|r|z|Z|Q[-_ ]?(?:w(?:ithin)?|b(?:etween)?|m|e)?|"
    r"(?:χ|Χ|[Xx]|chi|Chi|𝜒)[-_ ]?(?:\^?\s?2|²|(?:-?\s?kwadraat|-?\s?squared?)))"
    r"\s*(?:[(\[{]\s*(?P<df>[^()\[\]{}=]{1,24}(?:,\s*[Nn]\s*=\s*[\d.,]+)?)\s*[)\]}])?"
    rf"\s*(?P<compare>[=<>])\s*(?P<value>{_NUMBER})"
    r"(?P<middle>\s*[,;]?(?:\s*(?:MSE|MSe|d|η2|η²|[Nn](?P<n>))\s*=\s*(?P<aside>[\d.,]+?)\s*[,;])?\s*)"
    rf"(?P<p>(?:(?:[Pp]|p-waarde|p-value)\s*(?P<sign>[=<>≤≥])\s*(?P<pvalue>\d?\s?[.,]\s?\d+(?:e-?\d+)?|[01](?!\s\d))"
    r"(?!\d|[.,]\d|\s?(?:[×x*·⋅]\s?10|[eE][-−–]))|n\.?s\.?(?!\w)))"
)
_ONE_SIDED = re.compile(
    r"(?<![\w-])(?:one[- ](?:sided|tailed)|"
    r"directional\s+(?:t\b|tests?|hypothes[ie]s)|eenzijdige?)\b",
    re.IGNORECASE,
)


_CORRECTED = re.compile(
    r"bonferroni|\bholm\b|\bsidak\b|šidák|tukey|correct(?:ed|ion)\s+for\s+multiple|adjusted\s+p|"
    r"gecorrigeerd",
    re.IGNORECASE,
)
_MOST_TESTS = 60


class Test(Enum):
    """The distributions a statistic can be held against."""

    __test__ = False

    T = "t"
    F = "F"
    R = "r"
    Z = "z"
    CHI_SQUARE = "chi-square"
    Q = "Q"


@dataclass(frozen=True, slots=True)
class StatedTest:
    """A printed test. Degrees of freedom are () for z; `p` is None for 'ns'."""

    test: Test
    df: tuple[Decimal, ...]
    value: Decimal
    places: int
    compare: str
    sign: str
    p: Decimal | None
    p_places: int


@dataclass(frozen=True, slots=True)
class Range:
    """The lowest and highest p a printed statistic can stand for, and that of its face value."""

    low: float
    face: float
    high: float


def p_value(test: Test, value: float, df: tuple[float, ...]) -> float:
    """The two-sided p of t, r and z; the upper tail of F, chi-square and Q.

    NaN where the statistic cannot exist: a correlation beyond 1, a negative F or chi-square, or
    degrees of freedom that are not positive.
    """
    if any(d <= 0 for d in df):
        return float("nan")
    if test is Test.Z:
        return 2 * distributions.normal_tail(abs(value))
    if test is Test.T:
        return 2 * distributions.t_tail(abs(value), df[0])
    if test is Test.R:
        return _correlation(value, df[0])
    if value < 0:
        return float("nan")
    if test is Test.F:
        return distributions.f_tail(value, df[0], df[1])
    return distributions.chi_square_tail(value, df[0])


def _correlation(value: float, df: float) -> float:
    if abs(value) > 1:
        return float("nan")
    if abs(value) == 1:
        return 0.0
    t = value * (df / (1 - value**2)) ** 0.5
    return 2 * distributions.t_tail(abs(t), df)


def p_range(statistic: StatedTest, *, one_sided: bool = False) -> Range:
    """The p of a statistic and of the values that round to it."""
    half = float(Decimal(1).scaleb(-statistic.places)) / 2
    value, df = float(statistic.value), tuple(float(d) for d in statistic.df)
    face = p_value(statistic.test, value, df)
    away = p_value(statistic.test, _further(value, half, statistic.test), df)
    near = p_value(statistic.test, _nearer(value, half), df)
    low, high = min(away, near, face), max(away, near, face)
    if statistic.compare == "<":
        high = 1.0
    elif statistic.compare == ">":
        low = 0.0
    scale = 0.5 if one_sided else 1.0
    return Range(low * scale, face * scale, high * scale)


def _further(value: float, half: float, test: Test) -> float:
    further = abs(value) + half
    return min(further, 1.0) if test is Test.R else further


def _nearer(value: float, half: float) -> float:
    return max(0.0, abs(value) - half)


def consistent(statistic: StatedTest, found: Range) -> bool:
    """Whether the printed p can come from the printed statistic."""
    if statistic.p is None:
        return found.high > ALPHA
    p = float(statistic.p)
    if statistic.sign in "<≤":
        return found.low < p or found.low <= p == 0
    if statistic.sign in ">≥":
        return found.high > p
    half = float(Decimal(1).scaleb(-statistic.p_places)) / 2
    return found.low - half <= p * (1 + 1e-12) and p <= found.high + half * (1 + 1e-9)


def decision(statistic: StatedTest, found: Range) -> bool:
    """Whether the printed p says another thing about significance than the statistic does."""
    significant = found.face <= ALPHA
    if statistic.p is None:
        return significant
    p = float(statistic.p)
    if statistic.sign in "<≤":
        return p <= ALPHA and not significant
    if statistic.sign in ">≥":
        return p >= ALPHA and significant
    return (p <= ALPHA) != significant


def statistics(
    flow: Flow, language: Language, phrases: Phrases, *, one_sided: bool = False
) -> Iterator[ReportedClaim]:
    """Every test statistic of a text with its p, judged.

    Half the p is right in a sentence that calls its test one-sided; everywhere if `one_sided`.
    """
    spoken = [match.start() for match in _ONE_SIDED.finditer(flow.text)]
    corrected = bool(_CORRECTED.search(flow.text))
    ends = [end for _, end in flow.sentences()] if spoken else []
    for match in _NAME.finditer(flow.text):
        statistic = parse(match, language)
        if statistic is None:
            continue
        claim = ReportedClaim(
            ClaimKind.STATISTIC, match[0], flow.line(match.start()), Verdict.RIGHT
        )
        grouped = _grouped(match, statistic, language)
        if grouped is not None and consistent(grouped, p_range(grouped)):
            yield claim
        else:
            half = one_sided or _same_sentence(match.start(), spoken, ends)
            yield _judged(
                claim,
                statistic,
                phrases,
                one_sided=half,
                mentioned=bool(spoken),
                corrected=corrected,
            )


def _same_sentence(offset: int, others: Sequence[int], ends: Sequence[int]) -> bool:
    """Whether one of the other places stands in the sentence of a place."""
    sentence = bisect_right(ends, offset)
    return any(bisect_right(ends, other) == sentence for other in others)


def find(text: str, language: Language) -> list[StatedTest]:
    """The test statistics of a text."""
    found = (parse(match, language) for match in _NAME.finditer(text))
    return [statistic for statistic in found if statistic is not None]


def parse(match: re.Match[str], language: Language) -> StatedTest | None:
    """A printed test as numbers; None when it is no test after all."""
    test = _test(match["name"])
    try:
        df = _of_pairs(match, test, language)
        df = _freedom(match["df"], test, language) if df is None else df
        value = numbers.decimal(match["value"], language)
        p = _p(match["pvalue"])
    except (InvalidOperation, ValueError):
        return None
    if df is None or (p is not None and p > 1):
        return None
    shown = match["pvalue"] or ""
    return StatedTest(
        test,
        df,
        value,
        numbers.places(match["value"], language),
        match["compare"],
        match["sign"] or "",
        p,
        _p_places(shown),
    )


def _grouped(match: re.Match[str], statistic: StatedTest, language: Language) -> StatedTest | None:
    """'t(1.636)' in Dutch can also stand for 1,636 degrees of freedom, as they are whole."""
    if language is Language.DUTCH and re.fullmatch(r"\d{1,3}(?:\.\d{3})+", match["df"] or ""):
        return replace(statistic, df=(Decimal(match["df"].replace(".", "")),))
    return None


def _p(text: str | None) -> Decimal | None:
    """A printed p. Below 1 there are no thousands: comma and point are both decimal."""
    if text is None:
        return None
    return Decimal(text.replace(" ", "").replace(",", ".").replace("−", "-"))


def _p_places(text: str) -> int:
    try:
        exponent = _p(text or "0")
    except InvalidOperation:
        return 0
    return max(0, -int(exponent.as_tuple().exponent)) if exponent is not None else 0


def _test(name: str) -> Test:
    if name[0] in "tFrzZ":
        return Test("z" if name == "Z" else name[0])
    return Test.Q if name[0] == "Q" else Test.CHI_SQUARE


def _freedom(text: str | None, test: Test, language: Language) -> tuple[Decimal, ...] | None:
    """Degrees of freedom; None when their number does not suit the test."""
    if test is Test.Z:
        return ()
    if text is None:
        return None
    kept = re.sub(r"[,;]\s*[Nn]\s*=.*$", "", text).strip()
    if test is Test.F:
        parts = re.split(r"\s*;\s*|,\s+|,(?=\d+$)|\s+en\s+|\s+and\s+", kept, maxsplit=1)
        if len(parts) != 2:
            return None
        return tuple(numbers.decimal(part, language) for part in parts)
    if language is Language.ENGLISH and re.search(r",\s*\d{1,2}$", kept):
        return None
    return (numbers.decimal(re.sub(r"^df\s*=\s*", "", kept), language),)


def _of_pairs(match: re.Match[str], test: Test, language: Language) -> tuple[Decimal, ...] | None:
    """The degrees of freedom of a correlation that tells its n: 'r = .35, n = 50, p = .013'."""
    if test is not Test.R or match["df"] is not None or match["n"] is None:
        return None
    return (Decimal(numbers.whole(match["aside"], language) - 2),)


def _judged(
    claim: ReportedClaim,
    statistic: StatedTest,
    phrases: Phrases,
    *,
    one_sided: bool,
    mentioned: bool = False,
    corrected: bool = False,
) -> ReportedClaim:
    found = p_range(statistic)
    if found.face != found.face or (not statistic.df and statistic.test is not Test.Z):
        why = phrases.say("Deze toets kan niet bestaan.", "This statistic cannot exist.")
        return replace(claim, verdict=Verdict.IMPOSSIBLE, explanation=why)
    halved = one_sided and consistent(statistic, p_range(statistic, one_sided=True))
    whole = _whole_freedom(statistic)
    if (consistent(statistic, found) or halved) and whole:
        return claim
    swapped = _swap(statistic)
    if swapped and consistent(swapped, p_range(swapped)) and not (whole and _plain(statistic)):
        return replace(claim, verdict=Verdict.SWAPPED, explanation=_swapped_words(swapped, phrases))
    if consistent(statistic, found) or halved:
        return claim
    verdict = Verdict.DECISION if decision(statistic, found) else Verdict.P_VALUE
    p = _shown_p(statistic, found, phrases)
    why = phrases.say(f"De toets geeft {p}.", f"The statistic gives {p}.")
    times = _corrected(statistic, found) if corrected else None
    if times is not None:
        why += " " + phrases.say(
            f"Maal {times} klopt p: is er voor {times} toetsen gecorrigeerd?",
            f"Times {times}, p is right: was it corrected for {times} tests?",
        )
        return replace(claim, verdict=Verdict.CORRECTED, explanation=why)
    if mentioned and consistent(statistic, p_range(statistic, one_sided=True)):
        why += " " + phrases.say(
            "Eenzijdig getoetst klopt p: zeg dan --one-sided.",
            "Tested one-sided, p is right: say --one-sided then.",
        )
        return replace(claim, verdict=Verdict.ONE_SIDED, explanation=why)
    return replace(claim, verdict=verdict, explanation=why)


def _shown_p(statistic: StatedTest, found: Range, phrases: Phrases) -> str:
    """The p of a statistic, with as many figures as the printed one asks for."""
    tiny = found.face < 0.0005 and not (
        statistic.p is not None and 0 < statistic.p < Decimal("0.001")
    )
    return (
        "p < " + phrases.decimal("0.001") if tiny else f"p = {phrases.decimal(f'{found.face:.3g}')}"
    )


def _corrected(statistic: StatedTest, found: Range) -> int | None:
    """How many tests a p was multiplied by, when that makes it right: Bonferroni's correction."""
    if statistic.p is None or statistic.sign != "=" or statistic.p <= 0:
        return None
    for times in range(2, _MOST_TESTS + 1):
        wide = Range(*(min(1.0, times * p) for p in (found.low, found.face, found.high)))
        if consistent(statistic, wide):
            return times
    return None


def _whole_freedom(statistic: StatedTest) -> bool:
    return all(d == d.to_integral_value() for d in statistic.df)


def _plain(statistic: StatedTest) -> bool:
    return statistic.places > 0


def _swap(statistic: StatedTest) -> StatedTest | None:
    """The test with statistic and degrees of freedom exchanged, if that makes one."""
    if statistic.test not in (Test.T, Test.CHI_SQUARE, Test.Q) or statistic.value <= 0:
        return None
    if statistic.value != statistic.value.to_integral_value():
        return None
    places = max(0, -int(statistic.df[0].as_tuple().exponent))
    return replace(statistic, df=(statistic.value,), value=statistic.df[0], places=places)


def _swapped_words(meant: StatedTest, phrases: Phrases) -> str:
    df, value = phrases.decimal(str(meant.df[0])), phrases.decimal(str(meant.value))
    return phrases.say(
        f"Met {df} vrijheidsgraden en toetsgrootheid {value} klopt p.",
        f"With {df} degrees of freedom and a statistic of {value}, p is right.",
    )
