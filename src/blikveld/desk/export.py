"""Pages to download a snapshot and to explain erasing, which is done by a command."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_http_methods, require_safe

from blikveld import inclusion
from blikveld.desk import rendering
from blikveld.desk.access import requires
from blikveld.desk.accounts.login import current_account
from blikveld.desk.audit_log.entries import write
from blikveld.desk.databases import own_folder
from blikveld.desk.error_pages import show_error_page
from blikveld.desk.open_answers.written import judged
from blikveld.desk.roles import Permission
from blikveld.desk.sections import DeskSection, MenuLink
from blikveld.desk.words import acts, of_study, texts, translate
from blikveld.fieldwork.store import Phase
from blikveld.responses import snapshot
from blikveld.responses.export import csv_files
from blikveld.responses.export.table import build_table
from blikveld.responses.export.write import ExportFormat, write_export
from blikveld.responses.snapshot import Snapshot
from blikveld.web import fieldwork, served_study, stored_data

WORDS = texts("export")

_KINDS = ("contacts", "answers", "calls")


@requires(Permission.SEE_ERASING)
@require_safe
def erasing(request: HttpRequest, language: str) -> HttpResponse:
    """The three things that are erased, the command for each, and the backups that count."""
    places = stored_data.backup_folders(own_folder().parent)
    return rendering.page(
        request,
        "export/erasing.html",
        language,
        t=translate(WORDS, language),
        kinds=_KINDS,
        backups=[
            (str(backup_folder), (backup_folder / stored_data.ABOUT).exists())
            for backup_folder in places
        ],
    )


_FIRST = 12


@requires(Permission.EXPORT)
@require_http_methods(["GET", "HEAD", "POST"])
@show_error_page
def download_export(request: HttpRequest, language: str) -> HttpResponse:
    """What would be in it, and the files themselves."""
    here = served_study.current()
    decided = judged(here)
    if request.method != "POST":
        return rendering.page(
            request,
            "export/export.html",
            language,
            t=translate(WORDS, language),
            waiting=decided.waiting,
            open_still=here.store.phase() is Phase.OPEN,
        )
    # Answers lie on no other disk than their own, and in no folder that others can read.
    with tempfile.TemporaryDirectory(prefix="export-", dir=own_folder()) as beside:
        answers = fieldwork.collected(here.study)
        folder = Path(beside) / "snapshot"
        made = snapshot.write(decided.study, answers, folder, texts=decided.texts)
        content = _zipped(made, _exported(made, language, Path(beside) / "data"))
    about = {"rows": made.rows, "held_back": decided.waiting}
    write(current_account(request).name, "export.taken", made.digest, **about)
    name = f"{here.study.key}-{made.digest[:_FIRST]}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="application/zip", headers=headers)


def _exported(made: Snapshot, language: str, folder: Path) -> tuple[Path, ...]:
    """The files of every format, with labels in the language of the page if the study has it."""
    spoken = of_study(made.study, language)
    counted = [bool(mark) for mark in inclusion.funnel(made.study, made).included]
    table = build_table(made, counted, spoken)
    return write_export(table, tuple(ExportFormat), folder).files


def _zipped(made: Snapshot, exported: Iterable[Path]) -> bytes:
    whole, table = io.BytesIO(), io.StringIO(newline="")
    csv_files.write_plain_csv(made, table)
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in sorted(made.folder.iterdir()):
            packed.writestr(f"snapshot/{file.name}", file.read_bytes())
        for file in exported:
            packed.writestr(f"data/{file.name}", file.read_bytes())
        packed.writestr("respondents.csv", table.getvalue().encode())
    return whole.getvalue()


SECTION = DeskSection(
    key="export",
    urls=(
        path("<str:language>/export/", download_export, name="export"),
        path("<str:language>/erasing/", erasing, name="erasing"),
    ),
    links=(
        MenuLink("export", Permission.EXPORT, WORDS["export"], WORDS["export_about"]),
        MenuLink("erasing", Permission.SEE_ERASING, WORDS["erasing"], WORDS["erasing_about"]),
    ),
    acts=acts("export"),
)
