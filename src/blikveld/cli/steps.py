"""The steps that commands share, each from one room to the next."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from blikveld.cli import show
from blikveld.cli.console import console
from blikveld.cli.progress import Progress
from blikveld.errors import BlikveldError, ExitCode
from blikveld.questionnaire.routing import Routing
from blikveld.responses.record import Response
from blikveld.responses.snapshot import Origin, Snapshot, read, write
from blikveld.study import published
from blikveld.study.model import Study
from blikveld.synthetic import reconstruct as reconstruction
from blikveld.synthetic import records
from blikveld.synthetic import verify as verification
from blikveld.synthetic.records import ReferenceRecord


class NoReference(BlikveldError):
    """A command needs reference respondents, and the study ships none."""

    def __init__(self, study: Study) -> None:
        super().__init__(
            "no-reference",
            str(study.folder),
            "This study ships no reference respondents.",
            "Give a snapshot's folder.",
        )


def reference(study: Study) -> tuple[ReferenceRecord, ...]:
    """The reference respondents of a study. Raises NoReference."""
    found = records.load(study)
    if not found:
        raise NoReference(study)
    return found


def responses(study: Study, found: Sequence[ReferenceRecord]) -> Iterator[Response]:
    """Records as responses, completed by the questionnaire's own routing."""
    routing = Routing(study)
    return (Response(str(record.respondent), record.person(routing)) for record in found)


@contextmanager
def snapshot_or_reference(study: Study, folder: Path | None) -> Iterator[Snapshot]:
    """A snapshot that was taken, or one of the reference respondents for as long as it is used."""
    if folder is not None:
        yield read(study, folder)
        return
    with tempfile.TemporaryDirectory(prefix="blikveld-") as made:
        answers = responses(study, reference(study))
        yield write(study, answers, Path(made) / "snapshot", origin=Origin.REFERENCE)


def write_json(path: Path, content: Any) -> None:
    """Write JSON so that either the whole file stands there or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(path.suffix + ".part")
    half.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    half.replace(path)


class AlreadyThere(BlikveldError):
    """Something stands where a new folder should come."""


def new_study(pattern: Study, folder: Path) -> Path:
    """Copy a study's files to a new folder. Raises AlreadyThere; never writes over anything."""
    if folder.exists():
        raise AlreadyThere(
            "already-there", str(folder), "Something stands there.", "Choose another name."
        )
    shutil.copytree(pattern.folder, folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def reconstruct(study: Study, out: Path | None) -> int:
    """Solve for reference respondents, verify them, and write the file when all agrees."""
    rows = published.load(study.folder)
    with Progress() as progress, progress.stages("Finding reference respondents") as tell:
        found = reconstruction.reconstruct(study, rows, tell)
    misses = verification.verify(study, rows, found)
    show.misses(misses)
    if misses:
        return ExitCode.DIFFERENT
    target = out or study.folder / records.FILE
    half = target.with_suffix(".part")
    records.write(study, found, half)
    half.replace(target)
    console.print(f"{len(found):,} respondents stand in {target}.")
    return ExitCode.DONE


def verify(study: Study) -> int:
    """Hold the shipped reference respondents against every published figure."""
    rows = published.load(study.folder)
    misses = verification.verify(study, rows, reference(study))
    show.misses(misses)
    return ExitCode.DIFFERENT if misses else ExitCode.DONE
