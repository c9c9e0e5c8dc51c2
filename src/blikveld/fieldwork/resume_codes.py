"""The code with which somebody goes on, on another device: 80 random bits, easy to type over.

The store keeps a slow hash of it, and the token of the questionnaire locked with another part of
that hash. So the other device gets the very same token: an address that is sent from there has
the key it would have had here. docs/decisions/resuming-by-code.md
"""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import scrypt

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


def make() -> str:
    """A new code, without the signs between its groups."""
    return "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))


def grouped(code: str) -> str:
    """A code as it is shown: in groups of four."""
    return "-".join(code[at : at + _GROUP] for at in range(0, _LENGTH, _GROUP))


def read(text: str) -> str | None:
    """A code as somebody typed it; None when it cannot be one.

    Capitals, spaces and signs between groups do not matter, nor do O for 0 and I or L for 1.
    """
    signs = "".join(text.upper().split()).replace("-", "").translate(_READ_AS)
    return signs if len(signs) == _LENGTH and set(signs) <= set(_SIGNS) else None


def lock(code: str, token: str) -> LockedToken:
    """What to keep so that the code finds and opens this token."""
    found, pad = _stretched(code)
    return LockedToken(found, _crossed(urlsafe_b64decode(token + "="), pad).hex())


def found_by(code: str) -> str:
    """The hash under which a code is kept."""
    return _stretched(code)[0]


def unlock(code: str, locked: str) -> str:
    """The token that was locked with this code."""
    token = _crossed(bytes.fromhex(locked), _stretched(code)[1])
    return urlsafe_b64encode(token).decode("ascii").rstrip("=")


def _stretched(code: str) -> tuple[str, bytes]:
    # 16 MiB and some tens of milliseconds: guessing from a stolen database is slow as well.
    key = scrypt(code.encode("ascii"), salt=_SALT, n=2**14, r=8, p=1, dklen=64)
    return key[:32].hex(), key[32:]


def _crossed(first: bytes, second: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(first, second, strict=True))
