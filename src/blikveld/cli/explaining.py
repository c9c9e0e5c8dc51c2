"""Where one number comes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich.table import Table as Shown

from blikveld.cli import show
from blikveld.cli.clearing import people_of
from blikveld.cli.console import console
from blikveld.disclosure import Policy, Release, SafeTable, release
from blikveld.errors import BlikveldError
from blikveld.figures import printing
from blikveld.figures.cell import Ask, Cell, Column, Row, Table
from blikveld.report import asks
from blikveld.responses.columns import condition
from blikveld.responses.snapshot import Origin, Snapshot
from blikveld.rules import EVERYBODY, Rule, conjoin, sentence
from blikveld.study.model import Study, Text, Variable
from blikveld.study.wording import rule_of
from blikveld.study.words import Words
from blikveld.tabulation.anchors import count
from blikveld.tabulation.layout import ALL, TOTAL
from blikveld.tabulation.strata import STRATUM
from blikveld.tabulation.tables import tables


class NoSuchCell(BlikveldError):
    """No planned table and no sentence of the report has a number with this id."""

    def __init__(self, name: str) -> None:
        super().__init__(
            "no-such-cell",
            f"number {name!r}",
            "No table of this study and no sentence of its report has it in this snapshot.",
            "Take the id from a table file, and give the snapshot that it was made from.",
        )


def explain(study: Study, snapshot: Snapshot, name: str, language: str) -> None:
    """Print who is counted, in words and SQL, and the number by every side of the banner.

    Raises NoSuchCell.
    """
    cell, home = find(study, snapshot, name)
    sides = tuple(_side(study, snapshot, cell, side) for side in _banner(study))
    cleared = release(
        (*home, *sides),
        {Ask(cell.base_rule, cell.rule): cell},
        Policy.of(study),
        people=people_of(study, snapshot),
    )
    _tell(study, cell, cleared, language, snapshot.origin)
    for side in sides:
        console.print(_shown(cleared.tables[side.key], language))


def asked(tables: Iterable[Table]) -> tuple[Ask, ...]:
    """What the cells of these tables ask, those of totals left out."""
    return tuple(
        Ask(cell.base_rule, cell.rule)
        for table in tables
        for row in table.rows
        for column, cell in zip(table.columns, row.cells, strict=True)
        if not column.total
    )


def influence(study: Study, cleared: Release, language: str) -> None:
    """Print which shares are other ones without a municipality, as far as was released.

    The largest municipality first.
    """
    lines = [
        (table, row.name, column.key, each)
        for table in cleared.tables.values()
        for row in table.rows
        for column, cell in zip(table.columns, row.cells, strict=True)
        if not (column.total or cell.withheld)
        for each in cleared.influences.get(Ask(cell.base_rule, cell.rule), ())
    ]
    weights = {code: cleared.cells[ask] for code, ask in sizes(study).items()}
    shown = Shown("Municipality", "Table", "Row", "Column", "%", "Without")
    for table, row_name, column_name, each in sorted(
        lines, key=lambda line: -(weights[line[-1].municipality].count or 0)
    ):
        size = weights[each.municipality]
        weight = printing.percent(size.count, size.base, language)
        shown.add_row(
            f"{each.label[language]} ({weight})",
            f"{table.title[language]} [{table.name}]",
            row_name,
            column_name,
            printing.percent(each.share.count, each.share.base, language),
            printing.percent(each.without.count, each.without.base, language),
        )
    console.print(shown)


def sizes(study: Study) -> dict[str, Ask]:
    """For each municipality how large a part of everybody it is."""
    variable = study.variables[STRATUM]
    return {code.code: Ask(EVERYBODY, rule_of(variable, code.code)) for code in variable.codes}


def find(study: Study, snapshot: Snapshot, name: str) -> tuple[Cell, tuple[Table, ...]]:
    """The number with this id, and the table it stands in when it does. Raises NoSuchCell."""
    for table in tables(study, snapshot).values():
        for row in table.rows:
            for cell in row.cells:
                if cell.id == name:
                    return cell, (table,)
    wanted = {ask for language in study.languages for ask in _asked(study, language)}
    for cell in count(study, snapshot, wanted).values():
        if cell.id == name:
            return cell, ()
    raise NoSuchCell(name)


def _asked(study: Study, language: str) -> Iterable[Ask]:
    try:
        return asks(study, language)
    except BlikveldError:
        # A study without a report text in this language has no sentences to look in.
        return ()


def _banner(study: Study) -> tuple[str, ...]:
    return study.banner or ("municipality",)


def _side(study: Study, snapshot: Snapshot, cell: Cell, side: str) -> Table:
    """The number by one variable: a row a value, the part and its base."""
    variable = study.variables[side]
    bases = {
        code.code: conjoin(cell.base_rule, rule_of(variable, code.code)) for code in variable.codes
    }
    rules = (EVERYBODY,) if cell.rule == EVERYBODY else (cell.rule, EVERYBODY)
    wanted = [Ask(base, rule) for base in (*bases.values(), cell.base_rule) for rule in rules]
    cells = count(study, snapshot, wanted)
    rows = [
        Row(code.code, code.label, 1, tuple(cells[Ask(bases[code.code], rule)] for rule in rules))
        for code in variable.codes
        if cells[Ask(bases[code.code], EVERYBODY)].base
    ]
    whole = Row("all", ALL, 0, tuple(cells[Ask(cell.base_rule, rule)] for rule in rules))
    return _table(study, variable, rules, (*rows, whole), cell.base_rule)


def _table(
    study: Study, variable: Variable, rules: Sequence[Rule], rows: tuple[Row, ...], base: Rule
) -> Table:
    counted: Text = {"nl": "Aantal", "en": "Count"}
    heads = (Column("count", counted), Column("total", TOTAL, total=True))
    label = variable.label
    return Table(
        key=f"explained_{variable.name}",
        place=label,
        title=label,
        base_rule=base,
        row_labels=(label,),
        column_label=counted,
        columns=heads[-len(rules) :],
        rows=rows,
    )


def _tell(study: Study, cell: Cell, cleared: Release, language: str, origin: Origin) -> None:
    safe = cleared.cells[Ask(cell.base_rule, cell.rule)]
    words = Words(study, language)
    told: Mapping[str, str] = {
        "base": sentence(cell.base_rule, words, language),
        "counted": sentence(cell.rule, words, language),
        "number": f"{printing.count(safe.count, language)} of {printing.count(safe.base, language)}"
        f", {printing.percent(safe.count, safe.base, language)}",
        "fixed": "yes" if safe.fixed else f"no: {show.invented(origin)}",
        "SQL": sql(study, cell),
        "study": f"{study.key}, version {study.version}",
        "snapshot": cell.source.snapshot,
    }
    for name, text in told.items():
        console.print(f"{name + ':':10}{text}", markup=False, soft_wrap=True)


def sql(study: Study, cell: Cell) -> str:
    """A query over a snapshot's rows that gives the count and the base."""
    included = tuple(step.keep for step in study.inclusion)
    base = _condition(study, (*included, cell.base_rule))
    part = _condition(study, (cell.rule,))
    counted = f"SUM(CASE WHEN {part} THEN 1 ELSE 0 END) AS n"
    return f"SELECT {counted}, COUNT(*) AS base FROM respondents WHERE {base}"  # noqa: S608


def _condition(study: Study, rules: tuple[Rule, ...]) -> str:
    return condition(conjoin(*rules), study.variables)


def _shown(table: SafeTable, language: str) -> Shown:
    shown = Shown(title=table.title[language], title_justify="left")
    shown.add_column("")
    for column in (*table.columns, None):
        shown.add_column(column.label[language] if column else "%", justify="right")
    for row in table.rows:
        first = row.cells[0]
        counts = (printing.count(cell.count, language) for cell in row.cells)
        share = printing.percent(first.count, first.base, language)
        shown.add_row(row.label[language], *counts, share)
    return shown
