"""A PDF as text and tables. The file is opened by a process apart, never by this one."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from blikveld.checker.document import Box, Notice, NoticeKind, ReportDocument, Writer
from blikveld.checker.extract import files
from blikveld.errors import BlikveldError

_CHILD = "blikveld.checker.pdf.pages"
_OUTPUT = 4 * files.TEXT_CHARACTERS


def read(path: Path) -> ReportDocument:
    """A PDF as text with pages. BlikveldError when it is broken, encrypted or too large.

    Pages that hold pictures and no text are told in the document's notices.
    """
    writer, pictures = Writer(), []
    for page in _pages(path):
        writer.page = page["page"]
        _write(writer, page)
        if page["pictures"]:
            pictures.append(page["page"])
    if pictures:
        writer.notice(Notice(NoticeKind.PAGES_WITHOUT_TEXT, tuple(pictures)))
    return writer.document(path.name, paragraphs=False)


def _write(writer: Writer, page: dict[str, Any]) -> None:
    """Lines and tables in the order in which they stand on the page."""
    start = 0
    writer.page_sizes[page["page"]] = (page["size"][0], page["size"][1])
    for table in page["tables"]:
        _lines(writer, page["lines"][start : table["at"]])
        start = max(start, table["at"])
        writer.grid(
            table["title"],
            map(tuple, table["rows"]),
            pages=table["pages"],
            tops=map(tuple, table["tops"]),
            columns=map(tuple, table["columns"]),
        )
        writer.page = page["page"]
        writer.text("")
    _lines(writer, page["lines"][start:])


def _lines(writer: Writer, lines: list[tuple[str, Box]]) -> None:
    for text, box in lines:
        writer.text(text, (box[0], box[1], box[2], box[3]))


def _pages(path: Path) -> Iterator[dict[str, Any]]:
    """What the process tells of each page; its own failure becomes one clear error."""
    found = [json.loads(line) for line in _told(path).splitlines()]
    last = found[-1] if found else {}
    if "done" not in last:
        raise _failed(path.name, last.get("error"))
    yield from found[:-1]


def _told(path: Path) -> str:
    # -P: a module of the same name beside the report is never imported.
    command = [sys.executable, "-P", "-m", _CHILD, str(path.absolute())]
    try:
        done = subprocess.run(  # noqa: S603  (our own module, on one path)
            command, capture_output=True, timeout=files.PDF_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise files.too_large(path.name, "Reading it takes longer than two minutes") from error
    if len(done.stdout) > _OUTPUT:
        raise files.too_large(path.name, "It holds more text than a report can")
    return done.stdout.decode("ascii", "replace")


def _failed(name: str, error: str | None) -> BlikveldError:
    if error == "encrypted":
        return files.unreadable(name, "It opens only with a password")
    if error == "pages":
        return files.too_large(name, f"It has more than {files.PAGES} pages")
    if error == "memory":
        return files.too_large(name, "Reading it takes more memory than is allowed")
    return files.unreadable(name, "It is broken")
