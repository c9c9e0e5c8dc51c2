"""Krippendorff's alpha: how far coders agree beyond chance, whatever their number.

Source: K. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), and Content Analysis
(4th edition, 2018), chapter 12. Values are paired within units; a unit that fewer than two coders
gave a value says nothing and is left out, so coders need not have done everything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import permutations

from blikveld.errors import BlikveldError

Value = str | int | float
Pairs = Mapping[tuple[Value, Value], float]
"""The coincidence matrix: how often each ordered pair of values met in a unit."""
Distance = Callable[[Value, Value], float]


class Scale(Enum):
    """What the values mean, which decides how far apart two of them are."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"
    RATIO = "ratio"


class NotNumbers(BlikveldError):
    """Values that cannot be placed on the scale that was asked for."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Alpha and what it rests on.

    `alpha` is 1 for complete agreement, 0 for chance, below 0 for less than chance; None when
    there is nothing to agree on: no pairs, or all values the same. `values` is the number of
    values that could be paired, `units` the number of units they stand in.
    """

    alpha: float | None
    values: int
    units: int


def alpha(units: Iterable[Sequence[Value | None]], scale: Scale = Scale.NOMINAL) -> Agreement:
    """Agreement over units; each is the values its coders gave, None where one gave nothing.

    Values are any text or number on the nominal scale, and numbers on the others, where an
    ordinal scale takes their order only. Raises NotNumbers.

    >>> round(alpha([("a", "a"), ("a", "b"), ("b", "b")]).alpha, 3)
    0.444
    """
    kept = [given for unit in units if len(given := _given(unit)) > 1]
    pairs = coincidences(kept)
    totals = _totals(pairs)
    pairable = sum(len(unit) for unit in kept)
    _check(totals, scale)
    distance = _distance(scale, totals)
    expected = sum(totals[c] * totals[k] * distance(c, k) for c, k in permutations(totals, 2))
    if not expected:
        return Agreement(None, pairable, len(kept))
    observed = sum(count * distance(c, k) for (c, k), count in pairs.items() if c != k)
    return Agreement(1 - (pairable - 1) * observed / expected, pairable, len(kept))


def coincidences(units: Iterable[Sequence[Value]]) -> Pairs:
    """The coincidence matrix of units with two or more values each.

    Every unit spreads its m values over m(m-1) ordered pairs that weigh 1/(m-1), so that the
    matrix adds up to the number of values.
    """
    found: dict[tuple[Value, Value], float] = {}
    for unit in units:
        for pair in permutations(unit, 2):
            found[pair] = found.get(pair, 0.0) + 1 / (len(unit) - 1)
    return found


def _given(unit: Sequence[Value | None]) -> list[Value]:
    return [value for value in unit if value is not None]


def _totals(pairs: Pairs) -> Mapping[Value, float]:
    totals: Counter[Value] = Counter()
    for (first, _), count in pairs.items():
        totals[first] += count  # type: ignore[assignment]
    return totals


def _check(values: Iterable[Value], scale: Scale) -> None:
    if scale is Scale.NOMINAL:
        return
    wrong = [value for value in values if not isinstance(value, int | float)]
    low = [value for value in values if isinstance(value, int | float) and value < 0]
    if wrong or (scale is Scale.RATIO and low):
        value = (wrong or low)[0]
        problem = f"{value!r} has no place on the {scale.value} scale."
        mend = "Give numbers, of 0 or more on the ratio scale, or use the nominal scale."
        raise NotNumbers("scale", "the values of a comparison", problem, mend)


def _distance(scale: Scale, totals: Mapping[Value, float]) -> Distance:
    if scale is Scale.ORDINAL:
        return _ordinal(totals)
    return {Scale.NOMINAL: _nominal, Scale.INTERVAL: _interval, Scale.RATIO: _ratio}[scale]


def _nominal(one: Value, other: Value) -> float:
    return float(one != other)


def _interval(one: Value, other: Value) -> float:
    return (float(one) - float(other)) ** 2


def _ratio(one: Value, other: Value) -> float:
    total = float(one) + float(other)
    return ((float(one) - float(other)) / total) ** 2 if total else 0.0


def _ordinal(totals: Mapping[Value, float]) -> Distance:
    # Two ranks are as far apart as there are values from one to the other, ends counted half.
    place, below = {}, 0.0
    for value in sorted(totals, key=float):
        place[value] = below + totals[value] / 2
        below += totals[value]
    return lambda one, other: (place[one] - place[other]) ** 2
