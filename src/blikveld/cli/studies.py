"""Commands of who makes a study."""

from __future__ import annotations

import shutil
from pathlib import Path

from cyclopts import App

from blikveld.cli.console import console, errors
from blikveld.cli.options import StudyName
from blikveld.errors import BlikveldError, ExitCode
from blikveld.study.check import examine
from blikveld.study.load import load
from blikveld.study.model import Study

study_app = App(name="study", help="Make and check a study's files.")


class AlreadyThere(BlikveldError):
    """Something stands where a new folder should come."""


@study_app.command
def check(folder: StudyName) -> int:
    """List everything that is wrong with a study's files, with the line of each fault."""
    found = examine(folder)
    for remark in found.remarks:
        console.print(f"Hint: {remark}", markup=False, highlight=False, soft_wrap=True)
    for fault in found.faults:
        errors.print(str(fault), markup=False, highlight=False, soft_wrap=True)
    if found.faults:
        return ExitCode.REFUSED
    console.print("No faults.")
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
