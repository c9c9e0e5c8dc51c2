"""Sealed addresses: only the private key opens them, and neither length nor key tells anything."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from blikveld.contacts import (
    ROOM,
    SEALED_LENGTH,
    AddressTooLong,
    InvalidContactsKey,
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
