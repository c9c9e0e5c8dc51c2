"""What was wrong with a server as an operator has it: killed, late, on a taken port, without a key.

The servers here are real processes on free ports of this machine, each ended by its own id.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from blikveld.cli.study import change
from blikveld.contacts import make_keys
from blikveld.desk import commands
from blikveld.desk import databases as desk_databases
from blikveld.errors import ExitCode
from blikveld.fieldwork import Phase, SurveyLink, fitting
from blikveld.fieldwork.sessions import Session
from blikveld.study.load import load
from blikveld.study.model import Mode, Study
from blikveld.web import databases, fieldwork, process, stored_data

SMALL = Path(__file__).parents[1] / "studies/small"
BLIKVELD = str(Path(sys.executable).parent / "blikveld")
PUBLIC = make_keys().public


@pytest.fixture
def data(tmp_path: Path, small: Study) -> Path:
    fieldwork.open_(tmp_path / "data", small)
    databases.detach()
    return tmp_path / "data"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _command(what: str, data: Path, port: int) -> list[str]:
    words = ["serve", "--public-key", PUBLIC] if what == "serve" else ["desk", "serve"]
    return [BLIKVELD, *words, "--data", str(data), "--study", str(SMALL), "--port", str(port)]


@contextmanager
def _running(what: str, data: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A server as an operator starts it, once it answers; stopped if it still runs."""
    with (data.parent / f"{what}.log").open("ab") as log:
        started = subprocess.Popen(_command(what, data, port), stdout=log, stderr=log)
    try:
        _until(lambda: _answers(port))
        yield started
    finally:
        if started.poll() is None:
            started.terminate()
            started.wait(20)
        _until(lambda: not _answers(port))


def _answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/health/", timeout=2):
            return True
    except OSError:
        return False


def _until(true: Callable[[], bool]) -> None:
    for _ in range(300):
        if true():
            return
        time.sleep(0.1)
    pytest.fail("It did not come about.")


@pytest.mark.parametrize("what", ["serve", "desk"])
@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGHUP])
def test_a_command_that_is_killed_leaves_no_server_and_starts_again(
    data: Path, what: str, sign: signal.Signals
) -> None:
    port = _free_port()
    with _running(what, data, port) as started:
        os.kill(started.pid, sign)
        assert started.wait(20) == -sign
        again = subprocess.Popen(_command(what, data, port), stderr=subprocess.PIPE)
        try:
            # The new one takes the port over once the old one has let go of it.
            _until(lambda: _answers(port) and _listens(again.pid))
        finally:
            again.terminate()
            _, told = again.communicate(timeout=20)
        assert (again.returncode, told) == (0, b"")
        _until(lambda: not _answers(port))


def test_the_links_that_it_prints_are_those_of_the_questionnaire(data: Path, small: Study) -> None:
    port = _free_port()
    with _running("serve", data, port):
        told = (data.parent / "serve.log").read_text(encoding="utf-8").splitlines()
        server, links = f"http://127.0.0.1:{port}", [line for line in told if "/v/" in line]
        assert [link.startswith(f"{server}/") for link in links] == [True] * len(small.sites)
        for link in links:
            with urlopen(f"http://127.0.0.1:{port}{link.removeprefix(server)}") as answer:
                assert answer.status == 200


def _listens(command: int) -> bool:
    """Whether a command got as far as starting its server."""
    children = Path(f"/proc/{command}/task/{command}/children").read_text(encoding="ascii")
    return bool(children.split())


def test_a_night_in_which_nothing_ran_is_made_up_for_before_anybody_is_served(
    data: Path, small: Study
) -> None:
    (data / "rewritten").write_text("2021-04-07\n", encoding="ascii")
    before = (data / "answers.sqlite3").stat()
    with _running("serve", data, _free_port()):
        assert (data / "rewritten").read_text(encoding="ascii") != "2021-04-07\n"
    assert (data / "answers.sqlite3").stat().st_mtime_ns > before.st_mtime_ns


def test_a_night_that_failed_is_tried_again_the_same_night(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    night = fieldwork.Night(data)
    assert night.due()
    night.later()
    assert not night.due()
    later = time.monotonic() + 601
    monkeypatch.setattr(fieldwork.time, "monotonic", lambda: later)
    assert night.due()


def test_a_server_rewrites_at_night_once(
    data: Path, small: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[Path] = []
    monkeypatch.setattr(stored_data, "rewrite", lambda data, _: (done.append(data), _mark(data)))
    closing, night = fieldwork.Closing(data, small), fieldwork.Night(data)
    for _ in range(3):
        fieldwork._look(data, small, closing, night)
    assert done == [data]


def _mark(data: Path) -> None:
    from datetime import datetime

    (data / "rewritten").write_text(
        stored_data._last_night(datetime.now().astimezone()), encoding="ascii"
    )


def test_a_port_that_is_taken_is_told_and_opens_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "_SECONDS_TO_WAIT", 0.0)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(process.PortRefused, match="Another program") as refused:
            process.listen("127.0.0.1", taken.getsockname()[1])
    assert refused.value.code == "port-taken"


@pytest.mark.parametrize(
    ("host", "port"),
    [("127.0.0.1", 65_536), ("192.0.2.1", 0), ("no.such.invalid", 0), ("é" * 70, 0)],
)
def test_an_address_that_is_none_is_told(host: str, port: int) -> None:
    with pytest.raises(process.PortRefused) as refused:
        process.listen(host, port)
    assert refused.value.code == "bad-address"


def test_without_a_key_nothing_is_opened_or_made(tmp_path: Path) -> None:
    data = tmp_path / "data"
    told = _refused("serve", "--data", str(data), "--study", str(SMALL), "--port", "0")
    assert "[no-public-key]" in told
    assert not data.exists()


def test_without_a_key_a_fieldwork_that_was_prepared_stays_so(tmp_path: Path, small: Study) -> None:
    data = tmp_path / "data"
    assert fieldwork.phase(data, small) is Phase.PREPARED
    _refused("serve", "--data", str(data), "--study", str(SMALL), "--port", "0")
    assert fieldwork.phase(data, small) is Phase.PREPARED


class TestChangedQuestionnaire:
    """A questionnaire that changes while the field is open. All answers are invented."""

    def _answered(self, here: Any, number: int = 6) -> None:
        for _ in range(number):
            visitor = here.visitor("zand").begin()
            visitor.send({"district": ["zand_duin"], "job": ["baker"], "seen": ["yes"]})
            visitor.send({"places": ["beach", "street"], "loud": ["agree"], "clever": ["agree"]})
        assert len(here.records()) == number

    def _changed(self, tmp_path: Path, was: str, now: str) -> Study:
        copy = shutil.copytree(SMALL, tmp_path / "changed", dirs_exist_ok=True)
        text = (SMALL / "questionnaire.yaml").read_text(encoding="utf-8")
        assert was in text
        (copy / "questionnaire.yaml").write_text(text.replace(was, now), encoding="utf-8")
        return load(copy)

    @pytest.mark.parametrize(
        ("was", "now", "gone"),
        [
            (*("code: baker,", "code: bread_baker,"), "job 'baker' (6)"),
            (*("code: street,", "code: road,"), "places 'street' (6)"),
            (*("- key: clever", "- key: smart"), "question 'clever' (6)"),
        ],
    )
    def test_an_answer_that_is_gone_is_refused_with_both_roads(
        self, here: Any, tmp_path: Path, was: str, now: str, gone: str
    ) -> None:
        self._answered(here)
        changed = self._changed(tmp_path, was, now)
        for refusing in (fieldwork.phase, fieldwork.open_, fieldwork.responses):
            with pytest.raises(fieldwork.AnswersChanged, match=re.escape(gone)) as refused:
                refusing(here.data, changed)
            assert "put back" in str(refused.value)
            assert "new version" in str(refused.value)
        assert fieldwork.phase(here.data, here.study) is Phase.OPEN

    def test_a_small_number_is_not_told(self, here: Any, tmp_path: Path) -> None:
        self._answered(here, 4)
        changed = self._changed(tmp_path, "code: baker,", "code: bread_baker,")
        with pytest.raises(fieldwork.AnswersChanged, match=r"job 'baker' \(few\)"):
            fieldwork.phase(here.data, changed)

    def test_what_nobody_answered_may_go_and_what_is_new_may_come(
        self, here: Any, tmp_path: Path
    ) -> None:
        self._answered(here)
        line = """          - {code: other, label: {nl: "Elders", en: "Elsewhere"}, text:"""
        new = """          - {code: roof, label: {nl: "Op een dak", en: "On a roof"}}\n"""
        changed = self._changed(tmp_path, line, new + line)
        assert commands.log_change(here.data, changed)[0] == 2
        assert fieldwork.phase(here.data, changed) is Phase.OPEN
        changed = self._changed(tmp_path, "code: disagree,", "code: not_agree,")
        assert commands.log_change(here.data, changed)[0] == 3
        assert len(list(fieldwork.responses(here.data, changed))) == 6

    def test_a_change_that_nobody_noted_is_refused_until_it_is(
        self, here: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self._answered(here, 1)
        line = """          - {code: other, label: {nl: "Elders", en: "Elsewhere"}, text:"""
        new = """          - {code: roof, label: {nl: "Op een dak", en: "On a roof"}}\n"""
        changed = self._changed(tmp_path, line, new + line)
        for refusing in (fieldwork.phase, fieldwork.open_, fieldwork.responses):
            with pytest.raises(fieldwork.ChangeNotLogged, match="answer 'roof' of 'places' added"):
                refusing(here.data, changed)
        assert change(str(changed.folder), data=here.data) == ExitCode.DONE
        said = capsys.readouterr().out
        assert "answer 'roof' of 'places' added\n" in said
        assert "Noted as edition 2." in said
        assert len(list(fieldwork.responses(here.data, changed))) == 1
        assert change(str(changed.folder), data=here.data) == ExitCode.DONE
        assert "Nothing to note." in capsys.readouterr().out

    def test_words_may_change_without_a_note(self, here: Any, tmp_path: Path) -> None:
        self._answered(here, 1)
        changed = self._changed(tmp_path, 'nl: "Op straat"', 'nl: "Op de straat"')
        assert fieldwork.phase(here.data, changed) is Phase.OPEN
        number, changes = commands.log_change(here.data, changed)
        assert (number, [each.name for each in changes]) == (0, ["places"])

    def test_the_journal_tells_what_was_changed(self, here: Any, tmp_path: Path) -> None:
        self._answered(here, 1)
        changed = self._changed(tmp_path, "seen != 'no' and 'beach' in places", "seen != 'no'")
        assert commands.log_change(here.data, changed)[0] == 2
        desk_databases.attach(here.data, changed)
        from blikveld.desk.audit_log.models import AuditEntry

        (line,) = AuditEntry.objects.filter(act="fieldwork.study_changed")
        assert (line.on, line.more) == ("2", {"changes": ["'fed' asked of others"]})

    def test_a_change_that_would_lose_answers_is_not_noted(self, here: Any, tmp_path: Path) -> None:
        self._answered(here)
        changed = self._changed(tmp_path, "code: baker,", "code: bread_baker,")
        with pytest.raises(fieldwork.AnswersChanged, match=r"job 'baker' \(6\)"):
            commands.log_change(here.data, changed)
        assert commands.log_change(here.data, here.study) == (0, ())

    def test_the_commands_refuse_in_words(self, here: Any, tmp_path: Path) -> None:
        self._answered(here)
        databases.detach()
        changed = self._changed(tmp_path, "code: baker,", "code: bread_baker,")
        given = ("--data", str(here.data), "--study", str(changed.folder))
        for command in (
            ("serve", "--port", "0", "--public-key", PUBLIC),
            ("desk", "serve", "--port", "0"),
            ("snapshot",),
        ):
            out = ("--out", str(tmp_path / "out")) if command == ("snapshot",) else ()
            assert "[answers-changed]" in _refused(*command, *given, *out)
        assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("link", "language", "answers", "lacking"),
    [
        (("gone", Mode.WEB), "nl", {"job": "x"}, {"municipality 'gone'"}),
        (("zand", Mode.WEB), "fr", {}, {"language 'fr'"}),
        (("zand", Mode.WEB), "nl", {"places": "beach"}, {"question 'places' as it was"}),
        (("zand", Mode.WEB), "nl", {"job": ("baker",)}, {"question 'job' as it was"}),
        (("zand", Mode.WEB), "nl", {"district": "veen_plas"}, {"district 'veen_plas'"}),
        (
            ("zand", Mode.PHONE),
            "en",
            {"job": "other", "job_other": "x", "district": "elsewhere"},
            set(),
        ),
    ],
)
def test_every_kind_of_answer_that_is_gone_is_found(
    small: Study, link: Any, language: str, answers: Any, lacking: set[str]
) -> None:
    session = Session(1, "", "small", "1", SurveyLink(*link), language, answers)
    assert set(fitting.count_unknown(small, [session])) == lacking


def _refused(*arguments: str, **variables: str) -> str:
    """What a command says that refuses: in words, without a traceback."""
    given = {**os.environ, **variables}
    done = subprocess.run([BLIKVELD, *arguments], capture_output=True, text=True, env=given)
    assert "Traceback" not in done.stderr
    assert done.returncode == 2, done.stderr
    return done.stderr


def test_a_number_is_told_from_the_threshold_on() -> None:
    found = {"a": 5, "b": 4, "c": 1_200}
    assert fitting.describe_unknown(found, 5) == "c (1,200), a (5), b (few)"
    many = {f"q{number}": 9 for number in range(7)}
    assert fitting.describe_unknown(many, 5).endswith("q4 (9) and 2 more")
