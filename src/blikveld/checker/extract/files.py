"""Chooses the reader of a file by its name, and turns every failure into one clear line."""

from __future__ import annotations

import csv
import zlib
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from zipfile import BadZipFile

from blikveld.checker.document import ReportDocument
from blikveld.checker.extract import limits
from blikveld.errors import BlikveldError

_READERS = {
    ".pdf": ("pdf", "read"),
    ".html": ("markup", "read"),
    ".htm": ("markup", "read"),
    ".docx": ("word", "read"),
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
        raise limits.unreadable(location, "It is broken") from error
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
            raise limits.unreadable(path.name, "It is not a file")
    except OSError as error:
        raise BlikveldError(
            "check-missing", str(path), "There is no such file.", "Check the path."
        ) from error
    if size == 0:
        raise limits.unreadable(path.name, "It is empty")
    if size > limits.FILE_BYTES:
        raise limits.too_large(path.name, f"It is larger than {limits.FILE_BYTES >> 20} MB")


def _checked(document: ReportDocument) -> ReportDocument:
    characters = sum(len(line.text) for line in document.lines)
    if characters > limits.TEXT_CHARACTERS:
        raise limits.too_large(document.name, "It holds more text than a report can")
    if not characters and not document.grids:
        raise BlikveldError(
            "check-no-text",
            document.name,
            "No text was found in it; its pages may be pictures.",
            "Run text recognition over it first.",
        )
    return document
