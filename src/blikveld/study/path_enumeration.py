"""The ways through a questionnaire: each combination of what is asked and what is passed over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from blikveld.errors import BlikveldError
from blikveld.study.respondent_model import RespondentModel

BOUND = 100_000
"""So many ways are listed at most."""

Way: TypeAlias = tuple[int, ...]
"""Literals that hold for everybody who goes this way."""


class TooManyPaths(BlikveldError):
    """A questionnaire whose ways cannot all be listed in reasonable time."""

    def __init__(self, location: str, bound: int) -> None:
        super().__init__(
            "too-many-paths",
            location,
            f"There are over {bound:,} ways through it, more than are listed.",
            "Let the rules look at fewer questions.",
        )


def enumerate_paths(
    model: RespondentModel, goal: int, marks: Sequence[int], bound: int = BOUND
) -> Iterator[Way]:
    """Yield each combination of `marks` that somebody for whom `goal` holds can have, once.

    While a way is looked at, the model's solver holds a respondent who goes it. Raises
    TooManyPaths after `bound` ways, or when the solver gives up.
    """
    solver, listing = model.solver, model.solver.new_literal()
    found = 0
    while (answer := solver.solve((goal, listing))) is not False:
        found += 1
        if found > bound or answer is None:
            raise TooManyPaths(f"study {model.study.key!r}", bound)
        way = tuple(mark if solver.holds(mark) else -mark for mark in marks)
        yield way
        solver.add(-listing, *(-mark for mark in way))
