"""Commands of the analyst: tables, one number explained, influences, and answers as files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, TypeAlias

from cyclopts import App, Parameter
from rich.table import Table as Shown

from blikveld import inclusion
from blikveld.cli import terminal
from blikveld.cli.terminal import USUAL, LedgerPath, ReleaseName, StudyName, console, say
from blikveld.disclosure import Policy, Release, SafeTable, release_tables
from blikveld.disclosure.ledger import ReleaseKind
from blikveld.errors import ExitCode
from blikveld.publish import explain as explaining
from blikveld.publish import sources, table_files
from blikveld.publish.clearing import clear, ledger_of, people_of
from blikveld.publish.explain import cell_sql, find_cell, side_table, size_requests
from blikveld.publish.merging import (
    RARE_ANSWER,
    SMALL_ROW,
    Merging,
    PolicyCost,
    policy_costs,
)
from blikveld.publish.table_files import checked_language, formats_of
from blikveld.report.writers import xlsx
from blikveld.responses.export.labels import NOT_FOR_PUBLICATION
from blikveld.responses.export.table import build_table
from blikveld.responses.export.write import ExportFormat, write_export
from blikveld.responses.snapshot import Snapshot
from blikveld.results import formatting
from blikveld.results.cell import Cell, CellRequest, DataOrigin
from blikveld.rules import describe_rule
from blikveld.study.labels import Labels
from blikveld.study.load import load
from blikveld.study.model import Study
from blikveld.tabulation.by_stratum import find_influences
from blikveld.tabulation.cell_counts import count_cells, make_counter
from blikveld.tabulation.planning import find_banner
from blikveld.tabulation.tables import count_tables as computed
from blikveld.tabulation.tables import planned

Writer: TypeAlias = Callable[[Study, Release, str, Path], None]
WRITERS: Mapping[str, Writer] = {
    "csv": table_files.write_csv,
    "xlsx": xlsx.write,
    "json": table_files.write_json,
    "parquet": table_files.write_parquet,
}


def tables(
    snapshot: Annotated[Path, Parameter(help="A snapshot's folder.")],
    *,
    out: Path,
    study: StudyName = USUAL,
    format: Annotated[  # noqa: A002
        tuple[str, ...], Parameter(help="One or more of csv, xlsx, json, parquet.")
    ] = ("csv,xlsx",),
    table: Annotated[tuple[str, ...], Parameter(help="Only these, by their key.")] = (),
    language: Annotated[str, Parameter(help="Of labels and titles. Default: the first.")] = "",
    engine: Annotated[
        sources.Name, Parameter(help="Where to count; the results are equal.")
    ] = "numpy",
    database: Annotated[
        str, Parameter(help="The URL of a PostgreSQL database or Spark cluster.")
    ] = "",
    merging: Annotated[
        bool,
        Parameter(negative="", help="Tell what could stand together so that more is exact."),
    ] = False,
    ledger: LedgerPath = None,
    release: ReleaseName = "final",
) -> int:
    """Write the study's tables to OUT, small counts suppressed.

    One file of each kind. CSV, JSON and Parquet have one row a cell with its base, its rule and
    its id for `blikveld explain`. When something is refused, nothing is written.
    """
    loaded, kind = load(study), ReleaseKind(release)
    told = ledger_of(snapshot, ledger, kind)
    spoken = checked_language(loaded, language)
    kinds = formats_of(format, WRITERS, "Tables cannot be written as {}.")
    wanted = [plan.key for plan in planned(loaded, table or None)]
    with terminal.opened_snapshot(loaded, snapshot) as taken:
        with sources.open_engine(engine, loaded, taken, database) as counted:
            cleared = clear(loaded, taken, engine=counted, ledger=told, kind=kind).only(wanted)
        standing = taken.origin
        costs = tuple(policy_costs(loaded, taken)) if merging else ()
    writers = {kind: partial(WRITERS[kind], loaded, cleared, spoken) for kind in kinds}
    if "xlsx" in writers:
        writers["xlsx"] = partial(writers["xlsx"], standing=standing)
    terminal.show_files(table_files.write_all(out, "tables", writers))
    if costs:
        with terminal.not_for_publication():
            show_costs(loaded, costs)
    return ExitCode.DONE


def show_costs(study: Study, costs: Sequence[PolicyCost]) -> None:
    """Print how many numbers are exact: the tables as planned, and with small groups together."""
    grid = Shown(title="What the rule for small counts costs", title_justify="left")
    grid.add_column("Tables")
    for name in ("exact", "in a range", "% exact", "sentences lost"):
        grid.add_column(name, justify="right")
    for cost in costs:
        numbers = (f"{cost.exact:,}", f"{cost.ranges:,}", f"{100 * cost.share:.0f}")
        lost = f"{cost.unsaid:,} of {cost.sentences:,}"
        grid.add_row(_merged_words(study, cost.merging), *numbers, lost)
    console.print(grid)
    together = costs[-1].merging if costs else Merging({}, {})
    for name, groups in (*together.rows.items(), *together.answers.items()):
        for group in groups:
            say(f"Together in {name}: {', '.join(group)}.")
    if together.rows or together.answers:
        say("Nothing is taken together by itself: decide what means the same, and write it down")
        say("in derived.yaml and tables.yaml.")


def _merged_words(study: Study, merging: Merging) -> str:
    threshold = study.disclosure.threshold
    if merging.answers:
        return f"answers of under {RARE_ANSWER * threshold} people together as well"
    if merging.rows:
        return f"rows of under {SMALL_ROW * threshold} people together"
    return "as they are planned"


def explain(
    cell: Annotated[str, Parameter(help="The id of a number, as in a table file or manifest.")],
    snapshot: Annotated[Path | None, Parameter(help="A snapshot's folder.")] = None,
    *,
    study: StudyName = USUAL,
    language: str = "",
) -> int:
    """Tell where a number comes from: who is counted, in words and as SQL, and from which rows.

    Counts of rows and sites are cleared together with the number itself.
    """
    loaded = load(study)
    spoken = checked_language(loaded, language)
    with terminal.opened_snapshot(loaded, snapshot) as taken, terminal.not_for_publication():
        print_explanation(loaded, taken, cell, spoken)
    return ExitCode.DONE


def influence(
    snapshot: Annotated[Path, Parameter(help="A snapshot's folder.")],
    *,
    study: StudyName = USUAL,
    points: Annotated[int, Parameter(help="The smallest shift to list.")] = 3,
    table: Annotated[tuple[str, ...], Parameter(help="Only these, by their key.")] = (),
    language: str = "",
) -> int:
    """List every share that moves by 3 points or more when one site is left out.

    The largest site first. A shift is left out where it would give away a
    number of the site that is small or suppressed; see docs/decisions/call-by-call.md.
    """
    loaded = load(study)
    spoken = checked_language(loaded, language)
    with terminal.opened_snapshot(loaded, snapshot) as taken:
        found, counter = computed(loaded, taken, table or None), make_counter(loaded, taken)
        requests = explaining.cell_requests(found.values())
        moved = find_influences(loaded, taken, requests, least=points / 100, counter=counter)
        sizes = count_cells(loaded, taken, explaining.size_requests(loaded).values(), counter)
        people = partial(people_of, loaded, taken)
        cleared = release_tables(
            found.values(), sizes, Policy.of(loaded), influences=moved, people=people
        )
    with terminal.not_for_publication():
        print_influence(loaded, cleared, spoken)
    return ExitCode.DONE


def print_explanation(study: Study, snapshot: Snapshot, name: str, language: str) -> None:
    """Print who is counted, in words and SQL, and the number by every side of the banner.

    Raises NoSuchCell.
    """
    counter = make_counter(study, snapshot)
    cell, home = find_cell(study, snapshot, name, counter)
    sides = tuple(side_table(study, snapshot, cell, side, counter) for side in find_banner(study))
    cleared = release_tables(
        (*home, *sides),
        {CellRequest(cell.base_rule, cell.rule): cell},
        Policy.of(study),
        people=partial(people_of, study, snapshot),
    )
    _tell(study, cell, cleared, language, snapshot.origin)
    for side in sides:
        console.print(_shown(cleared.tables[side.key], language))


def print_influence(study: Study, cleared: Release, language: str) -> None:
    """Print which shares are other ones without a site, as far as was released.

    The largest site first.
    """
    lines = [
        (table, row.name, column.key, each)
        for table in cleared.tables.values()
        for row in table.rows
        for column, cell in zip(table.columns, row.cells, strict=True)
        if not (column.total or cell.suppressed)
        for each in cleared.influences.get(CellRequest(cell.base_rule, cell.rule), ())
    ]
    weights = {code: cleared.cells[ask] for code, ask in size_requests(study).items()}
    shown = Shown(study.sites.label[language], "Table", "Row", "Column", "%", "Without")
    for table, row_name, column_name, each in sorted(
        lines, key=lambda line: -(weights[line[-1].stratum].count or 0)
    ):
        size = weights[each.stratum]
        weight = formatting.percent(size.count, size.base, language)
        shown.add_row(
            f"{each.label[language]} ({weight})",
            f"{table.title[language]} [{table.name}]",
            row_name,
            column_name,
            formatting.percent(each.share.count, each.share.base, language),
            formatting.percent(each.without.count, each.without.base, language),
        )
    console.print(shown)


def _tell(study: Study, cell: Cell, cleared: Release, language: str, origin: DataOrigin) -> None:
    safe = cleared.cells[CellRequest(cell.base_rule, cell.rule)]
    words = Labels(study, language)
    told: Mapping[str, str] = {
        "base": describe_rule(cell.base_rule, words, language),
        "counted": describe_rule(cell.rule, words, language),
        "number": f"{formatting.count_or_range(safe.count, safe.count_band, language)} of "
        f"{formatting.count_or_range(safe.base, safe.base_band, language)}, "
        f"{formatting.percent(safe.count, safe.base, language)}",
        "fixed": "yes" if safe.fixed else f"no: {terminal.invented(origin)}",
        "SQL": cell_sql(study, cell),
        "study": f"{study.key}, version {study.version}",
        "snapshot": cell.source.snapshot,
    }
    for name, text in told.items():
        console.print(f"{name + ':':10}{text}", markup=False, soft_wrap=True)


def _shown(table: SafeTable, language: str) -> Shown:
    shown = Shown(title=table.title[language], title_justify="left")
    shown.add_column("")
    for column in (*table.columns, None):
        shown.add_column(column.label[language] if column else "%", justify="right")
    for row in table.rows:
        first = row.cells[0]
        counts = (
            formatting.count_or_range(cell.count, cell.count_band, language) for cell in row.cells
        )
        share = formatting.percent(first.count, first.base, language)
        shown.add_row(row.label[language], *counts, share)
    return shown


data_app = App(name="data", help="Answers for SPSS, Stata, R, pandas and archives.")

_DATA_FORMATS = tuple(each.value for each in ExportFormat)


@data_app.command
def export(
    snapshot: Annotated[
        Path | None,
        Parameter(help="A snapshot's folder. Without it: the reference respondents of the study."),
    ] = None,
    *,
    out: Annotated[Path, Parameter(help="A new folder.")],
    formats: Annotated[
        tuple[str, ...],
        Parameter(
            name="--format", help=f"One or several of {', '.join(_DATA_FORMATS)}. Default: all."
        ),
    ] = _DATA_FORMATS,
    language: Annotated[str, Parameter(help="The language of labels.")] = "",
    study: StudyName = USUAL,
) -> int:
    """Write a snapshot for SPSS, Stata, R and pandas, with its codebook. Not for publication.

    Answers are numbers with labels; not asked, skipped, refused, broken off and not coded yet are
    declared missing; options of one question are a set; `included` tells who counts in the tables.
    """
    known = formats_of(formats, _DATA_FORMATS, "There is no format {}.")
    loaded = load(study)
    spoken = checked_language(loaded, language)
    with terminal.opened_snapshot(loaded, snapshot) as taken:
        counted = [bool(mark) for mark in inclusion.funnel(loaded, taken).included]
        table = build_table(taken, counted, spoken)
        done = write_export(table, tuple(map(ExportFormat, known)), out)
    for change in done.changes:
        say(change)
    terminal.show_files(done.files)
    if taken.origin is not DataOrigin.FIELDWORK:
        say("The answers are nobody's: they were made up or reconstructed.")
    say(NOT_FOR_PUBLICATION)
    return ExitCode.DONE
