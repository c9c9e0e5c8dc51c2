"""The reference respondents as a small file that ships with a study.

One row a respondent, in the order of the questionnaire. Chosen options are joined by '|'; an
empty field is no answer (not asked, left blank or broken off: the routing tells which).
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from blikveld.errors import BlikveldError
from blikveld.questionnaire.routing import Routing
from blikveld.rules import Value
from blikveld.study.model import Study, VariableKind

FILE = "reference.csv.gz"
_BEHIND = ("day", "completed", "last_question")
_ADDRESS = "interview_address"
_SEVERAL = (VariableKind.MULTIPLE, VariableKind.RANKING)
_JOIN = "|"


class RecordError(BlikveldError):
    """A file of reference respondents that does not fit the study."""


@dataclass(frozen=True, slots=True)
class ReferenceRecord:
    """One reference respondent.

    `answers` holds a code, the chosen codes or a text for each variable that was answered, 'other,
    namely' texts under their own name. `last_question` is where somebody who did not complete
    stopped; None before the first answer, and for those who completed. `address` is made up and
    is no answer; None for those who do not want to be interviewed.
    """

    respondent: int
    site: str
    mode: str
    language: str
    day: date
    completed: bool
    last_question: str | None
    answers: Mapping[str, str | tuple[str, ...]]
    address: str | None

    def pages(self, routing: Routing) -> int:
        """Return how many pages with questions this respondent sent in."""
        return len({routing.page_of[key] for key in self.answers if key in routing.page_of})

    def last_page(self, routing: Routing) -> int:
        """Return the number of the last page this respondent sent in, 0 for none."""
        if self.completed:
            return routing.pages[-1].number
        return routing.page_of[self.last_question] if self.last_question else 0

    def person(self, routing: Routing) -> dict[str, Value]:
        """Return the record as the database would hold it: every variable has a value or a
        Missing.
        """
        return routing.complete(
            site=self.site,
            mode=self.mode,
            language=self.language,
            answers=self.answers,
            completed=self.completed,
            pages_done=self.last_page(routing),
        )


def load(study: Study) -> tuple[ReferenceRecord, ...]:
    """Return the reference respondents that ship with a study; empty when it has none.

    Raises RecordError when the file was made for another questionnaire.
    """
    path = study.folder / FILE
    return tuple(read(study, path)) if path.exists() else ()


def read(study: Study, path: Path) -> Iterator[ReferenceRecord]:
    """Read a file of reference respondents. Raises RecordError."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != columns(study):
            raise RecordError(
                "reference-columns",
                path.name,
                "The columns are not those of this study's questionnaire.",
                "Make the file again with `blikveld synthetic reconstruct`.",
            )
        for row in reader:
            yield _record(study, row)


def write(study: Study, records: Iterable[ReferenceRecord], path: Path) -> None:
    """Write a file of reference respondents; the same records give the same bytes."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns(study))
    writer.writerows(_row(study, record) for record in records)
    # No name and no time in the header: the file must not differ from one day to the next.
    with (
        path.open("wb") as target,
        gzip.GzipFile(filename="", mode="wb", fileobj=target, mtime=0) as packed,
    ):
        packed.write(text.getvalue().encode("utf-8"))


def columns(study: Study) -> tuple[str, ...]:
    """Return the columns of the file for this study."""
    return ("respondent", *study.known_before, *_BEHIND, *_answers(study), _ADDRESS)


def _answers(study: Study) -> Iterator[str]:
    return (name for q in study.questions.values() for name in q.answer_keys)


def _row(study: Study, record: ReferenceRecord) -> list[str]:
    return [
        str(record.respondent),
        record.site,
        record.mode,
        record.language,
        record.day.isoformat(),
        "true" if record.completed else "false",
        record.last_question or "",
        *(_text(record.answers.get(name, "")) for name in _answers(study)),
        record.address or "",
    ]


def _text(answer: str | tuple[str, ...]) -> str:
    return answer if isinstance(answer, str) else _JOIN.join(answer)


def _record(study: Study, row: Mapping[str, str]) -> ReferenceRecord:
    answers: dict[str, str | tuple[str, ...]] = {}
    for question in study.questions.values():
        for name in question.answer_keys:
            if row[name]:
                several = question.variable_kind in _SEVERAL and name == question.key
                answers[name] = tuple(row[name].split(_JOIN)) if several else row[name]
    return ReferenceRecord(
        respondent=int(row["respondent"]),
        site=row[study.sites.name],
        mode=row["mode"],
        language=row["language"],
        day=date.fromisoformat(row["day"]),
        completed=row["completed"] == "true",
        last_question=row["last_question"] or None,
        answers=answers,
        address=row[_ADDRESS] or None,
    )
