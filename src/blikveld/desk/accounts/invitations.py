"""Invite people to the desk by a link, with which they open their account."""

from __future__ import annotations

import re
import secrets
import time
from hashlib import sha256

from django.db import transaction

from blikveld.desk.accounts import two_factor
from blikveld.desk.accounts.models import Account, Invitation, RecoveryCode
from blikveld.desk.audit_log import entries
from blikveld.desk.databases import DESK
from blikveld.desk.roles import Role, opens
from blikveld.errors import BlikveldError

DAYS = 7
_NAME = re.compile(r"[\w.@+-]{2,60}")


class NotInvited(BlikveldError):
    """A name or a role that cannot be used; the code is that of the words on the page."""


def invite_by(account: Account, name: str, role: Role) -> str:
    """A token for a one-time link, made at the desk by who has this account.

    Raises NotInvited for a role that was kept from who asks, and for a name that somebody has or
    had: whoever could take over a name would act in it, and the journal would say so of another.
    """
    with transaction.atomic(using=DESK):
        _check_role(account, role)
        _check_new(account, _named(name))
        return invite(name, role, account.name)


def invite(name: str, role: Role, by: str) -> str:
    """The same by who runs the server. For who has an account already it begins anew: the old
    password, second factor and sessions end at once.

    Raises NotInvited for a name that is none.
    """
    name = _named(name)
    token, now = secrets.token_urlsafe(32), int(time.time())
    with entries.change(by, "accounts.invited", name, role=role.value):
        Invitation.objects.filter(until__lte=now).delete()
        account, _ = Account.objects.get_or_create(name=name, defaults={"role": role.value})
        _close(account, role)
        until = now + DAYS * 86_400
        Invitation.objects.create(account=account, by=by, token_hash=_hashed(token), until=until)
    return token


def end(account: Account, by: str) -> None:
    """Let somebody in no more; sessions end at once, and so do links that this person made."""
    with entries.change(by, "accounts.ended", account.name):
        _close(account, Role(account.role))
        Invitation.objects.filter(by=account.name).delete()


def _named(name: str) -> str:
    name = name.strip().casefold()
    if not _NAME.fullmatch(name):
        mend = "Use 2 to 60 letters, digits and . - _ @ without spaces."
        raise NotInvited("bad-name", name or "the name", "This cannot be a name.", mend)
    return name


def _check_role(account: Account, role: Role) -> None:
    if role not in opens(account.role):
        problem = "Your own role may not do what this role may."
        raise NotInvited("role-kept", role.value, problem, "Ask somebody who has it.")


def _check_new(account: Account, name: str) -> None:
    there = Account.objects.filter(name=name).first()
    if there is None:
        return
    _check_role(account, Role(there.role))
    if there.is_active or there.last_login is not None:
        problem = "Somebody has this name, or had it."
        mend = "Take another; on the server blikveld desk invite lets the same person begin anew."
        raise NotInvited("name-taken", name, problem, mend)


def invited(token: str) -> Account | None:
    """Who this link is for; None when it was used, is too old or never was."""
    found = Invitation.objects.filter(token_hash=_hashed(token), until__gt=int(time.time()))
    invitation = found.select_related("account").first()
    return invitation.account if invitation else None


def accept(token: str, password: str, secret: str, step: int) -> list[str] | None:
    """Open the account and give its recovery codes; None when the link was used meanwhile.

    `secret` is that of the app, and `step` that of the code which was shown to have it: the same
    code does not sign in.
    """
    with transaction.atomic(using=DESK):
        account = invited(token)
        if account is None:
            return None
        codes = two_factor.recovery_codes()
        with entries.change(account.name, "accounts.accepted", account.name):
            Invitation.objects.filter(account=account).delete()
            account.set_password(password)
            account.second, account.step = two_factor.encrypt_secret(secret), step
            account.is_active = True
            account.save()
            RecoveryCode.objects.bulk_create(
                RecoveryCode(account=account, code_hash=two_factor.hashed(code)) for code in codes
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
