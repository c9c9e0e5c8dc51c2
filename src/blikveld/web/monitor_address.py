"""The monitor's address: who has it sees the numbers of one municipality, and nothing else."""

from __future__ import annotations

import base64
import hashlib
import hmac

from blikveld.study.model import Study

_BYTES = 20
"""160 bits: nobody finds an address by trying."""


def secret(study: Study, municipality: str, key: str) -> str:
    """The secret part of a municipality's monitor address, 32 lower-case letters and digits.

    Made from the server's own key, so that it is kept nowhere; a new key makes new addresses.
    """
    text = f"monitor\n{study.key}\n{municipality}".encode()
    digest = hmac.new(key.encode(), text, hashlib.sha256).digest()[:_BYTES]
    return base64.b32encode(digest).decode("ascii").lower()


def address(study: Study, municipality: str, language: str, key: str) -> str:
    """The path of a municipality's monitor on the server."""
    return f"/{language}/monitor/{municipality}/{secret(study, municipality, key)}/"
