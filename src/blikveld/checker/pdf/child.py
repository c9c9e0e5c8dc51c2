"""The process that opens a stranger's PDF: limited in memory and time, it writes no file.

    python -m blikveld.checker.pdf.child FILE

Prints a JSON object a line: a page, or at the end what went wrong. Its exit code says nothing.
"""

from __future__ import annotations

import contextlib
import json
import resource
import sys

import pypdfium2 as pdfium

from blikveld.checker.pdf.pages import as_data, read_pages

MEMORY = 1 << 30
SECONDS = 120
PAGES = 5_000


def limit() -> None:
    """Take from this process what reading a PDF does not need."""
    _at_most(resource.RLIMIT_AS, MEMORY)
    _at_most(resource.RLIMIT_CPU, SECONDS)
    _at_most(resource.RLIMIT_FSIZE, 0)
    _at_most(resource.RLIMIT_CORE, 0)


def _at_most(what: int, amount: int) -> None:
    _, hard = resource.getrlimit(what)
    most = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(what, (most, most))


def main(path: str) -> None:
    """Read a file and print its pages."""
    limit()
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        _tell({"error": "encrypted" if "assword" in str(error) else "broken"})
        return
    if len(document) > PAGES:
        _tell({"error": "pages"})
        return
    try:
        for page in as_data(read_pages(document)):
            _tell(page)
        _tell({"done": True})
    except MemoryError:
        _tell({"error": "memory"})


def _tell(data: object) -> None:
    sys.stdout.write(json.dumps(data, ensure_ascii=True) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
