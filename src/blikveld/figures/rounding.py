"""The one rounding: once, half up, from whole numbers or exact decimals.

Half up means away from nought, so that -2.5 becomes -3 as 2.5 becomes 3. The checker, a witness of
its own, rounds by itself.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

Number: TypeAlias = int | float | Decimal | Fraction


def half_up(value: Number, decimals: int = 0) -> str:
    """The number as text with exactly `decimals` decimals and a point; language is the printer's.

    A float stands for the decimal that it prints as: 2.675 is exactly that, and becomes 2.68.
    Raises ValueError or OverflowError for what is no number: not-a-number and infinity.
    """
    exact = Fraction(repr(float(value))) if isinstance(value, float) else Fraction(value)
    scale = 10**decimals
    units = int(abs(exact) * scale + Fraction(1, 2))
    whole, part = divmod(units, scale)
    text = f"{whole}.{part:0{decimals}d}" if decimals else str(whole)
    return f"-{text}" if units and exact < 0 else text


def percentage(count: int, base: int, decimals: int = 0) -> str | None:
    """The share of `count` in `base` in per cent, as `half_up` writes it.

    None for an empty base: nothing of nothing is not zero per cent.
    """
    return half_up(Fraction(100 * count, base), decimals) if base else None
