"""The parts of a DOCX file and how they refer to each other, zipped without a clock.

Here are also the elements of WordprocessingML, named as the standard (ISO/IEC 29500) names them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from pathlib import Path

from lxml import etree

from blikveld.atomic_files import write_zip
from blikveld.report.model import Report

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
PLACED = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
PICTURE = "http://schemas.openxmlformats.org/drawingml/2006/picture"
_NAMES = {"w": MAIN, "r": LINKS, "a": DRAWING, "wp": PLACED, "pic": PICTURE}
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def element(
    name: str,
    /,
    *children: etree._Element | str,
    values: dict[str, str] | None = None,
    **plain: str,
) -> etree._Element:
    """Return an element such as 'w:p' with its children; text stands in it as it is, spaces
    included.

    Attributes of the element's own namespace are given by name; `values` holds others by their
    full name, such as 'r:id', or names without a namespace.
    """
    prefix = name.partition(":")[0]
    made = etree.Element(_full(name), nsmap=_NAMES)
    for key, value in plain.items():
        made.set(_full(f"{prefix}:{key.rstrip('_')}"), value)
    for key, value in (values or {}).items():
        made.set(_full(key), value)
    for child in children:
        if isinstance(child, str):
            made.text = child
            made.set(_SPACE, "preserve")
        else:
            made.append(child)
    return made


def bare(name: str, /, *children: etree._Element, **values: str) -> etree._Element:
    """Return an element whose attributes have no namespace, as those of drawings."""
    return element(name, *children, values=values)


def _full(name: str) -> str:
    prefix, colon, local = name.partition(":")
    return f"{{{_NAMES[prefix]}}}{local}" if colon else name


def write_part(root: etree._Element) -> bytes:
    """Return a part of the package as it stands in the file."""
    etree.cleanup_namespaces(root, keep_ns_prefixes=["w", "r"])
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def paragraph(
    runs: Iterable[etree._Element], style: str = "", *more: etree._Element
) -> etree._Element:
    """Return a paragraph in a style; `more` are further properties."""
    properties = [element("w:pStyle", val=style)] if style else []
    head = [element("w:pPr", *properties, *more)] if style or more else []
    return element("w:p", *head, *runs)


def run(text: str, style: str = "", *more: etree._Element) -> etree._Element:
    """Text in one look; `more` are properties such as bold."""
    properties = [element("w:rStyle", val=style)] if style else []
    head = [element("w:rPr", *properties, *more)] if style or more else []
    return element("w:r", *head, element("w:t", text))


def field(code: str, shown: str) -> list[etree._Element]:
    """Return a field that the word processor can bring up to date; `shown` is what stands there
    now.
    """
    return [
        element("w:r", element("w:fldChar", fldCharType="begin")),
        element("w:r", element("w:instrText", f" {code} ")),
        element("w:r", element("w:fldChar", fldCharType="separate")),
        run(shown),
        element("w:r", element("w:fldChar", fldCharType="end")),
    ]


TAGS = {"nl": "nl-NL", "en": "en-GB"}
_TEMPLATES = Path(__file__).parents[1] / "templates" / "docx"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_FORMATS = "http://schemas.openxmlformats.org"
_OFFICE = f"{_FORMATS}/officeDocument/2006/relationships"
_PACKAGE = f"{_FORMATS}/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PARTS = ("styles", "numbering", "settings", "footnotes", "footer")


def save_package(
    path: Path,
    report: Report,
    document: bytes,
    notes: bytes,
    pictures: Sequence[bytes],
    links: Sequence[str],
) -> None:
    """Write the file; equal parts make equal files."""
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
    write_zip(path, named.items())


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
