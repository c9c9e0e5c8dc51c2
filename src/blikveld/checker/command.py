"""The command that checks one report, the same alone (`blikveld-check`) and as `blikveld check`.

Exit code 0: nothing found. 1: findings. 2: the report cannot be read.
"""

from __future__ import annotations

import argparse
import json
import sys
import webbrowser
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from blikveld.checker.check import CheckSettings, check, language_of
from blikveld.checker.document import Language, ReportDocument
from blikveld.checker.extract import read
from blikveld.checker.findings import Result, dismiss, read_dismissals
from blikveld.checker.output.lines import data, junit, lines, relative_uri, sarif
from blikveld.checker.output.page import page
from blikveld.checker.phrases import Phrases
from blikveld.errors import BlikveldError, ExitCode


class OutputFormat(Enum):
    """How findings are written."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"
    SARIF = "sarif"
    JUNIT = "junit"


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """What a reader asks: a report, the language of it and of the answer, and how to write it."""

    report: Path
    language: Language | None = None
    shape: OutputFormat = OutputFormat.TEXT
    everything: bool = False
    one_sided: bool = False
    means: bool = False
    dismissals: Path | None = None


def check_report(options: CheckOptions) -> tuple[ReportDocument, Result, Phrases]:
    """Read and judge a report. BlikveldError when it or the dismissals cannot be read."""
    document = read(options.report)
    language = options.language or language_of(document)
    result = check(document, language, CheckSettings(options.one_sided, options.means))
    if options.dismissals is not None:
        result = dismiss(result, _dismissals(options.dismissals))
    return document, result, Phrases(language)


def _dismissals(path: Path) -> frozenset[str]:
    try:
        return read_dismissals(path)
    except OSError as error:
        raise BlikveldError(
            "check-dismissals", str(path), "This file cannot be read.", "Check the path."
        ) from error


def write(
    options: CheckOptions, document: ReportDocument, result: Result, phrases: Phrases
) -> ExitCode:
    """Print a result as asked, and say by the exit code whether anything was found."""
    text = _written(options, document, result, phrases)
    encoding = sys.stdout.encoding or "utf-8"
    # A narrow terminal shows '?' for what it does not know; it never ends in a traceback.
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding) + "\n")
    return ExitCode.DIFFERENT if result.findings else ExitCode.DONE


def _written(
    options: CheckOptions, document: ReportDocument, result: Result, phrases: Phrases
) -> str:
    match options.shape:
        case OutputFormat.JSON:
            return json.dumps(data(result), ensure_ascii=False, indent=1)
        case OutputFormat.SARIF:
            uri = relative_uri(options.report, Path.cwd())
            log = sarif(result, document, uri, phrases)
            return json.dumps(log, ensure_ascii=False, indent=1)
        case OutputFormat.HTML:
            return page(document, result, phrases)
        case OutputFormat.JUNIT:
            return junit(result, phrases)
        case OutputFormat.TEXT:
            return "\n".join(lines(result, phrases, everything=options.everything))


def serve() -> None:
    """Open the page on this machine, until Ctrl-C."""
    from blikveld.checker.local_page import serve_page  # its own room, seldom needed

    def tell(address: str) -> None:
        sys.stdout.write(f"{address}\n")
        sys.stdout.flush()
        webbrowser.open(address)

    serve_page(tell)


def main(arguments: Sequence[str] | None = None) -> int:
    """The program `blikveld-check`. Of several reports the worst exit code is the answer."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    if asked.page:
        serve()
        return ExitCode.DONE
    if not asked.reports:
        parser.error("name a report, or --page")
    if len(asked.reports) > 1 and OutputFormat(asked.format) is not OutputFormat.TEXT:
        parser.error("only --format text can be of several reports")
    return max(_checked(report, asked) for report in asked.reports)


def _checked(report: Path, asked: argparse.Namespace) -> int:
    options = CheckOptions(
        report,
        Language(asked.language) if asked.language else None,
        OutputFormat(asked.format),
        asked.all,
        asked.one_sided,
        asked.means,
        asked.dismissals,
    )
    try:
        return write(options, *check_report(options))
    except BlikveldError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="blikveld-check",
        description="Read a published report and list the numbers in it that cannot be right.",
    )
    kinds = "PDF, HTML, DOCX, Markdown, text, XLSX or CSV"
    parser.add_argument("reports", metavar="REPORT", type=Path, nargs="*", help=kinds)
    parser.add_argument("--language", choices=[each.value for each in Language])
    parser.add_argument("--format", choices=[each.value for each in OutputFormat], default="text")
    parser.add_argument("--all", action="store_true", help="also list what could not be checked")
    parser.add_argument(
        "--one-sided", action="store_true", help="allow half the p wherever tests are one-sided"
    )
    parser.add_argument("--means", action="store_true", help="GRIM and GRIMMER: whole answers only")
    parser.add_argument("--page", action="store_true", help="open a page to drop a report on")
    parser.add_argument("--dismissals", type=Path, help="findings that were looked at")
    return parser
