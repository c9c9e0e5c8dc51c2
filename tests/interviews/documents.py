"""Word documents for tests, made by hand: just what a reader of transcripts looks at."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable

from openpyxl import Workbook

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><w:document '
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
)


def run(text: str) -> str:
    """A run with words; a line end in it is a break."""
    lines = text.split("\n")
    return (
        "<w:r>" + "<w:br/>".join(f'<w:t xml:space="preserve">{x}</w:t>' for x in lines) + "</w:r>"
    )


def docx(*paragraphs: str) -> bytes:
    """A document of paragraphs, each the XML of what stands in it."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        body = "".join(f"<w:p>{paragraph}</w:p>" for paragraph in paragraphs)
        archive.writestr("word/document.xml", f"{_HEAD}{body}</w:body></w:document>")
        archive.writestr("word/comments.xml", "<x>Een opmerking van Verzonnen Lezer</x>")
    return target.getvalue()


def body(inside: str) -> bytes:
    """A Word document of whatever stands in its body."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("word/document.xml", f"{_HEAD}{inside}</w:body></w:document>")
    return target.getvalue()


def odt(*paragraphs: str) -> bytes:
    """An OpenDocument text of paragraphs, each the XML of what stands in it."""
    oasis = "urn:oasis:names:tc:opendocument:xmlns"
    spaces = f'xmlns:office="{oasis}:office:1.0" xmlns:text="{oasis}:text:1.0"'
    inside = "".join(f"<text:p>{paragraph}</text:p>" for paragraph in paragraphs)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", f"<office:text {spaces}>{inside}</office:text>")
    return target.getvalue()


def workbook(rows: Iterable[tuple[str, ...]]) -> bytes:
    """A workbook of one sheet."""
    book, target = Workbook(), io.BytesIO()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(target)
    return target.getvalue()


def pdf(*lines: str) -> bytes:
    """A PDF of one page with these lines."""
    shown = "".join(f"({line}) Tj 0 -20 Td " for line in lines)
    stream = f"BT /F1 12 Tf 50 700 Td {shown}ET"
    objects = (
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R"
        "/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>",
        f"<</Length {len(stream)}>>stream\n{stream}\nendstream",
    )
    text, places = "%PDF-1.4\n", []
    for number, written in enumerate(objects, 1):
        places.append(len(text))
        text += f"{number} 0 obj{written}endobj\n"
    table = "".join(f"{index:010} 00000 n \n" for index in places)
    start = len(text)
    text += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    text += f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF"
    return text.encode("latin-1")
