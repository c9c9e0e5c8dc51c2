"""What was wrong at the desk, and the way in which it was found. All people are invented."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

import pyotp
import pytest

from blikveld.desk.accounts import invitations, login
from blikveld.desk.accounts.models import Account, Invitation, LoginAttempts
from blikveld.desk.audit_log.models import AuditEntry
from blikveld.desk.roles import OPENS, PERMISSIONS, Permission, Role

WRONG = "acht rode vuurtorens"


def _invites(client: Any, name: str, role: Role) -> int:
    return int(client.post("/nl/people/", {"name": name, "role": role.value}).status_code)


def _acts(act: str) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(act=act).order_by("number"))


class TestRoles:
    @pytest.mark.parametrize("role", list(Role))
    def test_nobody_reaches_by_accounts_of_their_own_what_was_kept_from_them(
        self, role: Role
    ) -> None:
        reached, found = {role}, {role}
        while found:
            found = {new for known in found for new in OPENS[known]} - reached
            reached |= found
        tasks = frozenset(task for known in reached for task in PERMISSIONS[known])
        # Who keeps the list of whom to call sees all that its callers see.
        more = {Permission.CALL} if Permission.PREPARE_CALLS in PERMISSIONS[role] else set()
        assert tasks - PERMISSIONS[role] <= more

    @pytest.mark.parametrize("role", [Role.RESEARCHER, Role.CODER, Role.INTERVIEWER])
    def test_a_privacy_officer_makes_nobody_more_than_that(self, desk: Any, role: Role) -> None:
        officer = desk.signed_in(Role.PRIVACY_OFFICER)
        assert _invites(officer, "puppet", role) == 422
        assert not Account.objects.filter(name="puppet").exists()
        assert _invites(officer, "second", Role.PRIVACY_OFFICER) == 200

    def test_the_page_offers_only_the_roles_that_somebody_may_give(self, desk: Any) -> None:
        officer = desk.signed_in(Role.PRIVACY_OFFICER).get("/en/people/").content.decode()
        assert 'value="privacy_officer"' in officer
        assert 'value="researcher"' not in officer
        assert "nobody in as: researcher, interviewer, coder." in officer

    @pytest.mark.parametrize("role", [Role.RESEARCHER, Role.PRIVACY_OFFICER])
    def test_nobody_takes_over_the_account_of_somebody_else(self, desk: Any, role: Role) -> None:
        secret, _ = desk.open_account("ada", role)
        assert desk.enter(desk.client(), pyotp.TOTP(secret).now()).status_code == 303
        before = Account.objects.get(name="ada").password
        assert _invites(desk.signed_in(Role.RESEARCHER), "Ada", role) == 422
        invitations.end(Account.objects.get(name="ada"), "tests")
        assert _invites(desk.signed_in(Role.RESEARCHER), "ada", role) == 422
        assert before != Account.objects.get(name="ada").password
        assert not Invitation.objects.filter(account__name="ada").exists()

    def test_an_account_that_is_open_is_not_taken_over_before_its_first_day(
        self, desk: Any
    ) -> None:
        assert desk.open_account("ada", Role.CODER)[1].status_code == 200
        assert _invites(desk.signed_in(Role.RESEARCHER), "ada", Role.CODER) == 422
        assert Account.objects.get(name="ada").is_active

    def test_who_never_came_in_can_be_invited_again(self, desk: Any) -> None:
        researcher = desk.signed_in(Role.RESEARCHER)
        assert _invites(researcher, "bea", Role.CODER) == 200
        first = Invitation.objects.get(account__name="bea").token_hash
        assert _invites(researcher, "bea", Role.INTERVIEWER) == 200
        assert Invitation.objects.get(account__name="bea").token_hash != first
        # It is a researcher's to say who codes: an officer does not end such an invitation.
        assert _invites(desk.signed_in(Role.PRIVACY_OFFICER), "bea", Role.PRIVACY_OFFICER) == 422


class TestInvitations:
    def test_the_code_that_opened_an_account_does_not_sign_in(self, desk: Any) -> None:
        secret, opened = desk.open_account()
        assert opened.status_code == 200
        used = pyotp.TOTP(secret).at(int(time.time()) - 30)
        assert desk.enter(desk.client(), used).status_code == 422
        assert desk.enter(desk.client(), pyotp.TOTP(secret).now()).status_code == 303

    def test_who_saw_the_link_before_does_not_know_the_second_factor(self, desk: Any) -> None:
        path = desk.invite("ada", Role.RESEARCHER)
        seen = desk.client().get(path).content
        secret, opened = desk.accept(path, desk.client())
        assert opened.status_code == 200
        assert secret not in seen.decode().replace(" ", "")

    def test_two_links_in_one_browser_have_two_second_factors(self, desk: Any) -> None:
        client, links = desk.client(), [desk.invite(name, Role.CODER) for name in ("ada", "bea")]
        (first, one), (second, two) = (desk.accept(link, client) for link in links)
        assert (one.status_code, two.status_code) == (200, 200)
        assert first != second
        shown = [client.get(desk.invite(name, Role.CODER)).content for name in ("cas", "dia")]
        assert shown[0].split(b'"secret">')[1][:39] != shown[1].split(b'"secret">')[1][:39]

    def test_a_link_ends_with_the_account_that_made_it(self, desk: Any) -> None:
        researcher = desk.signed_in(Role.RESEARCHER)
        made = researcher.post("/nl/people/", {"name": "bea", "role": "researcher"})
        path = made.content.decode().split("/nl/welcome/")[1].split("<")[0]
        assert desk.client().get(f"/nl/welcome/{path}").status_code == 200
        invitations.end(Account.objects.get(name="invented-researcher"), "tests")
        assert desk.client().get(f"/nl/welcome/{path}").status_code == 410

    def test_a_link_that_is_too_old_counts_as_none(self, desk: Any) -> None:
        path = desk.invite("bea", Role.CODER)
        Invitation.objects.update(until=int(time.time()) - 1)
        assert desk.client().get(path).status_code == 410
        page = desk.signed_in(Role.RESEARCHER).get("/en/people/").content.decode()
        assert ">closed<" in page
        assert ">invited<" not in page

    @pytest.mark.parametrize("code", ["é", "١٢٣٤٥٦", "\x00", "1" * 5_000])
    def test_any_code_that_is_typed_is_answered(self, desk: Any, code: str) -> None:
        desk.open_account()
        assert desk.enter(desk.client(), code).status_code == 422
        path = desk.invite("bea", Role.CODER)
        form = {"password": desk.password, "again": desk.password, "code": code}
        assert desk.client().post(path, form).status_code == 422


class TestGuessing:
    def test_who_has_no_code_makes_the_desk_reckon_nothing_slow(
        self, desk: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        hashed: Counter[str] = Counter()
        real = login.check_password

        def counted(password: str, encoded: str) -> bool:
            hashed[password] += 1
            return real(password, encoded)

        secret, _ = desk.open_account()
        monkeypatch.setattr(login, "check_password", counted)
        monkeypatch.setattr("django.contrib.auth.hashers.make_password", None)
        for name in ("ada", "nobody"):
            assert desk.enter(desk.client(), "000000", name).status_code == 422
        assert hashed == {}
        assert (
            desk.enter(desk.client(), pyotp.TOTP(secret).now(), password=WRONG).status_code == 422
        )
        assert hashed == {WRONG: 1}

    def test_a_right_code_with_a_wrong_password_is_not_used_up(self, desk: Any) -> None:
        secret, _ = desk.open_account()
        code = pyotp.TOTP(secret).now()
        assert desk.enter(desk.client(), code, password=WRONG).status_code == 422
        assert desk.enter(desk.client(), code).status_code == 303

    def test_tries_do_not_fill_the_journal(self, desk: Any) -> None:
        secret, _ = desk.open_account()
        for name in ["ada"] * 41 + ["nobody"] * 41:
            assert desk.enter(desk.client(), "000000", name).status_code == 422
            LoginAttempts.objects.update(wait_until=0)
        told = [(line.who, line.on, line.more) for line in _acts("accounts.refused")]
        assert told == [("(unknown)", "ada", {"tries": n}) for n in (5, 10, 20, 40)]
        assert desk.enter(desk.client(), pyotp.TOTP(secret).now()).status_code == 303
        assert _acts("accounts.entered")[-1].more == {"refused": 41}

    def test_no_try_goes_uncounted_in_the_second_that_a_wait_ends(
        self, desk: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        now = int(time.time())
        monkeypatch.setattr(login.time, "time", lambda: now)
        for _ in range(login.FREE_ATTEMPTS):
            desk.enter(desk.client(), "000000")
        LoginAttempts.objects.update(wait_until=now)
        assert desk.enter(desk.client(), "000000").status_code == 422
        assert desk.enter(desk.client(), "000000").status_code == 429

    def test_tries_of_a_day_ago_are_gone(self, desk: Any) -> None:
        desk.enter(desk.client(), "000000", "first")
        LoginAttempts.objects.update(last=int(time.time()) - 86_401)
        desk.enter(desk.client(), "000000", "second")
        assert LoginAttempts.objects.count() == 1

    def test_however_many_names_are_tried_no_more_are_kept_than_fit(
        self, desk: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(login, "MOST_NAMES", 20)
        for _ in range(login.FREE_ATTEMPTS):
            desk.enter(desk.client(), "000000", "ada")
        for number in range(60):
            desk.enter(desk.client(), "000000", f"invented-{number}")
        assert 0 < LoginAttempts.objects.count() <= 20
        # Who has to wait is not pushed out by names that were tried once.
        assert desk.enter(desk.client(), "000000", "ada").status_code == 429

    def test_a_stranger_who_guesses_keeps_nobody_out(self, desk: Any) -> None:
        secret, _ = desk.open_account()
        mine = desk.client()
        assert desk.enter(mine, pyotp.TOTP(secret).now()).status_code == 303
        Account.objects.update(step=0)  # as if half a minute had gone by
        for _ in range(login.FREE_ATTEMPTS):
            desk.enter(desk.client(), "000000")
        assert desk.enter(desk.client(), pyotp.TOTP(secret).now()).status_code == 429
        assert desk.enter(mine, pyotp.TOTP(secret).now()).status_code == 303
        assert desk.enter(desk.client(), "000000").status_code == 429

    def test_a_known_browser_has_to_wait_for_its_own_tries(self, desk: Any) -> None:
        secret, _ = desk.open_account()
        mine = desk.client()
        assert desk.enter(mine, pyotp.TOTP(secret).now()).status_code == 303
        statuses = [desk.enter(mine, "000000").status_code for _ in range(6)]
        assert statuses == [422] * 5 + [429]

    def test_a_cookie_of_somebody_else_or_of_ones_own_making_gives_no_tries(
        self, desk: Any
    ) -> None:
        secret, _ = desk.open_account("bob")
        bob = desk.client()
        assert desk.enter(bob, pyotp.TOTP(secret).now(), "bob").status_code == 303
        cookie = bob.cookies[login.browser_cookie_name("bob")]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Strict"
        for _ in range(login.FREE_ATTEMPTS):
            desk.enter(desk.client(), "000000")
        for value in (cookie.value, f"{cookie.value[:-3]}abc", "x", "W10:x:y"):
            eve = desk.client()
            eve.cookies[login.browser_cookie_name("ada")] = value
            assert desk.enter(eve, "000000").status_code == 429

    def test_sessions_that_ended_are_cleaned_when_somebody_comes_in(self, desk: Any) -> None:
        from datetime import UTC, datetime

        from django.contrib.sessions.models import Session

        secret, _ = desk.open_account()
        desk.client().get(desk.invite("bea", Role.CODER))
        Session.objects.update(expire_date=datetime(2020, 1, 1, tzinfo=UTC))
        assert desk.enter(desk.client(), pyotp.TOTP(secret).now()).status_code == 303
        assert Session.objects.count() == 1
