"""What is kept of somebody who offered to be interviewed, and how it is kept once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol


@dataclass(frozen=True, slots=True)
class SealedContact:
    """A sealed address under a key that leads nowhere.

    `municipality` and `domain` help to choose whom to invite; `suspicion` tells whether one was
    reported. None where that is not known. No time, and nothing else.
    """

    key: int
    sealed: bytes
    municipality: str
    domain: str | None = None
    suspicion: bool | None = None


class ContactStore(Protocol):
    """Keeps sealed addresses, in another database than the answers."""

    def keep(self, contact: SealedContact) -> None:
        """Keep a contact for good before returning. The same key again takes its place."""

    def holds(self, key: int) -> bool:
        """Whether there is a contact with this key."""

    def contacts(self) -> Iterator[SealedContact]:
        """Every contact, in the order of the keys."""


def key_from(token: str, item: str) -> int:
    """The key of what was filled in at an item of the questionnaire with this token; 63 bits.

    The token is in the respondent's browser only: the store of answers has another hash of it.
    So a page that is sent twice, or again after a power cut, keeps one address; and nobody who
    has both databases can tell which address goes with which answers.
    """
    digest = sha256(f"blikveld contact\0{item}\0{token}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1
