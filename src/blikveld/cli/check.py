"""Commands that judge what was published: `check` the numbers of a report, `audit` its tables.

A report is checked for numbers that cannot be right; tables are audited for what they give away of
those who were to stay hidden.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal, assert_never

from cyclopts import Parameter

from blikveld.auditor.description import read_description
from blikveld.auditor.findings import Audit, audit_publication
from blikveld.auditor.output import write_html, write_json, write_text
from blikveld.auditor.population import AuditedPopulation, read_population
from blikveld.auditor.reading import read_cells
from blikveld.auditor.statements import Publication
from blikveld.checker.command import CheckOptions, OutputFormat, check_report, serve, write
from blikveld.checker.document import Language
from blikveld.checker.findings import ReportedClaim
from blikveld.checker.phrases import Phrases
from blikveld.checker.rederive import RowCounter, entries, rederive
from blikveld.cli.terminal import USUAL, StudyName, errors, tell_changes
from blikveld.errors import BlikveldError, ExitCode
from blikveld.responses.snapshot import read as read_snapshot
from blikveld.study.load import load
from blikveld.study.loader.study_files import folder_of
from blikveld.study.model import Study

Format = Literal["text", "json", "html", "sarif", "junit"]


def check(
    report: Path | None = None,
    *,
    language: Annotated[
        Literal["nl", "en"] | None, Parameter(help="Default: the language it seems to be in.")
    ] = None,
    format: Format = "text",  # noqa: A002
    everything: Annotated[
        bool, Parameter("--all", negative="", help="Also list what could not be checked.")
    ] = False,
    one_sided: Annotated[
        bool, Parameter(negative="", help="Allow half the p wherever tests are one-sided.")
    ] = False,
    means: Annotated[
        bool, Parameter(negative="", help="GRIM and GRIMMER: of answers in whole numbers only.")
    ] = False,
    page: Annotated[
        bool, Parameter(negative="", help="Open a page on this machine to drop a report on.")
    ] = False,
    dismissals: Annotated[
        Path | None, Parameter(help="A file of findings that were looked at and are right.")
    ] = None,
    manifest: Annotated[
        bool, Parameter(help="Of a report made here: count every printed number again.")
    ] = False,
    study: Annotated[str, Parameter(help="The study a report made here is about.")] = USUAL,
    snapshot: Annotated[
        Path | None, Parameter(help="Its snapshot. Default: `snapshot` beside the report's folder.")
    ] = None,
) -> int:
    """Read a published report and list the numbers in it that cannot be right.

    REPORT is a PDF, HTML, DOCX, Markdown, text, XLSX or CSV file. Exit code 1 when something
    cannot be right, 2 when the file cannot be read.
    """
    if page:
        serve()
        return ExitCode.DONE
    if report is None:
        problem, mend = "There is no report to check.", "Name one, or add --page."
        raise BlikveldError("no-report", "check", problem, mend)
    options = CheckOptions(
        report,
        Language(language) if language else None,
        OutputFormat(format),
        everything=everything,
        one_sided=one_sided,
        means=means,
        dismissals=dismissals,
    )
    document, result, phrases = check_report(options)
    if manifest:
        again = tuple(_again(report, load(study), snapshot, phrases))
        result = replace(result, claims=(*result.claims, *again))
    return write(options, document, result, phrases)


def _again(
    report: Path, study: Study, snapshot: Path | None, phrases: Phrases
) -> Iterator[ReportedClaim]:
    """The numbers of the manifest beside a report, counted again from its snapshot."""
    beside = report.with_name(report.stem.replace("report", "numbers", 1) + ".jsonl")
    found = entries(beside)
    taken = read_snapshot(study, snapshot or report.absolute().parent.parent / "snapshot")
    tell_changes(taken)
    counter = RowCounter(taken.persons(), [step.keep for step in study.inclusion])
    yield from rederive(found, counter, phrases)


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
) -> tuple[AuditedPopulation, Publication]:
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
