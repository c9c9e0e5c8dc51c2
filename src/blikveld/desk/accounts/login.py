"""Log in: name, password and code at once, so that nobody learns which was wrong.

The code is looked at first. That costs next to nothing, a password most of a second: who has no
code cannot make the desk slow, and who tries names learns nothing from how long it takes.

Who guesses is held up, and not whom they guess at. Wrong tries are counted by name, since no
address is looked at, and a wait follows. So that a stranger cannot keep somebody out by guessing
under that name, a browser in which somebody signed in before is known by a cookie and counted by
itself.
"""

from __future__ import annotations

import secrets
import time
from hashlib import sha256

from django.contrib.auth.hashers import check_password
from django.core import signing
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from blikveld.desk.accounts import two_factor
from blikveld.desk.accounts.models import Account, LoginAttempts, RecoveryCode
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
    mark of one that signed in under this name before (known_browser).
    """
    name, code = plain(name), code.strip()
    failed = count_attempt(name, browser)
    account = Account.objects.filter(name=name, is_active=True).first()
    has_code = _has_code(account, code)
    fits = account is not None and has_code and check_password(password, account.password)
    if account is None or not (fits and _used(account, code)):
        _refused(account, failed)
        return None
    forget_attempts(name, browser)
    before = {"refused": failed - 1} if failed > 1 else {}
    entries.write(account.name, "accounts.entered", account.name, **before)
    return account


def _refused(account: Account | None, failed: int) -> None:
    if account and is_logged(failed):
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


FREE_ATTEMPTS = 5
"""Wrong tries in a row before somebody has to wait; each later one doubles the wait."""

MOST_NAMES = 10_000
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


def browser_cookie_name(name: str) -> str:
    """The cookie by which a browser is known: one for each who signs in with it."""
    return f"{_COOKIE}_{_hashed(name)[:8]}"


def known_browser(request: HttpRequest, name: str) -> str:
    """The mark of a browser in which this name signed in before; empty for any other."""
    try:
        whose, mark = signing.loads(
            request.COOKIES.get(browser_cookie_name(name), ""), salt=_SALT, max_age=KNOWN_FOR
        )
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    return str(mark) if whose == _hashed(name) else ""


def browser_cookie(name: str, mark: str) -> str:
    """What a browser keeps so that it is known; with a new mark where it had none."""
    return signing.dumps([_hashed(name), mark or secrets.token_hex(16)], salt=_SALT)


def count_attempt(name: str, browser: str = "") -> int:
    """Count a try and give how many there were, this one included. Raises Wait."""
    now = int(time.time())
    with transaction.atomic(using=DESK):
        tries, first = LoginAttempts.objects.get_or_create(name_hash=_key(name, browser))
        left = tries.wait_until - now
        if left <= 0:
            tries.failed, tries.last = tries.failed + 1, now
            if tries.failed >= FREE_ATTEMPTS:
                tries.wait_until = now + min(
                    _LONGEST, _SHORTEST * 2 ** (tries.failed - FREE_ATTEMPTS)
                )
            tries.save()
        if first:
            _make_room(now)
    if left > 0:
        raise LoginThrottled(left)
    return tries.failed


def forget_attempts(name: str, browser: str = "") -> None:
    """Begin to count anew: somebody came in."""
    LoginAttempts.objects.filter(name_hash=_key(name, browser)).delete()


def is_logged(failed: int) -> bool:
    """Whether the journal gets a line of this try: the fifth, tenth, twentieth and so on.

    A line a try would let anybody fill the journal, of which no line ever goes.
    """
    times, rest = divmod(failed, FREE_ATTEMPTS)
    return rest == 0 and times > 0 and times & (times - 1) == 0


def _make_room(now: int) -> None:
    LoginAttempts.objects.filter(last__lt=now - _KEPT).delete()
    surplus = LoginAttempts.objects.count() - MOST_NAMES
    if surplus > 0:
        # A tenth at once, so that this is seldom done.
        fewest = LoginAttempts.objects.order_by("failed", "last").values_list("pk", flat=True)
        LoginAttempts.objects.filter(pk__in=list(fewest[: surplus + MOST_NAMES // 10])).delete()


def _key(name: str, browser: str) -> str:
    return _hashed(f"{name}\n{browser}") if browser else _hashed(name)


def _hashed(text: str) -> str:
    return sha256(text.encode()).hexdigest()
