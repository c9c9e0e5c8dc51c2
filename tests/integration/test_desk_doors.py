"""Who gets in at the desk, and who reaches what. All people are invented."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from typing import Any

import pyotp
import pytest
from django.urls import URLPattern, reverse

from blikveld.desk.access import permission_of
from blikveld.desk.accounts import login, two_factor
from blikveld.desk.accounts.login import SINCE
from blikveld.desk.accounts.models import Account, LoginAttempts
from blikveld.desk.roles import PERMISSIONS, Role
from blikveld.desk.sections import sections

OPEN = {"health", "style", "script", "door", "sign_in", "sign_out", "welcome"}


def _patterns() -> list[URLPattern]:
    return [pattern for section in sections() for pattern in section.urls]


def _address(pattern: URLPattern) -> str:
    values: dict[str, Any] = {"language": "nl"}
    for name, converter in pattern.pattern.converters.items():
        values.setdefault(name, 1 if "Int" in type(converter).__name__ else "x")
    return reverse(str(pattern.name), kwargs=values)


def _codes(page: Any) -> list[str]:
    return re.findall(r"<li>([A-Z2-7-]{19})</li>", page.content.decode())


@pytest.mark.parametrize("role", list(Role))
def test_every_role_reaches_its_own_pages_and_no_others(desk: Any, role: Role) -> None:
    client, seen = desk.signed_in(role), 0
    for pattern in _patterns():
        if pattern.name in OPEN:
            continue
        task = permission_of(pattern.callback)
        assert task is not None, pattern.name
        for method in (client.get, client.post):
            status = method(_address(pattern)).status_code
            reached = status in {200, 303, 404, 405, 409, 422}
            assert (reached, status == 403) == (
                task in PERMISSIONS[role],
                task not in PERMISSIONS[role],
            )
            seen += 1
    assert seen >= 6


def test_who_has_not_signed_in_is_led_to_the_door(desk: Any) -> None:
    client = desk.client()
    for pattern in _patterns():
        if pattern.name not in OPEN:
            found = client.get(_address(pattern))
            assert (found.status_code, found["Location"][:13]) == (303, "/nl/sign-in/?")
            assert client.post(_address(pattern)).status_code == 303


def test_a_view_that_names_no_task_is_refused_to_everybody(desk: Any) -> None:
    from django.http import HttpResponse
    from django.test import RequestFactory

    from blikveld.desk.access import AccessMiddleware

    asked = RequestFactory().get("/nl/new/")
    asked.user = Account(name="ada", role="researcher", is_active=True)
    asked.session = {SINCE: int(time.time())}  # type: ignore[assignment]
    refused = AccessMiddleware(lambda _: HttpResponse()).process_view(
        asked, lambda _: HttpResponse(), (), {}
    )
    assert refused is not None
    assert refused.status_code == 403


def test_an_account_is_opened_and_entered_with_both_factors(desk: Any) -> None:
    secret, codes = desk.open_account()
    assert len(_codes(codes)) == two_factor.CODES
    client = desk.client()
    assert desk.enter(client, "000000").status_code == 422
    assert client.get("/nl/").status_code == 303
    found = desk.enter(client, pyotp.TOTP(secret).now())
    assert (found.status_code, found["Location"]) == (303, "/nl/")
    assert "ada" in client.get("/nl/").content.decode()


def test_an_invitation_works_once(desk: Any) -> None:
    path, client = desk.invite("bob", Role.CODER), desk.client()
    assert desk.accept(path, client)[1].status_code == 200
    assert client.post(path, {"code": "1"}).status_code == 410
    assert desk.client().get(path).status_code == 410


def test_a_code_of_the_app_works_once(desk: Any) -> None:
    secret, _ = desk.open_account()
    code = pyotp.TOTP(secret).now()
    assert desk.enter(desk.client(), code).status_code == 303
    assert desk.enter(desk.client(), code).status_code == 422


def test_a_recovery_code_works_once_and_is_kept_as_a_hash(desk: Any) -> None:
    _, page = desk.open_account()
    code = _codes(page)[0]
    assert code.encode() not in (desk.data / "desk/desk.sqlite3").read_bytes()
    assert desk.enter(desk.client(), code.lower()).status_code == 303
    assert desk.enter(desk.client(), code).status_code == 422


def test_the_secret_of_a_second_factor_is_not_in_the_database(desk: Any) -> None:
    secret, _ = desk.open_account()
    files = list((desk.data / "desk").glob("desk.sqlite3*"))
    assert files
    assert all(secret.encode() not in file.read_bytes() for file in files)


def test_after_five_wrong_tries_even_the_right_password_waits(desk: Any) -> None:
    secret, _ = desk.open_account()
    for _ in range(login.FREE_ATTEMPTS):
        assert desk.enter(desk.client(), "000000").status_code == 422
    found = desk.enter(desk.client(), pyotp.TOTP(secret).now())
    assert found.status_code == 429
    assert "1 minuten" in found.content.decode()
    LoginAttempts.objects.update(wait_until=0)
    assert desk.enter(desk.client(), pyotp.TOTP(secret).now()).status_code == 303


def test_unknown_names_wait_in_the_same_way_and_stand_in_no_journal(desk: Any) -> None:
    statuses = [desk.enter(desk.client(), "1", "nobody").status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]
    assert b"nobody" not in desk.signed_in(Role.RESEARCHER).get("/nl/audit-log/").content


def test_a_session_that_was_set_before_is_worth_nothing(desk: Any) -> None:
    secret, _ = desk.open_account()
    client = desk.client()
    session = client.session
    assert "desk_session" in client.cookies
    session["planted"] = 1  # makes the session, and its cookie, before anybody signs in
    session.save()
    planted = str(session.session_key)
    desk.enter(client, pyotp.TOTP(secret).now())
    other = desk.client()
    other.cookies["desk_session"] = planted
    assert client.session.session_key != planted
    assert other.get("/nl/").status_code == 303
    assert client.get("/nl/").status_code == 200


def test_a_session_ends_after_ten_hours_however_busy(desk: Any) -> None:
    client = desk.signed_in(Role.RESEARCHER)
    session = client.session
    session[SINCE] -= 10 * 3600 + 1
    session.save()
    assert client.get("/nl/").status_code == 303


def test_another_website_cannot_send_a_form(desk: Any) -> None:
    client = desk.signed_in(Role.RESEARCHER, enforce_csrf_checks=True)
    found = client.post("/nl/people/", {"name": "eve", "role": "researcher"})
    assert found.status_code == 403
    assert "verlopen" in found.content.decode()
    assert not Account.objects.filter(name="eve").exists()


@pytest.mark.parametrize(
    "wanted", ["//elsewhere.example/", "https://elsewhere.example/", "/\\elsewhere.example", "x:y"]
)
def test_signing_in_leads_to_no_other_site(desk: Any, wanted: str) -> None:
    secret, _ = desk.open_account()
    found = desk.enter(desk.client(), pyotp.TOTP(secret).now(), next=wanted)
    assert (found.status_code, found["Location"]) == (303, "/nl/")


def test_who_is_closed_is_out_at_once(desk: Any) -> None:
    coder, researcher = desk.signed_in(Role.CODER), desk.signed_in(Role.RESEARCHER)
    assert coder.get("/nl/").status_code == 200
    key = Account.objects.get(name="invented-coder").pk
    assert researcher.post(f"/nl/people/end/{key}/").status_code == 303
    assert coder.get("/nl/").status_code == 303


def test_the_desk_answers_to_no_other_name(desk: Any) -> None:
    assert desk.client().get("/nl/", headers={"host": "elsewhere.example"}).status_code == 400


def test_pages_name_no_other_host_and_are_not_kept(desk: Any) -> None:
    found = desk.signed_in(Role.RESEARCHER).get("/en/people/")
    assert "default-src 'none'" in found["Content-Security-Policy"]
    assert found["Cache-Control"] == "no-store"
    assert "no-referrer" not in found["Referrer-Policy"]


def test_the_respondents_server_has_no_accounts_and_the_desk_no_addresses() -> None:
    code = "from {} import settings as s; print(*s.INSTALLED_APPS, *s.MIDDLEWARE, *s.DATABASES)"
    desk, web = (_printed(code.format(room)) for room in ("blikveld.desk", "blikveld.web"))
    assert "auth" in desk
    assert "addresses" not in desk
    assert "contacts" not in desk
    assert not any(word in web for word in ("auth", "session", "desk", "journal"))


def _printed(code: str) -> str:
    ran = subprocess.run([sys.executable, "-c", code], check=True, text=True, capture_output=True)
    return ran.stdout
