"""How much of a file is read at most, so that no file can take the machine with it."""

from __future__ import annotations

import time
from zipfile import ZipFile

from blikveld.errors import BlikveldError

FILE_BYTES = 64 * 1024 * 1024
TEXT_CHARACTERS = 8_000_000
"""About twenty times a thick report."""
PART_BYTES = 48 * 1024 * 1024
PARTS_BYTES = 96 * 1024 * 1024
PARTS = 5_000
PAGES = 5_000
CELLS = 500_000
SECONDS = 60.0
PDF_SECONDS = 130.0
"""A little more than the processor time that the reading process allows itself."""


def too_large(location: str, what: str) -> BlikveldError:
    """The error for anything above a limit."""
    return BlikveldError(
        "check-too-large", location, f"{what}.", "Check the report in parts, or as plain text."
    )


def unreadable(location: str, what: str) -> BlikveldError:
    """The error for a file that is broken, encrypted or of another kind than its name says."""
    return BlikveldError(
        "check-unreadable", location, f"{what}.", "Save it again, or check it as plain text."
    )


class Clock:
    """Stops work that takes too long. Asked between pages, rows and parts."""

    def __init__(self, location: str, seconds: float = SECONDS) -> None:
        self._place, self._end = location, time.monotonic() + seconds

    def check(self) -> None:
        """Refuse to go on after the time limit."""
        if time.monotonic() > self._end:
            raise too_large(self._place, "Reading it takes longer than a minute")


def check_parts(package: ZipFile, location: str) -> None:
    """Refuse a package whose parts claim to unpack to more than a report can hold."""
    parts = package.infolist()
    if len(parts) > PARTS or sum(part.file_size for part in parts) > PARTS_BYTES:
        raise too_large(location, "It unpacks to more than a report can hold")
    if any(part.flag_bits & 1 for part in parts):
        raise unreadable(location, "It is encrypted")


def part(package: ZipFile, name: str, location: str) -> bytes | None:
    """One part of a package, unpacked; None when it is not there.

    What a part says about its own size is not believed: unpacking stops at the limit.
    """
    if name not in package.namelist():
        return None
    with package.open(name) as stream:
        content = stream.read(PART_BYTES + 1)
    if len(content) > PART_BYTES:
        raise too_large(location, "It unpacks to more than a report can hold")
    return content
