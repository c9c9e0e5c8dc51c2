"""A report in chapters: which blocks stand on which page, and what leads from one to another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from blikveld.report.model import (
    Block,
    Emphasis,
    FigureBlock,
    FootnoteReference,
    Heading,
    Hyperlink,
    Inline,
    Listing,
    Paragraph,
    Quotation,
    Report,
    TableBlock,
    plain,
)

_INSIDE = re.compile(r'href="#([^"]+)"')
_OWN = ("noot-", "bij-")


@dataclass(frozen=True, slots=True)
class Chapter:
    """A page of the report: its file, what it is called, and which blocks of the report it holds.

    `sections` are its headings of the second level, `anchors` everything in it one can link to.
    """

    file: str
    name: str
    blocks: slice
    sections: tuple[Heading, ...]
    anchors: frozenset[str]


def chapters(report: Report) -> tuple[Chapter, ...]:
    """The chapters of a report; what stands before the first one is its own page."""
    starts = [at for at, block in enumerate(report.blocks) if _begins(block)]
    if report.blocks and (not starts or starts[0]):
        starts.insert(0, 0)
    ends = [*starts[1:], len(report.blocks)]
    return tuple(
        _chapter(report, number, slice(start, end))
        for number, (start, end) in enumerate(zip(starts, ends, strict=True), start=1)
    )


def _begins(block: Block) -> bool:
    return isinstance(block, Heading) and block.level == 1


def _chapter(report: Report, number: int, kept: slice) -> Chapter:
    blocks = report.blocks[kept]
    first, name, anchor = blocks[0], report.title, "begin"
    if isinstance(first, Heading) and _begins(first):
        name, anchor = f"{first.number} {plain(first.parts)}".strip(), first.anchor
    sections = tuple(b for b in blocks if isinstance(b, Heading) and b.level == 2)
    found = (b.anchor for b in blocks if isinstance(b, Heading | TableBlock | FigureBlock))
    return Chapter(f"{number:02}-{anchor}.html", name, kept, sections, frozenset(found))


def notes_of(blocks: Sequence[Block]) -> frozenset[int]:
    """The numbers of the footnotes that blocks call."""
    return frozenset(note for block in blocks for note in _called(block))


def _called(block: Block) -> Iterator[int]:
    match block:
        case Heading() | Paragraph():
            yield from _marks(block.parts)
        case FigureBlock() | TableBlock():
            yield from _marks(block.title)
        case Listing(items):
            yield from (note for item in items for inner in item for note in _called(inner))
        case Quotation(blocks):
            yield from (note for inner in blocks for note in _called(inner))


def _marks(parts: Sequence[Inline]) -> Iterator[int]:
    for part in parts:
        match part:
            case FootnoteReference(note):
                yield note
            case Emphasis(inner) | Hyperlink(inner):
                yield from _marks(inner)


def elsewhere(text: Markup, chapter: Chapter, where: Mapping[str, str]) -> Markup:
    """A block whose links to other chapters name their page."""

    def there(link: re.Match[str]) -> str:
        anchor = link[1]
        if anchor.startswith(_OWN) or anchor in chapter.anchors or anchor not in where:
            return link[0]
        return f'href="{where[anchor]}#{anchor}"'

    return Markup(_INSIDE.sub(there, text))  # noqa: S704 (only a link in it changed)


def specified(text: Markup, block: Block, label: str) -> Markup:
    """A figure with a link to its specification under it; other blocks as they are."""
    if not isinstance(block, FigureBlock):
        return text
    link = Markup('<p class="specification"><a href="{}" aria-label="{}">{}</a></p>').format(
        f"{block.anchor}.vl.json", f"{label}: {block.label}", label
    )
    return text.strip().removesuffix("</figure>") + link + Markup("</figure>")
