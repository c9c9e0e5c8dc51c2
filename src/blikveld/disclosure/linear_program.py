"""Linear programs over the system of sums, solved by HiGHS on one thread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import highspy
import numpy as np
from numpy.typing import NDArray

from blikveld.disclosure.linear_system import SumConstraint
from blikveld.highs import quiet_solver

INFINITY = highspy.kHighsInf


class LinearProgram:
    """Numbers with bounds and costs, tied by the sums; solved again and again from where it was.

    With width 2 there are two columns a number, `index` and `index + numbers`: it is a rise minus a
    fall. Numbers that are `fixed` have no column: they stand in the sums with their value. After
    the others comes one slack for each sum that is an inequality: see `inequalities`.
    """

    def __init__(
        self, numbers: int, sums: Iterable[SumConstraint], width: int, fixed: Mapping[int, float]
    ) -> None:
        self.numbers, self._fixed = numbers, fixed
        self._signs = (1.0, -1.0)[:width]
        free = [index for index in range(numbers) if index not in fixed]
        columns = (copy * numbers + index for copy in range(width) for index in free)
        self._place = {column: at for at, column in enumerate(columns)}
        self._columns = np.array(list(self._place), dtype=np.int64)
        rows = [row for row in sums if any(i not in fixed for i in (row.whole, *row.parts))]
        unequal = [row for row in rows if row.at_most or row.at_least]
        first = width * numbers
        self.inequalities = {first + at: row for at, row in enumerate(unequal)}
        """The column of the slack of each inequality."""
        self._place |= {
            column: len(self._place) + at for at, column in enumerate(self.inequalities)
        }
        self._model = new_solver()
        self._fill(rows)

    def _fill(self, rows: Sequence[SumConstraint]) -> None:
        size = len(self._place)
        self._model.addVars(size, np.zeros(size), np.full(size, INFINITY))
        slack = {id(row): self._place[column] for column, row in self.inequalities.items()}
        seen: set[tuple[float, frozenset[tuple[int, float]]]] = set()
        for row in rows:
            terms, rest = self._terms(row)
            # Where much is fixed many sums come to the same, and each would cost time.
            key = (rest, frozenset(terms.items()))
            if id(row) not in slack:
                if key in seen:
                    continue
                seen.add(key)
            else:
                # whole = parts + slack, or whole = parts - slack
                terms[slack[id(row)]] = -1.0 if row.at_most else 1.0
            columns = np.array(list(terms), dtype=np.int32)
            self._model.addRow(rest, rest, len(columns), columns, np.array(list(terms.values())))

    def _terms(self, row: SumConstraint) -> tuple[dict[int, float], float]:
        """The weights of the columns of a row, and what they must add up to."""
        weights = {row.whole: 1.0} | dict.fromkeys(row.parts, -1.0)
        terms = {
            self._place[copy * self.numbers + index]: sign * weight
            for copy, sign in enumerate(self._signs)
            for index, weight in weights.items()
            if index not in self._fixed
        }
        rest = sum(w * self._fixed[index] for index, w in weights.items() if index in self._fixed)
        return terms, -rest

    def set_bounds(self, bounds: Mapping[int, tuple[float, float]]) -> None:
        """Set the lowest and highest value of columns; those of fixed numbers stay as they are."""
        known = {self._place[k]: ends for k, ends in bounds.items() if k in self._place}
        if known:
            columns = np.array(list(known), dtype=np.int32)
            low = np.array([low for low, _ in known.values()])
            high = np.array([high for _, high in known.values()])
            self._model.changeColsBounds(len(columns), columns, low, high)

    def set_costs(self, costs: Mapping[int, float]) -> None:
        """Set what one unit of a column costs."""
        known = {self._place[k]: cost for k, cost in costs.items() if k in self._place}
        if known:
            columns = np.array(list(known), dtype=np.int32)
            self._model.changeColsCost(len(columns), columns, np.array(list(known.values())))

    def minimise(self) -> NDArray[np.float64] | None:
        """The columns of the numbers at the lowest cost; None where none agree with the sums."""
        self._model.run()
        status = self._model.getModelStatus()
        if status not in _DECIDED:
            # Rounding errors pile up from one program to the next: from scratch they are gone.
            self._model.clearSolver()
            self._model.run()
            status = self._model.getModelStatus()
        if status == highspy.HighsModelStatus.kOptimal:
            return self._solution()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        raise RuntimeError(f"the solver stopped with {self._model.modelStatusToString(status)}")

    def _solution(self) -> NDArray[np.float64]:
        found = np.zeros(len(self._signs) * self.numbers)
        values = self._model.getSolution().col_value
        found[self._columns] = np.fromiter(values, np.float64, len(values))[: len(self._columns)]
        for index, value in self._fixed.items():
            found[index] = value
        return found


_DECIDED = (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible)


def new_solver(*, presolve: bool = False) -> highspy.Highs:
    """A solver that says nothing and gives the same answer in every run.

    Programs that are solved again and again start from the solution before, which presolving
    would throw away.
    """
    return quiet_solver({"random_seed": 1, "presolve": "on" if presolve else "off"})
