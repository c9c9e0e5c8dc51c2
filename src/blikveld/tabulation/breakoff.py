"""Where respondents stopped: the first question that was still open when they left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from blikveld.responses.rule_sql import condition, literal, quoted
from blikveld.responses.schema import missing_column
from blikveld.responses.snapshot import Snapshot
from blikveld.results.cell import Cell, CellSource, Column, DataOrigin, Row, Table
from blikveld.rules import EVERYBODY, Missing, Rule
from blikveld.rules.nodes import Compare, ComparisonOperator, Flag, Not
from blikveld.study.model import Study, Text
from blikveld.tabulation.planning import TOTAL

GONE: Rule = Not(Flag("completed"))
"""Who is in the base: everybody who began and did not finish, before any inclusion rule."""

_AT: Text = {"nl": "Eerste open vraag", "en": "First open question"}
_END: Text = {"nl": "Alleen het afronden", "en": "Only the finishing"}
_TITLE: Text = {"nl": "Waar mensen stopten", "en": "Where people stopped"}
_ALL: Text = {"nl": "Niet afgemaakt", "en": "Not finished"}


def breakoff(study: Study, snapshot: Snapshot) -> Table:
    """How many of those who left had each question as the first that was still open.

    A question that nobody stopped at has no column. Not cleared. `stopped_at` in its rules is no
    variable of the study: a snapshot holds which questions are open, and the first is looked up.
    """
    found = _counts(study, snapshot)
    total = sum(found.values())
    source = CellSource(study.key, study.version, snapshot.digest)
    fixed = snapshot.origin is DataOrigin.FIELDWORK
    heads = tuple(_columns(study, found))
    rules = [Compare("stopped_at", ComparisonOperator.EQUAL, head.key) for head in heads]
    cells = tuple(
        Cell(found[head.key], total, GONE, rule, source, fixed=fixed)
        for head, rule in zip(heads, rules, strict=True)
    )
    whole = Cell(total, total, GONE, EVERYBODY, source, fixed=fixed)
    row = Row("all", _ALL, 0, (*cells, whole))
    columns = (*heads, Column("total", TOTAL, total=True))
    return Table("breakoff", _TITLE, _TITLE, GONE, (_AT,), _AT, columns, (row,))


def _columns(study: Study, found: Mapping[str, int]) -> Iterator[Column]:
    for key, question in study.questions.items():
        if found.get(key):
            yield Column(key, question.short)
    if found.get(""):
        yield Column("", _END)


def _counts(study: Study, snapshot: Snapshot) -> Mapping[str, int]:
    """By the key of the first open question; under no key who answered all."""
    keys = tuple(study.questions)
    broken = literal(Missing.BROKEN_OFF.value)
    cases = " ".join(
        f"WHEN {quoted(missing_column(key))} = {broken} THEN {index}"
        for index, key in enumerate(keys)
    )
    gone = condition(GONE, study.variables)
    # Names in `cases` were quoted, and the rule is ours.
    query = (
        f"SELECT CASE {cases} ELSE {len(keys)} END AS place, count(*) "  # noqa: S608
        f"FROM respondents WHERE {gone} GROUP BY place"
    )
    with snapshot.connect() as connection:
        rows = connection.execute(query).fetchall()
    return {(*keys, "")[int(place)]: int(number) for place, number in rows}
