"""The report as web pages that need no script and nothing from outside.

Twice: all of it on one page, for print and to keep, and in a folder with a page a chapter. Every
block is written once and stands in both.
"""

from __future__ import annotations

import shutil
from base64 import b64encode
from collections import Counter
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from blikveld.atomic_files import whole
from blikveld.report.charts.vega import FONT
from blikveld.report.model import Heading, Report, TableBlock, plain
from blikveld.report.text.chapters import Chapter, chapters, elsewhere, notes_of, specified
from blikveld.report.writers import typefaces
from blikveld.report.writers.tree import tree

_TEMPLATES = Path(__file__).parent / "templates"


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


def page(report: Report) -> str:
    """The report as one HTML page."""
    return _Pages(report).whole


class _Pages:
    """Every page of a report; blocks are written once."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._environment = Environment(
            loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined
        )
        self._made = tree(report)
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
            blocks=self._blocks,
            notes=self._made["notes"],
            headings=report.headings,
            figures=report.figures,
            tables=report.tables,
            style=_style(),
        )

    def folder(self, whole: str) -> dict[str, str]:
        """The files with a page a chapter, by name. `whole` is the file with all of it."""
        report, found = self._report, chapters(self._report)
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
        return made | {f"{f.anchor}.vl.json": f.specification + "\n" for f in report.figures}

    def _chapter(
        self, chapter: Chapter, found: tuple[Chapter, ...], at: int, common: dict[str, Any]
    ) -> str:
        blocks, label = self._report.blocks[chapter.blocks], self._report.words["specification"]
        written = [
            elsewhere(specified(text, block, label), chapter, common["where"])
            for text, block in zip(self._blocks[chapter.blocks], blocks, strict=True)
        ]
        called = notes_of(blocks)
        return self._render(
            "chapter.html.j2",
            name=chapter.name,
            here=chapter.file,
            blocks=written,
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
            version_line=self._made["version_line"],
            snapshot_line=self._made["snapshot_line"],
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
    return "".join(_face(weight, name) for weight, name in typefaces.SCREEN.items()) + sheet


def _face(weight: int, name: str) -> str:
    font = b64encode((typefaces.complete() / name).read_bytes()).decode("ascii")
    source = f"url(data:font/woff2;base64,{font}) format('woff2')"
    return f"@font-face{{font-family:'{FONT}';font-weight:{weight};src:{source}}}\n"
