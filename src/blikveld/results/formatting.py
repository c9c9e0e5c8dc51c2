"""Numbers and shares as text. A percentage is rounded here, half up, once."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import isfinite
from typing import TypeAlias

from blikveld.results.cell import Band

Number: TypeAlias = int | float | Decimal | Fraction


def half_up(value: Number, decimals: int = 0) -> str:
    """Return the number as text with exactly `decimals` decimals and a point; language is the
    printer's.

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
    """Return the share of `count` in `base` in per cent, as `half_up` writes it.

    None for an empty base: nothing of nothing is not zero per cent.
    """
    return half_up(Fraction(100 * count, base), decimals) if base else None


_THOUSANDS = {"nl": ".", "en": ","}
_DECIMAL = {"nl": ",", "en": "."}
_SMALL = 30

SUPPRESSED = "x"
"""Stands where a count is suppressed; never 0, never nothing."""
NOTHING = "–"
"""Stands where there is no percentage, because there is nobody to be a part of."""
INVENTED = "*"
"""Stands after a number that no published count fixes."""


def number(value: int, language: str) -> str:
    """Return a whole number with its thousands apart: 1.637 in Dutch, 1,637 in other languages."""
    return f"{value:,}".replace(",", _THOUSANDS.get(language, ","))


def between(low: int, high: int, language: str) -> str:
    """Return a number of which the two ends are known, both included: 0–4 or 1.635–1.639."""
    return f"{number(low, language)}–{number(high, language)}"


def share_between(low: int, high: int, base: int, language: str) -> str:
    """Return the whole percentages between which a share lies, rounded outward: 3–9%."""
    least, most = 100 * low // base, -(-100 * min(high, base) // base)
    return f"{between(least, most, language)}%"


def percent(count: int | None, base: int | None, language: str, decimals: int = 0) -> str:
    """Return the share of `count` in `base`, such as 48%, rounded once and half up.

    SUPPRESSED where the count or the base is suppressed (None), NOTHING where the base is empty.
    """
    if count is None or base is None:
        return SUPPRESSED
    share = percentage(count, base, decimals)
    return NOTHING if share is None else f"{decimal(share, language)}%"


def decimal(text: str, language: str) -> str:
    """Return a number written with a point, with the signs of a language: 1.234,5 for 1234.5 in
    Dutch.
    """
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, _, part = digits.partition(".")
    written = f"{sign}{number(int(whole), language)}"
    return f"{written}{_DECIMAL.get(language, '.')}{part}" if part else written


def exact(value: Decimal, language: str) -> str:
    """Return a number with all its decimals and not a nought more: 2,5 or 260."""
    text = f"{value:f}"
    return decimal(text.rstrip("0").rstrip(".") if "." in text else text, language)


def rounded(value: Number, language: str, decimals: int = 0) -> str:
    """Return a number with so many decimals, rounded half up. NOTHING for what is not finite."""
    return decimal(half_up(value, decimals), language) if isfinite(value) else NOTHING


def mean(total: int | Decimal, base: int, language: str, decimals: int = 1) -> str:
    """`total` divided over `base`, rounded half up to `decimals`. NOTHING for an empty base."""
    return rounded(Fraction(total) / base, language, decimals) if base else NOTHING


def points(share: tuple[int, int], other: tuple[int, int], language: str, decimals: int = 0) -> str:
    """Return how many percentage points lie between two shares, each a count and a base above
    nought.

    Made from counts and bases and rounded once, half up, so it may differ by one from what two
    printed percentages suggest.
    """
    apart = abs(Fraction(*share) - Fraction(*other))
    return rounded(100 * apart, language, decimals)


def statistic(value: float, language: str) -> str:
    """Return a test statistic, with two decimals."""
    return rounded(value, language, 2)


def probability(p: float, language: str) -> str:
    """Return a p-value with three decimals: 'p = 0.190', or 'p < 0.001' under that."""
    if p < 0.001:
        return f"p < {decimal('0.001', language)}"
    return f"p = {rounded(p, language, 3)}"


def count(value: int | None, language: str) -> str:
    """Return a count, or SUPPRESSED where it is suppressed."""
    return SUPPRESSED if value is None else number(value, language)


def count_or_range(value: int | None, band: Band | None, language: str) -> str:
    """Return a count, or the range in which it lies where it is suppressed; SUPPRESSED without a
    range.
    """
    if value is None and band is not None:
        return between(band.low, band.high, language)
    return count(value, language)


def is_small(base: int) -> bool:
    """Return whether a base is so small that a percentage is printed with its count beside it."""
    return base < _SMALL


_RUNS = ("=", "+", "-", "@", "\t", "\r")
_READ_AS_MISSING = frozenset(
    {"", "#n/a", "#n/a n/a", "#na", "1.#ind", "1.#qnan", "<na>", "n/a", "na", "nan", "none", "null"}
)
"""What R and pandas take for a missing value when they read a CSV, between quotes or not."""


def survivable(text: str) -> str:
    """Return a text as other programs keep it: with an apostrophe in front of what they would
    change.

    A spreadsheet runs what begins with a sign such as =, and R and pandas take `NA` and blanks for
    no answer. What begins with apostrophes before such a text gets one more, so that taking off the
    first always gives back what was written.
    """
    bare = text.lstrip("'")
    changed = bare.startswith(_RUNS) or bare.strip().casefold() in _READ_AS_MISSING
    return f"'{text}" if changed else text
