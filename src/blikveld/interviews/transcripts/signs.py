"""Signs of a text in one form."""

from __future__ import annotations

import re
from unicodedata import normalize

_HIDDEN = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")


def cleaned(text: str) -> str:
    """A text in one form: composed signs, one kind of line end, no signs that nobody sees.

    Marks of direction and soft hyphens would hide a name from every search. Letters that are
    written from right to left stay.
    """
    plain_ends = text.replace("\r\n", "\n").replace("\r", "\n")
    return normalize("NFC", _HIDDEN.sub("", plain_ends))
