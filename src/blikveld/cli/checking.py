"""`blikveld check`: reads a report and lists the numbers that cannot be right."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from blikveld.checker.check import check as judge
from blikveld.checker.check import language_of
from blikveld.checker.document import Document, Language
from blikveld.checker.extract import read
from blikveld.checker.findings import ReportedClaim, Result
from blikveld.checker.output.data import data
from blikveld.checker.output.lines import lines
from blikveld.checker.output.page import page
from blikveld.checker.output.sarif import sarif
from blikveld.checker.phrases import Phrases
from blikveld.checker.rederive import Counter, entries, rederive
from blikveld.cli.options import USUAL
from blikveld.errors import BlikveldError, ExitCode
from blikveld.responses.snapshot import read as read_snapshot
from blikveld.study.load import load
from blikveld.study.model import Study
from blikveld.web.environment import read as read_settings
from blikveld.web.readiness import look

Format = Literal["text", "json", "html", "sarif"]


def check(
    report: Path | None = None,
    *,
    deploy: Annotated[
        bool, Parameter(help="Check a server instead of a report: needs --data.")
    ] = False,
    data: Annotated[Path | None, Parameter(help="With --deploy: its data folder.")] = None,
    url: Annotated[
        str | None, Parameter(help="With --deploy: where it is reached, to look from outside.")
    ] = None,
    language: Annotated[
        Literal["nl", "en"] | None, Parameter(help="Default: the language it seems to be in.")
    ] = None,
    format: Format = "text",  # noqa: A002
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
    cannot be right, 2 when the file cannot be read. With --deploy it looks at a server before
    respondents come: HTTPS, policy, keys, files, backups and disk; exit code 1 when something is
    to be mended.
    """
    if deploy:
        return _deploy(data, load(study), url)
    if report is None:
        problem, mend = "There is no report to check.", "Name one, or add --deploy and --data."
        raise BlikveldError("no-report", "check", problem, mend)
    document = read(report)
    spoken = Language(language) if language else language_of(document)
    result = judge(document, spoken)
    if manifest:
        again = tuple(_again(report, load(study), snapshot, Phrases(spoken)))
        result = replace(result, claims=(*result.claims, *again))
    _print(_written(report, document, result, format, Phrases(spoken)) + "\n")
    return ExitCode.DIFFERENT if result.findings else ExitCode.DONE


def _print(text: str) -> None:
    """Write to a terminal or pipe of whatever encoding; what it cannot show becomes '?'."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding))


def _deploy(data: Path | None, study: Study, url: str | None) -> int:
    if data is None:
        problem = "Which server is meant is not known."
        raise BlikveldError("no-data", "check --deploy", problem, "Add --data with its folder.")
    environment = replace(read_settings(os.environ), data=data.absolute())
    lines = list(look(environment, study, url))
    for line in lines:
        sys.stdout.write(f"{'mend' if line.mend else 'ok':5} {line.name}: {line.told}\n")
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
    counter = Counter(taken.persons(), [step.keep for step in study.inclusion])
    yield from rederive(found, counter, phrases)


def _written(
    report: Path,
    document: Document,
    result: Result,
    shape: Format,
    phrases: Phrases,
) -> str:
    if shape == "json":
        return json.dumps(data(result), ensure_ascii=False, indent=1)
    if shape == "sarif":
        return json.dumps(sarif(result, report.as_posix(), phrases), ensure_ascii=False, indent=1)
    if shape == "html":
        return page(document, result, phrases)
    return "\n".join(lines(result, phrases))
