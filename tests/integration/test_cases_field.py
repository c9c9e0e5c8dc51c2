"""What went wrong in a fieldwork, each as a sequence of requests: forms of another website, numbers
that told a person's answer, what a fault wrote down, links with strange signs. All is invented.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise, product
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings

from blikveld.fieldwork import SurveyLink
from blikveld.study.model import Mode
from blikveld.web import served_study
from blikveld.web.environment import monitor_address

SMALL = Path(__file__).parents[1] / "studies/small"
NOON = datetime(2027, 1, 11, 12).astimezone()
WORK = {"district": ["zand_duin"], "job": ["baker"], "seen": ["no"]}
ELSEWHERE = (
    {"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"},
    {"Sec-Fetch-Site": "same-site", "Origin": "https://neighbour.example.org"},
    {"Origin": "https://elsewhere.example"},
    {"Origin": "null"},
    {"Origin": "http://[broken"},
    {"Referer": "https://elsewhere.example/testserver/"},
)


def token(visitor: Any) -> str:
    return str(visitor.page.xpath("//input[@name='blikveld-session']/@value")[0])


# Another website's form


@pytest.mark.parametrize("headers", ELSEWHERE, ids=lambda headers: "+".join(headers.values()))
def test_a_form_of_another_website_leads_to_the_first_page_whatever_it_carries(
    here: Any, headers: dict[str, str]
) -> None:
    maker = here.visitor().begin()
    wishes = ["next", "back", "language", "code", "draft", ""]
    for wish, page in product(wishes, ["", "p/2/", "p/5/", "code/", "done/", "print/"]):
        respondent = here.visitor()
        pairs = [("blikveld-session", token(maker)), ("blikveld-go", wish), ("job", "baker")]
        respondent.post(f"{respondent.start}{page}", pairs, **headers)
        assert (respondent.url, respondent.chain) == (respondent.start, [303]), (wish, page)
        assert token(maker) not in respondent.response.content.decode()
        assert not respondent.client.cookies
    assert len(here.records()) == 1


def test_what_tells_nothing_of_its_source_needs_the_cookie_beside_the_token(here: Any) -> None:
    """An old browser on another website: the maker's token in the form, no header, no cookie."""
    maker, respondent = here.visitor().begin(), here.visitor()
    pairs = [("blikveld-session", token(maker)), *((k, v[0]) for k, v in WORK.items())]
    respondent.post("/nl/v/zand/p/2/", pairs, Accept="text/html")
    assert token(maker) not in respondent.response.content.decode()
    assert respondent.client.cookies["blikveld-web-zand"].value != token(maker)
    # The page itself is not lost: a questionnaire of the respondent's own holds it.
    assert sorted(str(record["job"]) for record in here.records()) == [
        "Missing.BROKEN_OFF",
        "baker",
    ]


def test_a_browser_that_tells_nothing_goes_on_with_its_own_cookie(here: Any) -> None:
    someone = here.visitor().begin()
    pairs = [("blikveld-session", token(someone)), *((k, v[0]) for k, v in WORK.items())]
    someone.post("/nl/v/zand/p/2/", pairs, Accept="text/html")
    assert someone.url == "/nl/v/zand/p/5/"
    assert len(here.records()) == 1


def test_a_cookie_alone_answers_nothing_for_what_tells_no_source(here: Any) -> None:
    someone = here.visitor().begin()
    mine = token(someone)
    someone.post("/nl/v/zand/p/2/", [("job", "baker")], Accept="text/html")
    someone.client.cookies["blikveld-web-zand"] = mine
    assert someone.open("/nl/v/zand/p/2/").chosen("job") == []


def test_over_https_no_neighbour_can_set_our_cookies(
    here: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    monkeypatch.setattr(settings, "ENVIRONMENT", replace(settings.ENVIRONMENT, https=True))
    someone = here.visitor().begin()
    (cookie,) = someone.client.cookies.values()
    assert cookie.key == "__Host-blikveld-web-zand"
    assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")
    # What a neighbour sets for the whole domain has no such name, and is not looked at.
    stranger = here.visitor()
    stranger.client.cookies["blikveld-web-zand"] = cookie.value
    assert stranger.open("/nl/v/zand/p/2/").url == "/nl/v/zand/?notice=no_session"


# Numbers while the fieldwork runs

GULLS = {"places": ["beach"], "loud": ["agree"], "clever": ["agree"]}
NO_GULLS = [{**WORK, "seen": ["no"]}, {}]
FED = [{**WORK, "seen": ["yes"]}, GULLS, {"fed": ["yes"]}, {"remarks": ["Dag"]}]
OTHER = [
    {**WORK, "job": ["other"], "job_other": ["Loods"], "seen": ["yes"]},
    GULLS,
    {"fed": ["no"]},
    {},
]
WAYS = {"no gulls": NO_GULLS, "fed": FED, "another job": OTHER}
PEOPLE = 12


def _watched(here: Any, ways: list[list[dict[str, list[str]]]], day: int) -> list[Any]:
    """Everything that is shown or stored of numbers, after every respondent and a night each."""
    from blikveld.web.answers import models

    seen = []
    path = monitor_address(here.study, "zand", "nl", settings.SECRET_KEY)
    for number, way in enumerate(ways):
        someone = here.visitor().begin()
        for fields in way:
            someone.send(fields)
        by_day = here.visitor().open(path).text
        models.renew(here.study, NOON + timedelta(days=day + number))
        seen.append((by_day, here.visitor().open(path).text, _stored()))
    return seen


def _stored() -> list[list[tuple[Any, ...]]]:
    """Every row, in the order of the file, of every table that is not one of the answers."""
    from django.db import connection

    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        beside = {"answers_response", "answers_fieldwork", "django_migrations"}
        found = []
        for table in sorted({*tables, "sqlite_sequence"} - beside):
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608
            rows = cursor.fetchall()
            found.append([row for row in rows if row[0] != "django_migrations"])
        return found


@pytest.mark.parametrize("changed", range(PEOPLE))
@pytest.mark.parametrize("way", ["fed", "another job"])
def test_two_fieldworks_that_differ_in_the_answers_of_one_person_look_the_same(
    opened: Any, small: Any, changed: int, way: str
) -> None:
    usual = [WAYS["no gulls"]] * PEOPLE
    other = [*usual[:changed], WAYS[way], *usual[changed + 1 :]]
    looks = [_watched(opened(small, f"data-{n}"), ways, 0) for n, ways in enumerate((usual, other))]
    assert looks[0] == looks[1]
    # By day nothing changes; a night changes a number by the smallest group at least, or not.
    assert [day for day, _, _ in looks[0][1:]] == [night for _, night, _ in looks[0][:-1]]
    for before, after in pairwise([[], *(_numbers(stored) for _, _, stored in looks[0])]):
        changes = {key: after[key] - dict(before).get(key, 0) for key in dict(after)}
        assert not {1, 2, 3, 4} & set(map(abs, changes.values()))
    assert any(_numbers(stored) for _, _, stored in looks[0])


def _numbers(stored: list[list[tuple[Any, ...]]]) -> dict[Any, int]:
    """The numbers as they stand; of the lines of days the last of each municipality."""
    rows = (row for table in stored for row in table if isinstance(row[-1], int))
    return {row[:-1] if len(row) == 4 else row[0]: row[-1] for row in rows}


def test_no_table_of_numbers_counts_its_own_rows(here: Any) -> None:
    """A number of its own for each row went up at every event, and outlived the rewrite."""
    from django.apps import apps
    from django.db.models import AutoField

    for model in apps.get_app_config("answers").get_models():
        assert not [field for field in model._meta.local_fields if isinstance(field, AutoField)]
    here.visitor().begin()
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_sequence")
        assert {name for (name,) in cursor.fetchall()} <= {"django_migrations"}


def test_numbers_of_an_earlier_version_come_along_without_the_counters(tmp_path: Any) -> None:
    from django.core.management import call_command
    from django.db import connection

    from blikveld.study.load import load
    from blikveld.web import databases

    study = load(SMALL)
    databases.attach(tmp_path, study)
    try:
        call_command("migrate", "answers", "0004", verbosity=0)
        with connection.cursor() as cursor:
            for day, number in (("2027-01-11", 6), ("2027-01-12", 11)):
                values = "(municipality, day, number) VALUES (%s, %s, %s)"
                cursor.execute(f"INSERT INTO answers_daytotal {values}", ["zand", day, number])
        call_command("migrate", "answers", verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM answers_daytotal ORDER BY day")
            assert cursor.fetchall() == [("zand", "2027-01-11", 6), ("zand", "2027-01-12", 11)]
            assert "answers_counter" not in connection.introspection.table_names(cursor)
    finally:
        databases.detach()


def test_the_first_page_is_shown_when_nothing_can_be_written(here: Any) -> None:
    from django.db import connection

    openings, link = served_study.current().openings, SurveyLink("zand", Mode.WEB)
    openings.pending[link], openings._day = 7, "2020-01-01"
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
        try:
            assert here.visitor().open().status == 200
        finally:
            cursor.execute("PRAGMA query_only = OFF")
    assert here.visitor().open().status == 200
    assert served_study.current().store.counts()[link].opened == 7
    assert openings.pending[link] == 1


# Strange signs in an address


@pytest.mark.parametrize("given", ["é", "%C3%A9", "%00", "%ED%A0%80", "a" * 5_000])
def test_a_wrong_monitor_address_is_unknown_whatever_its_signs(here: Any, given: str) -> None:
    assert here.visitor().open(f"/nl/monitor/zand/{given}/").status == 404


@pytest.mark.parametrize("segment", ["v", "tel"])
@pytest.mark.parametrize("signs", ["%0d%0aSet-Cookie:%20a=b", "%0a", "%0D", "%C3%A9", "%00"])
def test_a_link_with_strange_signs_is_unknown(here: Any, segment: str, signs: str) -> None:
    for path in (f"/nl/{segment}/zand{signs}", f"/nl/{segment}/zand/{signs}", f"/nl{signs}/v/zand"):
        seen = here.visitor().open(path)
        assert (seen.status, seen.response.has_header("Set-Cookie")) == (404, False)


# What a fault writes down


@pytest.fixture
def log(tmp_path: Any) -> Iterator[Any]:
    """The lines that a server would write, as its own settings make them."""
    from blikveld.web.environment import QUIET

    path = tmp_path / "faults.log"
    handler = logging.FileHandler(path)
    handler.setFormatter(QUIET["formatters"]["plain"]["()"]())  # type: ignore[index]
    logger = logging.getLogger("django")
    logger.addHandler(handler)
    yield lambda: path.read_text(encoding="utf-8")
    logger.removeHandler(handler)


def test_a_fault_in_the_monitor_logs_no_address(
    here: Any, log: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from blikveld.web import monitor

    def fail(*given: object) -> None:
        raise ValueError(f"MARKEDMESSAGE {given}")

    monkeypatch.setattr(monitor, "monitor_words", fail)
    secret = monitor_address(here.study, "zand", "nl", settings.SECRET_KEY)
    assert here.visitor().open(secret).status == 500
    told = log()
    assert "ValueError at " in told
    assert "monitor.py:" in told
    for word in (secret, secret.split("/")[-2], "MARKEDMESSAGE", "/nl/"):
        assert word not in told


def test_a_fault_while_answers_come_in_logs_none(
    here: Any, log: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from blikveld.web.answers.models import DjangoStore

    def fail(store: object, session: Any, *_: object) -> None:
        try:
            {}[session.answers["job_other"]]
        except KeyError as inner:
            raise RuntimeError(f"refused row: {session.answers}") from inner

    someone = here.visitor().begin()
    monkeypatch.setattr(DjangoStore, "save", fail)
    someone.send({**WORK, "job": ["other"], "job_other": ["MARKEDANSWER"]})
    assert someone.status >= 500
    told = log()
    assert "RuntimeError at " in told
    assert "KeyError at " in told
    assert "MARKEDANSWER" not in told


# A page that was sent


def _status(here: Any, visitor: Any, fields: dict[str, list[str]], wish: str, number: int) -> int:
    pairs = [("blikveld-session", token(visitor)), ("blikveld-go", wish)]
    pairs += [(name, value) for name, values in fields.items() for value in values]
    own = {"Sec-Fetch-Site": "same-origin"}
    path = f"/nl/v/zand/p/{number}/"
    return int(visitor.client.post(path, dict(pairs), headers=own).status_code)


@pytest.mark.parametrize(
    "fields",
    [{}, WORK, {"job": ["other"]}, {"job": ["<script>"]}, {"remarks": ["x" * 6_000]}],
    ids=["blank", "right", "half", "not offered", "too long"],
)
def test_whatever_is_sent_is_answered_by_an_address(
    here: Any, fields: dict[str, list[str]]
) -> None:
    for wish, number in product(["next", "back", "language", "code"], [2, 3, 5]):
        status = _status(here, here.visitor().begin(), fields, wish, number)
        assert status == 303, (wish, number)


def test_closed_and_wrong_codes_are_told_by_another_page_too(here: Any) -> None:
    someone = here.visitor().begin()
    own = {"Sec-Fetch-Site": "same-origin"}
    wrong = someone.client.post("/nl/v/zand/code/", {"blikveld-code": "0" * 16}, headers=own)
    assert (wrong.status_code, wrong["Location"]) == (303, "/nl/v/zand/code/?notice=code_wrong")
    here.close()
    assert _status(here, someone, WORK, "next", 2) == 303


def test_what_waits_holds_no_address_is_shown_once_and_is_forgotten_at_night(here: Any) -> None:
    from blikveld.web import stored_data
    from blikveld.web.answers.models import Response

    wrong = {"contact_talk": ["MARKED@example.org"], "remarks": ["\x00" + "MARKEDREMARK" * 500]}
    someone = here.visitor().begin().send(WORK)
    own = {"Sec-Fetch-Site": "same-origin"}
    pairs = {"blikveld-session": token(someone), **{k: v[0] for k, v in wrong.items()}}
    someone.client.post("/nl/v/zand/p/5/", pairs, headers=own)
    waiting = Response.objects.get().waiting
    assert "MARKEDREMARK" in waiting
    assert "MARKED@" not in waiting
    assert b"MARKED@" not in b"".join(path.read_bytes() for path in here.data.iterdir())
    # A look that is no visit takes nothing away.
    someone.client.head("/nl/v/zand/p/5/")
    seen = someone.open("/nl/v/zand/p/5/")
    assert seen.status == 422
    assert "MARKEDREMARK" in seen.page.get_element_by_id("q-remarks").value
    assert "Uw adres is nog niet bewaard" in seen.text
    assert (someone.open("/nl/v/zand/p/5/").status, Response.objects.get().waiting) == (200, "")
    someone.client.post("/nl/v/zand/p/5/", pairs, headers=own)
    stored_data.rewrite(here.data, here.study)
    assert Response.objects.get().waiting == ""
    assert b"MARKEDREMARK" not in b"".join(path.read_bytes() for path in here.data.iterdir())


def test_a_study_chooses_what_the_browser_keeps_as_title(opened: Any, small: Any) -> None:
    from dataclasses import replace

    for chosen, title in ((None, "Vragenlijst"), ({"nl": "Werk", "en": "Work"}, "Werk")):
        here = opened(replace(small, browser_title=chosen), title)
        someone = here.visitor().open()
        titles = [
            someone.title,
            someone.open(f"{someone.start}print/").title,
            someone.begin().title,
        ]
        someone.send({})
        titles.append(someone.title)
        titles.append(here.visitor().open(f"{someone.start}done/").title)
        titles.append(here.visitor().open("/nl/v/elsewhere/").title)
        assert all(title in found for found in titles)
        assert not any("Verzonnen" in found or "Uw werk" in found for found in titles)


def test_the_page_of_a_fault_gives_back_what_was_sent_to_who_sent_it(here: Any) -> None:
    from django.db import connection

    someone = here.visitor().begin()
    mine = token(someone)
    for headers, held in (({}, True), ({"Accept": "*/*"}, True), (ELSEWHERE[0], False)):
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE answers_response RENAME TO away")
            try:
                pairs = [("blikveld-session", mine), ("job", "baker"), ("remarks", '"><b>x')]
                someone.post("/nl/v/zand/p/2/", pairs, **headers)
            finally:
                cursor.execute("ALTER TABLE away RENAME TO answers_response")
        fields = {i.get("name"): i.get("value") for i in someone.page.xpath("//form//input")}
        if held:
            assert (someone.status, someone.response["Retry-After"]) == (503, "60")
            assert fields == {"blikveld-session": mine, "job": "baker", "remarks": '"><b>x'}
        else:
            assert fields.get("blikveld-session") != mine
            assert "job" not in fields
    # A token that another website may have put there is not given back.
    stranger = here.visitor()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE answers_response RENAME TO away")
        try:
            stranger.post("/nl/v/zand/p/2/", [("blikveld-session", mine)], Accept="*/*")
        finally:
            cursor.execute("ALTER TABLE away RENAME TO answers_response")
    assert mine not in stranger.response.content.decode()


def test_what_waits_is_bounded(here: Any) -> None:
    from blikveld.web.answers.models import Response

    someone = here.visitor().begin()
    pairs = [("blikveld-session", token(someone)), ("strange", "x" * 9_000)]
    pairs += [("district", "x" * 900_000), *(("job", "y" * 20) for _ in range(900))]
    someone.post("/nl/v/zand/p/2/", pairs)
    assert someone.status == 422
    pairs[2] = ("district", "x")
    someone.client.post("/nl/v/zand/p/2/", urlencode(pairs), content_type=FORM, **OURS)
    assert 4_000 < len(Response.objects.get().waiting) < 30_000
    pairs[2] = ("district", "x" * 900_000)
    someone.client.post("/nl/v/zand/p/2/", urlencode(pairs[:3]), content_type=FORM, **OURS)
    assert 9_000 < len(Response.objects.get().waiting) < 11_000


OURS = {"headers": {"Sec-Fetch-Site": "same-origin"}}
FORM = "application/x-www-form-urlencoded"


def test_only_the_head_of_a_page_is_given_where_only_that_was_asked(here: Any) -> None:
    from django.core.handlers.wsgi import WSGIHandler
    from django.test import RequestFactory

    environ = RequestFactory().head("/nl/v/zand/").environ
    response = WSGIHandler()(environ, lambda status, headers: None)
    assert b"".join(response) == b""


def test_no_other_website_may_put_a_page_in_its_own(here: Any) -> None:
    headers = here.visitor().open().response.headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
