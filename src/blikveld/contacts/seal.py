"""Sealing an address: everybody with the public key can, only the private key can undo it.

Every sealed address has the same length, so that length tells nothing of whose it is. The box is
libsodium's sealed box (X25519, XSalsa20-Poly1305, an ephemeral key each time).
"""

from __future__ import annotations

from nacl.exceptions import CryptoError
from nacl.public import SealedBox

from blikveld.contacts.keys import KeyRefused, private_key, public_key
from blikveld.errors import BlikveldError

ROOM = 1_022
"""Bytes of UTF-8 that fit in: 254 characters of at most four bytes, and some."""
SEALED_LENGTH = 1_072
"""Bytes of every sealed address: two for the length, the room, 48 for the box."""


class TooLong(BlikveldError):
    """An address that does not fit in the room that all have."""


def seal(address: str, public: str) -> bytes:
    """Seal an address; 1,072 bytes whatever it is. Raises TooLong and KeyRefused."""
    content = address.encode("utf-8")
    if len(content) > ROOM:
        problem = f"It has {len(content)} bytes, and there is room for {ROOM}."
        raise TooLong("address-too-long", "an address", problem, "Give a shorter one.")
    padded = len(content).to_bytes(2, "big") + content.ljust(ROOM, b"\0")
    return SealedBox(public_key(public)).encrypt(padded)


def unseal(sealed: bytes, private: str) -> str:
    """The address again. Raises KeyRefused when it was sealed to another key or has changed."""
    try:
        padded = SealedBox(private_key(private)).decrypt(sealed)
    except CryptoError:
        problem = "It was sealed to another key, or it was changed."
        mend = "Use the private key that belongs to this study."
        raise KeyRefused("not-ours", "a sealed address", problem, mend) from None
    length = int.from_bytes(padded[:2], "big")
    return padded[2 : 2 + length].decode("utf-8")
