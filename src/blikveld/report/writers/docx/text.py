"""Running text: paragraphs, lists, headings, and the notes that stand at the foot of the page."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from blikveld.report.model import (
    Emphasis,
    Footnote,
    FootnoteReference,
    Heading,
    Hyperlink,
    Inlines,
    Listing,
    Number,
    Paragraph,
    Quotation,
    Spoken,
    TextRun,
)
from blikveld.report.writers.docx.xml import element, paragraph, run

BULLETS, NUMBERS = "1", "2"
TAGS = {"nl": "nl-NL", "en": "en-GB"}


class DocxParts:
    """What the text refers to in other parts of the file: bookmarks, links outside, lists."""

    def __init__(self) -> None:
        self.links: list[str] = []
        self._marks = 0

    def link(self, target: str) -> str:
        """The id of a link to outside."""
        if target not in self.links:
            self.links.append(target)
        return f"link{self.links.index(target) + 1}"

    def bookmark(self, anchor: str) -> tuple[etree._Element, etree._Element]:
        """Where a link inside the document leads: its begin and end."""
        self._marks += 1
        number = str(self._marks)
        begin = element("w:bookmarkStart", id=number, name=bookmark_name(anchor))
        return begin, element("w:bookmarkEnd", id=number)


def bookmark_name(anchor: str) -> str:
    """A name that the format allows: forty letters, digits and underscores, a letter first."""
    text = "b_" + anchor.replace("-", "_")
    if len(text) <= 40:
        return text
    # A name that is cut could be another's; the sum of its letters tells them apart.
    return f"{text[:31]}_{sum(ord(sign) * at for at, sign in enumerate(text, 1)):08d}"


def runs(parts: Inlines, package: DocxParts, *looks: etree._Element) -> Iterator[etree._Element]:
    """Inlines in the looks of what they stand in."""
    for part in parts:
        match part:
            case TextRun(text) | Number(text):
                yield run(text, "", *map(_copy, looks))
            case FootnoteReference(note):
                mark = element("w:footnoteReference", id=str(note))
                style = element("w:rPr", element("w:rStyle", val="FootnoteReference"))
                yield element("w:r", style, mark)
            case Emphasis(inside, strong):
                look = element("w:b") if strong else element("w:i")
                yield from runs(inside, package, *looks, look)
            case Hyperlink(inside, target):
                yield _link(inside, target, package)


def _copy(node: etree._Element) -> etree._Element:
    return etree.fromstring(etree.tostring(node))


def _link(inside: Inlines, target: str, package: DocxParts) -> etree._Element:
    style = element("w:rStyle", val="Hyperlink")
    content = list(runs(inside, package, style))
    if target.startswith("#"):
        return element("w:hyperlink", *content, anchor=bookmark_name(target[1:]))
    return element("w:hyperlink", *content, values={"r:id": package.link(target)})


def heading(found: Heading, package: DocxParts, *, fresh: bool = False) -> etree._Element:
    """A heading in the style of its level, with a bookmark to link to; `fresh` begins a page."""
    begin, end = package.bookmark(found.anchor)
    number = [run(f"{found.number} ")] if found.number else []
    content = [begin, *number, *runs(found.parts, package), end]
    more = [element("w:pageBreakBefore")] if fresh else []
    return paragraph(content, f"Heading{found.level}", *more)


def text(
    block: Paragraph | Listing | Quotation | Spoken, package: DocxParts
) -> Iterator[etree._Element]:
    """Running text as paragraphs."""
    match block:
        case Paragraph(parts, aside):
            yield paragraph(runs(parts, package), "Aside" if aside else "BodyText")
        case Quotation(blocks):
            for inside in blocks:
                if isinstance(inside, Paragraph):
                    yield paragraph(runs(inside.parts, package), "Quote")
        case Spoken(words, language, by):
            tongue = [element("w:lang", val=TAGS.get(language, language))] if language else []
            yield paragraph([run(f"“{words}”", "", *tongue), run(f" {by}")], "Quote")
        case Listing():
            yield from _listing(block, package, 0)


def _listing(block: Listing, package: DocxParts, depth: int) -> Iterator[etree._Element]:
    style = "ListNumber" if block.ordered else "ListBullet"
    for item in block.items:
        for inside in item:
            if isinstance(inside, Paragraph):
                level = element(
                    "w:numPr",
                    element("w:ilvl", val=str(depth)),
                    element("w:numId", val=NUMBERS if block.ordered else BULLETS),
                )
                yield paragraph(runs(inside.parts, package), style, level)
            elif isinstance(inside, Listing):
                yield from _listing(inside, package, depth + 1)


def footnotes(notes: tuple[Footnote, ...], package: DocxParts) -> etree._Element:
    """The part that holds all notes; the first two draw the line above them."""
    kinds = (("-1", "separator"), ("0", "continuationSeparator"))
    lines = [
        element("w:footnote", paragraph([element("w:r", element(f"w:{kind}"))]), id=at, type=kind)
        for at, kind in kinds
    ]
    return element("w:footnotes", *lines, *(_note(note, package) for note in notes))


def _note(note: Footnote, package: DocxParts) -> etree._Element:
    style = element("w:rPr", element("w:rStyle", val="FootnoteReference"))
    sign = element("w:r", style, element("w:footnoteRef"))
    content = [sign, run(" "), *runs(note.parts, package)]
    return element("w:footnote", paragraph(content, "FootnoteText"), id=str(note.number))
