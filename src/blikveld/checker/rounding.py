"""What a printed percentage turns out to be, next to the count and base it was made from."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from enum import Enum


class Verdict(Enum):
    """How a printed percentage relates to its count and base."""

    RIGHT = "right"
    ROUNDED_TWICE = "right only if rounded twice"
    TRUNCATED = "truncated"
    WRONG = "wrong"
    NOT_PRINTED = "not printed"


def verdict(printed: str, count: int, base: int) -> Verdict:
    """Judge a printed percentage such as '48' or '12.5' by the decimals it was printed with."""
    if not printed or base == 0:
        return Verdict.NOT_PRINTED
    shown = Decimal(printed)
    step = Decimal(1).scaleb(min(0, int(shown.as_tuple().exponent)))
    exact = Decimal(100 * count) / Decimal(base)
    if shown in (exact.quantize(step, ROUND_HALF_UP), exact.quantize(step, ROUND_HALF_EVEN)):
        return Verdict.RIGHT
    if shown in _rounded_twice(exact, step):
        return Verdict.ROUNDED_TWICE
    if shown == exact.quantize(step, ROUND_DOWN):
        return Verdict.TRUNCATED
    return Verdict.WRONG


def _rounded_twice(exact: Decimal, step: Decimal) -> set[Decimal]:
    finer = [exact.quantize(step.scaleb(-places), ROUND_HALF_UP) for places in (1, 2)]
    finer.append(finer[1].quantize(step.scaleb(-1), ROUND_HALF_UP))
    return {once.quantize(step, ROUND_HALF_UP) for once in finer}
