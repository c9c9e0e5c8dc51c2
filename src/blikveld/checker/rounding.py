"""What a printed percentage turns out to be, next to the count and base it was made from."""

from __future__ import annotations

from decimal import (
    ROUND_DOWN,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)
from enum import Enum


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
