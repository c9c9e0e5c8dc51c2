"""Commands that tell how a sample ended: the call list and its rates, and who did not finish.

Calls for a demonstration are invented here too.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter
from rich.table import Table as Grid

from blikveld import inclusion
from blikveld.cli import terminal
from blikveld.cli.terminal import USUAL, StudyName, console
from blikveld.disclosure import Policy, SafeTable, release_tables
from blikveld.errors import BlikveldError, ExitCode, Fault, Faults
from blikveld.phone import CallOutcome, Case, Disposition, OutcomeCounts
from blikveld.phone.call_list import CallList
from blikveld.phone.list_files import read
from blikveld.phone.queue import HERE, works
from blikveld.publish.table_files import checked_language
from blikveld.results import formatting
from blikveld.results.cell import DataOrigin
from blikveld.results.formatting import rounded
from blikveld.stats.outcomes import Dispositions, Rates
from blikveld.stats.outcomes import rates as rates_of
from blikveld.study.load import load
from blikveld.study.model import Study
from blikveld.tabulation.tables import count_breakoff

LIST = "calls.csv"
"""Where a study keeps a list to try, beside its other files."""

_BY = "demo (invented)"
_ENDS = (
    *[Disposition.COMPLETE] * 8,
    *[Disposition.NO_ANSWER] * 5,
    *[Disposition.REFUSED] * 4,
    *[Disposition.APPOINTMENT] * 3,
    *[Disposition.NOT_IN] * 3,
    *[Disposition.THEIR_MACHINE] * 3,
    Disposition.BUSY,
    Disposition.BREAK_OFF,
    Disposition.NOT_WORKING,
)


def make_demo_calls(study: Study, data: Path) -> int:
    """Put the study's list in a data folder and make up how calls ended.

    Gives how many calls; 0 where the study has no list. They were made on the first working day
    of the fieldwork, so that its appointments wait to be kept.
    """
    file = study.folder / LIST
    if not file.exists():
        return 0
    book, now = CallList.at(data), _first_morning(study)
    book.add(read(study, file.read_bytes(), LIST))
    for number, ended in enumerate(_ENDS):
        found = book.take(now, _BY)
        if not isinstance(found, Case):
            return number
        meeting = (now.date() + timedelta(7), time(15)) if ended is Disposition.APPOINTMENT else ()
        book.record(found.organisation.key, CallOutcome(ended, *meeting), now, _BY)
    return len(_ENDS)


def _first_morning(study: Study) -> datetime:
    day = study.fieldwork.first
    while not works(day):
        day += timedelta(1)
    return datetime.combine(day, time(10), HERE)


calls_app = App(name="calls", help="The call list of the telephone sample, and its outcomes.")
Data = Annotated[Path, Parameter(help="The data folder of the fieldwork.")]


@calls_app.command(name="import")
def import_(file: Path, *, data: Data, study: StudyName = USUAL) -> int:
    """Add organisations to the call list, from CSV: name, number, the site, and what else the
    study asks.

    A number that is on the list already stays as it is. Nothing is added when a line is wrong.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        problem = f"It cannot be read: {error.strerror}."
        raise BlikveldError("no-file", str(file), problem, "Look for the file.") from None
    found = read(load(study), content, str(file))
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    added = CallList.at(data).add(found)
    console.print(f"{added.new} organisations added, {added.known} were on the list already.")
    return ExitCode.DONE


@calls_app.command
def export(
    *,
    data: Data,
    out: Path,
    format: Literal["csv", "json"] = "csv",  # noqa: A002
) -> int:
    """Write how many organisations ended how: no name, number, site or day."""
    found = _book(data).outcomes()
    out.write_text(found.csv() if format == "csv" else found.json(), encoding="utf-8")
    console.print(f"{found.cases} organisations, {found.calls} calls: {out}", markup=False)
    return ExitCode.DONE


@calls_app.command
def rates(*, data: Data) -> int:
    """Show outcomes and AAPOR's outcome rates of the telephone sample, with what they are made of.

    As long as there is calling to be done, cases stand by what is known now.
    """
    found = _book(data).outcomes()
    cases = Dispositions(**{group.value: number for group, number in found.groups().items()})
    with terminal.not_for_publication():
        console.print(_outcomes(found))
        console.print(_rates(rates_of(cases)))
    return ExitCode.DONE


def _book(data: Path) -> CallList:
    book = CallList.at(data)
    if not book.exists:
        problem = "There is no call list in this folder."
        raise BlikveldError("no-calls", str(data), problem, "Import one: blikveld calls import.")
    return book


def _outcomes(found: OutcomeCounts) -> Grid:
    grid = Grid("AAPOR", "outcome", title="Outcomes of the telephone sample", title_justify="left")
    grid.add_column("organisations", justify="right")
    grid.add_column("calls", justify="right")
    for code, outcome, _, cases, calls in found.rows():
        if cases:
            grid.add_row(code, outcome.replace("_", " "), str(cases), str(calls))
    grid.add_row("", "all", str(found.cases), str(found.calls))
    return grid


def _rates(rates: Rates) -> Grid:
    grid = Grid("rate", title="Outcome rates (AAPOR)", title_justify="left")
    grid.add_column("", justify="right")
    for field in fields(rates):
        value = getattr(rates, field.name)
        name = field.name if field.name == "e" else field.name.upper()
        grid.add_row(name, "no base" if value is None else f"{rounded(100 * value, 'en', 1)}%")
    return grid


_GROUPS = tuple(field.name for field in fields(Dispositions))
_NO_DAYS = (
    "Early and late respondents cannot be compared: a snapshot keeps no day, so that nobody can "
    "see who came when."
)
_SOURCE = "AAPOR, Standard Definitions (10th edition, 2023)"


def response_rates(
    snapshot: Annotated[
        Path | None,
        Parameter(help="A snapshot's folder. Without it: the reference respondents of the study."),
    ] = None,
    *,
    study: StudyName = USUAL,
    outcomes: Annotated[
        Path | None, Parameter(help="Outcomes of calls, CSV or JSON: group and cases.")
    ] = None,
    language: str = "",
) -> int:
    """Show who counts, at which question others stopped, and the rates of a telephone sample.

    Small numbers of people at a question are suppressed, with what would give them away.
    """
    loaded = load(study)
    spoken = checked_language(loaded, language)
    cases = None if outcomes is None else read_outcomes(outcomes)
    with terminal.opened_snapshot(loaded, snapshot) as taken:
        counted, origin = inclusion.funnel(loaded, taken), taken.origin
        stopped = count_breakoff(loaded, taken)
    policy = Policy.of(loaded)
    cleared = release_tables([stopped], {}, policy).tables[stopped.key]
    with terminal.not_for_publication():
        terminal.show_funnel(counted)
        console.print(_stopped(cleared, spoken, origin))
        console.print(_NO_DAYS, soft_wrap=True)
        if cases is not None:
            console.print(_cases(cases, policy, spoken))
            console.print(_rates_grid(rates_of(cases), spoken))
    return ExitCode.DONE


def read_outcomes(path: Path) -> Dispositions:
    """Cases by group, from a file with a group and a number of cases on each line.

    CSV has columns `group` and `cases`, JSON an object `groups`; groups may return. Raises Faults
    for every line that is wrong.
    """
    text = path.read_text(encoding="utf-8-sig")
    pairs = _of_json(path, text) if path.suffix == ".json" else _of_csv(path, text)
    counted: dict[str, int] = {}
    faults = []
    for line, group, cases in pairs:
        if group not in _GROUPS:
            problem = f"There is no group {group!r}."
            mend = f"Choose from {', '.join(_GROUPS)}."
            faults.append(Fault("unknown-group", path.name, line, problem, mend))
        elif not (cases.isascii() and cases.isdigit()):
            problem = f"{cases!r} is no number of cases."
            faults.append(Fault("no-number", path.name, line, problem, "Write a whole number."))
        else:
            counted[group] = counted.get(group, 0) + int(cases)
    if faults:
        raise Faults(faults)
    return Dispositions(**counted)


def _of_csv(path: Path, text: str) -> Iterable[tuple[int | None, str, str]]:
    reader = csv.DictReader(text.splitlines())
    if not {"group", "cases"} <= set(reader.fieldnames or ()):
        problem = "It has no columns group and cases."
        raise Faults(
            [Fault("columns", path.name, 1, problem, "Name the columns on its first line.")]
        )
    return [
        (reader.line_num, (row["group"] or "").strip(), (row["cases"] or "").strip())
        for row in reader
    ]


def _of_json(path: Path, text: str) -> Iterable[tuple[int | None, str, str]]:
    try:
        groups = json.loads(text)["groups"].items()
    except (ValueError, KeyError, TypeError, AttributeError):
        problem = "It holds no object with `groups`."
        raise Faults(
            [Fault("groups", path.name, None, problem, 'Write {"groups": {"complete": 12}}.')]
        ) from None
    return [(None, str(group), str(cases)) for group, cases in groups]


def _stopped(table: SafeTable, language: str, origin: DataOrigin) -> Grid:
    grid = Grid(title=table.title[language], title_justify="left")
    grid.add_column(table.column_label[language])
    for name in ("people", "%"):
        grid.add_column(name, justify="right")
    for column, cell in zip(table.columns, table.rows[0].cells, strict=True):
        if cell.count == 0 and not column.total:
            continue
        share = formatting.percent(cell.count, cell.base, language)
        mark = "" if cell.fixed or cell.suppressed else formatting.INVENTED
        number = formatting.count_or_range(cell.count, cell.count_band, language) + mark
        grid.add_row(column.label[language], number, share)
    if table.invented:
        grid.caption = f"{formatting.INVENTED} {terminal.invented(origin)}"
    return grid


def _cases(cases: Dispositions, policy: Policy, language: str) -> Grid:
    grid = Grid(title="Cases of the telephone sample", title_justify="left")
    grid.add_column("Ended as")
    grid.add_column("cases", justify="right")
    for group in _GROUPS:
        number = getattr(cases, group)
        small = policy.small(number)
        shown = f"under {policy.threshold}" if small else formatting.number(number, language)
        grid.add_row(group.replace("_", " "), shown)
    return grid


def _rates_grid(found: Rates, language: str) -> Grid:
    grid = Grid(title=f"Rates: {_SOURCE}", title_justify="left")
    grid.add_column("Rate")
    grid.add_column("%", justify="right")
    for name, value in _named(found).items():
        # Whole points: more would tell small groups of a small sample.
        shown = (
            formatting.NOTHING if value is None else f"{formatting.rounded(100 * value, language)}%"
        )
        grid.add_row(name, shown)
    return grid


def _named(found: Rates) -> Mapping[str, float | None]:
    named = {field.name.upper(): getattr(found, field.name) for field in fields(Rates)}
    named["e (part of unknown cases taken to be eligible)"] = named.pop("E")
    return named
