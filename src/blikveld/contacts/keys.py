"""The study's two keys: the public half seals addresses, the private half stays with a person."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from nacl.public import PrivateKey, PublicKey

from blikveld.errors import BlikveldError

_LENGTH = 32


class KeyRefused(BlikveldError):
    """A key that cannot be used."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Both halves, each 64 hexadecimals. The private half is never printed by accident."""

    public: str
    private: str = field(repr=False)


def make_keys() -> Keys:
    """A new pair from the operating system's randomness."""
    private = PrivateKey.generate()
    return Keys(bytes(private.public_key).hex(), bytes(private).hex())


def public_key(text: str) -> PublicKey:
    """The public half from 64 hexadecimals. Raises KeyRefused."""
    return PublicKey(_bytes(text, "the public key"))


def private_key(text: str) -> PrivateKey:
    """The private half from 64 hexadecimals. Raises KeyRefused."""
    return PrivateKey(_bytes(text, "the private key"))


def write_private(keys: Keys, path: Path) -> None:
    """Write the private half to a new file that only its owner may read.

    Raises KeyRefused where a file stands already: whoever loses a key loses the addresses.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        problem = "A file stands there already, and a key is never written over."
        raise KeyRefused("key-exists", str(path), problem, "Choose another name.") from None
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(keys.private + "\n")


def _bytes(text: str, what: str) -> bytes:
    try:
        found = bytes.fromhex(text.strip())
    except ValueError:
        found = b""
    if len(found) != _LENGTH:
        problem = f"This is not a key: it has to be {2 * _LENGTH} hexadecimals."
        raise KeyRefused("bad-key", what, problem, "Make a pair with contacts.make_keys().")
    return found
