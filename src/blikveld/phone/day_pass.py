"""The pass of one day to the telephone script, the same for every interviewer.

It holds the day and a seal of it, and nothing about who has it: so nothing an interviewer opens
can lead from answers to that interviewer.
"""

from __future__ import annotations

import hmac
from datetime import date
from hashlib import sha256

_PURPOSE = "telephone script"


def make(key: str, day: date) -> str:
    """The pass of a day. Whoever has the key can make one.

    >>> make("invented", date(2021, 4, 7))[:20]
    '2021-04-07.53019daf3'
    """
    sealed = hmac.new(key.encode(), f"{_PURPOSE} {day.isoformat()}".encode(), sha256)
    return f"{day.isoformat()}.{sealed.hexdigest()}"


def opens(key: str, given: str, today: date) -> bool:
    """Whether this is the pass of today.

    >>> opens("invented", make("invented", date(2021, 4, 7)), date(2021, 4, 8))
    False
    """
    return hmac.compare_digest(given.encode(errors="replace"), make(key, today).encode())
