"""Commands of who makes a study."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from blikveld.cli import terminal
from blikveld.cli.terminal import StudyName, console, errors, say
from blikveld.errors import BlikveldError, ExitCode, Fault, Faults
from blikveld.exchange.xlsform import build_xlsform, write_xlsform
from blikveld.locale import draft_words
from blikveld.publish.table_files import checked_language, formats_of
from blikveld.report import asks
from blikveld.responses.export.codebook import write_ddi
from blikveld.responses.export.table import describe_table
from blikveld.responses.export.write import new_folder
from blikveld.study.changes import ChangeRule, rule_of_change, tell_change
from blikveld.study.load import examine, load
from blikveld.study.loader.study_files import folder_of
from blikveld.study.model import Study
from blikveld.study.upgrade import upgrade

if TYPE_CHECKING:
    from blikveld.publish.merging import PolicyCost

_FORMATS = ("xlsform", "ddi")

study_app = App(name="study", help="Make, check and export a study's files.")


class AlreadyThere(BlikveldError):
    """Something stands where a new folder should come."""


@study_app.command
def check(
    folder: StudyName,
    *,
    respondents: Annotated[
        int | None,
        Parameter(help="How many you expect: tell what the rule for small counts will cost."),
    ] = None,
) -> int:
    """List everything that is wrong with a study's files, with the line of each fault.

    With --respondents so many are drawn at random, to tell before the fieldwork how many numbers
    of the tables will be exact, and what could stand together so that more are.
    """
    found = examine(folder)
    faults, remarks = list(found.faults), list(found.remarks)
    if not faults:
        _examine_texts(load(folder), faults, remarks)
    for remark in remarks:
        console.print(f"Hint: {remark}", markup=False, highlight=False, soft_wrap=True)
    for fault in faults:
        errors.print(str(fault), markup=False, highlight=False, soft_wrap=True)
    if faults:
        return ExitCode.REFUSED
    console.print("No faults.")
    if respondents is not None:
        _try_small_counts(load(folder), respondents)
    return ExitCode.DONE


_SECONDS = 120
"""How long the rule for small counts may be tried."""


def _try_small_counts(study: Study, respondents: int) -> None:
    # Who only looks for faults does not wait for the engines that count and protect.
    from blikveld.cli.tables import show_costs
    from blikveld.publish.merging import TrialTooLong, bounded_trial

    if respondents < 1:
        problem = f"{respondents} is no number of respondents."
        raise BlikveldError("respondents", "--respondents", problem, "Write 1 or more.")
    say(f"Trying {respondents:,} made-up respondents, for two minutes at most.")
    costs: list[PolicyCost] = []
    stopped: TrialTooLong | None = None
    try:
        for cost in bounded_trial(study.folder, respondents, _SECONDS):
            costs.append(cost)
    except TrialTooLong as error:
        stopped = error
    show_costs(study, costs)
    say("Their answers are drawn at random, more evenly than people answer: expect more ranges.")
    if stopped:
        say(str(stopped))


def _examine_texts(study: Study, faults: list[Fault], remarks: list[Fault]) -> None:
    """Add what is wrong with the report's texts: rules that name what the study does not have."""
    for language in study.languages:
        try:
            asks(study, language)
        except Faults as error:
            faults += (replace(fault, file=f"report/{fault.file}") for fault in error.faults)
        except BlikveldError as error:
            fault = Fault(error.code, "report", None, error.problem, error.mend)
            (remarks if error.code in _NO_REPORT else faults).append(fault)


_NO_REPORT = frozenset({"no-report-texts", "report-language"})
"""A language without a report: the questionnaire can be held in it all the same."""


@study_app.command
def export(
    folder: StudyName,
    *,
    out: Annotated[Path, Parameter(help="A new folder.")],
    formats: Annotated[
        tuple[str, ...],
        Parameter(name="--format", help=f"One or several of {', '.join(_FORMATS)}. Default: all."),
    ] = _FORMATS,
    language: Annotated[str, Parameter(help="The language of the DDI-Codebook.")] = "",
) -> int:
    """Write the questionnaire for other programs: an XLSForm, and DDI-Codebook 2.5.

    What an XLSForm does not have is told, with what was done instead.
    """
    known = formats_of(formats, _FORMATS, "There is no format {}.")
    study = load(folder)
    spoken = checked_language(study, language)
    with new_folder(out) as fresh:
        if "xlsform" in known:
            form = build_xlsform(study)
            write_xlsform(form, fresh / f"{study.key}.xlsx")
            for loss in form.losses:
                say(str(loss))
        if "ddi" in known:
            described = describe_table(study, spoken)
            write_ddi(described, None, fresh / f"{study.key}-{spoken}-ddi.xml")
    terminal.show_files(sorted(out.iterdir()))
    return ExitCode.DONE


@study_app.command
def change(
    folder: StudyName,
    *,
    data: Annotated[Path, Parameter(help="The data folder of the fieldwork.")],
) -> int:
    """Note that a questionnaire was changed while it is held, and tell what each change means.

    Words, tables and what is made from answers may change freely. What others are asked from now on
    is noted in the fieldwork and in the desk's journal. What would lose an answer is refused.
    """
    # Who only checks a study waits for no database.
    from blikveld.cli.fieldwork import check_data
    from blikveld.desk import commands

    check_data(data)
    number, changes = commands.log_change(data, load(folder))
    for each in changes:
        free = "" if rule_of_change(each) is not ChangeRule.FREE else ", which is free"
        say(f"{tell_change(each)}{free}")
    if number:
        say(f"Noted as edition {number}. Start the server again: then this is asked.")
    else:
        say("Nothing to note. Start the server again where words were changed.")
    return ExitCode.DONE


@study_app.command
def words(
    language: Annotated[str, Parameter(help="The code of a language, such as pl.")],
    *,
    study: Annotated[Path, Parameter(help="The folder of your study.")],
) -> int:
    """Write the words around a questionnaire for a translator, or bring them up to date.

    They stand in words/LANGUAGE.po of the study. Once all are translated, the study can be held in
    that language.
    """
    path, lacking = draft_words(language, folder_of(study))
    console.print(f"{lacking} messages are to be translated in {path}.")
    return ExitCode.DONE


@study_app.command(name="upgrade")
def upgrade_(folder: Path) -> int:
    """Rewrite a study's files that are in an older format, with their comments.

    Keep a copy: how lists are indented may change. Check the study afterwards.
    """
    for path in upgrade(folder):
        console.print(f"{path} was rewritten.", markup=False, soft_wrap=True)
    console.print(f"What to do next: blikveld study check {folder}", markup=False, soft_wrap=True)
    return ExitCode.DONE


@study_app.command
def new(folder: Path) -> int:
    """Begin a study of your own: a small one that works, to change."""
    written = new_study(load("example"), folder)
    console.print(f"A study to change stands in {written}. What to do next:")
    console.print(f"  blikveld study check {written}")
    console.print(f"  blikveld demo --study {written} --out {written}-out")
    return ExitCode.DONE


def new_study(pattern: Study, folder: Path) -> Path:
    """Copy a study's files to a new folder. Raises AlreadyThere; never writes over anything."""
    if folder.exists():
        raise AlreadyThere(
            "already-there", str(folder), "Something stands there.", "Choose another name."
        )
    shutil.copytree(pattern.folder, folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder
