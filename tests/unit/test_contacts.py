"""Sealed addresses: only the private key opens them, and neither length nor key tells anything."""

from __future__ import annotations

import random
import stat
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from blikveld.contacts import (
    ROOM,
    SEALED_LENGTH,
    AddressTooLong,
    InvalidContactsKey,
    SealedContact,
    coarsen_facts,
    key_from,
    make_keys,
    seal,
    unseal,
    write_private,
)
from blikveld.fieldwork import tokens

ADDRESS = "invented.person@example.org"


def test_the_private_key_opens_what_the_public_key_sealed() -> None:
    keys = make_keys()
    assert unseal(seal(ADDRESS, keys.public), keys.private) == ADDRESS


def test_another_key_does_not_open_it() -> None:
    sealed = seal(ADDRESS, make_keys().public)
    with pytest.raises(InvalidContactsKey, match="another key"):
        unseal(sealed, make_keys().private)


def test_a_changed_byte_is_noticed() -> None:
    keys = make_keys()
    sealed = bytearray(seal(ADDRESS, keys.public))
    sealed[-1] ^= 1
    with pytest.raises(InvalidContactsKey, match="changed"):
        unseal(bytes(sealed), keys.private)


@pytest.mark.parametrize("address", ["a@b.nl", ADDRESS, "é" * 240 + "@example.org", ""])
def test_every_sealed_address_has_one_length(address: str) -> None:
    keys = make_keys()
    sealed = seal(address, keys.public)
    assert len(sealed) == SEALED_LENGTH
    assert unseal(sealed, keys.private) == address


def test_the_same_address_never_looks_the_same() -> None:
    keys = make_keys()
    assert seal(ADDRESS, keys.public) != seal(ADDRESS, keys.public)


def test_an_address_longer_than_the_room_is_refused() -> None:
    with pytest.raises(AddressTooLong):
        seal("a" * (ROOM + 1), make_keys().public)


@pytest.mark.parametrize("key", ["", "00", "not hexadecimals", "0" * 63])
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(InvalidContactsKey, match="64 hexadecimals"):
        seal(ADDRESS, key)


def test_the_private_key_is_not_printed() -> None:
    keys = make_keys()
    assert keys.private not in repr(keys)


def test_the_private_key_is_written_once_and_for_its_owner(tmp_path: Path) -> None:
    keys, path = make_keys(), tmp_path / "private"
    write_private(keys, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text(encoding="ascii").strip() == keys.private
    with pytest.raises(InvalidContactsKey, match="never written over"):
        write_private(make_keys(), path)


def test_the_key_of_a_contact_is_the_same_each_time_and_not_the_hash_of_the_session() -> None:
    token = tokens.make_token()
    key = key_from(token, "interview")
    assert key == key_from(token, "interview")
    assert key != key_from(token, "other")
    assert 0 <= key < 2**63
    assert f"{key:x}"[:12] not in tokens.hash_token(token)


NAMES = ("place", "domain", "met")
Facts = Mapping[str, str]


def facts(place: str = "", domain: str = "", met: str = "") -> Facts:
    """What is known; empty is not."""
    return {name: v for name, v in zip(NAMES, (place, domain, met), strict=True) if v}


def left(offers: Sequence[Facts], candidates: Sequence[Facts]) -> list[Facts]:
    """What is left beside invented addresses with these facts."""
    contacts = (SealedContact(key, b"", each) for key, each in enumerate(offers))
    return [contact.facts for contact in coarsen_facts(contacts, candidates, NAMES, 5)]


def drawn(seed: int) -> list[Facts]:
    """Whom an address was asked of: some places, domains and experiences are rare."""
    dice = random.Random(seed)
    places, domains = dice.sample("abcdef", 4), (*dice.sample("pqrst", 3), "")
    odds = [dice.choice((1, 3, 40)) for _ in range(4)]
    return [
        facts(
            dice.choices(places, odds)[0],
            dice.choices(domains, odds)[0],
            dice.choices(("yes", "no", ""), (dice.choice((1, 30)), 30, 1))[0],
        )
        for _ in range(dice.randrange(5, 150))
    ]


@pytest.mark.parametrize("seed", range(60))
def test_every_combination_beside_an_address_is_shared_by_enough(seed: int) -> None:
    everybody = drawn(seed)
    kept = left(everybody, everybody)
    assert min(Counter(tuple(sorted(each.items())) for each in kept).values()) >= 5
    assert all(after.items() <= was.items() for was, after in zip(everybody, kept, strict=True))


def test_what_enough_people_share_stays() -> None:
    many = [facts("a", "p", "yes")] * 5 + [facts("a", "q", "no")] * 5 + [facts("b", "p")] * 7
    assert left(many, many) == many


def test_a_small_domain_takes_the_next_smallest_along() -> None:
    there = [facts("a", "p")] * 2 + [facts("a", "q")] * 6 + [facts("a", "r")] * 9
    # Were q still told, a missing domain would say p.
    assert left([there[0], there[2], there[8]], there) == [facts("a"), facts("a"), facts("a", "r")]


def test_a_rare_experience_is_not_told_nor_that_there_was_none() -> None:
    there = [facts("a", "p", "yes")] * 2 + [facts("a", "p", "no")] * 20
    assert left([there[0], there[5]], there) == [facts("a", "p")] * 2


def test_an_address_of_nobody_who_is_left_tells_nothing() -> None:
    assert left([facts("b", "q", "no")], [facts("a", "p", "yes")] * 9) == [{}]
