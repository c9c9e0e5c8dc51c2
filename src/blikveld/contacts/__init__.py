"""Addresses of people who offered to be interviewed. Holds no answers; knows no respondent.

An address is sealed to a public key whose private half is not on the server, and kept in a
database of its own under a key that leads nowhere.
"""

from blikveld.contacts.keys import Keys, make_keys
from blikveld.contacts.seal import seal, unseal
from blikveld.contacts.store import SealedContact, Store, key_from

__all__ = ["Keys", "SealedContact", "Store", "key_from", "make_keys", "seal", "unseal"]
