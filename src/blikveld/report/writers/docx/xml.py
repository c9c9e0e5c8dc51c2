"""Elements of WordprocessingML, named as the standard (ISO/IEC 29500) names them."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

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
    """An element such as 'w:p' with its children; text stands in it as it is, spaces included.

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
    """An element whose attributes have no namespace, as those of drawings."""
    return element(name, *children, values=values)


def _full(name: str) -> str:
    prefix, colon, local = name.partition(":")
    return f"{{{_NAMES[prefix]}}}{local}" if colon else name


def file(root: etree._Element) -> bytes:
    """A part of the package as it stands in the file."""
    etree.cleanup_namespaces(root, keep_ns_prefixes=["w", "r"])
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def paragraph(
    runs: Iterable[etree._Element], style: str = "", *more: etree._Element
) -> etree._Element:
    """A paragraph in a style; `more` are further properties."""
    properties = [element("w:pStyle", val=style)] if style else []
    head = [element("w:pPr", *properties, *more)] if style or more else []
    return element("w:p", *head, *runs)


def run(text: str, style: str = "", *more: etree._Element) -> etree._Element:
    """Text in one look; `more` are properties such as bold."""
    properties = [element("w:rStyle", val=style)] if style else []
    head = [element("w:rPr", *properties, *more)] if style or more else []
    return element("w:r", *head, element("w:t", text))


def field(code: str, shown: str) -> list[etree._Element]:
    """A field that the word processor can bring up to date; `shown` is what stands there now."""
    return [
        element("w:r", element("w:fldChar", fldCharType="begin")),
        element("w:r", element("w:instrText", f" {code} ")),
        element("w:r", element("w:fldChar", fldCharType="separate")),
        run(shown),
        element("w:r", element("w:fldChar", fldCharType="end")),
    ]
