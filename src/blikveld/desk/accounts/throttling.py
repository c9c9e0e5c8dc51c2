"""Holding up who guesses, and not whom they guess at: wrong tries are counted, a wait follows.

They are counted by name, since no address is looked at. So that a stranger cannot keep somebody
out by guessing under that name, a browser in which somebody signed in before is known by a cookie
and counted by itself.
"""

from __future__ import annotations

import secrets
import time
from hashlib import sha256

from django.core import signing
from django.db import transaction
from django.http import HttpRequest

from blikveld.desk.accounts.models import LoginAttempts
from blikveld.desk.databases import DESK

FREE = 5
"""Wrong tries in a row before somebody has to wait; each later one doubles the wait."""

MOST = 10_000
"""Names of which tries are kept. Beyond, those with the fewest tries make room."""

KNOWN_FOR = 90 * 86_400
"""Seconds for which a browser stays known."""

_SHORTEST, _LONGEST = 60, 15 * 60
_KEPT = 86_400
_COOKIE, _SALT = "desk_known", "blikveld desk known browser"


class LoginThrottled(Exception):
    """Too many tries under this name: for `seconds` not even the right password is looked at."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(f"{seconds} seconds")


def cookie_name(name: str) -> str:
    """The cookie by which a browser is known: one for each who signs in with it."""
    return f"{_COOKIE}_{_hashed(name)[:8]}"


def known_browser(request: HttpRequest, name: str) -> str:
    """The mark of a browser in which this name signed in before; empty for any other."""
    try:
        whose, mark = signing.loads(
            request.COOKIES.get(cookie_name(name), ""), salt=_SALT, max_age=KNOWN_FOR
        )
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    return str(mark) if whose == _hashed(name) else ""


def cookie(name: str, mark: str) -> str:
    """What a browser keeps so that it is known; with a new mark where it had none."""
    return signing.dumps([_hashed(name), mark or secrets.token_hex(16)], salt=_SALT)


def count(name: str, browser: str = "") -> int:
    """Count a try and give how many there were, this one included. Raises Wait."""
    now = int(time.time())
    with transaction.atomic(using=DESK):
        tries, first = LoginAttempts.objects.get_or_create(name_hash=_key(name, browser))
        left = tries.wait_until - now
        if left <= 0:
            tries.failed, tries.last = tries.failed + 1, now
            if tries.failed >= FREE:
                tries.wait_until = now + min(_LONGEST, _SHORTEST * 2 ** (tries.failed - FREE))
            tries.save()
        if first:
            _make_room(now)
    if left > 0:
        raise LoginThrottled(left)
    return tries.failed


def forget(name: str, browser: str = "") -> None:
    """Begin to count anew: somebody came in."""
    LoginAttempts.objects.filter(name_hash=_key(name, browser)).delete()


def tells(failed: int) -> bool:
    """Whether the journal gets a line of this try: the fifth, tenth, twentieth and so on.

    A line a try would let anybody fill the journal, of which no line ever goes.
    """
    times, rest = divmod(failed, FREE)
    return rest == 0 and times > 0 and times & (times - 1) == 0


def _make_room(now: int) -> None:
    LoginAttempts.objects.filter(last__lt=now - _KEPT).delete()
    surplus = LoginAttempts.objects.count() - MOST
    if surplus > 0:
        # A tenth at once, so that this is seldom done.
        fewest = LoginAttempts.objects.order_by("failed", "last").values_list("pk", flat=True)
        LoginAttempts.objects.filter(pk__in=list(fewest[: surplus + MOST // 10])).delete()


def _key(name: str, browser: str) -> str:
    return _hashed(f"{name}\n{browser}") if browser else _hashed(name)


def _hashed(text: str) -> str:
    return sha256(text.encode()).hexdigest()
