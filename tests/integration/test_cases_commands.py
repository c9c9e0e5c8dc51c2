"""What ended a command in a traceback, or a page in a fault of ours. All of it is invented."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.pseudo import give_words

from blikveld.cli import app, demo
from blikveld.errors import BlikveldError, ExitCode
from blikveld.study.load import load
from blikveld.study.model import Study
from blikveld.synthetic.trial_respondents import draw_respondents
from blikveld.web import databases, fieldwork
from blikveld.web.environment import SettingRefused

SMALL = Path(__file__).parents[1] / "studies/small"
BLIKVELD = str(Path(sys.executable).parent / "blikveld")
FREE = ("--port", "0")
NOBODY = "postgresql://invented:geheim@127.0.0.1:1/nothing"


def _refused(*arguments: str | bytes, code: str, at: Path | None = None, **variables: str) -> str:
    """What a command says that refuses: in words, with its code, and nothing else."""
    given = {**os.environ, "PYTHONIOENCODING": "utf-8:strict", **variables}
    done = subprocess.run([BLIKVELD, *arguments], capture_output=True, env=given, cwd=at)
    told = done.stderr.decode()
    assert "Traceback" not in told
    assert (done.returncode, f"[{code}]" in told) == (2, True), told
    return told


@pytest.fixture
def data(tmp_path: Path, small: Study) -> Path:
    fieldwork.close(tmp_path / "data", small)
    databases.detach()
    return tmp_path / "data"


class TestTexts:
    """Half a character: Linux gives it for a byte that is no UTF-8, and YAML lets it be typed."""

    @pytest.mark.parametrize(
        "arguments",
        [
            (b"snapshot", b"--data", b"data", b"--out", b"s\xff"),
            (b"backup", b"--data", b"data", b"--out", b"b\xff"),
            (b"erase", b"--contacts", b"--data", b"data", b"--certificate", b"c\xff"),
            (b"desk", b"verify-log", b"--data", b"data", b"--hash", b"\xff"),
            (b"demo", b"--out", b"d\xff"),
            (b"contacts", b"keys", b"k\xff"),
        ],
        ids=lambda given: given[0].decode(),
    )
    def test_a_name_that_is_no_text_is_refused_before_anything_is_done(
        self, data: Path, arguments: tuple[bytes, ...]
    ) -> None:
        before = sorted(data.parent.iterdir())
        _refused(*arguments, code="not-text", at=data.parent)
        assert sorted(data.parent.iterdir()) == before

    def test_a_setting_and_a_folder_that_are_no_text_are_refused(
        self, data: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sys, "argv", ["blikveld", "fieldwork", "close"])
        app.check_texts()
        monkeypatch.setenv("BLIKVELD_STUDY", "x\udcff")
        with pytest.raises(BlikveldError, match="BLIKVELD_STUDY"):
            app.check_texts()
        monkeypatch.delenv("BLIKVELD_STUDY")
        here = data.parent / "n\udcff"
        here.mkdir()
        monkeypatch.chdir(here)
        with pytest.raises(BlikveldError, match="stand in"):
            app.check_texts()

    @pytest.mark.parametrize("name", ["study.yaml", "questionnaire.yaml"])
    def test_half_a_character_in_a_study_is_a_fault_of_its_line(
        self, tmp_path: Path, name: str
    ) -> None:
        here = shutil.copytree(SMALL, tmp_path / "copy")
        text = (here / name).read_text(encoding="utf-8")
        (here / name).write_text(text.replace('nl: "', 'nl: "\\uD800', 1), encoding="utf-8")
        line = text[: text.index('nl: "')].count("\n") + 1
        with pytest.raises(BlikveldError, match=rf"{name}:{line}: .*half a character"):
            load(here)


class TestSystem:
    @pytest.mark.parametrize(
        "arguments",
        [
            ("contacts", "keys", "no/such/folder/key"),
            ("demo", "--out", "file/out", "--study", str(SMALL)),
            ("serve", "--data", "file", "--study", str(SMALL), "--public-key", "00" * 32, *FREE),
        ],
        ids=lambda given: given[0],
    )
    def test_what_the_system_refuses_is_told(
        self, tmp_path: Path, arguments: tuple[str, ...]
    ) -> None:
        (tmp_path / "file").write_text("in the way", encoding="utf-8")
        told = _refused(*arguments, code="system", at=tmp_path)
        assert "Look at the path" in told

    def test_a_fault_of_our_own_is_not_hidden(self) -> None:
        assert app.explain_refusal(KeyError("ours")) is None
        assert app.explain_refusal(ValueError("ours")) is None

    def test_a_database_that_is_none_is_told(self, data: Path) -> None:
        (data / "answers.sqlite3").write_bytes(b"this is no database, and never was one" * 100)
        given = ("--data", str(data), "--study", str(SMALL))
        assert "file is not a database" in _refused("fieldwork", "close", *given, code="database")

    def test_a_database_that_does_not_run_is_told_without_its_password(self, data: Path) -> None:
        pytest.importorskip("psycopg")
        urls = {"BLIKVELD_DATABASE_URL": NOBODY, "BLIKVELD_CONTACTS_URL": NOBODY}
        given = ("--data", str(data), "--study", str(SMALL))
        assert "geheim" not in _refused("fieldwork", "close", *given, code="database", **urls)


class TestPostgresqlWithoutItsDriver:
    def test_by_url(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "psycopg", None)
        with pytest.raises(SettingRefused, match=r"blikveld\[postgresql\]") as refused:
            databases._postgresql(NOBODY)
        assert refused.value.code == "no-driver"

    def test_as_an_engine(self, monkeypatch: pytest.MonkeyPatch, small: Study) -> None:
        from blikveld.publish.sources import open_engine

        monkeypatch.setitem(sys.modules, "psycopg", None)
        with (
            pytest.raises(BlikveldError, match=r"blikveld\[postgresql\]"),
            open_engine("postgresql", small, None, NOBODY),  # type: ignore[arg-type]
        ):
            pass

    def test_an_engine_that_refuses_later_is_told_as_well(self) -> None:
        psycopg = pytest.importorskip("psycopg")
        from contextlib import nullcontext
        from unittest.mock import patch

        from blikveld.publish import sources

        connecting = patch.object(psycopg, "connect", lambda at: nullcontext("a connection"))
        with (
            connecting,
            pytest.raises(BlikveldError, match="InsufficientPrivilege"),
            sources._database(NOBODY),
        ):
            raise psycopg.errors.InsufficientPrivilege("permission denied for geheim")


class TestDeploy:
    def test_without_an_address_it_looks_at_what_this_server_would_send(self, data: Path) -> None:
        given = ("--data", str(data), "--study", str(SMALL))
        done = subprocess.run([BLIKVELD, "check-deploy", *given], capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (ExitCode.DIFFERENT, "")
        assert "ok    Pages ask nothing of other hosts (CSP)" in done.stdout
        assert "mend  HTTPS only (HSTS)" in done.stdout

    @pytest.mark.parametrize(
        "url", ["http://a b", "http://127.0.0.1:x", "", "é", "http://[", "x:y"]
    )
    def test_an_address_that_is_none_is_told(self, data: Path, url: str) -> None:
        from blikveld.web import deploy_checks

        with pytest.raises(BlikveldError, match="no-answer"):
            deploy_checks._asked(url)


class TestLanguages:
    def test_a_study_in_a_language_of_its_own_goes_the_whole_way(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        here = shutil.copytree(SMALL, tmp_path / "other")
        for file in here.glob("*.yaml"):
            text = file.read_text(encoding="utf-8").replace("en: ", "fy: ").replace("en]", "fy]")
            file.write_text(text.replace("          en:", "          fy:"), encoding="utf-8")
        give_words(here, "fy")
        study = load(here)
        assert study.languages == ("nl", "fy")
        typed = {p.answers.get("job_other") for p in draw_respondents(study, 300)} - {None}
        assert typed == {"verzonnen antwoord", "made-up answer"}
        assert demo.run(study, tmp_path / "out") == ExitCode.DONE
        assert "The report does not speak fy" in capsys.readouterr().out
        assert (tmp_path / "out/report/report-nl.pdf").exists()


class TestGoneInterviews:
    @pytest.fixture
    def gone(self, desk: Any) -> Any:
        """An interview that was coded and quoted, and is not there any more."""
        from blikveld.desk.interviews.showing import coding_project
        from blikveld.interviews.coding import Action, ActionKind
        from blikveld.interviews.deidentification.pseudonymised import PseudonymisedText

        PseudonymisedText("talk", "Verzonnen woorden over een meeuw.", "nl").write(
            coding_project().folder / "texts"
        )
        place = {"code": "fear", "text": "talk", "start": 0, "end": 9}
        for action in (
            Action(ActionKind.SET_CODE, code="fear", name="Angst"),
            Action(ActionKind.CODE, **place),
            Action(ActionKind.QUOTE, **place, about="fear"),
        ):
            coding_project().do("invented-coder", action)
        for file in (coding_project().folder / "texts").iterdir():
            file.unlink()
        return desk

    def test_every_page_of_the_interviews_is_there_without_it(self, gone: Any) -> None:
        from blikveld.desk.roles import Role

        client = gone.signed_in(Role.RESEARCHER)
        for page in ("", "codes/", "log/", "themes/", "quotes/", "exchange/", "new/"):
            assert client.get(f"/nl/interviews/{page}").status_code == 200, page
        for page in ("text/talk/", "compare/talk/", "draft/talk/", "exchange/interviews.qdpx"):
            assert client.get(f"/nl/interviews/{page}").status_code < 500, page

    def test_its_quote_is_named_and_can_be_taken_back(self, gone: Any) -> None:
        from blikveld.desk.interviews.showing import coding_project
        from blikveld.desk.roles import Role

        coder = gone.signed_in(Role.CODER)
        assert (
            "gesprek talk is er niet meer" in coder.get("/nl/interviews/quotes/").content.decode()
        )
        form = {"text": "talk", "start": "0", "end": "9", "code": "fear", "place": "fear"}
        assert coder.post("/nl/interviews/quotes/", form).status_code == 303
        assert not coding_project().log().state.quotes

    def test_the_report_says_which_text_is_gone(self, gone: Any) -> None:
        from blikveld.desk.interviews.showing import coding_project
        from blikveld.interviews.attribution import Naming

        with pytest.raises(BlikveldError, match=r"'talk' is not here any more"):
            coding_project().quotes(Naming.of_study(gone.study))
