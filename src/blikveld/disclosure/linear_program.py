"""Linear programs over the system of sums, solved by HiGHS on one thread."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import highspy
import numpy as np
from numpy.typing import NDArray

from blikveld.disclosure.linear_system import SumConstraint

INFINITY = highspy.kHighsInf


class LinearProgram:
    """Variables with bounds and costs, tied by the sums; solved again and again from where it was.

    The first variables are given by `width` copies of the numbers: with width 2 every number is
    a rise minus a fall. After them comes one slack for each sum that is an inequality.
    """

    def __init__(self, numbers: int, sums: Iterable[SumConstraint], width: int) -> None:
        self.numbers = numbers
        rows = list(sums)
        self._slacks = [i for i, found in enumerate(rows) if found.at_most or found.at_least]
        self.size = numbers * width + len(self._slacks)
        self._signs = (1.0, -1.0)[:width]
        self._model = _solver()
        self._fill(rows)

    def slacks(self) -> range:
        """The indices of the slack variables, in the order of the inequalities."""
        return range(self.size - len(self._slacks), self.size)

    def _fill(self, rows: Sequence[SumConstraint]) -> None:
        free = np.full(self.size, INFINITY)
        self._model.addVars(self.size, np.zeros(self.size), free)
        slack = dict(zip(self._slacks, self.slacks(), strict=True))
        for number, row in enumerate(rows):
            terms = self._terms(row)
            if number in slack:
                # whole = parts + slack, or whole = parts - slack
                terms[slack[number]] = -1.0 if row.at_most else 1.0
            columns = np.array(list(terms), dtype=np.int32)
            self._model.addRow(0.0, 0.0, len(columns), columns, np.array(list(terms.values())))

    def _terms(self, row: SumConstraint) -> dict[int, float]:
        weights = {row.whole: 1.0} | dict.fromkeys(row.parts, -1.0)
        return {
            copy * self.numbers + index: sign * weight
            for copy, sign in enumerate(self._signs)
            for index, weight in weights.items()
        }

    def set_bounds(self, bounds: Mapping[int, tuple[float, float]]) -> None:
        """Set the lowest and highest value of variables."""
        if bounds:
            columns = np.array(list(bounds), dtype=np.int32)
            low = np.array([low for low, _ in bounds.values()])
            high = np.array([high for _, high in bounds.values()])
            self._model.changeColsBounds(len(columns), columns, low, high)

    def set_costs(self, costs: Mapping[int, float]) -> None:
        """Set what one unit of a variable costs."""
        if costs:
            columns = np.array(list(costs), dtype=np.int32)
            self._model.changeColsCost(len(columns), columns, np.array(list(costs.values())))

    def minimise(self) -> NDArray[np.float64] | None:
        """The values at the lowest cost, or None where no values agree with sums and bounds."""
        self._model.run()
        status = self._model.getModelStatus()
        if status == highspy.HighsModelStatus.kOptimal:
            return np.fromiter(self._model.getSolution().col_value, np.float64, self.size)
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        raise RuntimeError(f"the solver stopped with {self._model.modelStatusToString(status)}")


def _solver() -> highspy.Highs:
    with _quiet():
        model = highspy.Highs()  # type: ignore[no-untyped-call]
    model.setOptionValue("output_flag", False)
    model.setOptionValue("threads", 1)
    model.setOptionValue("random_seed", 1)
    # Every program starts from the solution of the one before; presolving would throw it away.
    model.setOptionValue("presolve", "off")
    return model


@contextmanager
def _quiet() -> Iterator[None]:
    """A new solver announces itself on standard output, past Python; commands print JSON there."""
    sys.stdout.flush()
    terminal = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        yield
    finally:
        os.dup2(terminal, 1)
        os.close(terminal)
        os.close(nowhere)
