"""Commands of who makes a study."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from cyclopts import App

from blikveld.cli.options import StudyName
from blikveld.cli.terminal import console, errors
from blikveld.errors import BlikveldError, ExitCode, Fault, Faults
from blikveld.report import asks
from blikveld.study.load import examine, load
from blikveld.study.model import Study

study_app = App(name="study", help="Make and check a study's files.")


class AlreadyThere(BlikveldError):
    """Something stands where a new folder should come."""


@study_app.command
def check(folder: StudyName) -> int:
    """List everything that is wrong with a study's files, with the line of each fault."""
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
    return ExitCode.DONE


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
