"""A snapshot of this moment to download: the same files as `blikveld snapshot`, and CSV."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from blikveld.desk import rendering
from blikveld.desk.databases import own_folder
from blikveld.desk.export.words import WORDS
from blikveld.desk.guard import allowed, person
from blikveld.desk.journal.writing import write
from blikveld.desk.roles import Task
from blikveld.desk.telling import told
from blikveld.desk.texts.written import judged
from blikveld.desk.words import said
from blikveld.fieldwork.store import Phase
from blikveld.responses import plain, snapshot
from blikveld.responses.snapshot import Snapshot
from blikveld.web import fieldwork, site

_FIRST = 12


@allowed(Task.EXPORT)
@require_http_methods(["GET", "HEAD", "POST"])
@told
def export(request: HttpRequest, language: str) -> HttpResponse:
    """What would be in it, and the files themselves."""
    here = site.current()
    decided = judged(here)
    if request.method != "POST":
        return rendering.page(
            request,
            "export/export.html",
            language,
            t=said(WORDS, language),
            waiting=decided.waiting,
            open_still=here.store.phase() is Phase.OPEN,
        )
    # Answers lie on no other disk than their own, and in no folder that others can read.
    with tempfile.TemporaryDirectory(prefix="export-", dir=own_folder()) as beside:
        answers = fieldwork.collected(here.study)
        folder = Path(beside) / "snapshot"
        made = snapshot.write(decided.study, answers, folder, texts=decided.texts)
        content = _zipped(made)
    about = {"rows": made.rows, "held_back": decided.waiting}
    write(person(request).name, "export.taken", made.digest, **about)
    name = f"{here.study.key}-{made.digest[:_FIRST]}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="application/zip", headers=headers)


def _zipped(made: Snapshot) -> bytes:
    whole, table = io.BytesIO(), io.StringIO(newline="")
    plain.write(made, table)
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in sorted(made.folder.iterdir()):
            packed.writestr(f"snapshot/{file.name}", file.read_bytes())
        packed.writestr("respondents.csv", table.getvalue().encode())
    return whole.getvalue()
