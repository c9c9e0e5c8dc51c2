"""What follows for each group: the smallest and the largest count that all of it together allows.

First by pencil: a whole less its other parts, again and again, which explains most. What is left is
asked of a linear program, one for each group of numbers that hang together.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, floor, inf

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array

from blikveld.auditor.relations import GroupRelation, RelationKind, RespondentGroup, Web
from blikveld.errors import BlikveldError

_TINY = 1e-6
_CROWDED = 10**7


class Contradiction(BlikveldError):
    """No population at all has the published numbers."""


@dataclass(frozen=True, slots=True)
class Equation:
    """`low` ≤ the sum of factor × count over the groups ≤ `high`."""

    groups: tuple[int, ...]
    factors: tuple[int, ...]
    low: float
    high: float


@dataclass(slots=True)
class Bounds:
    """The least and the most of every group; and which equation moved each end last."""

    low: list[int]
    high: list[int]
    reason_low: dict[int, Equation] = field(default_factory=dict)
    reason_high: dict[int, Equation] = field(default_factory=dict)
    proof: dict[int, tuple[Equation, ...]] = field(default_factory=dict)
    """The equations that a linear program needed, for the groups that pencil did not settle."""

    def is_exact(self, group: int) -> bool:
        return self.low[group] == self.high[group]


def find_bounds(web: Web) -> Bounds:
    """The bounds of every group. Raises Contradiction when the numbers cannot all be true."""
    equations = [_equation(relation) for relation in web.relations]
    for groups, value in web.totals:
        equations.append(Equation(groups, (1,) * len(groups), value, value))
    bounds = _published(web)
    _propagate(equations, bounds)
    for members in _components(equations, bounds):
        _solve(members, equations, bounds, {m for m in members if web.groups[m].is_published})
    return bounds


def _equation(relation: GroupRelation) -> Equation:
    groups = (relation.whole, *relation.parts)
    factors = (1, *(-1 for _ in relation.parts))
    match relation.kind:
        case RelationKind.SUM:
            return Equation(groups, factors, 0, 0)
        case RelationKind.COVER:
            return Equation(groups, factors, -inf, 0)
        case RelationKind.PART:
            return Equation(groups, factors, 0, inf)


def _published(web: Web) -> Bounds:
    """What the publications say of each group alone; nobody is more than everybody."""
    everybody = _most(web.groups[0], _CROWDED)
    bounds = Bounds([], [])
    for group in web.groups:
        low = max((s.low for s in group.statements), default=0)
        high = _most(group, everybody)
        if low > high:
            said = dict.fromkeys(str(statement.where) for statement in group.statements)
            raise _contradiction(", ".join(list(said)[:4]))
        bounds.low.append(low)
        bounds.high.append(high)
    return bounds


def _most(group: RespondentGroup, otherwise: int) -> int:
    return min((s.high for s in group.statements if s.high is not None), default=otherwise)


def _contradiction(location: str) -> Contradiction:
    return Contradiction(
        "contradiction",
        location,
        "The published numbers cannot all be true of the same people.",
        "Audit files that were made from the same answers; leave drafts of other answers out.",
    )


def _propagate(equations: Sequence[Equation], bounds: Bounds) -> None:
    """Pencil and paper: what one equation says of a group, given the others in it."""
    of_group: dict[int, list[int]] = defaultdict(list)
    for number, equation in enumerate(equations):
        for group in equation.groups:
            of_group[group].append(number)
    waiting = deque(range(len(equations)))
    is_waiting = [True] * len(equations)
    while waiting:
        number = waiting.popleft()
        is_waiting[number] = False
        for moved in _tighten(equations[number], bounds):
            for other in of_group[moved]:
                if not is_waiting[other]:
                    is_waiting[other] = True
                    waiting.append(other)


def _tighten(equation: Equation, bounds: Bounds) -> list[int]:
    """Move the ends that this equation moves. Returns the groups whose ends moved."""
    least, most = 0.0, 0.0
    ends = []
    for group, factor in zip(equation.groups, equation.factors, strict=True):
        two = sorted((factor * bounds.low[group], factor * bounds.high[group]))
        ends.append(two)
        least += two[0]
        most += two[1]
    moved = []
    for group, factor, (low, high) in zip(equation.groups, equation.factors, ends, strict=True):
        # factor * count lies between these two, given the others.
        down, up = equation.low - (most - high), equation.high - (least - low)
        if factor < 0:
            down, up = -up, -down
        if down > bounds.low[group]:
            bounds.low[group] = ceil(down - _TINY)
            bounds.reason_low[group] = equation
            moved.append(group)
        if up < bounds.high[group]:
            bounds.high[group] = floor(up + _TINY)
            bounds.reason_high[group] = equation
            moved.append(group)
        if bounds.low[group] > bounds.high[group]:
            raise _contradiction(f"{len(equation.groups)} numbers that add up")
    return moved


def _components(equations: Sequence[Equation], bounds: Bounds) -> list[list[int]]:
    """Groups that are still open and share equations, in lists."""
    parent = list(range(len(bounds.low)))

    def find(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for equation in equations:
        open_ = [group for group in equation.groups if not bounds.is_exact(group)]
        for group in open_[1:]:
            parent[find(open_[0])] = find(group)
    members: dict[int, list[int]] = defaultdict(list)
    for group in range(len(parent)):
        if not bounds.is_exact(group):
            members[find(group)].append(group)
    return [found for found in members.values() if len(found) > 1]


def _solve(
    members: Sequence[int],
    equations: Sequence[Equation],
    bounds: Bounds,
    wanted: set[int],
) -> None:
    """Ask a linear program for both ends of each wanted group of one component."""
    place = {group: column for column, group in enumerate(members)}
    mine = [e for e in equations if any(g in place for g in e.groups)]
    program = _Program(place, mine, bounds)
    for group in members:
        if group not in wanted:
            continue
        column = place[group]
        if program.seen_low[column] > bounds.low[group]:
            _settle_low(program, group, column, bounds)
        if program.seen_high[column] < bounds.high[group]:
            _settle_high(program, group, column, bounds)


def _settle_low(program: _Program, group: int, column: int, bounds: Bounds) -> None:
    value, proof = program.minimise(column, 1.0)
    if ceil(value - _TINY) > bounds.low[group]:
        bounds.low[group] = ceil(value - _TINY)
        bounds.proof[group] = proof


def _settle_high(program: _Program, group: int, column: int, bounds: Bounds) -> None:
    value, proof = program.minimise(column, -1.0)
    if floor(-value + _TINY) < bounds.high[group]:
        bounds.high[group] = floor(-value + _TINY)
        bounds.proof[group] = (*bounds.proof.get(group, ()), *proof)


class _Program:
    """A linear program that is asked many questions; each world it finds answers for all groups."""

    def __init__(
        self, place: Mapping[int, int], equations: Sequence[Equation], bounds: Bounds
    ) -> None:
        self._ends = np.array([(bounds.low[group], bounds.high[group]) for group in place])
        self._equal, self._most = _Rows(place, bounds), _Rows(place, bounds)
        for equation in equations:
            if equation.low == equation.high:
                self._equal.add(equation, 1, equation.high)
            elif equation.high < inf:
                self._most.add(equation, 1, equation.high)
            else:
                self._most.add(equation, -1, -equation.low)
        self.seen_low = np.full(len(place), inf)
        self.seen_high = np.full(len(place), -inf)

    def minimise(self, column: int, direction: float) -> tuple[float, tuple[Equation, ...]]:
        """The least of direction × count, and the equations that hold it there."""
        cost = np.zeros(len(self._ends))
        cost[column] = direction
        equal, equal_to = self._equal.matrix()
        most, at_most = self._most.matrix()
        # Its types know no sparse matrices, which it documents and takes.
        found = linprog(  # type: ignore[call-overload]
            cost, most, at_most, equal, equal_to, self._ends, method="highs"
        )
        if found.status != 0:
            raise _contradiction(f"{len(cost)} numbers that hang together")
        world: NDArray[np.float64] = found.x
        self.seen_low = np.minimum(self.seen_low, world)
        self.seen_high = np.maximum(self.seen_high, world)
        held = (
            *self._equal.held(found.eqlin.marginals),
            *self._most.held(found.ineqlin.marginals),
        )
        return float(found.fun), held


@dataclass(slots=True)
class _Rows:
    """Equations as rows of a sparse matrix; groups that are known go to the other side."""

    place: Mapping[int, int]
    bounds: Bounds
    equations: list[Equation] = field(default_factory=list)
    entries: list[tuple[int, int, float]] = field(default_factory=list)
    right: list[float] = field(default_factory=list)
    made: csr_array | None = None

    def add(self, equation: Equation, sign: int, right: float) -> None:
        """Take in an equation, times `sign`, with what it may come to."""
        for group, factor in zip(equation.groups, equation.factors, strict=True):
            if group in self.place:
                self.entries.append((len(self.equations), self.place[group], sign * factor))
            else:
                right -= sign * factor * self.bounds.low[group]
        self.equations.append(equation)
        self.right.append(right)

    def matrix(self) -> tuple[csr_array | None, NDArray[np.float64] | None]:
        """The left and the right side; None for both where there are no rows."""
        if not self.equations:
            return None, None
        if self.made is None:
            rows, columns, factors = zip(*self.entries, strict=True)
            shape = (len(self.equations), len(self.place))
            self.made = csr_array((factors, (rows, columns)), shape=shape)
        return self.made, np.array(self.right)

    def held(self, marginals: NDArray[np.float64]) -> Iterator[Equation]:
        """The equations without which the answer would be another one."""
        for equation, marginal in zip(self.equations, marginals, strict=False):
            if abs(marginal) > _TINY:
                yield equation
