"""`blikveld audit`: what published tables give away of those who were to stay hidden."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal, assert_never

from cyclopts import Parameter

from blikveld.auditor.description import read_description
from blikveld.auditor.findings import Audit, audit_publication
from blikveld.auditor.output import write_html, write_json, write_text
from blikveld.auditor.population import Population, read_population
from blikveld.auditor.reading import read_cells
from blikveld.auditor.statements import Publication
from blikveld.cli.options import USUAL, StudyName
from blikveld.cli.terminal import errors
from blikveld.errors import BlikveldError, ExitCode
from blikveld.study.loader.study_files import folder_of

AuditFormat = Literal["text", "json", "html"]


def audit(
    *files: Path,
    study: StudyName = USUAL,
    description: Annotated[
        Path | None,
        Parameter(help="Says which rows and columns of other people's tables are which variables."),
    ] = None,
    threshold: Annotated[int, Parameter(help="Counts of one to under this are small.")] = 5,
    format: AuditFormat = "text",  # noqa: A002
    all: Annotated[bool, Parameter(help="Show every finding as text.")] = False,  # noqa: A002
) -> int:
    """Attack published files: list every withheld count that a reader can work out, with the sums.

    FILES are what `blikveld tables` and `blikveld report` write (CSV, JSON, JSONL with the rules of
    each number); all files together are one publication. Tables of others (CSV, XLSX, HTML, DOCX)
    are named in a description file. It shares no code with what protects the tables. Exit code 1
    when something was found, 2 when a file cannot be read.
    """
    if threshold < 2:
        problem, mend = "No count is small then.", "Choose 3, 5 or 10."
        raise BlikveldError("threshold", f"--threshold {threshold}", problem, mend)
    population, publication = _read(files, study, description)
    found = audit_publication(population, publication, threshold)
    sys.stdout.write(_written(found, format, all_findings=all))
    return ExitCode.DIFFERENT if found.findings else ExitCode.DONE


def _read(
    files: tuple[Path, ...], study: str, description: Path | None
) -> tuple[Population, Publication]:
    if description is not None and not files:
        return read_description(description)
    if description is not None or not files:
        problem, mend = "What to audit is not clear.", "Name files, or one --description."
        raise BlikveldError("nothing-to-audit", "audit", problem, mend)
    publication = Publication()
    for path in files:
        publication.extend(read_cells(path))
    if publication.passed_over:
        errors.print(f"Not judged, for they are no counts: {len(publication.passed_over)} numbers.")
    return read_population(folder_of(study)), publication


def _written(found: Audit, shape: AuditFormat, *, all_findings: bool) -> str:
    match shape:
        case "json":
            return write_json(found)
        case "html":
            return write_html(found)
        case "text":
            return write_text(found, None if all_findings else 10)
        case _:
            assert_never(shape)
