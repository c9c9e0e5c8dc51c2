"""Literals made from other literals: all of them, one of them, so many of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from blikveld.study.solver import FALSE, TRUE, Solver


class Circuit:
    """Gates over the literals of a solver. The same inputs give the same gate."""

    def __init__(self, solver: Solver) -> None:
        self.solver = solver
        self._gates: dict[tuple[int, ...], int] = {}

    def every(self, literals: Iterable[int]) -> int:
        """Return the literal that holds exactly where all of these hold."""
        inputs = set(literals) - {TRUE}
        if FALSE in inputs or any(-literal in inputs for literal in inputs):
            return FALSE
        # Sort, so that the clauses do not depend on the order of a set.
        key = tuple(sorted(inputs))
        if len(key) < 2:
            return key[0] if key else TRUE
        if key not in self._gates:
            self._gates[key] = self._gate(key)
        return self._gates[key]

    def some(self, literals: Iterable[int]) -> int:
        """Return the literal that holds exactly where at least one of these holds."""
        return -self.every(-literal for literal in literals)

    def evaluate(self, columns: dict[int, int]) -> None:
        """Add the gates to a table of bits: for each literal one bit a sample, 1 where it holds.

        The table must hold the literals that gates are made from; missing ones do not hold.
        """
        everywhere = columns[TRUE]
        for inputs, gate in self._gates.items():
            found = everywhere
            for literal in inputs:
                bits = columns.get(abs(literal), 0)
                found &= bits if literal > 0 else everywhere ^ bits
            columns[gate] = found

    def _gate(self, inputs: tuple[int, ...]) -> int:
        gate = self.solver.new_literal()
        for literal in inputs:
            self.solver.add(-gate, literal)
        self.solver.add(gate, *(-literal for literal in inputs))
        return gate

    def counts(self, literals: Sequence[int], most: int) -> list[int]:
        """Return for each number up to `most` the literal 'at least so many of these hold'."""
        counted = [TRUE] + [FALSE] * most
        for literal in literals:
            before = counted
            more = (
                self.some((before[number], self.every((literal, before[number - 1]))))
                for number in range(1, most + 1)
            )
            counted = [TRUE, *more]
        return counted

    def at_most_one(self, literals: Sequence[int]) -> None:
        """Demand that no two of these hold together."""
        earlier = FALSE
        for literal in literals:
            if earlier != FALSE:
                self.solver.add(-literal, -earlier)
            earlier = self.some((earlier, literal))
