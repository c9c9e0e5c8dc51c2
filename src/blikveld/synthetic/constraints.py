"""Published figures, routing and the structure of answers, as linear rows over cells.

Counts, sums and means are linear in the numbers of people. A spread is not, but it is once the sum
of the scores is fixed: so the sum is pinned to a whole number that fits the printed mean. A paired
t-test then fixes the sum of the squared differences in the same way. Tables with a printed
chi-square are in `statistic`.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from blikveld.rules import Missing, Rule, Value, names
from blikveld.study.published_figures import Measure
from blikveld.synthetic.cells import Cells
from blikveld.synthetic.claims import Target
from blikveld.synthetic.lookup import Lookup
from blikveld.synthetic.plan import Pass, Plan, Within
from blikveld.synthetic.solve import Constraint, Floats, Ints


@dataclass(frozen=True, slots=True)
class Ready:
    """What a pass has to respect: all of it rests on variables that the pass settles."""

    targets: tuple[Target, ...]
    bounds: tuple[tuple[Within, tuple[Target, ...]], ...]
    within: tuple[Within, ...]
    never: tuple[Rule, ...]
    implausible: tuple[tuple[Rule, float], ...]

    def variables(self) -> Iterator[str]:
        """Yield every variable that is looked at."""
        for claim in self.targets:
            yield from claim.names
        for within, claims in self.bounds:
            yield from (n for claim in claims for n in names(claim.rule) if n != within.many)
        yield from (within.one for within in self.within)
        for rule in (*self.never, *(rule for rule, _ in self.implausible)):
            yield from names(rule)


def ready(plan: Plan, claims: Iterable[Target], step: Pass, before: Lookup, after: Lookup) -> Ready:
    """Pick what becomes decidable with this step."""
    claims = tuple(claims)
    return Ready(
        targets=tuple(c for c in claims if _settled(c.names, step.new, after)),
        bounds=tuple(_bounds(plan, claims, step, after)),
        within=tuple(w for w in plan.within if w.many in step.new and w.one in before.decided),
        never=tuple(rule for rule in plan.never if _settled(names(rule), step.new, after)),
        implausible=tuple(
            (o.rule, o.weight) for o in plan.implausible if _settled(names(o.rule), step.new, after)
        ),
    )


def _settled(wanted: Iterable[str], new: Iterable[str], after: Lookup) -> bool:
    needs = [after.needs(name) for name in wanted]
    if any(n is None for n in needs):
        return False
    return any(n is not None and not n.isdisjoint(new) for n in needs)


def _bounds(
    plan: Plan, claims: tuple[Target, ...], step: Pass, after: Lookup
) -> Iterator[tuple[Within, tuple[Target, ...]]]:
    for within in plan.within:
        if within.one in step.new and within.many not in after.decided:
            wider = Lookup(after.study, {*after.decided, within.many})
            new = (*step.new, within.many)
            about = (c for c in claims if within.many in names(c.rule))
            yield within, tuple(c for c in about if _settled(names(c.rule), new, wider))


def constraint_rows(cells: Cells, step: Pass, ready: Ready) -> list[Constraint]:
    """Return all rows of a pass: sizes of groups, published counts, bounds.

    Equal rows stand once.
    """
    structure = _hand_out_rows(cells) if step.allocate else _group_rows(cells)
    found: dict[tuple[bytes, bytes, float, float], Constraint] = {}
    for row in (*structure, *_claim_rows(cells, step, ready), *_tied_rows(cells, ready)):
        found.setdefault((row.columns.tobytes(), row.factors.tobytes(), row.low, row.high), row)
    return list(found.values())


_SCATTER = 0.15


def weights(cells: Cells, plan: Plan, step: Pass, ready: Ready, draw: random.Random) -> Floats:
    """Return the preferred table: group size × usual shares × how odd a combination is × chance.

    The chance is there because real tables are never exactly in proportion.
    """
    result = cells.sizes[cells.group_of]
    for name in step.new:
        shares = plan.shares.get(name, {})
        usual = 0.15 if step.allocate else 1.0
        values = (v[0] if isinstance(v, tuple) and v else v for v in cells.values(name))
        result = result * [shares.get(v, usual) if isinstance(v, str) else 1.0 for v in values]
    for rule, weight in ready.implausible:
        result[cells.where(rule)] *= weight
    scatter = np.exp([draw.gauss(0.0, _SCATTER) for _ in range(cells.size)])
    return np.maximum(result * scatter, 1e-9)


def _group_rows(cells: Cells) -> Iterator[Constraint]:
    order = np.argsort(cells.group_of, kind="stable")
    starts = np.searchsorted(cells.group_of[order], np.arange(len(cells.groups) + 1))
    for index, group in enumerate(cells.groups):
        columns = order[starts[index] : starts[index + 1]]
        yield _exactly(f"size of group {index}", columns, float(group.size))


def _hand_out_rows(cells: Cells) -> Iterator[Constraint]:
    question = cells.lookup.study.questions[cells.new[0]]
    alone = {option.code for option in question.options if option.exclusive}
    for row, group in zip(_group_rows(cells), cells.groups, strict=True):
        values = [cells.combinations[c][0] for c in cells.combination_of[row.columns]]
        if any(isinstance(value, Missing) for value in values):
            yield row
            continue
        single = np.array([isinstance(v, tuple) and v[0] in alone for v in values], dtype=bool)
        yield _row(f"{row.label}, at least one", row.columns, float(group.size), np.inf)
        for column in row.columns[~single]:
            beside = np.concatenate([row.columns[single], [column]])
            yield _row(f"{row.label}, exclusive", beside, 0.0, float(group.size))
        if single.any():
            yield _row(f"{row.label}, exclusive", row.columns[single], 0.0, float(group.size))


def _tied_rows(cells: Cells, ready: Ready) -> Iterator[Constraint]:
    for within in ready.within:
        chosen = cells.values(within.many)
        for column, one in enumerate(cells.values(within.one)):
            if isinstance(one, str) and chosen[column] == (one,):
                size = float(cells.groups[cells.group_of[column]].size)
                yield _exactly(f"{within.one} within {within.many}", np.array([column]), size)


def _claim_rows(cells: Cells, step: Pass, ready: Ready) -> Iterator[Constraint]:
    for claim in ready.targets:
        if claim.measure is Measure.COUNT:
            yield _counted(claim.key, cells, step, claim.rule, claim.low, claim.high)
    for within, claims in ready.bounds:
        wider = cells.with_only(within.many, within.one)
        for claim in claims:
            columns = wider.where(claim.rule)
            yield _row(f"{claim.key} (bound)", columns, 0.0, float(claim.high))


def _counted(label: str, cells: Cells, step: Pass, rule: Rule, low: int, high: int) -> Constraint:
    if not step.allocate:
        return _row(label, cells.where(rule), float(low), float(high))
    # With an option the count is `chosen`, without it `left`; the difference is the factor.
    left = cells.without_options.holds(rule)
    factors = cells.holds(rule) - left[cells.group_of]
    columns = np.flatnonzero(factors)
    already = float(left @ cells.sizes)
    return Constraint(
        label, columns.astype(np.int64), factors[columns], low - already, high - already
    )


def _exactly(label: str, columns: Ints, total: float) -> Constraint:
    return _row(label, columns, total, total)


def _row(label: str, columns: Ints, low: float, high: float) -> Constraint:
    return Constraint(label, columns.astype(np.int64), np.ones(len(columns)), low, high)


@dataclass(frozen=True, slots=True)
class Pin:
    """Sums that together give the printed statistics: one choice out of many that would do.

    `totals` holds per score its pinned sum; `squares` per paired test the sum of the squared
    differences.
    """

    totals: dict[str, int]
    squares: dict[str, int]


def score_rows(cells: Cells, claims: Sequence[Target], pin: Pin) -> list[Constraint]:
    """Return the rows for the sums, means, spreads and paired tests among the claims of a pass."""
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
    """Return the values that round (half up) to a printed number: from the first to under the
    second.
    """
    value = Decimal(printed)
    half = Decimal(1).scaleb(int(value.as_tuple().exponent)) / 2
    return float(value - half), float(value + half)


def _sum_rows(cells: Cells, claim: Target, pin: Pin) -> Iterator[Constraint]:
    values = _scores(cells, claim, claim.variables[0])
    yield _score_row(claim.key, np.nan_to_num(values), float(Decimal(claim.value)), np.inf)


def _mean_rows(cells: Cells, claim: Target, pin: Pin) -> Iterator[Constraint]:
    (name,) = claim.variables
    values = _scores(cells, claim, name)
    if name in pin.totals:
        total = float(pin.totals[name])
        yield _score_row(claim.key, np.nan_to_num(values), total, total)
        return
    low, high = interval(claim.value)
    yield _score_row(claim.key, np.nan_to_num(values - low), 0.0, np.inf)
    yield _score_row(claim.key, np.nan_to_num(values - high), -np.inf, -1e-6)


def _spread_rows(cells: Cells, claim: Target, pin: Pin) -> Iterator[Constraint]:
    (name,) = claim.variables
    if name not in pin.totals:
        return
    number, total = claim.base, pin.totals[name]
    low, high = (v**2 * (number - 1) + total**2 / number for v in interval(claim.value))
    squares = np.nan_to_num(_scores(cells, claim, name) ** 2)
    yield _score_row(claim.key, squares, low + 1e-3, high - 1e-3)


def _paired_rows(cells: Cells, claim: Target, pin: Pin) -> Iterator[Constraint]:
    if claim.key not in pin.squares:
        return
    first, second = (_scores(cells, claim, name) for name in claim.variables)
    squares = float(pin.squares[claim.key])
    yield _score_row(claim.key, np.nan_to_num((first - second) ** 2), squares, squares)


def _scores(cells: Cells, claim: Target, name: str) -> Floats:
    """For each column the score of those in the claim's base, not-a-number for others."""
    numbers = np.array([_number(value) for value in cells.values(name)])
    inside = np.zeros(cells.size, dtype=bool)
    inside[cells.where(claim.rule)] = True
    return np.where(inside, numbers, np.nan)


def _number(value: Value) -> float:
    return float(value) if isinstance(value, int | float | Decimal) else np.nan


def _score_row(label: str, factors: Floats, low: float, high: float) -> Constraint:
    columns = np.flatnonzero(factors)
    return Constraint(label, columns.astype(np.int64), factors[columns], low, high)
