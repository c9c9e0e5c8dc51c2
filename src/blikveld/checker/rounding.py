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


class Verdict(Enum):
    """How a printed percentage relates to its count and base."""

    RIGHT = "right"
    ROUNDED_TWICE = "right only if rounded twice"
    TRUNCATED = "truncated"
    WRONG = "wrong"
    NOT_PRINTED = "not printed"


class Rule(Enum):
    """A way to round. A printed number is right under some of these, or under none."""

    HALF_UP = "half up"
    HALF_EVEN = "half to even"
    HALF_DOWN = "half down"
    TWICE = "half up, twice"
    DOWN = "cut off"
    UP = "always up"


_MODES = {
    Rule.HALF_UP: ROUND_HALF_UP,
    Rule.HALF_EVEN: ROUND_HALF_EVEN,
    Rule.HALF_DOWN: ROUND_HALF_DOWN,
    Rule.DOWN: ROUND_DOWN,
    Rule.UP: ROUND_UP,
}


def verdict(printed: str, count: int, base: int) -> Verdict:
    """Judge a printed percentage such as '48' or '12.5' by the decimals it was printed with."""
    if not printed or base == 0:
        return Verdict.NOT_PRINTED
    found = rules(printed, count, base)
    if Rule.HALF_UP in found or Rule.HALF_EVEN in found:
        return Verdict.RIGHT
    if Rule.TWICE in found:
        return Verdict.ROUNDED_TWICE
    return Verdict.TRUNCATED if Rule.DOWN in found else Verdict.WRONG


def rules(printed: str, count: int, base: int) -> tuple[Rule, ...]:
    """The ways of rounding under which a printed percentage follows from its count and base.

    '3.0' claims a decimal that '3' does not. Base must not be 0.
    """
    shown = Decimal(printed)
    step = Decimal(1).scaleb(min(0, int(shown.as_tuple().exponent)))
    exact = Decimal(100 * count) / Decimal(base)
    found = [rule for rule, mode in _MODES.items() if exact.quantize(step, mode) == shown]
    if shown in _rounded_twice(exact, step):
        found.append(Rule.TWICE)
    return tuple(rule for rule in Rule if rule in found)


def counts(printed: str, base: int) -> tuple[int, ...]:
    """Every count of a base that gives a printed percentage; empty when none does."""
    if base <= 0:
        return ()
    near = int(Decimal(printed) * base / 100)
    window = 2 + base // 100
    return tuple(
        count
        for count in range(max(0, near - window), min(base, near + window) + 1)
        if verdict(printed, count, base) is Verdict.RIGHT
    )


def _rounded_twice(exact: Decimal, step: Decimal) -> set[Decimal]:
    finer = [exact.quantize(step.scaleb(-places), ROUND_HALF_UP) for places in (1, 2)]
    finer.append(finer[1].quantize(step.scaleb(-1), ROUND_HALF_UP))
    return {once.quantize(step, ROUND_HALF_UP) for once in finer}
