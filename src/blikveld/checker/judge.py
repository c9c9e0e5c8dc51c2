"""The verdict on a percentage with a count and a base, and what would have been right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from blikveld.checker import rounding
from blikveld.checker.findings import Verdict
from blikveld.checker.phrases import Phrases

_SAME = {
    rounding.RoundingVerdict.RIGHT: Verdict.RIGHT,
    rounding.RoundingVerdict.ROUNDED_TWICE: Verdict.ROUNDED_TWICE,
    rounding.RoundingVerdict.TRUNCATED: Verdict.TRUNCATED,
}
_FEW = 3
"""How many fitting numbers are named at most."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict, why, and the ways of rounding under which the number is right."""

    verdict: Verdict
    explanation: str = ""
    rules: tuple[str, ...] = ()


def judge(
    printed: str, count: int, base: int, phrases: Phrases, bases: Iterable[int] = ()
) -> Judgement:
    """Judge '48% of 821 is 393'.

    `bases` are the bases the report uses elsewhere; they serve only to say which would fit, never
    to clear a number. A base of 0 makes every percentage impossible.
    """
    if base == 0 or count > base:
        return Judgement(Verdict.IMPOSSIBLE, phrases.too_many(count, base))
    if float(printed) > 100:
        return Judgement(Verdict.IMPOSSIBLE, phrases.above_hundred(printed))
    found = rounding.rules(printed, count, base)
    names = tuple(rule.value for rule in found)
    plain = rounding.verdict(printed, count, base)
    if plain is rounding.RoundingVerdict.RIGHT:
        return Judgement(Verdict.RIGHT, "", names)
    sums = phrases.sums(count, base, printed)
    if plain in _SAME:
        verdict = _SAME[plain]
        return Judgement(verdict, f"{sums} {phrases.of(verdict)}", names)
    offered = tuple(dict.fromkeys(bases))
    fitting = [b for b in offered if b >= count and b != base and _right(printed, count, b)]
    if rounding.RoundingRule.UP in found:
        hint = phrases.other_base(sorted(fitting, key=lambda b: abs(b - base))[:_FEW])
        why = f"{sums} {phrases.rounded_up()} {hint if fitting else ''}".strip()
        return Judgement(Verdict.WRONG, why, names)
    return _wrong(printed, base, phrases, sums, fitting)


def _wrong(printed: str, base: int, phrases: Phrases, sums: str, fitting: list[int]) -> Judgement:
    slips = [b for b in fitting if slip(str(b), str(base))]
    counts = rounding.counts(printed, base)
    if slips:
        return Judgement(Verdict.MISPRINT, f"{sums} {phrases.misprint(base, slips[0])}")
    if not counts:
        return Judgement(Verdict.IMPOSSIBLE, f"{sums} {phrases.no_count(printed, base)}")
    if fitting:
        nearest = sorted(fitting, key=lambda b: abs(b - base))[:_FEW]
        return Judgement(Verdict.WRONG_BASE, f"{sums} {phrases.other_base(nearest)}")
    hint = phrases.other_counts(counts) if len(counts) <= _FEW else ""
    return Judgement(Verdict.WRONG, f"{sums} {hint}".strip())


def _right(printed: str, count: int, base: int) -> bool:
    return rounding.verdict(printed, count, base) is rounding.RoundingVerdict.RIGHT


def slip(one: str, other: str) -> bool:
    """Whether two numbers differ by one keystroke: a figure more, less, changed or swapped."""
    if one == other:
        return False
    if len(one) == len(other):
        apart = [i for i, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
        swapped = len(apart) == 2 and apart[1] == apart[0] + 1
        return swapped and one[apart[0]] == other[apart[1]] and one[apart[1]] == other[apart[0]]
    longer, shorter = sorted((one, other), key=len, reverse=True)
    if len(longer) != len(shorter) + 1:
        return False
    return any(longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer)))
