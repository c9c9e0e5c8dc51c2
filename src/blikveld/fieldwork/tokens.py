"""Tokens that tie a browser to its questionnaire, and codes that bring it back elsewhere.

The token stands in a cookie and in every form. The store knows only its hash: who reads the store
cannot take over a questionnaire. Tokens and keys are random and never in order of time.

With the code, of 80 random bits and easy to type over, somebody goes on with another device. The
store keeps a slow hash of it, and the token locked with another part of that hash. So the other
device gets the very same token: an address that is sent from there has the key it would have had
here. docs/decisions/resuming-by-code.md
"""

from __future__ import annotations

import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import scrypt, sha256

_FORM = re.compile(r"[A-Za-z0-9_-]{43}")


def make_token() -> str:
    """Return a new token: 256 random bits in 43 characters that may stand in a cookie."""
    return secrets.token_urlsafe(32)


def is_well_formed(token: str) -> bool:
    """Return whether this can be a token of ours.

    A guess that is shorter than ours never becomes one.
    """
    return _FORM.fullmatch(token) is not None


def hash_token(token: str) -> str:
    """Return what the store keeps of a token: SHA-256 in hexadecimals, enough for 256 random
    bits."""
    return sha256(token.encode("ascii")).hexdigest()


def make_key() -> int:
    """Return a key for a row: 63 random bits, so that the order of rows says nothing of arrival."""
    return secrets.randbits(63)


_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O and U, which are read as something else."""
_LENGTH, _GROUP = 16, 4
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
_SALT = b"blikveld code"
"""One for all, for a code has to be found; 80 random bits leave nothing to look up beforehand."""


@dataclass(frozen=True, slots=True)
class LockedToken:
    """What is kept of a code: `code_hash` finds it, `locked` is the token that it opens."""

    code_hash: str
    locked: str


def make_code() -> str:
    """Return a new code, without the signs between its groups."""
    return "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))


def group_code(code: str) -> str:
    """Return a code as it is shown: in groups of four."""
    return "-".join(code[at : at + _GROUP] for at in range(0, _LENGTH, _GROUP))


def read_code(text: str) -> str | None:
    """Return a code as somebody typed it; None when it cannot be one.

    Capitals, spaces and signs between groups do not matter, nor do O for 0 and I or L for 1.
    """
    signs = "".join(text.upper().split()).replace("-", "").translate(_READ_AS)
    return signs if len(signs) == _LENGTH and set(signs) <= set(_SIGNS) else None


def lock_token(code: str, token: str) -> LockedToken:
    """Return what to keep so that the code finds and opens this token."""
    found, pad = _stretched(code)
    return LockedToken(found, _crossed(urlsafe_b64decode(token + "="), pad).hex())


def hash_code(code: str) -> str:
    """Return the hash under which a code is kept."""
    return _stretched(code)[0]


def unlock_token(code: str, locked: str) -> str:
    """Return the token that was locked with this code."""
    token = _crossed(bytes.fromhex(locked), _stretched(code)[1])
    return urlsafe_b64encode(token).decode("ascii").rstrip("=")


def _stretched(code: str) -> tuple[str, bytes]:
    # 16 MiB and some tens of milliseconds: guessing from a stolen database is slow as well.
    key = scrypt(code.encode("ascii"), salt=_SALT, n=2**14, r=8, p=1, dklen=64)
    return key[:32].hex(), key[32:]


def _crossed(first: bytes, second: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(first, second, strict=True))
