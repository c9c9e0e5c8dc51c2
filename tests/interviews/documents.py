"""Word documents for tests, made by hand: just what a reader of transcripts looks at."""

from __future__ import annotations

import io
import zipfile

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
