"""The second factor: codes by time (RFC 6238), their secret sealed, and codes for recovery."""

from __future__ import annotations

import base64
import hmac
import secrets
import time
from functools import lru_cache
from hashlib import sha256

import pyotp
import segno
from django.conf import settings
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from blikveld.fieldwork.tokens import group_code

CODES = 10
_ISSUER = "Blikveld"
_SKEW = 1
"""How many steps of half a minute a telephone may be ahead or behind."""


def secret() -> str:
    """A new secret for an app: 160 random bits."""
    return pyotp.random_base32()


def picture(name: str, shown: str, title: str) -> str:
    """A QR code of a secret for an app, as SVG."""
    made = segno.make(pyotp.TOTP(shown).provisioning_uri(name=name, issuer_name=_ISSUER))
    return made.svg_inline(scale=4, border=4, title=title, omitsize=True)


def encrypt_secret(plain: str) -> bytes:
    """The secret as it is kept: a copy of the database alone gives no codes."""
    return bytes(_box().encrypt(plain.encode("ascii")))


def unseal(sealed: bytes | memoryview) -> str | None:
    """The secret again; None when it was sealed with another key."""
    try:
        return _box().decrypt(bytes(sealed)).decode("ascii")
    except CryptoError:
        return None


@lru_cache(maxsize=1)
def decoy() -> bytes:
    """A sealed secret of nobody, to look at a code of who has no account as long as of others."""
    return encrypt_secret(secret())


def step_of(sealed: bytes | memoryview, code: str, after: int) -> int | None:
    """The step of time a code belongs to; None when it is wrong or not later than `after`.

    None too when the secret was sealed with another key, as after a backup is put back without it.
    """
    plain = unseal(sealed)
    if plain is None:
        return None
    app, now = pyotp.TOTP(plain), int(time.time())
    for step in range(now // app.interval - _SKEW, now // app.interval + _SKEW + 1):
        if step > after and hmac.compare_digest(app.generate_otp(step).encode(), code.encode()):
            return step
    return None


def recovery_codes() -> list[str]:
    """New codes of 80 random bits, in groups that can be copied by hand."""
    texts = (base64.b32encode(secrets.token_bytes(10)).decode("ascii") for _ in range(CODES))
    return [group_code(text) for text in texts]


def hashed(code: str) -> str:
    """What is kept of a code or of a link's token: enough for 80 random bits and more."""
    return sha256(code.replace("-", "").replace(" ", "").upper().encode()).hexdigest()


def _box() -> SecretBox:
    return SecretBox(sha256(f"seal\n{settings.SECRET_KEY}".encode()).digest())
