"""Commands with respondents who do not exist: the whole way in a demo, and reference respondents.

The demo goes from questionnaire page to published report on this machine. Reference respondents are
found from published figures and held against them.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from rich.table import Table as Grid

from blikveld.atomic_files import whole
from blikveld.cli import reproduce, terminal
from blikveld.cli.phone import make_demo_calls
from blikveld.cli.terminal import USUAL, Progress, StudyName, console
from blikveld.contacts import make_keys, write_private
from blikveld.errors import BlikveldError, ExitCode
from blikveld.inclusion import funnel
from blikveld.publish import sources
from blikveld.publish.clearing import ledger_of
from blikveld.publish.pipeline import write_report
from blikveld.questionnaire.answers import contact_field, fill_form
from blikveld.questionnaire.routing import Routing
from blikveld.report import is_spoken
from blikveld.responses.snapshot import Snapshot, write
from blikveld.results.cell import DataOrigin
from blikveld.rules import Value
from blikveld.study import published_figures
from blikveld.study.load import load
from blikveld.study.model import ContactItem, Mode, Study
from blikveld.synthetic import reconstruct as reconstruction
from blikveld.synthetic import records
from blikveld.synthetic import verify as verification
from blikveld.synthetic.records import ReferenceRecord
from blikveld.synthetic.records import load as reference
from blikveld.synthetic.trial_respondents import HttpRespondent, draw_respondents, fill_in_all
from blikveld.synthetic.verify import Mismatch
from blikveld.tabulation.reproduce import reproduce_figures
from blikveld.web import fieldwork
from blikveld.web.process import Server

_MARK = ".blikveld-demo"
_MADE_UP = 300


class NotADemo(BlikveldError):
    """The folder to write to holds something that no demo made."""


def demo(*, out: Path = Path("out"), study: StudyName = USUAL) -> int:
    """Take a study the whole way: questionnaire, fieldwork, snapshot, tables, report.

    Reference respondents fill in the real pages over HTTP, on this machine only. Everything is
    written to OUT; an earlier demo there is replaced.
    """
    return run(load(study), out)


def run(study: Study, out: Path) -> int:
    """Take the study the whole way into `out`. Returns the exit code.

    Raises NotADemo when `out` holds files that are not of an earlier demo.
    """
    _clear(out)
    found = reference(study)
    with Progress() as progress:
        collect(study, out / "fieldwork", progress, found)
        called = make_demo_calls(study, out / "fieldwork")
        with progress.step("Writing the snapshot"):
            answers = fieldwork.responses(out / "fieldwork", study)
            origin = DataOrigin.REFERENCE if found else DataOrigin.MADE_UP
            snapshot = write(study, answers, out / "snapshot", origin=origin)
        spoken = tuple(language for language in study.languages if is_spoken(language))
        with progress.stages("Report") as tell:
            told = ledger_of(out / "snapshot", None)
            report = partial(write_report, study, snapshot, out / "report", ledger=told)
            files = report(spoken, tell) if spoken else []
    code = _tell(study, snapshot, files, out)
    _tell_unspoken(study, spoken)
    if called:
        console.print(f"The call list and its {called} calls are invented: docs/telephone.md.")
    return code


def _tell_unspoken(study: Study, spoken: Sequence[str]) -> None:
    lacking = [language for language in study.languages if language not in spoken]
    if lacking:
        console.print(f"The report does not speak {', '.join(lacking)}: none was written in it.")


def _clear(out: Path) -> None:
    if out.exists() and any(out.iterdir()):
        if not (out / _MARK).exists():
            raise NotADemo(
                "not-a-demo",
                str(out),
                "This folder holds files that no demo made.",
                "Choose another folder with --out.",
            )
        shutil.rmtree(out)
    out.mkdir(parents=True, exist_ok=True)
    (out / _MARK).touch()


def collect(study: Study, data: Path, progress: Progress, found: Sequence[ReferenceRecord]) -> None:
    """Open the fieldwork, let everybody fill in the pages over HTTP, and close it.

    Made-up respondents do when the study has no reference respondents.
    """
    keys = make_keys()
    with progress.step("Opening the fieldwork"):
        fieldwork.open_(data, study)
        (data.parent / "key").mkdir()
        write_private(keys, data.parent / "key" / "interviews.key")
    # These answers are thrown away, so this database need not survive a power cut.
    with Server(study.folder, data, public_key=keys.public, durable=False) as server:
        travellers = list(_travellers(study, server, found))
        title = f"{len(travellers):,} respondents fill in the pages"
        with progress.count(title, len(travellers)) as done:
            fill_in_all(travellers, progress=lambda pages: done(1))
    with progress.step("Closing the fieldwork"):
        fieldwork.close(data, study)


def _travellers(
    study: Study, server: Server, found: Sequence[ReferenceRecord]
) -> Iterator[HttpRespondent]:
    routing = Routing(study)
    for record in found:
        pages = None if record.completed else record.pages(routing)
        start = _start(server, record.site, record.mode, record.language)
        yield HttpRespondent(start, _fields(study, record.answers, _address(study, record)), pages)
    if not found:
        for person in draw_respondents(study, _MADE_UP):
            start = _start(server, person.site, person.mode.value, person.language)
            yield HttpRespondent(start, _fields(study, person.answers, {}), person.pages)


def _start(server: Server, site: str, mode: str, language: str) -> str:
    if Mode(mode) is Mode.PHONE:
        return server.phone_url(site, language)
    return server.link(site, language)


def _address(study: Study, record: ReferenceRecord) -> dict[str, Value]:
    items = [
        item for part in study.sections for item in part.items if isinstance(item, ContactItem)
    ]
    if record.address is None or not items:
        return {}
    return {contact_field(items[0].key): record.address}


def _fields(
    study: Study, answers: Mapping[str, Value], contact: Mapping[str, Value]
) -> dict[str, Sequence[str]]:
    """Answers as a form sends them: a list of values for each field."""
    return fill_form(study.questions.values(), {**answers, **contact})


def _tell(study: Study, snapshot: Snapshot, files: Sequence[Path], out: Path) -> int:
    terminal.show_funnel(funnel(study, snapshot))
    rows = published_figures.load(study.folder)
    missed = False
    if rows:
        outcome = reproduce_figures(study, snapshot, rows)
        missed = bool(outcome.missed)
        # Nothing is protected in this list, so it stays out of the folder to publish.
        sources.write_json(out / "reproduce" / "manifest.json", reproduce.figures_manifest(outcome))
        reproduce.print_reproduction(outcome)
    else:
        console.print("These respondents are made up; their answers say nothing about anybody.")
    terminal.show_files(files)
    return ExitCode.DIFFERENT if missed else ExitCode.DONE


synthetic_app = App(name="synthetic", help="Reference respondents from published figures.")


@synthetic_app.command
def reconstruct(
    *,
    study: StudyName = USUAL,
    out: Annotated[Path | None, Parameter(help="Default: the study's own reference file.")] = None,
) -> int:
    """Find respondents that agree with every published figure, and write them down."""
    loaded = load(study)
    rows = published_figures.load(loaded.folder)
    with Progress() as progress, progress.stages("Finding reference respondents") as tell:
        found = reconstruction.reconstruct(loaded, rows, tell)
    misses = verification.verify(loaded, rows, found)
    _tell_misses(misses)
    if misses:
        return ExitCode.DIFFERENT
    target = out or loaded.folder / records.FILE
    with whole(target) as half:
        records.write(loaded, found, half)
    console.print(f"{len(found):,} respondents stand in {target}.")
    return ExitCode.DONE


@synthetic_app.command
def verify(*, study: StudyName = USUAL) -> int:
    """Check every published figure against the reference respondents."""
    loaded = load(study)
    rows = published_figures.load(loaded.folder)
    misses = verification.verify(loaded, rows, sources.load_reference(loaded))
    _tell_misses(misses)
    return ExitCode.DIFFERENT if misses else ExitCode.DONE


def _tell_misses(found: Sequence[Mismatch]) -> None:
    """Published figures that records do not give."""
    if not found:
        console.print("Every published figure that can hold comes out.")
        return
    grid = Grid(title="Does not come out", title_justify="left")
    for name in ("Figure", "Printed", "Found"):
        grid.add_column(name)
    for miss in found:
        grid.add_row(miss.key, miss.printed, miss.computed)
    console.print(grid)
