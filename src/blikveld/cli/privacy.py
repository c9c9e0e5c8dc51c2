"""`blikveld privacy`: the document that a privacy officer signs."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from blikveld.atomic_files import private, whole
from blikveld.cli import terminal
from blikveld.cli.terminal import USUAL, StudyName
from blikveld.disclosure.ledger import Ledger, ReleaseRecord
from blikveld.errors import ExitCode
from blikveld.publish.privacy import privacy_document, suppressed_numbers
from blikveld.publish.table_files import checked_language
from blikveld.report.writers import docx, html
from blikveld.study.load import load

_FIELDS = ("release", "kind", "base_rule", "rule", "counts", "low", "high")


def privacy(
    *,
    out: Path,
    study: StudyName = USUAL,
    language: str = "",
    ledger: Annotated[
        Path | None, Parameter(help="The list of what was released, to tell of it.")
    ] = None,
) -> int:
    """Write the document that a privacy officer signs, as DOCX and as one HTML page.

    It holds the record of processing, the questions of an assessment filled in from the study, how
    long what is kept, the rule for small counts with all releases so far, and each promise with the
    test that attacks it. With --ledger a list of every number that was not printed exactly comes
    with it (`suppressed.csv`): keep it as private as the ledger.
    """
    loaded = load(study)
    spoken = checked_language(loaded, language)
    releases = Ledger(ledger).releases() if ledger else ()
    document = privacy_document(loaded, spoken, releases)
    out.mkdir(parents=True, exist_ok=True)
    files = [out / f"privacy-{document.language}.{kind}" for kind in ("docx", "html")]
    docx.write(document, files[0])
    with whole(files[1]) as half:
        half.write_text(html.page(document), encoding="utf-8")
    if ledger is not None:
        files.append(out / "suppressed.csv")
        _write_suppressed(releases, files[-1])
    terminal.show_files(files)
    return ExitCode.DONE


def _write_suppressed(releases: Iterable[ReleaseRecord], path: Path) -> None:
    with private(path) as half, half.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, _FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(suppressed_numbers(releases))
