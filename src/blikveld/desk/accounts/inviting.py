"""Inviting somebody to the desk, and what they make of the link."""

from __future__ import annotations

import re
import secrets
import time
from hashlib import sha256

from django.db import transaction

from blikveld.desk.accounts import factor
from blikveld.desk.accounts.models import Account, Invitation, RecoveryCode
from blikveld.desk.databases import DESK
from blikveld.desk.journal import writing
from blikveld.desk.roles import Role
from blikveld.errors import BlikveldError

DAYS = 7
_NAME = re.compile(r"[\w.@+-]{2,60}")


class NotInvited(BlikveldError):
    """A name that cannot be used."""


def invite(name: str, role: Role, by: str) -> str:
    """A token for a one-time link. For who has an account already it begins anew: the old
    password, second factor and sessions end at once.

    Raises NotInvited for a name that is none.
    """
    name = name.strip().casefold()
    if not _NAME.fullmatch(name):
        mend = "Use 2 to 60 letters, digits and . - _ @ without spaces."
        raise NotInvited("bad-name", name or "the name", "This cannot be a name.", mend)
    token = secrets.token_urlsafe(32)
    with writing.change(by, "accounts.invited", name, role=role.value):
        account, _ = Account.objects.get_or_create(name=name, defaults={"role": role.value})
        _close(account, role)
        until = int(time.time()) + DAYS * 86_400
        Invitation.objects.create(account=account, token_hash=_hashed(token), until=until)
    return token


def end(account: Account, by: str) -> None:
    """Let somebody in no more; sessions end at once."""
    with writing.change(by, "accounts.ended", account.name):
        _close(account, Role(account.role))


def invited(token: str) -> Account | None:
    """Who this link is for; None when it was used, is too old or never was."""
    found = Invitation.objects.filter(token_hash=_hashed(token), until__gt=int(time.time()))
    invitation = found.select_related("account").first()
    return invitation.account if invitation else None


def accept(token: str, password: str) -> list[str] | None:
    """Open the account and give its recovery codes; None when the link was used meanwhile."""
    with transaction.atomic(using=DESK):
        account = invited(token)
        if account is None:
            return None
        codes = factor.recovery_codes()
        with writing.change(account.name, "accounts.accepted", account.name):
            Invitation.objects.filter(account=account).delete()
            account.set_password(password)
            account.second, account.step = factor.seal(factor.secret_for(token)), 0
            account.is_active = True
            account.save()
            RecoveryCode.objects.bulk_create(
                RecoveryCode(account=account, code_hash=factor.hashed(code)) for code in codes
            )
    return codes


def _close(account: Account, role: Role) -> None:
    account.role, account.is_active, account.second = role.value, False, b""
    account.set_unusable_password()
    account.save()
    Invitation.objects.filter(account=account).delete()
    RecoveryCode.objects.filter(account=account).delete()


def _hashed(token: str) -> str:
    # Not factor.hashed: a token keeps its capitals and dashes.
    return sha256(token.encode()).hexdigest()
