"""The funnel, who counts and who left by which rule; and rules over a whole snapshot at once.

Of a rule this gives one column of truth, read in few queries. Rules of one person are evaluated in
`rules`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from blikveld.responses import duckdb_io
from blikveld.responses.rule_sql import condition
from blikveld.responses.snapshot import Snapshot
from blikveld.responses.term_sql import quoted
from blikveld.rules import Rule
from blikveld.rules.nodes import Answered, Chosen
from blikveld.study.model import InclusionStep, Study

Mask = NDArray[np.bool_]
"""One truth a respondent, in the snapshot's order; unknown counts as not true."""

_AT_ONCE = 200


def evaluate_rules(study: Study, snapshot: Snapshot, rules: Iterable[Rule]) -> Mapping[Rule, Mask]:
    """For each rule who it is true of.

    Raises the errors of the evaluator: a rule that names what does not exist
    is never an empty group.
    """
    wanted = list(dict.fromkeys(rules))
    found: dict[Rule, Mask] = {}
    with snapshot.connect() as connection:
        for chunk in _chunks(wanted):
            found.update(_read(study, connection, chunk))
    return found


def read_numbers(snapshot: Snapshot, variable: str) -> NDArray[np.float64]:
    """Return a numeric variable in the snapshot's order; missing is not-a-number."""
    with snapshot.connect() as connection:
        query = f"SELECT {quoted(variable)}::DOUBLE AS value FROM respondents"  # noqa: S608
        column = connection.execute(query).fetchnumpy()["value"]
    return np.asarray(np.ma.filled(column.astype(np.float64), np.nan))


def _chunks(rules: Sequence[Rule]) -> Iterator[Sequence[Rule]]:
    for start in range(0, len(rules), _AT_ONCE):
        yield rules[start : start + _AT_ONCE]


def _read(
    study: Study, connection: duckdb_io.Connection, rules: Sequence[Rule]
) -> dict[Rule, Mask]:
    columns = ", ".join(
        f"coalesce({condition(rule, study.variables)}, FALSE) AS m{i}"
        for i, rule in enumerate(rules)
    )
    # The names and codes in `columns` were quoted by `condition`.
    arrays = connection.execute(f"SELECT {columns} FROM respondents").fetchnumpy()  # noqa: S608
    return {rule: np.asarray(arrays[f"m{i}"], dtype=bool) for i, rule in enumerate(rules)}


def count_chosen(study: Study, snapshot: Snapshot, question: str) -> NDArray[np.float64]:
    """Return how many options of a multiple-response question each chose; not-a-number if not
    asked.
    """
    rules = [Chosen(question, code.code) for code in study.variables[question].codes]
    truth = evaluate_rules(study, snapshot, [*rules, Answered(question)])
    counts = np.sum([truth[rule] for rule in rules], axis=0).astype(np.float64)
    counts[~truth[Answered(question)]] = np.nan
    return np.asarray(counts)


@dataclass(frozen=True, slots=True)
class Stage:
    """What one inclusion rule did: how many left by it, how many remained."""

    step: InclusionStep
    left: int
    remained: int


@dataclass(frozen=True, slots=True)
class Funnel:
    """Everybody who started, the stages in order, and who is included (in snapshot order)."""

    started: int
    stages: tuple[Stage, ...]
    included: Mask

    @property
    def remained(self) -> int:
        """How many respondents the tables are made from."""
        return self.stages[-1].remained if self.stages else self.started


def funnel(study: Study, snapshot: Snapshot) -> Funnel:
    """Apply the study's inclusion rules one after the other.

    A respondent stays while every rule is true; unknown is not true. Who leaves by a rule is
    not asked the next one.
    """
    truth = evaluate_rules(study, snapshot, (step.keep for step in study.inclusion))
    inside = np.ones(snapshot.rows, dtype=bool)
    stages = []
    for step in study.inclusion:
        kept = inside & truth[step.keep]
        stages.append(Stage(step, int(inside.sum() - kept.sum()), int(kept.sum())))
        inside = kept
    return Funnel(snapshot.rows, tuple(stages), inside)
