"""What leaves the desk, and what is told of erasing. All people and texts are invented."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyreadstat

from blikveld.desk.audit_log.models import AuditEntry
from blikveld.desk.roles import Role
from blikveld.fieldwork import SessionState, SurveyLink, sessions
from blikveld.fieldwork.tokens import hash_token, make_token
from blikveld.questionnaire import Routing
from blikveld.responses import snapshot
from blikveld.responses.snapshot import HELD
from blikveld.study.model import Mode, Study


def _write(study: Study, *remarks: str) -> None:
    from blikveld.web.answers.models import DjangoStore

    routing, store = Routing(study), DjangoStore(study.key)
    pages = frozenset(page.key for page in routing.pages)
    for remark in remarks:
        begun = sessions.start(
            routing, hash_token(make_token()), SurveyLink("zand", Mode.WEB), "nl"
        ).session
        answers = {"district": "zand_duin", "job": "baker", "seen": "no", "remarks": remark}
        with store.transaction():
            store.add(replace(begun, answers=answers, pages=pages, state=SessionState.COMPLETED))


def _taken(client: Any, folder: Path) -> list[dict[str, str]]:
    """The rows of the CSV; the files are unpacked in a folder."""
    found = client.post("/nl/export/")
    assert (found.status_code, found["Content-Type"]) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(found.content)) as packed:
        packed.extractall(folder)
    text = (folder / "respondents.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def test_the_export_is_a_snapshot_and_the_same_rows_as_csv(desk: Any, tmp_path: Path) -> None:
    _write(desk.study, "Fijn", "Mooi", "=1+1")
    client = desk.signed_in(Role.RESEARCHER)
    rows = _taken(client, tmp_path / "out")
    made = snapshot.read(desk.study, tmp_path / "out" / "snapshot")
    assert (
        [row["remarks"] for row in rows]
        == [HELD["nl"]] * 3
        == [str(person["remarks"]) for person in made.persons()]
    )
    assert {(row["job"], row["completed"], row["fed__missing"]) for row in rows} == {
        ("baker", "true", "not_asked")
    }
    line = AuditEntry.objects.get(act="export.taken")
    assert (line.who, line.on) == ("invented-researcher", made.digest)
    assert line.more == {"rows": 3, "held_back": 3}


def test_the_export_holds_the_files_of_other_programs_too(desk: Any, tmp_path: Path) -> None:
    _write(desk.study, "Fijn", "Mooi")
    _taken(desk.signed_in(Role.RESEARCHER), tmp_path / "out")
    made = snapshot.read(desk.study, tmp_path / "out" / "snapshot")
    folder, stem = tmp_path / "out" / "data", f"{desk.study.key}-nl"
    assert {path.suffix for path in folder.iterdir()} >= {".sav", ".dta", ".csv", ".parquet"}
    found, about = pyreadstat.read_sav(folder / f"{stem}.sav", output_format="dict")
    assert list(found["remarks"]) == [HELD["nl"]] * 2
    assert about.column_names_to_labels["job"] == desk.study.variables["job"].label["nl"]
    assert len(found["included"]) == made.rows
    assert not [path for path in folder.iterdir() if b"Mooi" in path.read_bytes()]


def test_nothing_of_an_export_stays_at_the_desk(desk: Any, tmp_path: Path) -> None:
    _write(desk.study, "Fijn")
    _taken(desk.signed_in(Role.RESEARCHER), tmp_path / "out")
    names = {path.name for path in (desk.data / "desk").iterdir()}
    assert not {name for name in names if name.startswith("export")}


def test_a_released_text_that_a_spreadsheet_would_run_is_made_harmless(
    desk: Any, tmp_path: Path
) -> None:
    from blikveld.desk.open_answers.models import ReleasedText
    from blikveld.desk.open_answers.written import text_hash

    _write(desk.study, "=1+1", "Fijn")
    for text in ("=1+1", "Fijn"):
        ReleasedText.objects.create(text_hash=text_hash("remarks", text))
    rows = _taken(desk.signed_in(Role.RESEARCHER), tmp_path / "out")
    made = snapshot.read(desk.study, tmp_path / "out" / "snapshot")
    assert {row["remarks"] for row in rows} == {"'=1+1", "Fijn"}
    assert {person["remarks"] for person in made.persons()} == {"=1+1", "Fijn"}


def test_the_privacy_officer_sees_how_to_erase_and_may_not_export(
    desk: Any, tmp_path: Path
) -> None:
    from blikveld.backup import backup
    from blikveld.desk.databases import attach
    from blikveld.web import stored_data

    backup.back_up(desk.data, desk.study, tmp_path / "kept")
    backup.back_up(desk.data, desk.study, tmp_path / "lost")
    attach(desk.data, desk.study)
    (tmp_path / "lost" / stored_data.ABOUT).unlink()
    client = desk.signed_in(Role.PRIVACY_OFFICER)
    text = client.get("/en/erasing/").content.decode()
    assert all(f"erase --{kind}" in text for kind in ("contacts", "answers", "calls"))
    assert text.index(str(tmp_path / "kept")) < text.index(">found<")
    assert text.index(str(tmp_path / "lost")) < text.index(">not found<")
    assert client.post("/nl/export/").status_code == 403
