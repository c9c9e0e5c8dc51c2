"""The steps that commands share, each from one room to the next."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from blikveld.atomic_files import whole
from blikveld.errors import BlikveldError
from blikveld.questionnaire.routing import Routing
from blikveld.responses.schema import ResponseRecord
from blikveld.responses.snapshot import Snapshot, read, write
from blikveld.results.cell import DataOrigin
from blikveld.study.model import Study
from blikveld.synthetic import records
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


def responses(study: Study, found: Sequence[ReferenceRecord]) -> Iterator[ResponseRecord]:
    """Records as responses, completed by the questionnaire's own routing."""
    routing = Routing(study)
    return (ResponseRecord(str(record.respondent), record.person(routing)) for record in found)


@contextmanager
def snapshot_or_reference(study: Study, folder: Path | None) -> Iterator[Snapshot]:
    """A snapshot that was taken, or one of the reference respondents for as long as it is used."""
    if folder is not None:
        yield read(study, folder)
        return
    with tempfile.TemporaryDirectory(prefix="blikveld-") as made:
        answers = responses(study, reference(study))
        yield write(study, answers, Path(made) / "snapshot", origin=DataOrigin.REFERENCE)


def write_json(path: Path, content: Any) -> None:
    """Write JSON so that either the whole file stands there or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole(path) as half:
        half.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
