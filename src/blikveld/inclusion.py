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
from blikveld.rules import Person, Rule
from blikveld.rules.nodes import Answered, Chosen
from blikveld.study.model import InclusionStep, Study

Mask = NDArray[np.bool_]
"""One truth a respondent, in the snapshot's order; unknown counts as not true."""

_AT_ONCE, _TRUTHS = 200, 20_000_000
"""So many rules are read together, and so many truths."""


def evaluate_rules(study: Study, snapshot: Snapshot, rules: Iterable[Rule]) -> Mapping[Rule, Mask]:
    """For each rule who it is true of.

    Raises the errors of the evaluator: a rule that names what does not exist
    is never an empty group.
    """
    return dict(iterate_masks(study, snapshot, rules))


def iterate_masks(
    study: Study, snapshot: Snapshot, rules: Iterable[Rule]
) -> Iterator[tuple[Rule, Mask]]:
    """As `evaluate_rules`, rule by rule: of many respondents not all masks are held together."""
    wanted = list(dict.fromkeys(rules))
    together = max(1, min(_AT_ONCE, _TRUTHS // max(1, snapshot.rows)))
    with snapshot.connect() as connection:
        for start in range(0, len(wanted), together):
            yield from _read(study, connection, wanted[start : start + together])


def distinct_persons(
    study: Study, snapshot: Snapshot, rule: Rule, most: int
) -> tuple[list[Person], list[int], bool]:
    """Those of whom a rule is true, everybody alike once, how many are alike, and whether all.

    Where more than about `most` differ, some of them are left out.
    """
    with snapshot.connect() as connection:
        one_in = -(-duckdb_io.count_distinct(connection) // most) or 1
        found = list(duckdb_io.distinct_rows(connection, _true(study, rule), one_in))
    persons = list(snapshot.read_rows(row for row, _ in found))
    return persons, [alike for _, alike in found], one_in == 1


def find_apart(study: Study, snapshot: Snapshot, one: Rule, other: Rule) -> list[Person]:
    """Somebody of whom one of two rules is true and the other is not; empty where there is none."""
    with snapshot.connect() as connection:
        differ = f"{_true(study, one)} != {_true(study, other)}"
        return list(snapshot.read_rows(duckdb_io.some_row(connection, differ)))


def _true(study: Study, rule: Rule) -> str:
    return f"coalesce({condition(rule, study.variables)}, FALSE)"


def read_numbers(snapshot: Snapshot, variable: str) -> NDArray[np.float64]:
    """Return a numeric variable in the snapshot's order; missing is not-a-number."""
    with snapshot.connect() as connection:
        query = f"SELECT {quoted(variable)}::DOUBLE AS value FROM respondents"  # noqa: S608
        column = connection.execute(query).fetchnumpy()["value"]
    return np.asarray(np.ma.filled(column.astype(np.float64), np.nan))


def _read(
    study: Study, connection: duckdb_io.Connection, rules: Sequence[Rule]
) -> Iterator[tuple[Rule, Mask]]:
    columns = ", ".join(f"{_true(study, rule)} AS m{i}" for i, rule in enumerate(rules))
    # The names and codes in `columns` were quoted by `condition`.
    arrays = connection.execute(f"SELECT {columns} FROM respondents").fetchnumpy()  # noqa: S608
    for i, rule in enumerate(rules):
        yield rule, np.asarray(arrays.pop(f"m{i}"), dtype=bool)


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
