"""A study's plan and a snapshot make Tables: rows of Cells with subtotals and a grand total.

Planned tables are counted from cubes, and once more in the plain version, which asks every person
one rule at a time: every engine is held against it. Where respondents stopped is a Table too, and
no plan is needed for it. Nothing is cleared for print here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from blikveld.errors import BlikveldError
from blikveld.locale import ReadersText
from blikveld.responses.rule_sql import condition
from blikveld.responses.schema import missing_column
from blikveld.responses.snapshot import Snapshot
from blikveld.responses.term_sql import literal, quoted
from blikveld.results.cell import (
    Cell,
    CellRequest,
    CellSource,
    Column,
    DataOrigin,
    EmptyRow,
    Fixed,
    Row,
    Table,
)
from blikveld.rules import EVERYBODY, Missing, Person, Rule, evaluate, join_rules
from blikveld.rules.nodes import Compare, ComparisonOperator, Flag, Not
from blikveld.study.load import resting
from blikveld.study.model import Study, TablePlan, Text
from blikveld.tabulation.cell_counts import find_fixed
from blikveld.tabulation.compute import CrossTable, TableBatch
from blikveld.tabulation.cubes import Cube, CubeKey
from blikveld.tabulation.engines.arrays import Included
from blikveld.tabulation.planning import TOTAL, Layout, Planner, RowSpec, lay_out


class NoSuchTable(BlikveldError):
    """A table is asked for that the study does not plan."""

    def __init__(self, study: Study, names: Collection[str]) -> None:
        super().__init__(
            "no-such-table",
            f"study {study.key!r}",
            f"It plans no table {', '.join(repr(name) for name in sorted(names))}.",
            "Choose from tables.yaml.",
        )


class Engine(Protocol):
    """Where cubes are counted; every engine gives the same."""

    def cubes(self, keys: Iterable[CubeKey]) -> Mapping[CubeKey, Cube]:
        """Count every cube among the included respondents."""


@resting()
def count_tables(
    study: Study,
    snapshot: Snapshot,
    names: Iterable[str] | None = None,
    engine: Engine | None = None,
    fixed: Callable[[CellRequest], Fixed] | None = None,
) -> dict[str, Table]:
    """Return the tables the study plans, in the order of its file; with `names` only those.

    Counted on arrays in memory, or by `engine`, which must hold the same respondents. `fixed` is
    that of a counter of this snapshot, so that what was proven once is not proven again. Rows that
    hold nobody at all among the included are left out, and told apart: whether a reader may see
    that is not decided here. Raises NoSuchTable and CubeTooLarge.
    """
    planner = Planner(study)
    sheet = TableBatch(planner.jobs(planned(study, names)))
    people = Included(study, snapshot, planner.axes)
    source = CellSource(study.key, study.version, snapshot.digest)
    fixed_of = fixed or find_fixed(study, snapshot, people)
    counted = engine or people.engine(sheet.keys)
    crossed = sheet.tables(counted.cubes(sheet.keys))
    return {t.layout.plan.key: fill_table(study, t, source, fixed_of) for t in crossed}


def planned(study: Study, names: Iterable[str] | None = None) -> tuple[TablePlan, ...]:
    """Return the plans with these keys, or all of them. Raises NoSuchTable."""
    if names is None:
        return study.tables
    plans = {plan.key: plan for plan in study.tables}
    wanted = tuple(dict.fromkeys(names))
    if unknown := set(wanted) - plans.keys():
        raise NoSuchTable(study, unknown)
    return tuple(plans[name] for name in wanted)


def fill_table(
    study: Study, crossed: CrossTable, source: CellSource, fixed_of: Callable[[CellRequest], Fixed]
) -> Table:
    """Return one table, not yet cleared for print: a Cell for every row and column."""
    plan, variable = crossed.layout.plan, study.variables[crossed.layout.plan.columns]
    lines = tuple(_lines(crossed, source, fixed_of))
    return Table(
        key=plan.key,
        number=plan.number,
        title=plan.title,
        base_rule=plan.base,
        row_labels=tuple(study.variables[name].label for name in plan.rows),
        column_label=variable.label,
        columns=tuple(head.column for head in crossed.layout.heads),
        rows=tuple(row for shown, row in lines if shown),
        multiple=crossed.layout.multiple,
        empty=tuple(_empty(crossed, lines, source)),
    )


def _lines(
    crossed: CrossTable, source: CellSource, fixed_of: Callable[[CellRequest], Fixed]
) -> Iterator[tuple[bool, Row]]:
    """Every line as a row, and whether somebody is in it; the grand total always stands there."""

    def as_total(ask: CellRequest) -> Fixed:
        return fixed_of(CellRequest(crossed.layout.plan.base, ask.rule))

    for index, line in enumerate(crossed.layout.lines):
        shown = line.level == 0 or bool(crossed.exists[index])
        # A study may have many rows of nobody, and no figure was published of one.
        cells = tuple(_cells(crossed, index, source, fixed_of if shown else as_total))
        yield shown, Row(line.key, line.label, line.level, cells)


def _empty(
    crossed: CrossTable, lines: Sequence[tuple[bool, Row]], source: CellSource
) -> Iterator[EmptyRow]:
    place = 0
    for line, (shown, row) in zip(crossed.layout.lines, lines, strict=True):
        place += shown
        if not shown:
            among = join_rules(*crossed.layout.choosing, line.rule)
            yield EmptyRow(place, row, Cell(0, 0, among, crossed.layout.plan.base, source))


def _cells(
    crossed: CrossTable, index: int, source: CellSource, fixed_of: Callable[[CellRequest], Fixed]
) -> Iterator[Cell]:
    plan = crossed.layout.plan
    base_rule = join_rules(plan.base, crossed.layout.lines[index].rule)
    base = int(crossed.bases.n[index])
    for head, count in zip(crossed.layout.heads, crossed.cells.n[index].tolist(), strict=True):
        known = fixed_of(CellRequest(base_rule, head.rule))
        yield Cell(
            count=count,
            base=base,
            base_rule=base_rule,
            rule=head.rule,
            source=source,
            variable=plan.columns,
            category=head.column.key,
            fixed=known.count,
            share_fixed=known.share,
        )


GONE: Rule = Not(Flag("completed"))
"""Who is in the base: everybody who began and did not finish, before any inclusion rule."""

_AT: Text = ReadersText(nl="Eerste open vraag", en="First open question")
_END: Text = ReadersText(nl="Alleen het afronden", en="Only the finishing")
_TITLE: Text = ReadersText(nl="Waar mensen stopten", en="Where people stopped")
_ALL: Text = ReadersText(nl="Niet afgemaakt", en="Not finished")


def count_breakoff(study: Study, snapshot: Snapshot) -> Table:
    """Return how many of those who left had each question as the first that was still open.

    A question that nobody stopped at has a column as well: to leave it out would tell. Where
    nobody left there is the total alone. Not cleared. `stopped_at` in its rules is no variable of
    the study: a snapshot holds which questions are open, and the first is looked up.
    """
    found = _first_open(study, snapshot)
    total = sum(found.values())
    source = CellSource(study.key, study.version, snapshot.digest)
    fixed = snapshot.origin is DataOrigin.FIELDWORK
    heads = tuple(_breakoff_columns(study)) if total else ()
    rules = [Compare("stopped_at", ComparisonOperator.EQUAL, head.key) for head in heads]
    cells = tuple(
        Cell(found.get(head.key, 0), total, GONE, rule, source, fixed=fixed)
        for head, rule in zip(heads, rules, strict=True)
    )
    whole = Cell(total, total, GONE, EVERYBODY, source, fixed=fixed)
    row = Row("all", _ALL, 0, (*cells, whole))
    columns = (*heads, Column("total", TOTAL, total=True))
    return Table("breakoff", _TITLE, _TITLE, GONE, (_AT,), _AT, columns, (row,))


def _breakoff_columns(study: Study) -> Iterator[Column]:
    yield from (Column(key, question.short) for key, question in study.questions.items())
    yield Column("", _END)


def _first_open(study: Study, snapshot: Snapshot) -> Mapping[str, int]:
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


def select_included(study: Study, persons: Iterable[Person]) -> list[Person]:
    """Return those for whom every inclusion rule is true."""
    return [
        person
        for person in persons
        if all(evaluate(step.keep, person) is True for step in study.inclusion)
    ]


def count_plainly(
    study: Study, persons: Sequence[Person], plan: TablePlan
) -> list[tuple[str, int, tuple[int, ...]]]:
    """For each row of a table its key, its base and the count of every column."""
    made = lay_out(study, plan)
    return [
        (line.key, len(base), tuple(_count_true(base, head.rule) for head in made.heads))
        for line in made.lines
        if line.level == 0 or _is_chosen(persons, made, line)
        for base in [_in_row(persons, plan, line)]
    ]


def _is_chosen(persons: Sequence[Person], made: Layout, line: RowSpec) -> bool:
    rules = (line.rule, *made.choosing)
    return any(all(evaluate(rule, person) is True for rule in rules) for person in persons)


def _in_row(persons: Sequence[Person], plan: TablePlan, line: RowSpec) -> list[Person]:
    rule = join_rules(plan.base, line.rule)
    return [person for person in persons if evaluate(rule, person) is True]


def _count_true(persons: Iterable[Person], rule: Rule) -> int:
    return sum(evaluate(rule, person) is True for person in persons)
