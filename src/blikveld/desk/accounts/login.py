"""Log in: name, password and code at once, so that nobody learns which was wrong; and who is in.

The code is looked at first. That costs next to nothing, a password most of a second: who has no
code cannot make the desk slow, and who tries names learns nothing from how long it takes.
"""

from __future__ import annotations

import time

from django.contrib.auth.hashers import check_password
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from blikveld.desk.accounts import throttling, two_factor
from blikveld.desk.accounts.models import Account, RecoveryCode
from blikveld.desk.audit_log import entries
from blikveld.desk.databases import DESK

STRANGER = "(unknown)"
"""In the journal: who tried to sign in and could not."""

SINCE = "since"
"""In a session: when both factors were given, in seconds. Nobody is in without it."""

LONGEST = 10 * 60 * 60
"""Seconds after which somebody signs in anew, however busy."""

_NO_ACCOUNT = 0


def enter(name: str, password: str, code: str, browser: str = "") -> Account | None:
    """The account these open; None when any of them is wrong. Raises Wait.

    A try counts before it is looked at: many at the same moment gain nothing. `browser` is the
    mark of one that signed in under this name before (throttling.known_browser).
    """
    name, code = plain(name), code.strip()
    failed = throttling.count(name, browser)
    account = Account.objects.filter(name=name, is_active=True).first()
    has_code = _has_code(account, code)
    fits = account is not None and has_code and check_password(password, account.password)
    if account is None or not (fits and _used(account, code)):
        _refused(account, failed)
        return None
    throttling.forget(name, browser)
    before = {"refused": failed - 1} if failed > 1 else {}
    entries.write(account.name, "accounts.entered", account.name, **before)
    return account


def _refused(account: Account | None, failed: int) -> None:
    if account and throttling.tells(failed):
        entries.write(STRANGER, "accounts.refused", account.name, tries=failed)


def plain(name: str) -> str:
    """A name as it is kept."""
    return name.strip().casefold()


def _has_code(account: Account | None, code: str) -> bool:
    """Whether this code opens the account. The same is done where there is none."""
    sealed, step = (account.second, account.step) if account else (two_factor.decoy(), 0)
    by_app = two_factor.step_of(sealed, _digits(code), step) is not None
    return _recovery(account, code).exists() or by_app


def _used(account: Account, code: str) -> bool:
    """Use the code up. False when somebody else used it at the same moment."""
    with transaction.atomic(using=DESK):
        account.refresh_from_db(fields=["second", "step"])
        step = two_factor.step_of(account.second, _digits(code), account.step)
        if step is not None:
            account.step = step
            account.save(update_fields=["step"])
            return True
        used, _ = _recovery(account, code).delete()
        if used:
            entries.write(account.name, "accounts.recovered", account.name)
        return bool(used)


def _recovery(account: Account | None, code: str) -> QuerySet[RecoveryCode]:
    whose = account.pk if account else _NO_ACCOUNT
    return RecoveryCode.objects.filter(account=whose, code_hash=two_factor.hashed(code))


def _digits(code: str) -> str:
    return code.replace(" ", "")


def current(request: HttpRequest) -> Account | None:
    """Who is signed in with both factors, and not too long ago."""
    account = request.user
    since = request.session.get(SINCE)
    if not isinstance(account, Account) or not isinstance(since, int):
        return None
    return account if time.time() - since < LONGEST else None


def current_account(request: HttpRequest) -> Account:
    """Who asks for this page, in a view that is not open to all."""
    account = current(request)
    if account is None:
        raise PermissionError("A view that is open to all asked who is there.")
    return account
