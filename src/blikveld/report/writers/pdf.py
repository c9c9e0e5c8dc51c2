"""The report as PDF/A-2a and PDF/UA-1: one file for print, archive and screen reader."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time
from datetime import date as day
from pathlib import Path

import pikepdf
import typst

from blikveld.atomic_files import whole
from blikveld.errors import BlikveldError
from blikveld.report.model import Report, TableBlock
from blikveld.report.writers import shared
from blikveld.report.writers.shared import build_tree

_TEMPLATE = Path(__file__).parent / "templates" / "report.typ"
_STANDARDS: list[typst.PDFStandard] = ["a-2a", "ua-1"]


_REMEMBERED = 10
"""For how many documents the typesetter keeps what it worked out for one."""


class CannotPrint(BlikveldError):
    """The typesetter refused the report."""


def write(report: Report, path: Path) -> None:
    """Write the report as PDF. The same report gives the same bytes.

    Nothing is fetched and no font of the machine is used. Raises CannotPrint.
    """
    with whole(path) as half:
        half.write_bytes(_typeset(report))
        _forget()
        with pikepdf.open(half, allow_overwriting_input=True) as document:
            _head_rows(document, _tables(report))
            document.save(half, deterministic_id=True, fix_metadata_version=False)


def _typeset(report: Report) -> bytes:
    moment = datetime.combine(day.fromisoformat(report.date), time(), tzinfo=UTC)
    try:
        return typst.compile(
            _TEMPLATE,
            sys_inputs={"report": json.dumps(build_tree(report, paper=True), ensure_ascii=False)},
            font_paths=[shared.find_fonts()],
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=_STANDARDS,
            timestamp=int(moment.timestamp()),
        )
    except typst.TypstError as error:
        raise _refused(report, error) from None


def _refused(report: Report, error: typst.TypstError) -> CannotPrint:
    """Why the typesetter refused; where in the text, when it has no letter for a sign."""
    sign = re.search(r'the text `"(.+?)"` could not be displayed', error.message)
    if sign is None:
        hints = " ".join(error.hints) or "Look at the text or table that was added last."
        return CannotPrint("cannot-print", "the PDF", f"{error.message}.", hints)
    return CannotPrint(
        "no-letter",
        f"the PDF, at '{_around(sign[1], json.dumps(build_tree(report), ensure_ascii=False))}'",
        f"The fonts of the report have no letter {sign[1]!r}.",
        "Leave it out, or write it in Latin letters.",
    )


def _around(sign: str, text: str) -> str:
    """The words in which a sign stands."""
    found = re.search(rf'[^"]{{0,30}}{re.escape(sign)}[^"]{{0,20}}', text)
    return found[0].strip() if found else sign


def _forget() -> None:
    """Free a hundred MiB of steps towards this report; one in another language shares few."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False)
    empty = typst.Compiler(font_paths=fonts, ignore_system_fonts=True)
    for _ in range(_REMEMBERED + 1):
        empty.compile(b"")


def _tables(report: Report) -> Sequence[TableBlock]:
    return [block for block in report.blocks if isinstance(block, TableBlock)]


def _head_rows(document: pikepdf.Pdf, tables: Sequence[TableBlock]) -> None:
    """Make the labels of rows heads of their rows, which the typesetter leaves plain cells."""
    found = list(_elements(document.Root.StructTreeRoot, "/Table"))
    for element, table in zip(found, tables, strict=True):
        for row in _elements(element, "/TR"):
            cells = [cell for cell in _children(row) if cell.get("/S") in ("/TD", "/TH")]
            labels = cells[: len(cells) - len(table.heads)]
            for cell in labels:
                if cell.S == pikepdf.Name.TD:
                    _make_head(cell)


def _make_head(cell: pikepdf.Object) -> None:
    cell.S = pikepdf.Name.TH
    attributes = cell.get("/A", pikepdf.Dictionary(O=pikepdf.Name.Table))
    owners = attributes if isinstance(attributes, pikepdf.Array) else [attributes]
    for owner in owners:
        if owner.get("/O") == "/Table":
            owner["/Scope"] = pikepdf.Name.Row
            cell["/A"] = attributes
            return
    scope = pikepdf.Dictionary(O=pikepdf.Name.Table, Scope=pikepdf.Name.Row)
    cell["/A"] = pikepdf.Array([*owners, scope])


def _elements(parent: pikepdf.Object, kind: str) -> Iterator[pikepdf.Object]:
    """Structure elements of a kind inside another, in reading order."""
    for child in _children(parent):
        if child.get("/S") == kind:
            yield child
        else:
            yield from _elements(child, kind)


def _children(parent: pikepdf.Object) -> list[pikepdf.Object]:
    kids = parent.get("/K", pikepdf.Array())
    listed = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
    return [kid for kid in listed if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]
