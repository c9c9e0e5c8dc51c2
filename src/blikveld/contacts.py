"""Addresses of people who offered to be interviewed. Holds no answers; knows no respondent.

An address is sealed to a public key whose private half is not on the server, and kept in a database
of its own under a key that leads nowhere.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Protocol, TypeAlias

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from blikveld.errors import BlikveldError

_LENGTH = 32


class InvalidContactsKey(BlikveldError):
    """A key that cannot be used."""


@dataclass(frozen=True, slots=True)
class KeyPair:
    """Both halves, each 64 hexadecimals. The private half is never printed by accident."""

    public: str
    private: str = field(repr=False)


def make_keys() -> KeyPair:
    """Return a new pair from the operating system's randomness."""
    private = PrivateKey.generate()
    return KeyPair(bytes(private.public_key).hex(), bytes(private).hex())


def public_key(text: str) -> PublicKey:
    """Return the public half from 64 hexadecimals. Raises InvalidContactsKey."""
    return PublicKey(_bytes(text, "the public key"))


def private_key(text: str) -> PrivateKey:
    """Return the private half from 64 hexadecimals. Raises InvalidContactsKey."""
    return PrivateKey(_bytes(text, "the private key"))


def write_private(keys: KeyPair, path: Path) -> None:
    """Write the private half to a new file that only its owner may read.

    Raises InvalidContactsKey where a file stands already: whoever loses a key loses the addresses.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        problem = "A file stands there already, and a key is never written over."
        raise InvalidContactsKey("key-exists", str(path), problem, "Choose another name.") from None
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(keys.private + "\n")


def _bytes(text: str, what: str) -> bytes:
    try:
        found = bytes.fromhex(text.strip())
    except ValueError:
        found = b""
    if len(found) != _LENGTH:
        problem = f"This is not a key: it has to be {2 * _LENGTH} hexadecimals."
        raise InvalidContactsKey("bad-key", what, problem, "Make a pair with contacts.make_keys().")
    return found


ROOM = 1_022
"""Bytes of UTF-8 that fit in: 254 characters of at most four bytes, and some."""
SEALED_LENGTH = 1_072
"""Bytes of every sealed address: two for the length, the room, 48 for the box."""


class AddressTooLong(BlikveldError):
    """An address that does not fit in the room that all have."""


def seal(address: str, public: str) -> bytes:
    """Seal an address; 1,072 bytes whatever it is. Raises AddressTooLong and InvalidContactsKey."""
    content = address.encode("utf-8")
    if len(content) > ROOM:
        problem = f"It has {len(content)} bytes, and there is room for {ROOM}."
        raise AddressTooLong("address-too-long", "an address", problem, "Give a shorter one.")
    padded = len(content).to_bytes(2, "big") + content.ljust(ROOM, b"\0")
    return SealedBox(public_key(public)).encrypt(padded)


def unseal(sealed: bytes, private: str) -> str:
    """Return the address again.

    Raises InvalidContactsKey when it was sealed to another key or has changed.
    """
    try:
        padded = SealedBox(private_key(private)).decrypt(sealed)
    except CryptoError:
        problem = "It was sealed to another key, or it was changed."
        mend = "Use the private key that belongs to this study."
        raise InvalidContactsKey("not-ours", "a sealed address", problem, mend) from None
    length = int.from_bytes(padded[:2], "big")
    return padded[2 : 2 + length].decode("utf-8")


@dataclass(frozen=True, slots=True)
class SealedContact:
    """A sealed address under a key that leads nowhere.

    `facts` are the variables that the study keeps of an offer, with the code of each that is known:
    they help to choose whom to invite. No time, and nothing else.
    """

    key: int
    sealed: bytes
    facts: Mapping[str, str] = field(default_factory=dict)


def coarsen_facts(
    contacts: Iterable[SealedContact],
    candidates: Iterable[Mapping[str, str]],
    names: Sequence[str],
    threshold: int,
) -> tuple[SealedContact, ...]:
    """Drop facts until each address could be of at least `threshold` people.

    `candidates` are the facts of everybody who was offered to leave an address, `names` those that
    the study keeps, what matters most first. A value that few share goes together with the next
    rarest one, so that nobody can see from its absence what it was.
    """
    kept = tuple(contacts)
    counts = Counter(_known(facts, names) for facts in candidates)
    counts.update({_known(contact.facts, names): 0 for contact in kept})
    shared = dict(_shared(counts, (), threshold))
    return tuple(
        replace(contact, facts=_as_facts(names, shared[_known(contact.facts, names)]))
        for contact in kept
    )


_Known: TypeAlias = tuple[str | None, ...]
"""The value of each fact, None where it is not known or was dropped."""


def _known(facts: Mapping[str, str], names: Sequence[str]) -> _Known:
    return tuple(facts.get(name) for name in names)


def _as_facts(names: Sequence[str], known: _Known) -> dict[str, str]:
    pairs = zip(names, known, strict=True)
    return {name: value for name, value in pairs if value is not None}


def _shared(
    counts: Mapping[_Known, int], told: _Known, threshold: int
) -> Iterator[tuple[_Known, _Known]]:
    """For each combination what is left of it, one fact after the other."""
    for value, inside in _classes(counts, len(told), threshold):
        if inside and len(told) + 1 < len(next(iter(inside))):
            yield from _shared(inside, (*told, value), threshold)
        else:
            yield from ((known, (*told, value)) for known in inside)


def _classes(
    counts: Mapping[_Known, int], at: int, threshold: int
) -> Iterator[tuple[str | None, Mapping[_Known, int]]]:
    """The combinations by a fact's values that enough share; under None all others."""
    sizes: Counter[str | None] = Counter()
    for known, number in counts.items():
        sizes[known[at]] += number
    pooled = {value for value, size in sizes.items() if size < threshold}
    for value in sorted(sizes, key=lambda each: (each is not None, sizes[each])):
        # Whoever's value was not known looks like those whose value is dropped, and costs nothing.
        if pooled and sum(sizes[one] for one in pooled) < threshold:
            pooled.add(value)
    for value in sizes.keys() - pooled:
        yield value, {known: n for known, n in counts.items() if known[at] == value}
    if pooled:
        yield None, {known: n for known, n in counts.items() if known[at] in pooled}


class ContactStore(Protocol):
    """Keeps sealed addresses, in another database than the answers."""

    def keep(self, contact: SealedContact) -> None:
        """Keep a contact for good before returning. The same key again takes its place."""

    def holds(self, key: int) -> bool:
        """Return whether there is a contact with this key."""

    def contacts(self) -> Iterator[SealedContact]:
        """Yield every contact, in the order of the keys."""

    def change_facts(self, contacts: Iterable[SealedContact]) -> None:
        """Keep these facts beside the addresses with these keys, all of them or none."""


def key_from(token: str, item: str) -> int:
    """Return the key of what was filled in at an item of the questionnaire with this token; 63
    bits.

    The token is in the respondent's browser only: the store of answers has another hash of it.
    So a page that is sent twice, or again after a power cut, keeps one address; and nobody who
    has both databases can tell which address goes with which answers.
    """
    digest = sha256(f"blikveld contact\0{item}\0{token}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1
