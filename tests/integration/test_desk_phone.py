"""Calling at the desk: one organisation at a time, how calls end, and what a researcher keeps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import lxml.html
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from blikveld.desk.roles import Role
from blikveld.phone import Disposition, Organisation
from blikveld.phone.call_list import CallList
from blikveld.phone.queue import HERE
from blikveld.study.model import Study

NOW = datetime(2021, 4, 7, 10, 0, tzinfo=HERE)
GOOD = b"name,number,municipality\nInvented one,010-0000001,zand\nInvented two,010-0000002,zand\n"


class Clock:
    """What time it is for who is called, in these tests."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(desk: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    from blikveld.desk.phone import showing

    made = Clock()
    monkeypatch.setattr(showing, "now", made)
    return made


@pytest.fixture
def book(desk: Any) -> CallList:
    """Three organisations, all invented."""
    made = CallList.at(desk.data)
    keys = (f"{n * 16**24 + 10:032x}" for n in range(1, 4))
    made.add(
        Organisation(key, f"Invented {n}", f"010-000000{n}", "zand")
        for n, key in enumerate(keys, start=1)
    )
    return made


@pytest.fixture
def caller(desk: Any, clock: Clock) -> Any:
    return desk.signed_in(Role.INTERVIEWER)


def another(desk: Any) -> Any:
    """A second interviewer."""
    from blikveld.desk.accounts.models import Account

    client = desk.signed_in(Role.INTERVIEWER)
    account, _ = Account.objects.get_or_create(
        name="second-invented", defaults={"role": "interviewer", "is_active": True}
    )
    since = client.session["since"]
    other = desk.client()
    other.force_login(account)
    session = other.session
    session["since"] = since
    session.save()
    return other


def page(response: Any) -> Any:
    return lxml.html.fromstring(response.content.decode())


def text(response: Any) -> str:
    return " ".join(page(response).text_content().split())


def take(client: Any) -> str:
    """The key of the organisation that came up."""
    assert client.post("/nl/phone/next/").status_code == 303
    found = page(client.get("/nl/phone/")).xpath("//input[@name='organisation']/@value")
    return str(found[0])


def ends(client: Any, key: str, disposition: Disposition, **more: str) -> Any:
    given = {"organisation": key, "disposition": disposition.value, **more}
    return client.post("/nl/phone/outcome/", given)


def test_one_organisation_at_a_time_with_all_that_a_call_needs(book: CallList, caller: Any) -> None:
    assert "Invented" not in text(caller.get("/nl/phone/"))
    take(caller)
    shown = text(caller.get("/nl/phone/"))
    assert len(set(re.findall(r"Invented \d", shown))) == 1
    for words in ("010-000000", "Zand", "nog niet gebeld", "Goedendag", "Goedemiddag. Mag ik"):
        assert words in shown
    radios = page(caller.get("/nl/phone/")).xpath("//input[@type='radio']/@value")
    assert sorted(radios) == sorted(d.value for d in Disposition if d.heading)
    for code in ("1.1", "2.11", "3.13", "4.70"):
        assert code in shown
    assert not page(caller.get("/nl/phone/")).xpath("//textarea|//input[@type='text']")


def test_two_interviewers_at_the_same_time_get_two_organisations(
    book: CallList, desk: Any, caller: Any
) -> None:
    clients = [caller, another(desk)]
    with ThreadPoolExecutor(2) as together:
        found = list(together.map(lambda client: client.post("/nl/phone/next/"), clients))
    assert [answer.status_code for answer in found] == [303, 303]
    keys = [
        page(client.get("/nl/phone/")).xpath("//input[@name='organisation']/@value")[0]
        for client in clients
    ]
    assert len(set(keys)) == 2


def test_an_outcome_is_kept_once_and_can_be_taken_back(
    book: CallList, caller: Any, clock: Clock
) -> None:
    key = take(caller)
    done = ends(caller, key, Disposition.REFUSED)
    assert done["Location"] == "/nl/phone/?kept=refused"
    kept = text(caller.get(done["Location"]))
    assert "Bewaard: Wil niet meedoen (2.11)." in kept
    again = ends(caller, key, Disposition.COMPLETE)
    assert (again.status_code, "al bewaard" in text(again)) == (409, True)
    assert book.outcomes().calls == 1
    assert caller.post("/nl/phone/undo/").status_code == 303
    assert key in caller.get("/nl/phone/").content.decode()
    assert book.outcomes().calls == 0
    assert caller.post("/nl/phone/undo/").status_code == 409


def test_earlier_calls_are_shown_by_day_and_code_only(
    book: CallList, caller: Any, clock: Clock
) -> None:
    keys = []
    for _ in range(3):
        keys.append(take(caller))
        ends(caller, keys[-1], Disposition.BUSY)
    for hour in (10, 14):
        clock.now = NOW.replace(day=8, hour=hour)
        if caller.post("/nl/phone/next/") and "In gesprek" in text(caller.get("/nl/phone/")):
            break
    shown = text(caller.get("/nl/phone/"))
    assert "woensdag 7 april: In gesprek 3.12" in shown
    assert "invented-interviewer" not in shown.replace("invented-interviewer (interviewer)", "")


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({}, "disposition", "Kies hoe het gesprek is afgelopen"),
        ({"disposition": "not_attempted"}, "disposition", "Kies hoe"),
        ({"disposition": "<script>"}, "disposition", "Kies hoe"),
        ({"disposition": "appointment"}, "day", "Vul de dag"),
        ({"disposition": "appointment", "day": "2021-04-08"}, "time", "Vul de tijd"),
        ({"disposition": "appointment", "day": "x", "time": "10:00"}, "day", "Schrijf een dag"),
        ({"disposition": "appointment", "day": "2021-04-08", "time": "25:00"}, "time", "Schrijf"),
        ({"disposition": "appointment", "day": "2021-04-06", "time": "10:00"}, "day", "voorbij"),
        ({"disposition": "busy", "day": "2021-04-08"}, "disposition", "maak dag en tijd leeg"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_nothing_is_lost(
    book: CallList, caller: Any, given: dict[str, str], field: str, words: str
) -> None:
    key = take(caller)
    found = caller.post("/nl/phone/outcome/", {"organisation": key, **given})
    assert found.status_code == 422
    read = page(found)
    assert read.findtext(".//title").startswith("Fout: ")
    (error,) = read.xpath(f"//p[@id='{field}-error']")
    assert words in error.text_content()
    assert read.xpath(f"//div[@class='errors']//a[@href='#{field}']")
    assert read.get_element_by_id(field) is not None
    for name in given.keys() & {"day", "time"}:
        assert read.get_element_by_id(name).get("value") == given[name]
    assert book.outcomes().calls == 0


def test_the_link_to_the_questions_opens_them_today(
    book: CallList, desk: Any, caller: Any, clock: Clock
) -> None:
    from blikveld.phone import day_pass
    from blikveld.web.environment import phone_key

    take(caller)
    (link,) = page(caller.get("/nl/phone/")).xpath("//a[@target='_blank']")
    assert link.get("rel") == "noopener noreferrer"
    address, given = link.get("href").split("?key=")
    assert address == "http://127.0.0.1:8000/nl/tel/zand/"
    key = phone_key(desk.data)
    assert day_pass.opens(key, given, NOW.date())
    assert not day_pass.opens(key, given, NOW.date() + timedelta(1))
    # It holds the day and its seal, and nothing of who asked for it.
    assert re.fullmatch(r"2021-04-07\.[0-9a-f]{64}", given)
    assert (desk.data / "phone_key").stat().st_mode & 0o077 == 0


def test_when_nobody_is_due_it_is_said_when_the_next_is(
    book: CallList, desk: Any, caller: Any, clock: Clock
) -> None:
    clock.now = NOW.replace(hour=12, minute=30)
    assert "woensdag 7 april, 13:00" in text(caller.get("/nl/phone/"))
    assert "Kijk bij de afspraken" not in text(caller.get("/nl/phone/"))
    clock.now = NOW
    key = take(caller)
    ends(caller, key, Disposition.APPOINTMENT, day="2021-04-09", time="19:00")
    for _ in range(2):
        ends(caller, take(caller), Disposition.REFUSED)
    assert "vrijdag 9 april, 18:55" in text(caller.get("/nl/phone/"))
    assert "Kijk bij de afspraken" in text(caller.get("/nl/phone/"))
    assert "19:15" in text(another(desk).get("/nl/phone/"))


def test_appointments_are_listed_and_kept_by_one_only(
    book: CallList, desk: Any, caller: Any, clock: Clock
) -> None:
    moments = (("2021-04-07", "11:00"), ("2021-04-07", "15:00"), ("2021-04-09", "09:00"))
    keys = []
    for day, time in moments:
        keys.append(take(caller))
        ends(caller, keys[-1], Disposition.APPOINTMENT, day=day, time=time)
    clock.now = NOW.replace(hour=12)
    other = another(desk)
    captions = [c.text for c in page(other.get("/nl/phone/appointments/")).iter("caption")]
    assert captions == ["Gemist", "Vandaag", "Later"]
    shown = text(other.get("/nl/phone/appointments/"))
    assert "van een collega" in shown
    assert "van uzelf" not in shown
    assert "vrijdag 9 april, 09:00" in shown
    assert other.post(f"/nl/phone/appointments/{keys[2]}/").status_code == 303
    assert "eerder dan afgesproken" in text(other.get("/nl/phone/"))
    assert caller.post(f"/nl/phone/appointments/{keys[2]}/").status_code == 409
    assert caller.post("/nl/phone/appointments/unknown/").status_code == 409


def test_put_back_is_free_for_another(book: CallList, desk: Any, caller: Any) -> None:
    key = take(caller)
    assert caller.post("/nl/phone/back/").status_code == 303
    assert take(another(desk)) == key


def test_the_overview_has_totals_of_the_whole_sample_only(
    book: CallList, desk: Any, caller: Any, clock: Clock
) -> None:
    ends(caller, take(caller), Disposition.COMPLETE)
    ends(caller, take(caller), Disposition.BUSY)
    take(caller)
    shown = page(desk.signed_in(Role.RESEARCHER).get("/nl/call-list/"))
    rows = {
        " ".join(row[0].text_content().split()): [c.text_content() for c in row[1:]]
        for row in shown.xpath("//tbody/tr")
    }
    assert rows["Nog niet gebeld"] == ["0"]
    assert rows["Nog eens bellen"] == rows["Nu bij een interviewer"] == rows["Klaar"] == ["1"]
    assert rows["Helemaal klaar 1.1"] == ["1", "1"]
    assert rows["RR1 Respons"] == ["I / (I+P+R+NC+O+U)", "33,3%"]
    assert rows["COOP1 Medewerking"] == ["I / (I+P+R+O)", "100,0%"]
    everything = shown.text_content()
    assert not any(word in everything for word in ("Invented ", "Zand", "010-"))


def test_a_list_is_added_whole_or_not_at_all(desk: Any, clock: Clock) -> None:
    keeper, book = desk.signed_in(Role.RESEARCHER), CallList.at(desk.data)

    def upload(content: bytes) -> Any:
        file = SimpleUploadedFile("Invented secret name.csv", content)
        return keeper.post("/nl/call-list/import/", {"file": file})

    wrong = upload(GOOD + b"Bad,12,zand\n,010-0000009,nowhere\n")
    assert wrong.status_code == 422
    lines = page(wrong).xpath("//table[@class='list']/tbody/tr/th/text()")
    assert lines == ["Regel 4", "Regel 5", "Regel 5"]
    assert not book.exists
    right = upload(GOOD)
    assert "2 organisaties toegevoegd, 0 stonden al" in text(right)
    assert "0 organisaties toegevoegd, 2 stonden al" in text(upload(GOOD))
    assert upload(b"\xff\xfe\x00").status_code == 422
    assert keeper.post("/nl/call-list/import/").status_code == 422
    assert [case.organisation.name for case in book.cases()] != []


def test_every_fault_of_a_list_has_words(small: Study) -> None:
    from blikveld.desk.words import texts
    from blikveld.phone import list_files

    source = open(list_files.__file__, encoding="utf-8").read()  # noqa: PTH123, SIM115
    made = set(re.findall(r'_fault\(\s*"([a-z-]+)"', source)) | {"site", "category"}
    assert made == set(texts("call.fault"))


def test_what_remains_is_exported_and_what_is_done_is_not(
    book: CallList, desk: Any, caller: Any
) -> None:
    ended = take(caller)
    ends(caller, ended, Disposition.REFUSED)
    done = next(c for c in book.cases() if c.organisation.key == ended).organisation
    found = desk.signed_in(Role.RESEARCHER).post("/nl/call-list/remaining.csv")
    lines = found.content.decode().splitlines()
    assert (lines[0], len(lines)) == ("name,number,municipality", 3)
    assert done.name not in found.content.decode()
    assert found["Cache-Control"] == "no-store"


def test_hours_are_set_and_odd_ones_refused(book: CallList, desk: Any, clock: Clock) -> None:
    keeper = desk.signed_in(Role.RESEARCHER)
    given = {"morning_start": "10:30", "morning_end": "12:00"}
    given |= {"afternoon_start": "13:00", "afternoon_end": "20:00"}
    assert keeper.post("/nl/call-list/hours/", given).status_code == 200
    assert "10:30" in text(desk.signed_in(Role.INTERVIEWER).get("/nl/phone/"))
    for odd in ("11:59:00x", "", "23:00"):
        wrong = keeper.post("/nl/call-list/hours/", {**given, "morning_end": odd})
        assert wrong.status_code == 422
    assert "20:00" in keeper.get("/nl/call-list/hours/").content.decode()


def test_who_went_home_keeps_nothing_from_the_others(
    book: CallList, desk: Any, caller: Any
) -> None:
    key = take(caller)
    keeper = desk.signed_in(Role.RESEARCHER)
    assert keeper.post("/nl/call-list/release/")["Location"] == "/nl/call-list/?released=yes"
    assert take(another(desk)) == key


def test_the_journal_names_cases_by_key_and_never_how_a_call_ended(
    book: CallList, desk: Any, caller: Any
) -> None:
    from blikveld.desk.audit_log.models import AuditEntry

    key = take(caller)
    ends(caller, key, Disposition.REFUSED)
    caller.post("/nl/phone/undo/")
    ends(caller, key, Disposition.COMPLETE)
    keeper = desk.signed_in(Role.RESEARCHER)
    keeper.post("/nl/call-list/remaining.csv")
    lines = [line for line in AuditEntry.objects.all() if line.act.startswith("phone.")]
    acts = [(line.act, line.on) for line in lines]
    assert acts == [
        ("phone.outcome", key[:8]),
        ("phone.undone", key[:8]),
        ("phone.outcome", key[:8]),
        ("phone.exported", "2"),
    ]
    kept = (desk.data / "desk/desk.sqlite3").read_bytes()
    for word in (b"Invented ", b"010-000", b"refused", key.encode()):
        assert word not in kept
    shown = text(keeper.get("/nl/audit-log/"))
    assert "uitkomst van een gesprek gezet" in shown


def test_with_no_list_there_is_a_kind_word(desk: Any, caller: Any) -> None:
    assert "nog geen bellijst" in text(caller.get("/nl/phone/"))
    for address in ("next/", "back/", "undo/", "outcome/"):
        assert caller.post(f"/nl/phone/{address}").status_code in {303, 409}
    assert "geen afspraken" in text(caller.get("/nl/phone/appointments/"))
    assert desk.signed_in(Role.RESEARCHER).post("/nl/call-list/release/").status_code == 409
    assert not CallList.at(desk.data).exists
