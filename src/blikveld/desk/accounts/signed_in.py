"""Who is signed in: with both factors, and not too long ago."""

from __future__ import annotations

import time

from django.http import HttpRequest

from blikveld.desk.accounts.models import Account

SINCE = "since"
"""In a session: when both factors were given, in seconds. Nobody is in without it."""

LONGEST = 10 * 60 * 60
"""Seconds after which somebody signs in anew, however busy."""


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
