"""Rules over a whole snapshot at once: one column of truth a rule, read in few queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from blikveld.responses import duckdb_io
from blikveld.responses.rule_sql import condition
from blikveld.responses.snapshot import Snapshot
from blikveld.responses.term_sql import quoted
from blikveld.rules import Rule
from blikveld.rules.nodes import Answered, Chosen
from blikveld.study.model import Study

Mask = NDArray[np.bool_]
"""One truth a respondent, in the snapshot's order; unknown counts as not true."""

_AT_ONCE = 200


def masks(study: Study, snapshot: Snapshot, rules: Iterable[Rule]) -> Mapping[Rule, Mask]:
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


def numbers(snapshot: Snapshot, variable: str) -> NDArray[np.float64]:
    """A numeric variable in the snapshot's order; missing is not-a-number."""
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


def chosen(study: Study, snapshot: Snapshot, question: str) -> NDArray[np.float64]:
    """How many options of a multiple-response question each chose; not-a-number if not asked."""
    rules = [Chosen(question, code.code) for code in study.variables[question].codes]
    truth = masks(study, snapshot, [*rules, Answered(question)])
    counts = np.sum([truth[rule] for rule in rules], axis=0).astype(np.float64)
    counts[~truth[Answered(question)]] = np.nan
    return np.asarray(counts)
