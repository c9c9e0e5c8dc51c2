"""The SAT solver, behind the few calls the proofs need, and gates over its literals.

No other module knows the library. A literal is a whole number that is not
0; its negative is its opposite. `TRUE` holds always.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import TracebackType

from pysat.solvers import Glucose4

TRUE = 1
FALSE = -TRUE

CONFLICTS = 20_000
"""Search at most this many dead ends for one answer: about half a second, the same everywhere."""


class Solver:
    """Clauses over literals, and questions about them. Close it, or use it in a `with`.

    Bounds on conflicts instead of seconds keep an answer the same on a slow machine.
    """

    def __init__(self) -> None:
        self._engine = Glucose4()
        self._highest = TRUE
        self._model: list[int] = []
        self._engine.add_clause([TRUE])

    def __enter__(self) -> Solver:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._engine.delete()

    @property
    def highest(self) -> int:
        """The highest literal so far."""
        return self._highest

    def new_literal(self) -> int:
        """Return a literal that nothing says anything about yet."""
        self._highest += 1
        return self._highest

    def add(self, *literals: int) -> None:
        """Demand that at least one of these literals holds."""
        self._engine.add_clause(literals)

    def prefer(self, literals: Iterable[int]) -> None:
        """Make the solver try these literals first where it may choose. It stays correct."""
        self._engine.set_phases(list(literals))

    def solve(self, assumptions: Sequence[int] = (), conflicts: int = CONFLICTS) -> bool | None:
        """Return whether all clauses can hold together with the assumptions; None when undecided.

        After True `holds` reads the model, after False `core` the assumptions that clash.
        """
        self._engine.conf_budget(conflicts)
        answer: bool | None = self._engine.solve_limited(assumptions=list(assumptions))
        if answer:
            # A list of signed literals, 1 first; it ends at the last one that stands in a clause.
            model: list[int] = self._engine.get_model()
            self._model = [*model, *range(-len(model) - 1, -self._highest - 1, -1)]
        return answer

    def holds(self, literal: int) -> bool:
        """Return whether the literal holds in the model. One that nothing mentions does not."""
        return self._model[abs(literal) - 1] == literal

    def holding(self, literals: Iterable[int]) -> list[int]:
        """Return those of the literals that hold in the model."""
        model = self._model
        return [literal for literal in literals if model[abs(literal) - 1] == literal]

    def chosen(self, literals: Mapping[str, int]) -> tuple[str, ...]:
        """Return the names of those of the literals that hold in the model."""
        model = self._model
        return tuple(n for n, literal in literals.items() if model[abs(literal) - 1] == literal)

    def core(self) -> frozenset[int]:
        """Return assumptions that cannot hold together; not always the fewest."""
        return frozenset(self._engine.get_core() or ())


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
