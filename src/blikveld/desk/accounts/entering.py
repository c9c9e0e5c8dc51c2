"""Letting somebody in: name, password and code at once, so that nobody learns which was wrong."""

from __future__ import annotations

import time
from hashlib import sha256

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from blikveld.desk.accounts import factor
from blikveld.desk.accounts.models import Account, RecoveryCode, Tries
from blikveld.desk.databases import DESK
from blikveld.desk.journal import writing

FREE = 5
"""Wrong tries in a row before somebody has to wait; each later one doubles the wait."""
_SHORTEST, _LONGEST = 60, 15 * 60
NOBODY = "(unknown)"


class Wait(Exception):
    """Too many tries under this name: for `seconds` not even the right password is looked at."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(f"{seconds} seconds")


def enter(name: str, password: str, code: str) -> Account | None:
    """The account these open; None when any of them is wrong. Raises Wait.

    A try counts before it is looked at: many at the same moment gain nothing.
    """
    name, code = name.strip().casefold(), code.strip()
    _count(name)
    account = Account.objects.filter(name=name).first()
    if _password_fits(account, password) and account is not None and _code_fits(account, code):
        Tries.objects.filter(name_hash=_hashed(name)).delete()
        return account
    writing.write(account.name if account else NOBODY, "accounts.refused")
    return None


def _password_fits(account: Account | None, password: str) -> bool:
    if account is None or not account.is_active or not account.has_usable_password():
        # As long as for a real account: the time it takes tells nothing of who has one.
        make_password(password)
        return False
    return check_password(password, account.password)


def _code_fits(account: Account, code: str) -> bool:
    with transaction.atomic(using=DESK):
        account.refresh_from_db(fields=["second", "step"])
        step = factor.step_of(account.second, code.replace(" ", ""), account.step)
        if step is not None:
            account.step = step
            account.save(update_fields=["step"])
            return True
        mine = RecoveryCode.objects.filter(account=account, code_hash=factor.hashed(code))
        used, _ = mine.delete()
        if used:
            writing.write(account.name, "accounts.recovered", account.name)
        return bool(used)


def _count(name: str) -> None:
    now = int(time.time())
    with transaction.atomic(using=DESK):
        tries, _ = Tries.objects.get_or_create(name_hash=_hashed(name))
        left = tries.wait_until - now
        if left <= 0:
            tries.failed += 1
            if tries.failed >= FREE:
                tries.wait_until = now + min(_LONGEST, _SHORTEST * 2 ** (tries.failed - FREE))
            tries.save()
    if left > 0:
        raise Wait(left)


def _hashed(name: str) -> str:
    return sha256(name.encode()).hexdigest()
