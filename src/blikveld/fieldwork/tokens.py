"""The random token that says whose questionnaire a page belongs to.

It stands in a cookie and in every form. The store knows only its hash: who reads the store cannot
take over a questionnaire. Tokens and keys are random and never in order of time.
"""

from __future__ import annotations

import re
import secrets
from hashlib import sha256

_FORM = re.compile(r"[A-Za-z0-9_-]{43}")


def make() -> str:
    """A new token: 256 random bits in 43 characters that may stand in a cookie."""
    return secrets.token_urlsafe(32)


def well_formed(token: str) -> bool:
    """Whether this can be a token of ours. A guess that is shorter than ours never becomes one."""
    return _FORM.fullmatch(token) is not None


def hashed(token: str) -> str:
    """What the store keeps of a token: SHA-256 in hexadecimals, enough for 256 random bits."""
    return sha256(token.encode("ascii")).hexdigest()


def random_key() -> int:
    """A key for a row: 63 random bits, so that the order of rows says nothing of arrival."""
    return secrets.randbits(63)
