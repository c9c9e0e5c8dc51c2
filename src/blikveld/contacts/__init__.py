"""Addresses of people who offered to be interviewed. Holds no answers; knows no respondent.

An address is sealed to a public key whose private half is not on the server, and kept in a
database of its own under a key that leads nowhere.
"""

from __future__ import annotations

from blikveld.contacts.sealing import (
    ContactStore,
    KeyPair,
    SealedContact,
    key_from,
    make_keys,
    seal,
    unseal,
)

__all__ = ["ContactStore", "KeyPair", "SealedContact", "key_from", "make_keys", "seal", "unseal"]
