"""The parts of a DOCX file and how they refer to each other, zipped without a clock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from blikveld.report.model import Report
from blikveld.report.writers.docx.text import TAGS

_TEMPLATES = Path(__file__).parents[1] / "templates" / "docx"
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_FORMATS = "http://schemas.openxmlformats.org"
_OFFICE = f"{_FORMATS}/officeDocument/2006/relationships"
_PACKAGE = f"{_FORMATS}/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PARTS = ("styles", "numbering", "settings", "footnotes", "footer")


def save(
    path: Path,
    report: Report,
    document: bytes,
    notes: bytes,
    pictures: Sequence[bytes],
    links: Sequence[str],
) -> None:
    """Write the file. Every part carries the same date, so equal parts make equal files."""
    named: dict[str, bytes] = {
        "[Content_Types].xml": _types().encode(),
        "_rels/.rels": _root().encode(),
        "docProps/core.xml": _about(report).encode(),
        "word/document.xml": document,
        "word/footnotes.xml": notes,
        "word/_rels/document.xml.rels": _relations(len(pictures), links).encode(),
        # A link in a note is looked up beside the notes.
        "word/_rels/footnotes.xml.rels": _relations(0, links, parts=()).encode(),
        **_static(report.language),
    }
    named |= {f"word/media/picture{at}.png": dots for at, dots in enumerate(pictures, 1)}
    _zip(path, named)


def _zip(path: Path, named: Mapping[str, bytes]) -> None:
    with ZipFile(path, "w") as archive:
        for name, content in named.items():
            about = ZipInfo(name, _FIRST_DAY)
            about.compress_type = ZIP_DEFLATED
            about.create_system = 3
            archive.writestr(about, content)


def _static(language: str) -> dict[str, bytes]:
    tag = TAGS.get(language, language)
    names = ("styles", "numbering", "settings", "footer")
    texts = {name: (_TEMPLATES / f"{name}.xml").read_text(encoding="utf-8") for name in names}
    return {f"word/{n}.xml": text.replace("LANGUAGE", tag).encode() for n, text in texts.items()}


def _types() -> str:
    parts = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_WORD}.{name}+xml"/>'
        for name in _PARTS
    )
    core = "application/vnd.openxmlformats-package.core-properties+xml"
    relations = "application/vnd.openxmlformats-package.relationships+xml"
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="{relations}"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="png" ContentType="image/png"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_WORD}.document.main+xml"/>'
        f'<Override PartName="/docProps/core.xml" ContentType="{core}"/>{parts}</Types>'
    )


def _root() -> str:
    core = f"{_PACKAGE}/relationships/metadata/core-properties"
    return _listed(
        [
            ("document", f"{_OFFICE}/officeDocument", "word/document.xml", False),
            ("about", core, "docProps/core.xml", False),
        ]
    )


def _relations(pictures: int, links: Sequence[str], parts: Sequence[str] = _PARTS) -> str:
    return _listed(_related(pictures, links, parts))


def _related(
    pictures: int, links: Sequence[str], parts: Sequence[str]
) -> Iterator[tuple[str, str, str, bool]]:
    for name in parts:
        yield name, f"{_OFFICE}/{name}", f"{name}.xml", False
    for at in range(1, pictures + 1):
        yield f"picture{at}", f"{_OFFICE}/image", f"media/picture{at}.png", False
    for at, target in enumerate(links, 1):
        yield f"link{at}", f"{_OFFICE}/hyperlink", target, True


def _listed(
    found: Sequence[tuple[str, str, str, bool]] | Iterator[tuple[str, str, str, bool]],
) -> str:
    lines = "".join(
        f'<Relationship Id="{name}" Type="{kind}" Target="{escape(target)}"'
        f"{' TargetMode=' + chr(34) + 'External' + chr(34) if outside else ''}/>"
        for name, kind, target, outside in found
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{lines}</Relationships>'


def _about(report: Report) -> str:
    names = (
        f'xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    )
    moment = f"{report.date}T00:00:00Z"
    dates = "".join(
        f'<dcterms:{kind} xsi:type="dcterms:W3CDTF">{moment}</dcterms:{kind}>'
        for kind in ("created", "modified")
    )
    return (
        f"{_HEAD}<cp:coreProperties {names}><dc:title>{escape(report.title)}</dc:title>"
        f"<dc:subject>{escape(report.subtitle)}</dc:subject>"
        f"<dc:language>{TAGS.get(report.language, report.language)}</dc:language>"
        f"{dates}</cp:coreProperties>"
    )
