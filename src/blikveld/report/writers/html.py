"""The report as web pages that need no script and nothing from outside.

Twice: all of it on one page, for print and to keep, and in a folder with a page a chapter. Every
block is written once and stands in both; here is also which blocks stand on which page, and what
leads from one to another.
"""

from __future__ import annotations

import re
import shutil
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from blikveld.atomic_files import whole
from blikveld.report.charts.drawing import FONT
from blikveld.report.model import (
    Block,
    Emphasis,
    FigureBlock,
    FootnoteReference,
    Heading,
    Hyperlink,
    Inline,
    KeyMessage,
    Listing,
    Paragraph,
    Quotation,
    Report,
    TableBlock,
    plain,
)
from blikveld.report.writers import shared
from blikveld.report.writers.shared import build_tree, find_beside

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


def split_chapters(report: Report) -> tuple[Chapter, ...]:
    """Return the chapters of a report; what stands before the first one is its own page."""
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


def find_notes(blocks: Sequence[Block]) -> frozenset[int]:
    """Return the numbers of the footnotes that blocks call."""
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
        case KeyMessage(_, title, parts):
            yield from _marks((*title, *parts))


def _marks(parts: Sequence[Inline]) -> Iterator[int]:
    for part in parts:
        match part:
            case FootnoteReference(note):
                yield note
            case Emphasis(inner) | Hyperlink(inner):
                yield from _marks(inner)


def link_elsewhere(text: Markup, chapter: Chapter, where: Mapping[str, str]) -> Markup:
    """Return a block whose links to other chapters name their page."""

    def there(link: re.Match[str]) -> str:
        anchor = link[1]
        if anchor.startswith(_OWN) or anchor in chapter.anchors or anchor not in where:
            return link[0]
        return f'href="{where[anchor]}#{anchor}"'

    return Markup(_INSIDE.sub(there, text))  # noqa: S704 (only a link in it changed)


def stand_beside(texts: Sequence[Markup], blocks: Sequence[Block]) -> list[Markup]:
    """Return blocks with those that stand in rows, such as key figures, in one element."""
    made: list[Markup] = []
    for kind, run in groupby(zip(texts, blocks, strict=True), lambda p: find_beside(p[1])):
        found = [text for text, _ in run]
        if kind is not None:
            begin = Markup('<div class="{}">').format(kind.name.casefold())
            found = [begin + Markup("\n").join(found) + Markup("</div>")]
        made.extend(found)
    return made


def link_files(text: Markup, block: Block, words: Mapping[str, str]) -> Markup:
    """Return a figure with links to its numbers and its picture under it; others as they are."""
    if not isinstance(block, FigureBlock):
        return text
    links = Markup(" ").join(
        Markup('<a href="{}" aria-label="{}" download>{}</a>').format(
            f"{block.anchor}.{kind}", f"{words[message]}: {block.label}", words[message]
        )
        for kind, message in (("csv", "figure_csv"), ("svg", "figure_svg"))
    )
    under = Markup('<p class="files">{}</p></figure>').format(links)
    return text.strip().removesuffix("</figure>") + under


_TEMPLATES = Path(__file__).parent / "templates"


def _environment() -> Environment:
    loader = FileSystemLoader(_TEMPLATES)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined)


def write(report: Report, path: Path) -> None:
    """Write the report as one page, and beside it the folder with a page a chapter.

    `report-nl.html` comes with `report-nl/index.html`. The same report gives the same bytes.
    """
    pages = _Pages(report)
    with whole(path) as half:
        half.write_text(pages.whole, encoding="utf-8")
    folder = path.with_suffix("")
    apart = path.with_suffix(".part")
    shutil.rmtree(apart, ignore_errors=True)
    apart.mkdir()
    for name, text in pages.folder(path.name).items():
        (apart / name).write_text(text, encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    apart.replace(folder)


def write_offer(reports: Sequence[Report], path: Path) -> None:
    """Write a page that leads to every file of the reports that stands beside it."""
    offers = [(report, list(_offered(report, path.parent))) for report in reports]
    text = (
        _environment()
        .get_template("offer.html.j2")
        .render(offers=offers, first=reports[0], style=_style())
    )
    with whole(path) as half:
        half.write_text(text + "\n", encoding="utf-8")


def _offered(report: Report, folder: Path) -> Iterator[tuple[str, str, str]]:
    """Each file that there is, what it is, and how large: in the order in which people ask."""
    for message, name in _OFFERED.items():
        file = name.format(report.language)
        if (folder / file).exists():
            size = f"{max(1, (folder / file).stat().st_size // 1000)} kB"
            yield file, report.words[message], "" if "/" in name else size


_OFFERED: Mapping[str, str] = {
    "offer_pdf": "report-{}.pdf",
    "offer_site": "report-{}/index.html",
    "offer_html": "report-{}.html",
    "offer_docx": "report-{}.docx",
    "offer_pptx": "slides-{}.pptx",
    "offer_xlsx": "tables-{}.xlsx",
    "offer_csv": "tables-{}.csv",
    "offer_metadata": "tables-{}.csv-metadata.json",
}


def page(report: Report) -> str:
    """Return the report as one HTML page."""
    return _Pages(report).whole


class _Pages:
    """Every page of a report; blocks are written once."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._environment = _environment()
        self._made = build_tree(report)
        said = {"say": report.words, "plain": plain}
        self._parts: Any = self._environment.get_template("parts.html.j2").make_module(said)

    @cached_property
    def _blocks(self) -> list[Markup]:
        pairs = zip(self._made["blocks"], _names(self._report), strict=True)
        return [Markup(str(self._parts.block(block, name))) for block, name in pairs]  # noqa: S704 (the template escaped it)

    @property
    def whole(self) -> str:
        """All of it on one page."""
        report = self._report
        return self._render(
            "report.html.j2",
            blocks=stand_beside(self._blocks, report.blocks),
            notes=self._made["notes"],
            headings=report.headings,
            figures=report.figures,
            tables=report.tables,
            style=_style(),
        )

    def folder(self, whole: str) -> dict[str, str]:
        """Return the files with a page a chapter, by name. `whole` is the file with all of it."""
        report, found = self._report, split_chapters(self._report)
        where = {anchor: chapter.file for chapter in found for anchor in chapter.anchors}
        common = {"chapters": found, "whole": whole, "where": where}
        made = {
            "report.css": _style(),
            "index.html": self._render(
                "chapter.html.j2",
                name=report.title,
                here="",
                figures=report.figures,
                tables=report.tables,
                **common,
            ),
        }
        for at, chapter in enumerate(found):
            made[chapter.file] = self._chapter(chapter, found, at, common)
        made |= {f"{figure.anchor}.csv": shared.figure_csv(figure) for figure in report.figures}
        return made | {f"{figure.anchor}.svg": figure.wide + "\n" for figure in report.figures}

    def _chapter(
        self, chapter: Chapter, found: tuple[Chapter, ...], at: int, common: dict[str, Any]
    ) -> str:
        blocks, words = self._report.blocks[chapter.blocks], self._report.words
        written = [
            link_elsewhere(link_files(text, block, words), chapter, common["where"])
            for text, block in zip(self._blocks[chapter.blocks], blocks, strict=True)
        ]
        called = find_notes(blocks)
        return self._render(
            "chapter.html.j2",
            name=chapter.name,
            here=chapter.file,
            blocks=stand_beside(written, blocks),
            notes=[note for note in self._made["notes"] if note["number"] in called],
            before=found[at - 1] if at else None,
            after=found[at + 1] if at + 1 < len(found) else None,
            **common,
        )

    def _render(self, template: str, **values: Any) -> str:
        return self._environment.get_template(template).render(
            report=self._report,
            say=self._report.words,
            parts=self._parts,
            plain=plain,
            cover=self._report.cover,
            version_line=self._report.version_line,
            snapshot_line=self._report.snapshot_line,
            **values,
        )


def _names(report: Report) -> list[str]:
    """For each block the heading above it, to name a table that has no caption of its own.

    The second table under a heading is 'heading (2)': no two regions of a page share a name.
    """
    names, name, used = [], "", Counter[str]()
    for block in report.blocks:
        if isinstance(block, Heading):
            name = plain(block.parts)
        if isinstance(block, TableBlock) and not block.label:
            used[name] += 1
        names.append(f"{name} ({used[name]})" if used[name] > 1 else name)
    return names


def _style() -> str:
    sheet = (_TEMPLATES / "report.css").read_text(encoding="utf-8")
    return "".join(_face(weight, name) for weight, name in shared.SCREEN.items()) + sheet


def _face(weight: int, name: str) -> str:
    font = b64encode((shared.find_fonts() / name).read_bytes()).decode("ascii")
    source = f"url(data:font/woff2;base64,{font}) format('woff2')"
    return f"@font-face{{font-family:'{FONT}';font-weight:{weight};src:{source}}}\n"
