"""What the servers write in their log: where the program failed, and nothing of a visitor.

The message of an exception can hold what somebody sent in (a database names the row it refuses),
and Django and gunicorn add the address that was asked for, which can be a secret. So a line tells
the kinds of the exceptions and the places in the program, and no words that came from elsewhere.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator

from blikveld.errors import BlikveldError


class FaultFormatter(logging.Formatter):
    """Tells a fault by kind and place. A line without an exception gets its fixed words alone."""

    def format(self, record: logging.LogRecord) -> str:
        """One line; the arguments of the message are left out, for they come from a request."""
        fault = record.exc_info[1] if record.exc_info else None
        words = tell(fault) if fault else str(record.msg)
        return f"{record.levelname} {record.name}: {words}"


def tell(fault: BaseException) -> str:
    """A fault and what led to it, by kind and place."""
    return " <- ".join(map(_told, _chain(fault)))


def _chain(fault: BaseException | None) -> Iterator[BaseException]:
    while fault is not None:
        yield fault
        fault = fault.__cause__ or fault.__context__


def _told(fault: BaseException) -> str:
    """'ValueError at views.py:75, store.py:12': places of our own program, the last one first."""
    frames = traceback.extract_tb(fault.__traceback__)
    own = [frame for frame in frames if "blikveld" in frame.filename] or list(frames)
    places = ", ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in own[::-1])
    code = f" {fault.code}" if isinstance(fault, BlikveldError) else ""
    return f"{type(fault).__name__}{code} at {places}"


QUIET = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": FaultFormatter}},
    "handlers": {"errors": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "loggers": {"django": {"handlers": ["errors"], "level": "ERROR", "propagate": False}},
}
