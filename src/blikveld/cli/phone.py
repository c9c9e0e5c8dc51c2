"""Telephone commands: import and export the call list, print rates; demonstration calls."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter
from rich.table import Table as Grid

from blikveld.cli.terminal import USUAL, StudyName, console
from blikveld.errors import BlikveldError, ExitCode
from blikveld.phone import CallOutcome, Case, Disposition, OutcomeCounts
from blikveld.phone.call_list import CallList
from blikveld.phone.hours import HERE, works
from blikveld.phone.list_files import read
from blikveld.results.formatting import rounded
from blikveld.stats.outcomes import Dispositions, Rates
from blikveld.stats.outcomes import rates as rates_of
from blikveld.study.load import load
from blikveld.study.model import Study

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
    """Add organisations to the call list, from CSV: name, number, municipality, domain.

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
    """Write how many organisations ended how: no name, number, municipality or day."""
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
