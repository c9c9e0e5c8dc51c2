"""Rounding once, from count and base, half up; never from a number that was rounded before."""

from __future__ import annotations


def percentage(count: int, base: int, decimals: int = 0) -> str | None:
    """The share of `count` in `base` in per cent, as text with exactly `decimals` decimals.

    Whole numbers in, so half is exactly half. None for an empty base: nothing of nothing is
    not zero per cent. The decimal sign is a point; language is the printer's.
    """
    if base == 0:
        return None
    scale = 10**decimals
    units = (2 * 100 * scale * count + base) // (2 * base)
    whole, part = divmod(units, scale)
    return f"{whole}.{part:0{decimals}d}" if decimals else str(whole)
