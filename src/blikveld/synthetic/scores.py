"""Published means, spreads and paired t-tests as linear rows.

A spread is not linear in the numbers of people, but it is once the sum of the scores is fixed:
so the sum is pinned to a whole number that fits the printed mean. A paired t-test then fixes the
sum of the squared differences in the same way.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from blikveld.rules import Value
from blikveld.study.published_figures import Measure
from blikveld.synthetic.cells import Cells
from blikveld.synthetic.claims import Target
from blikveld.synthetic.solve import Constraint, Floats


@dataclass(frozen=True, slots=True)
class Pin:
    """Sums that together give the printed statistics: one choice out of many that would do.

    `totals` holds per score its pinned sum; `squares` per paired test the sum of the squared
    differences.
    """

    totals: dict[str, int]
    squares: dict[str, int]


def score_rows(cells: Cells, claims: Sequence[Target], pin: Pin) -> list[Constraint]:
    """The rows for the sums, means, spreads and paired tests among the claims of a pass."""
    made = {
        Measure.SUM: _sum_rows,
        Measure.MEAN: _mean_rows,
        Measure.SPREAD: _spread_rows,
        Measure.T_PAIRED: _paired_rows,
    }
    return [row for c in claims if c.measure in made for row in made[c.measure](cells, c, pin)]


def pins(claims: Sequence[Target], most: int) -> Iterator[Pin]:
    """Choices of sums, those nearest to the printed means first; one empty choice without tests.

    Scores are whole numbers. At most `most` choices are made.
    """
    means = {c.variables[0]: c for c in claims if c.measure is Measure.MEAN}
    spread = {c.variables[0] for c in claims if c.measure is Measure.SPREAD} & set(means)
    tests = [c for c in claims if c.measure is Measure.T_PAIRED and set(c.variables) <= set(means)]
    names = sorted(spread | {name for test in tests for name in test.variables})
    made = 0
    for totals in _near([_sums(means[name]) for name in names]):
        found = Pin(dict(zip(names, totals, strict=True)), {})
        if all(_add_squares(found, test) for test in tests):
            yield found
            made += 1
        if made >= most:
            return


def _sums(claim: Target) -> list[int]:
    """Whole sums whose mean rounds to the printed one, the middle one first."""
    number = claim.base
    low, high = interval(claim.value)
    fitting = range(math.ceil(low * number + 1e-9), math.ceil(high * number - 1e-9))
    return sorted(fitting, key=lambda s: (abs(s - float(Decimal(claim.value)) * number), s))


def _near(options: Sequence[Sequence[int]]) -> Iterator[tuple[int, ...]]:
    """Every combination, those of early options first."""
    if not options:
        yield ()
        return
    longest = sum(len(o) - 1 for o in options)
    for distance in range(longest + 1):
        yield from _at(options, distance)


def _at(options: Sequence[Sequence[int]], distance: int) -> Iterator[tuple[int, ...]]:
    if not options:
        if distance == 0:
            yield ()
        return
    for index in range(min(distance, len(options[0]) - 1) + 1):
        for rest in _at(options[1:], distance - index):
            yield (options[0][index], *rest)


def _add_squares(pin: Pin, test: Target) -> bool:
    """Pin the squared differences of a test; False when no whole number gives the statistic."""
    number, (first, second) = test.base, test.variables
    total = pin.totals[first] - pin.totals[second]
    wanted = float(Decimal(test.value))
    if not wanted or not total:
        return False
    mean = total / number
    variance = number * (mean / wanted) ** 2
    squares = round(variance * (number - 1) + total**2 / number)
    reached = mean / math.sqrt((squares - total**2 / number) / (number - 1) / number)
    low, high = interval(test.value)
    # A whole number and its square are both odd or both even, so the sums are too.
    if not low < reached < high or (squares - total) % 2:
        return False
    pin.squares[test.key] = squares
    return True


def interval(printed: str) -> tuple[float, float]:
    """The values that round (half up) to a printed number: from the first to under the second."""
    value = Decimal(printed)
    half = Decimal(1).scaleb(int(value.as_tuple().exponent)) / 2
    return float(value - half), float(value + half)


def _sum_rows(cells: Cells, claim: Target, pin: Pin) -> Iterator[Constraint]:
    values = _scores(cells, claim, claim.variables[0])
    yield _row(claim.key, np.nan_to_num(values), float(Decimal(claim.value)), np.inf)


def _mean_rows(cells: Cells, claim: Target, pin: Pin) -> Iterator[Constraint]:
    (name,) = claim.variables
    values = _scores(cells, claim, name)
    if name in pin.totals:
        total = float(pin.totals[name])
        yield _row(claim.key, np.nan_to_num(values), total, total)
        return
    low, high = interval(claim.value)
    yield _row(claim.key, np.nan_to_num(values - low), 0.0, np.inf)
    yield _row(claim.key, np.nan_to_num(values - high), -np.inf, -1e-6)


def _spread_rows(cells: Cells, claim: Target, pin: Pin) -> Iterator[Constraint]:
    (name,) = claim.variables
    if name not in pin.totals:
        return
    number, total = claim.base, pin.totals[name]
    low, high = (v**2 * (number - 1) + total**2 / number for v in interval(claim.value))
    squares = np.nan_to_num(_scores(cells, claim, name) ** 2)
    yield _row(claim.key, squares, low + 1e-3, high - 1e-3)


def _paired_rows(cells: Cells, claim: Target, pin: Pin) -> Iterator[Constraint]:
    if claim.key not in pin.squares:
        return
    first, second = (_scores(cells, claim, name) for name in claim.variables)
    squares = float(pin.squares[claim.key])
    yield _row(claim.key, np.nan_to_num((first - second) ** 2), squares, squares)


def _scores(cells: Cells, claim: Target, name: str) -> Floats:
    """For each column the score of those in the claim's base, not-a-number for others."""
    numbers = np.array([_number(value) for value in cells.values(name)])
    inside = np.zeros(cells.size, dtype=bool)
    inside[cells.where(claim.rule)] = True
    return np.where(inside, numbers, np.nan)


def _number(value: Value) -> float:
    return float(value) if isinstance(value, int | float | Decimal) else np.nan


def _row(label: str, factors: Floats, low: float, high: float) -> Constraint:
    columns = np.flatnonzero(factors)
    return Constraint(label, columns.astype(np.int64), factors[columns], low, high)
