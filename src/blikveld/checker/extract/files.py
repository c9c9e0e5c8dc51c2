"""Chooses the reader of a file by its name, and turns every failure into one clear line.

How much of a file is read at most stands here too, so that no file can take the machine with it.
"""

from __future__ import annotations

import csv
import time
import zlib
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from blikveld.checker.document import ReportDocument
from blikveld.errors import BlikveldError

_READERS = {
    ".pdf": ("pdf", "read"),
    ".html": ("markup", "read_html"),
    ".htm": ("markup", "read_html"),
    ".docx": ("markup", "read_docx"),
    ".md": ("plain", "read_markdown"),
    ".markdown": ("plain", "read_markdown"),
    ".txt": ("plain", "read_text"),
    ".xlsx": ("sheets", "read_workbook"),
    ".csv": ("sheets", "read_csv"),
}
"""Module and function by suffix; a reader is loaded when a file of its kind comes."""
SUFFIXES = frozenset(_READERS)
_BROKEN = (BadZipFile, zlib.error, ValueError, KeyError, EOFError, csv.Error, RecursionError)


def read(path: Path) -> ReportDocument:
    """A report as text and tables.

    Raises BlikveldError for a file that is missing, empty, too large, broken, encrypted or of a
    kind that cannot be read.
    """
    location = path.name
    suffix = path.suffix.lower()
    if suffix not in _READERS:
        known = " ".join(sorted(_READERS))
        raise BlikveldError(
            "check-format", location, "This kind of file cannot be checked.", f"Use one of {known}."
        )
    _check_size(path)
    try:
        document = _reader(suffix)(path)
    except BlikveldError:
        raise
    except _BROKEN as error:
        raise unreadable(location, "It is broken") from error
    return _checked(document)


def _reader(suffix: str) -> Callable[[Path], ReportDocument]:
    module, name = _READERS[suffix]
    found: Callable[[Path], ReportDocument] = getattr(
        import_module(f"blikveld.checker.extract.{module}"), name
    )
    return found


def _check_size(path: Path) -> None:
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise unreadable(path.name, "It is not a file")
    except OSError as error:
        raise BlikveldError(
            "check-missing", str(path), "There is no such file.", "Check the path."
        ) from error
    if size == 0:
        raise unreadable(path.name, "It is empty")
    if size > FILE_BYTES:
        raise too_large(path.name, f"It is larger than {FILE_BYTES >> 20} MB")


def _checked(document: ReportDocument) -> ReportDocument:
    characters = sum(len(line.text) for line in document.lines)
    if characters > TEXT_CHARACTERS:
        raise too_large(document.name, "It holds more text than a report can")
    if not characters and not document.grids:
        raise BlikveldError(
            "check-no-text",
            document.name,
            "No text was found in it; its pages may be pictures.",
            "Run text recognition over it first.",
        )
    return document


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
