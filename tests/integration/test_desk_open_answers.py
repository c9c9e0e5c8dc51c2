"""Texts at the desk: coded once, read and released before they leave. All texts are invented."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import lxml.html
import pytest

from blikveld.desk import commands
from blikveld.desk.roles import Role
from blikveld.fieldwork import SessionState, SurveyLink, sessions
from blikveld.fieldwork.tokens import hash_token, make_token
from blikveld.questionnaire import Routing
from blikveld.responses import snapshot
from blikveld.responses.snapshot import HELD
from blikveld.rules import Missing, Person
from blikveld.study.load import load
from blikveld.study.model import Mode, Study
from blikveld.web import fieldwork

MADE = Path(__file__).parents[1] / "studies/made"
TELLS = "Bel Sanne de Vries op 06-12345678, zij bakt in Veen"
COMMAND = [str(Path(sys.executable).parent / "blikveld"), "snapshot"]


@pytest.fixture
def here(desk_of: Callable[[Study], Any]) -> Any:
    return desk_of(load(MADE))


def _write(here: Any, *texts: str) -> None:
    """Somebody for each text, who chose 'other' at the first question and finished."""
    from blikveld.web.answers.models import DjangoStore

    study, routing = here.study, Routing(here.study)
    store, link = DjangoStore(study.key), SurveyLink(study.sites.every[0].key, Mode.WEB)
    for text in texts:
        begun = sessions.start(routing, hash_token(make_token()), link, "nl").session
        answers = {"job": "other", "job_other": text, "liking": "little", "bread": ("white",)}
        with store.transaction():
            store.add(replace(begun, answers=answers, state=SessionState.COMPLETED))


def _page(client: Any, path: str) -> Any:
    found = client.get(path)
    assert found.status_code == 200
    return lxml.html.fromstring(found.content.decode())


def _marks(
    client: Any, path: str = "/nl/open-answers/release/", name: str = "release"
) -> list[str]:
    return [str(v) for v in _page(client, path).xpath("//input[@name=$n]/@value", n=name)]


def _snapshot(here: Any, folder: Path) -> list[Person]:
    """What stands in a snapshot made now; the desk goes on afterwards."""
    from blikveld.desk.databases import attach

    judged = commands.judged_texts(here.data, here.study)
    answers = fieldwork.responses(here.data, here.study)
    made = snapshot.write(judged.study, answers, folder, texts=judged.texts)
    persons = list(made.persons())
    attach(here.data, here.study)
    return persons


def _acts() -> list[tuple[str, str, Any]]:
    from blikveld.desk.audit_log.models import AuditEntry

    lines = AuditEntry.objects.filter(act__startswith="open_answers.").order_by("number")
    return [(line.act, line.on, line.more) for line in lines]


def test_a_text_is_coded_once_for_everybody_who_wrote_it(here: Any, tmp_path: Path) -> None:
    _write(here, "Broodbakker", "  broodBAKKER ", "Imker", "wijkverpleegkundige")
    client, path = here.signed_in(Role.CODER), "/nl/open-answers/coding/function_row/"
    page = _page(client, path)
    assert "2 te coderen, 0 klaar." in page.text_content()
    assert "Wijkverpleegkundige" not in page.xpath("//blockquote")[0].text_content()
    while (found := _page(client, path)).xpath("//blockquote"):
        text = found.xpath("//blockquote")[0].text_content().strip().casefold()
        mark = found.xpath("//input[@name='text_hash']/@value")[0]
        code = "bakery" if text == "broodbakker" else "unclear"
        assert client.post(path, {"text_hash": mark, "code": code}).status_code == 303
    persons = _snapshot(here, tmp_path / "one")
    assert sorted(str(p["function_row"]) for p in persons) == [
        *("bakery", "bakery", "nursing", "unclear")
    ]
    assert [act for act, _, _ in _acts()] == ["open_answers.coded"] * 2
    assert "bakker" not in str(_acts()).casefold()


def test_the_suggestion_comes_first_and_a_code_can_be_taken_back(here: Any, tmp_path: Path) -> None:
    _write(here, "Bakkerin")
    client, path = here.signed_in(Role.RESEARCHER), "/nl/open-answers/coding/function_row/"
    page = _page(client, path)
    mark = page.xpath("//input[@name='text_hash']/@value")[0]
    assert page.xpath("//form[@class='choices']//button/@value")[0] == "bakery"
    client.post(path, {"text_hash": mark, "code": "bakery"})
    assert "Alles is gecodeerd" in _page(client, path).text_content()
    client.post(path, {"text_hash": mark, "undo": "1"})
    assert "1 te coderen, 0 klaar." in _page(client, path).text_content()
    assert _snapshot(here, tmp_path / "s")[0]["function_row"] is Missing.UNCODED
    assert [(act, more) for act, _, more in _acts()] == [
        ("open_answers.coded", {"code": "bakery"}),
        ("open_answers.uncoded", {"code": "bakery"}),
    ]


def test_no_text_gets_a_code_that_is_none_and_no_code_goes_to_what_nobody_wrote(here: Any) -> None:
    _write(here, "Imker")
    client, path = here.signed_in(Role.CODER), "/nl/open-answers/coding/function_row/"
    mark = _page(client, path).xpath("//input[@name='text_hash']/@value")[0]
    assert client.post(path, {"text_hash": mark, "code": "astronaut"}).status_code == 303
    assert client.post(path, {"text_hash": "0" * 64, "code": "bakery"}).status_code == 404
    assert client.get("/nl/open-answers/coding/job/").status_code == 404
    assert _acts() == []


def test_free_text_waits_until_a_person_released_it(here: Any, tmp_path: Path) -> None:
    _write(here, "Imker", "Imker", TELLS)
    client = here.signed_in(Role.CODER)
    assert {p["job_other"] for p in _snapshot(here, tmp_path / "before")} == {HELD["nl"]}
    (mark,) = _marks(client)
    assert client.post("/nl/open-answers/release/", {"release": [mark]}).status_code == 303
    texts = [p["job_other"] for p in _snapshot(here, tmp_path / "after")]
    assert sorted(map(str, texts)) == ["Imker", "Imker", HELD["nl"]]
    client.post("/nl/open-answers/released/", {"text_hash": mark})
    assert {p["job_other"] for p in _snapshot(here, tmp_path / "again")} == {HELD["nl"]}
    acts = [act for act, _, _ in _acts()]
    assert acts == ["open_answers.released", "open_answers.taken_back"]


def test_what_stands_out_cannot_be_released_unseen(here: Any) -> None:
    _write(here, TELLS)
    client = here.signed_in(Role.RESEARCHER)
    (path,) = _page(client, "/nl/open-answers/release/").xpath("//ul[@class='texts']//a/@href")
    mark = path.split("/")[-2]
    assert _marks(client) == []
    assert client.post("/nl/open-answers/release/", {"release": [mark]}).status_code == 422
    assert _acts() == []


def test_words_go_out_and_nothing_of_them_is_left_in_the_snapshot(
    here: Any, tmp_path: Path
) -> None:
    _write(here, TELLS)
    client = here.signed_in(Role.RESEARCHER)
    (path,) = _page(client, "/nl/open-answers/release/").xpath("//ul[@class='texts']//a/@href")
    page = _page(client, path)
    take = [str(value) for value in page.xpath("//input[@name='take']/@value")]
    assert page.xpath("string(//*[@id='result'])") == (
        "Bel [naam] op [telefoon], zij bakt in [plaats]"
    )
    wrong = client.post(path, {"take": take, "words": "staat er niet", "do": "release"})
    assert wrong.status_code == 422
    given = {"take": take, "words": "bakt", "kind": "organisation", "do": "release"}
    assert client.post(path, given).status_code == 303
    (person,) = _snapshot(here, tmp_path / "s")
    assert person["job_other"] == "Bel [naam] op [telefoon], zij [organisatie] in [plaats]"
    assert [(act, more) for act, _, more in _acts()] == [("open_answers.redacted", {"number": 4})]
    kept = b"".join(file.read_bytes() for file in (here.data / "desk").glob("desk.sqlite3*"))
    assert not any(word.encode() in kept for word in ("Sanne", "06-12345678", "Veen,"))


def test_codes_can_be_kept_with_the_study_once_their_texts_were_released(
    here: Any, tmp_path: Path
) -> None:
    _write(here, "Broodbakker, banket", "BROODBAKKER, banket", "Imker", "Wijkverpleegkundige")
    client, path = here.signed_in(Role.RESEARCHER), "/nl/open-answers/coding/function_row/"
    while (found := _page(client, path)).xpath("//blockquote"):
        mark = found.xpath("//input[@name='text_hash']/@value")[0]
        client.post(path, {"text_hash": mark, "code": "bakery"})
    assert (
        client.get("/nl/open-answers/coding.csv").content.decode()
        == "variable,question,text,code\n"
    )
    listed = _page(client, "/nl/open-answers/release/").xpath("//li/div")
    released = [item for item in listed if "roodbakker, banket" in item.text_content()]
    (mark,) = (str(item.xpath(".//input/@value")[0]) for item in released)
    client.post("/nl/open-answers/release/", {"release": [mark]})
    given = client.get("/nl/open-answers/coding.csv").content.decode()
    assert given.splitlines()[1:] == ['function_row,job,"Broodbakker, banket",bakery']
    folder = tmp_path / "study"
    shutil.copytree(MADE, folder)
    with (folder / "coding.csv").open("a", encoding="utf-8") as file:
        file.write(given.split("\n", 1)[1])
    (job,) = (coded for coded in load(folder).coded if coded.key == "function_row")
    assert job.texts["broodbakker, banket"] == "bakery"
    assert here.signed_in(Role.CODER).get("/nl/open-answers/coding.csv").status_code == 403


def test_the_command_says_how_many_texts_it_held_back(here: Any, tmp_path: Path) -> None:
    from blikveld.desk.databases import attach
    from blikveld.web.databases import detach

    _write(here, "Imker", "Imker", TELLS)
    detach()
    given = ("--data", str(here.data), "--study", str(MADE))
    runs = [
        subprocess.run([*COMMAND, *given, "--out", str(tmp_path / name), *more], **CAPTURED)
        for name, more in (("held", ()), ("all", ("--release-all-texts",)))
    ]
    assert [run.returncode for run in runs] == [0, 0]
    assert "2 texts were held back" in runs[0].stdout
    assert "2 texts stand in it that nobody read" in runs[1].stdout
    seen = [
        {p["job_other"] for p in snapshot.read(here.study, tmp_path / name).persons()}
        for name in ("held", "all")
    ]
    assert seen == [{HELD["nl"]}, {"Imker", TELLS}]
    attach(here.data, here.study)
    assert _acts() == [("open_answers.all_released", "", {"number": 2})]


def test_with_the_answers_go_the_marks_of_their_texts(here: Any, tmp_path: Path) -> None:
    from blikveld.desk.databases import attach
    from blikveld.web.databases import detach

    _write(here, "Imker")
    client = here.signed_in(Role.CODER)
    (mark,) = _marks(client)
    client.post("/nl/open-answers/release/", {"release": [mark]})
    detach()
    given = ("--data", str(here.data), "--study", str(MADE), "--answers")
    ran = subprocess.run([COMMAND[0], "erase", *given], **CAPTURED)
    assert ran.returncode == 0, ran.stderr
    kept = b"".join(file.read_bytes() for file in (here.data / "desk").glob("desk.sqlite3*"))
    assert mark.encode() not in kept
    attach(here.data, here.study)
    assert [act for act, _, _ in _acts()] == ["open_answers.released", "open_answers.forgotten"]


CAPTURED: dict[str, Any] = {"capture_output": True, "text": True}
