"""Text of a PDF, page by page. Tables come out as lines and are put together again later."""

from __future__ import annotations

import logging
from pathlib import Path

from pypdf import PdfReader
from pypdf.errors import DependencyError, PyPdfError

from blikveld.checker.document import Document, Writer
from blikveld.checker.extract import limits


def read(path: Path) -> Document:
    """A PDF as text with pages. BlikveldError when it is broken, encrypted or too large."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise limits.unreadable(path.name, "It is encrypted")
        return _pages(reader, path.name)
    except DependencyError as error:
        raise limits.unreadable(path.name, "It is encrypted") from error
    except (PyPdfError, OSError, AttributeError, TypeError, IndexError) as error:
        raise limits.unreadable(path.name, "It is broken") from error


def _pages(reader: PdfReader, name: str) -> Document:
    clock, writer, size = limits.Clock(name), Writer(), 0
    if len(reader.pages) > limits.PAGES:
        raise limits.too_large(name, f"It has more than {limits.PAGES} pages")
    for number, page in enumerate(reader.pages, start=1):
        clock.check()
        writer.page = number
        text = page.extract_text()
        size += len(text)
        if size > limits.TEXT_CHARACTERS:
            raise limits.too_large(name, "It holds more text than a report can")
        writer.text(text)
    return writer.document(name, paragraphs=False)
