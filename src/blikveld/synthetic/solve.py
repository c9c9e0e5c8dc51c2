"""Whole numbers under linear constraints, near a preferred table.

First the preferred table (weights) is raked to the constraints, as in iterative proportional
fitting: that gives the least presumptuous table of fractions. Then HiGHS picks whole numbers
next to it that meet every constraint exactly. One thread, a fixed seed and no clock: the same
input gives the same numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import highspy
import numpy as np
import numpy.typing as npt

from blikveld.errors import BlikveldError
from blikveld.highs import quiet_solver

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class Constraint:
    """low ≤ Σ factors · columns ≤ high. `label` says in messages where it comes from."""

    label: str
    columns: Ints
    factors: Floats
    low: float
    high: float


@dataclass(frozen=True, eq=False, slots=True)
class IntegerProgram:
    """Unknown whole numbers from 0 to `most`; `weights` are their preferred relative sizes."""

    name: str
    weights: Floats
    most: Floats
    rows: Sequence[Constraint]


class Infeasible(BlikveldError):
    """Constraints that cannot hold together. `labels` are a set of them that must give way."""

    def __init__(self, name: str, labels: Sequence[str]) -> None:
        self.labels = tuple(labels)
        super().__init__(
            "cannot-hold",
            f"pass {name!r}",
            "These figures cannot hold together, given what was decided before: "
            + "; ".join(self.labels[:12]),
            "Mark the wrong one as contradicted, or move or widen a pass in reconstruct.yaml.",
        )


_ROUNDS = 80
_CLOSE = 1e-4
_WIDTHS = (0.0, 0.5, 1.0, 2.0, 4.0, None)
"""How many standard deviations (of a count, √n) whole numbers may lie from the raked table; the
first width that holds a solution is used. None is without limit."""


def solve(problem: IntegerProgram, noise: Floats) -> Ints:
    """Whole numbers that meet every row, near the raked weights.

    `noise` (one uniform draw per column) decides between equals. Raises Infeasible.
    """
    table = rake(problem)
    for width in _WIDTHS:
        lower, upper = _window(problem, table, width)
        costs = _costs(table, noise) if width == 0.0 else noise - 0.5
        found = _highs(problem, costs, lower, upper)
        if found is not None:
            return found
    raise Infeasible(problem.name, _blame(problem))


def rake(problem: IntegerProgram) -> Floats:
    """Return the weights scaled until every row with non-negative factors holds, as nearly as can
    be.
    """
    table = problem.weights.astype(np.float64).copy()
    rows = [row for row in problem.rows if len(row.columns) and (row.factors == 1.0).all()]
    for _ in range(_ROUNDS):
        worst = 0.0
        for row in rows:
            worst = max(worst, _scale(table, row))
        np.minimum(table, problem.most, out=table)
        if worst < _CLOSE:
            break
    # Rounded, so that the last bits of one machine's arithmetic do not steer the solver.
    result: Floats = np.round(table, 7)
    return result


def _scale(table: Floats, row: Constraint) -> float:
    total = table[row.columns].sum()
    wanted = min(max(total, row.low), row.high)
    if total <= 0.0 or wanted == total:
        return 0.0
    table[row.columns] *= wanted / total
    return float(abs(wanted - total) / max(wanted, 1.0))


def _window(problem: IntegerProgram, table: Floats, width: float | None) -> tuple[Floats, Floats]:
    if width is None:
        return np.zeros_like(table), problem.most
    space = width * np.sqrt(table)
    lower = np.maximum(np.floor(table - space + 1e-6), 0.0)
    upper = np.minimum(np.ceil(table + space - 1e-6), problem.most)
    return np.minimum(lower, upper), np.maximum(lower, upper)


def _costs(table: Floats, noise: Floats) -> Floats:
    # The likelier a column is to be rounded up, the cheaper; Gumbel noise makes it a draw.
    part = np.clip(table - np.floor(table + 1e-6), 1e-6, 1.0)
    gumbel = -np.log(-np.log(np.clip(noise, 1e-12, 1 - 1e-12)))
    result: Floats = np.round(-(np.log(part) + gumbel), 6)
    return result


def _highs(problem: IntegerProgram, costs: Floats, lower: Floats, upper: Floats) -> Ints | None:
    solver = quiet_solver(_OPTIONS)
    solver.passModel(_model(problem.rows, costs, lower, upper, whole=True))
    solver.run()
    if solver.getModelStatus() not in (
        highspy.HighsModelStatus.kOptimal,
        highspy.HighsModelStatus.kSolutionLimit,
    ):
        return None
    values = np.asarray(solver.getSolution().col_value)
    if not len(values):
        return None
    found: Ints = np.rint(values).astype(np.int64)
    # A solution at the limit of nodes is whole within a tolerance and may break a row: look again.
    return found if _meets(problem.rows, found) else None


_OPTIONS: Mapping[str, bool | int | float | str] = {
    "parallel": "off",
    "random_seed": 1,
    "mip_rel_gap": 0.05,
    # Limits in nodes and not in seconds: the same on every machine, so it can be reproduced.
    "mip_max_nodes": 2000,
    "mip_max_improving_sols": 20,
}


def _model(
    rows: Sequence[Constraint], costs: Floats, lower: Floats, upper: Floats, *, whole: bool
) -> highspy.HighsLp:
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(costs), len(rows)
    model.col_cost_, model.col_lower_, model.col_upper_ = costs, lower, upper
    model.row_lower_ = np.array([row.low for row in rows])
    model.row_upper_ = np.array([row.high for row in rows])
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lengths = [len(row.columns) for row in rows]
    model.a_matrix_.start_ = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    model.a_matrix_.index_ = _joined([row.columns for row in rows]).astype(np.int32)
    model.a_matrix_.value_ = _joined([row.factors for row in rows])
    if whole:
        model.integrality_ = [highspy.HighsVarType.kInteger] * len(costs)
    return model


def _joined(parts: Sequence[npt.NDArray[np.generic]]) -> Floats:
    return np.concatenate(parts).astype(np.float64) if parts else np.zeros(0)


def _meets(rows: Sequence[Constraint], found: Ints) -> bool:
    return all(
        row.low - 1e-6 <= float(found[row.columns] @ row.factors) <= row.high + 1e-6 for row in rows
    )


def _blame(problem: IntegerProgram) -> list[str]:
    """Rows that give way when each may be broken at a price: where the contradiction shows."""
    count, slack = len(problem.weights), len(problem.rows)
    rows = [
        Constraint(
            row.label,
            np.concatenate([row.columns, [count + i, count + slack + i]]).astype(np.int64),
            np.concatenate([row.factors, [1.0, -1.0]]),
            row.low,
            row.high,
        )
        for i, row in enumerate(problem.rows)
    ]
    costs = np.concatenate([np.zeros(count), np.ones(2 * slack)])
    upper = np.concatenate([problem.most, np.full(2 * slack, np.inf)])
    solver = quiet_solver(_OPTIONS)
    solver.passModel(_model(rows, costs, np.zeros_like(costs), upper, whole=False))
    solver.run()
    values = np.asarray(solver.getSolution().col_value)
    if not len(values):
        return [row.label for row in problem.rows][:3]
    gaps = values[count : count + slack] + values[count + slack :]
    return [row.label for row, gap in zip(problem.rows, gaps, strict=True) if gap > 1e-6]
