"""`blikveld check`: reads a report and lists the numbers that cannot be right."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from blikveld.checker.command import CheckOptions, OutputFormat, check_report, serve, write
from blikveld.checker.document import Language
from blikveld.checker.findings import ReportedClaim
from blikveld.checker.phrases import Phrases
from blikveld.checker.rederive import RowCounter, entries, rederive
from blikveld.cli.options import USUAL, StudyName
from blikveld.errors import BlikveldError, ExitCode
from blikveld.responses.snapshot import read as read_snapshot
from blikveld.study.load import load
from blikveld.study.model import Study
from blikveld.web.deploy_checks import check_deployment
from blikveld.web.environment import read as read_settings

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


def check_deploy(
    *,
    data: Annotated[Path, Parameter(help="The data folder of the server.")],
    url: Annotated[
        str | None, Parameter(help="Where the server is reached, to look from outside.")
    ] = None,
    study: StudyName = USUAL,
) -> int:
    """Check a server before respondents come: HTTPS, policy, keys, files, backups and disk.

    Exit code 1 when something is to be mended.
    """
    environment = replace(read_settings(os.environ), data=data.absolute())
    lines = list(check_deployment(environment, load(study), url))
    for line in lines:
        sys.stdout.write(f"{'mend' if line.mend else 'ok':5} {line.name}: {line.text}\n")
        if line.mend:
            sys.stdout.write(f"      {line.mend}\n")
    return ExitCode.DIFFERENT if any(line.mend for line in lines) else ExitCode.DONE


def _again(
    report: Path, study: Study, snapshot: Path | None, phrases: Phrases
) -> Iterator[ReportedClaim]:
    """The numbers of the manifest beside a report, counted again from its snapshot."""
    beside = report.with_name(report.stem.replace("report", "numbers", 1) + ".jsonl")
    found = entries(beside)
    taken = read_snapshot(study, snapshot or report.absolute().parent.parent / "snapshot")
    counter = RowCounter(taken.persons(), [step.keep for step in study.inclusion])
    yield from rederive(found, counter, phrases)
