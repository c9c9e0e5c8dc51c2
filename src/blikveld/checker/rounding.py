"""What a printed percentage turns out to be, next to the count and base it was made from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import (
    ROUND_DOWN,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)
from enum import Enum

from blikveld.checker.findings import Verdict
from blikveld.checker.phrases import Phrases


class RoundingVerdict(Enum):
    """How a printed percentage relates to its count and base."""

    RIGHT = "right"
    ROUNDED_TWICE = "right only if rounded twice"
    TRUNCATED = "truncated"
    WRONG = "wrong"
    NOT_PRINTED = "not printed"


class RoundingRule(Enum):
    """A way to round. A printed number is right under some of these, or under none."""

    HALF_UP = "half up"
    HALF_EVEN = "half to even"
    HALF_DOWN = "half down"
    TWICE = "half up, twice"
    DOWN = "cut off"
    UP = "always up"


_MODES = {
    RoundingRule.HALF_UP: ROUND_HALF_UP,
    RoundingRule.HALF_EVEN: ROUND_HALF_EVEN,
    RoundingRule.HALF_DOWN: ROUND_HALF_DOWN,
    RoundingRule.DOWN: ROUND_DOWN,
    RoundingRule.UP: ROUND_UP,
}


def verdict(printed: str, count: int, base: int) -> RoundingVerdict:
    """Judge a printed percentage such as '48' or '12.5' by the decimals it was printed with."""
    if not printed or base == 0:
        return RoundingVerdict.NOT_PRINTED
    found = rules(printed, count, base)
    if RoundingRule.HALF_UP in found or RoundingRule.HALF_EVEN in found:
        return RoundingVerdict.RIGHT
    if RoundingRule.TWICE in found:
        return RoundingVerdict.ROUNDED_TWICE
    return RoundingVerdict.TRUNCATED if RoundingRule.DOWN in found else RoundingVerdict.WRONG


def rules(printed: str, count: int, base: int) -> tuple[RoundingRule, ...]:
    """The ways of rounding under which a printed percentage follows from its count and base.

    '3.0' claims a decimal that '3' does not. Base must not be 0.
    """
    shown = Decimal(printed)
    step = Decimal(1).scaleb(min(0, int(shown.as_tuple().exponent)))
    exact = Decimal(100 * count) / Decimal(base)
    found = [rule for rule, mode in _MODES.items() if exact.quantize(step, mode) == shown]
    if shown in _rounded_twice(exact, step):
        found.append(RoundingRule.TWICE)
    return tuple(rule for rule in RoundingRule if rule in found)


def counts(printed: str, base: int) -> tuple[int, ...]:
    """Every count of a base that gives a printed percentage; empty when none does."""
    if base <= 0:
        return ()
    near = int(Decimal(printed) * base / 100)
    window = 2 + base // 100
    return tuple(
        count
        for count in range(max(0, near - window), min(base, near + window) + 1)
        if verdict(printed, count, base) is RoundingVerdict.RIGHT
    )


def _rounded_twice(exact: Decimal, step: Decimal) -> set[Decimal]:
    finer = [exact.quantize(step.scaleb(-places), ROUND_HALF_UP) for places in (1, 2)]
    finer.append(finer[1].quantize(step.scaleb(-1), ROUND_HALF_UP))
    return {once.quantize(step, ROUND_HALF_UP) for once in finer}


_SAME = {
    RoundingVerdict.RIGHT: Verdict.RIGHT,
    RoundingVerdict.ROUNDED_TWICE: Verdict.ROUNDED_TWICE,
    RoundingVerdict.TRUNCATED: Verdict.TRUNCATED,
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
    found = rules(printed, count, base)
    names = tuple(rule.value for rule in found)
    plain = verdict(printed, count, base)
    if plain is RoundingVerdict.RIGHT:
        return Judgement(Verdict.RIGHT, "", names)
    sums = phrases.sums(count, base, printed)
    if plain in _SAME:
        same = _SAME[plain]
        return Judgement(same, f"{sums} {phrases.of(same)}", names)
    offered = tuple(dict.fromkeys(bases))
    fitting = [b for b in offered if b >= count and b != base and _right(printed, count, b)]
    if RoundingRule.UP in found:
        hint = phrases.other_base(sorted(fitting, key=lambda b: abs(b - base))[:_FEW])
        why = f"{sums} {phrases.rounded_up()} {hint if fitting else ''}".strip()
        return Judgement(Verdict.WRONG, why, names)
    return _wrong(printed, base, phrases, sums, fitting)


def _wrong(printed: str, base: int, phrases: Phrases, sums: str, fitting: list[int]) -> Judgement:
    slips = [b for b in fitting if slip(str(b), str(base))]
    others = counts(printed, base)
    if slips:
        return Judgement(Verdict.MISPRINT, f"{sums} {phrases.misprint(base, slips[0])}")
    if not others:
        return Judgement(Verdict.IMPOSSIBLE, f"{sums} {phrases.no_count(printed, base)}")
    if fitting:
        nearest = sorted(fitting, key=lambda b: abs(b - base))[:_FEW]
        return Judgement(Verdict.WRONG_BASE, f"{sums} {phrases.other_base(nearest)}")
    hint = phrases.other_counts(others) if len(others) <= _FEW else ""
    return Judgement(Verdict.WRONG, f"{sums} {hint}".strip())


def _right(printed: str, count: int, base: int) -> bool:
    return verdict(printed, count, base) is RoundingVerdict.RIGHT


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
