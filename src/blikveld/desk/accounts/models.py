"""Tables of accounts. A password is kept as Django hashes it, a second factor encrypted."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models


class Account(AbstractBaseUser):
    """Somebody at the desk. `step` is that of the last code used: none is taken twice."""

    name = models.CharField(max_length=60, unique=True)
    role = models.CharField(max_length=20)
    second = models.BinaryField(default=b"")
    step = models.BigIntegerField(default=0)
    is_active = models.BooleanField(default=False)

    objects = models.Manager()

    USERNAME_FIELD = "name"


class Invitation(models.Model):
    """A link with which somebody chooses a password, once. Only its hash is kept.

    `by` is who made it: a link ends with the account that it comes from.
    """

    account = models.OneToOneField(Account, on_delete=models.CASCADE)
    by = models.CharField(max_length=60, default="")
    token_hash = models.CharField(max_length=64, unique=True)
    until = models.BigIntegerField()


class RecoveryCode(models.Model):
    """A code for who lost the second factor. Only its hash is kept, and it goes when used."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    code_hash = models.CharField(max_length=64)


class LoginAttempts(models.Model):
    """How often signing in failed under a name, known or not: under the hash of that name.

    A browser that somebody signed in with before is counted by itself. `last` is when it was
    tried last, in seconds; a row goes a day later.
    """

    name_hash = models.CharField(primary_key=True, max_length=64)
    failed = models.IntegerField(default=0)
    wait_until = models.BigIntegerField(default=0)
    last = models.BigIntegerField(default=0, db_index=True)

    class Meta:
        db_table = "accounts_tries"
