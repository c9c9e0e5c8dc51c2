"""The first pages of a report: cover, messages, key figures, and parts made only when asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from lxml import etree
from markupsafe import Markup

from blikveld.disclosure import Policy, SafeCell, release_tables
from blikveld.errors import BlikveldError
from blikveld.report import printed
from blikveld.report.charts import cover
from blikveld.report.charts.data import Bar, find_largest
from blikveld.report.claims.facts import Facts, FalseClaim
from blikveld.report.model import (
    Block,
    Emphasis,
    Inlines,
    KeyFigure,
    KeyMessage,
    Listing,
    Number,
    Paragraph,
    Quotation,
    TextRun,
)
from blikveld.report.text import files
from blikveld.report.text.files import BadSettings, find_words
from blikveld.report.text.parse import Numbering, blocks
from blikveld.report.writers import html
from blikveld.results.cell import Cell, CellRequest, CellSource
from blikveld.rules import EVERYBODY, parse
from blikveld.study.model import Study

TITLE = Emphasis((TextRun("Half saw it"),), strong=True)


def words(key: str, **values: str) -> str:
    return find_words("en")[key].format(**values)


FACTS = cast(Facts, SimpleNamespace(language="en", say=words))


def cell_of(count: int, base: int = 100) -> SafeCell:
    """A cleared cell of made-up respondents."""
    ask = CellRequest(EVERYBODY, EVERYBODY)
    source = CellSource("made_up", "1", "0" * 64)
    cell = Cell(count, base, EVERYBODY, parse("job == 'nurse'"), source)
    return release_tables([], {ask: cell}, Policy(2)).cells[ask]


class Plain:
    """A text without calls."""

    def inline(self, marks: Sequence[str | int]) -> Inlines:
        return tuple(TextRun(str(mark)) for mark in marks)

    def blocks(self, call: int) -> Sequence[Block]:
        return ()

    def is_block(self, call: int) -> bool:
        return False


def read(markdown: str) -> tuple[Block, ...]:
    return blocks(markdown, Plain(), Numbering())


def test_a_paragraph_that_opens_a_chapter_is_told_from_others() -> None:
    assert read("Who is it? {lead}\n\nMany.") == (
        Paragraph((TextRun("Who is it?"),), lead=True),
        Paragraph((TextRun("Many."),)),
    )


def test_a_box_holds_its_title_and_a_list() -> None:
    (box,) = read("> **Advice**\n>\n> - One.\n> - Two.")
    assert isinstance(box, Quotation)
    assert box.aside
    assert isinstance(box.blocks[1], Listing)
    (quoted,) = read("> Said by somebody.\n>\n> And more.")
    assert isinstance(quoted, Quotation)
    assert not quoted.aside


def test_a_message_has_its_title_apart() -> None:
    found = printed.message((TITLE, TextRun(" In two years.")), "1")
    assert found == KeyMessage("1", (TextRun("Half saw it"),), (TextRun("In two years."),))


def test_a_message_without_a_title_is_refused() -> None:
    with pytest.raises(FalseClaim, match="no title"):
        printed.message((TextRun("In two years."),), "1")


def test_a_key_figure_says_how_many_of_how_many_by_itself() -> None:
    found = printed.key_figure(FACTS, Number("48%"), cell_of(393, 821), (TextRun("saw drugs"),))
    assert found == KeyFigure(
        Number("48%"), 393 / 821, (TextRun("saw drugs"),), (TextRun("393 of 821"),)
    )


def test_what_stands_behind_a_bar_stands_small_under_a_key_figure() -> None:
    found = printed.key_figure(FACTS, Number("13"), None, (TextRun("towns | from A to M"),))
    assert found == KeyFigure(Number("13"), None, (TextRun("towns"),), (TextRun("from A to M"),))
    about = (TextRun("jobs in "), Number("five"), TextRun(" fields | of work"))
    split = printed.key_figure(FACTS, Number("28"), None, about)
    assert split.parts == (*about[:2], TextRun(" fields"))


def test_a_highlight_is_the_largest_with_ties_and_never_what_a_range_could_pass() -> None:
    def bar(name: str, count: int, *, beside: bool = False) -> Bar:
        return Bar(name, "", cell_of(count), f"{count}%", beside)

    largest, tie, small = bar("a", 40), bar("b", 40), bar("c", 10)
    assert find_largest([small, largest]) == (largest,)
    assert find_largest([largest, tie, small]) == (largest, tie)
    assert find_largest([small, bar("dont_know", 80, beside=True)]) == (small,)
    ranged = cast(Bar, SimpleNamespace(ends=(0.1, 0.41), share=None, beside=False))
    assert find_largest([largest, ranged]) == ()
    low = cast(Bar, SimpleNamespace(ends=(0.1, 0.3), share=None, beside=False))
    assert find_largest([largest, low]) == (largest,)


@pytest.mark.parametrize("sizes", [(577, 400, 434, 155, 71), (5,), (300,) * 12])
def test_every_person_is_a_dot_on_the_cover_and_none_lies_outside(sizes: tuple[int, ...]) -> None:
    found = [Bar(f"Group {n} (n={n})", "", cell_of(n // 2, n), "50%") for n in sizes]
    drawing = etree.fromstring(cover.draw_discs(found, FACTS))
    width, height = (float(drawing.get(name)[:-2]) for name in ("width", "height"))
    dots = [e for e in drawing.iter() if str(e.tag).endswith("circle")]
    assert len(dots) == sum(sizes)
    assert sum(d.get("fill") == cover._HOT for d in dots) == sum(n // 2 for n in sizes)
    for dot in dots:
        assert 0 <= float(dot.get("cx")) <= width
        assert 0 <= float(dot.get("cy")) <= height
    said = [e.text for e in drawing.iter() if str(e.tag).endswith("text")]
    assert {f"{n // 2} of {n}" for n in sizes} <= set(said)


def settings(folder: Path, yaml: str) -> Any:
    (folder / "report").mkdir(exist_ok=True)
    (folder / "report" / "report.yaml").write_text(yaml, encoding="utf-8")
    study = SimpleNamespace(folder=folder, languages=("nl", "en"), report_parts=())
    return files.read_settings(cast(Study, study))


COVER = """
cover:
  authors: {nl: "Instituut", en: "Institute"}
  publisher: {nl: "Uitgever", en: "Publisher"}
  date: {nl: "2026", en: "2026"}
"""


def test_a_cover_names_who_made_the_report(tmp_path: Path) -> None:
    assert settings(tmp_path, COVER).cover["authors"] == {"nl": "Instituut", "en": "Institute"}


@pytest.mark.parametrize(
    "fault",
    [
        COVER.replace('en: "Publisher"', 'en: " "'),
        re.sub("  date.*\n", "", COVER),
        COVER + "  dots: {by: domain}\n",
        COVER + "  printer: {nl: a, en: b}\n",
    ],
)
def test_a_cover_that_leaves_something_out_is_refused(tmp_path: Path, fault: str) -> None:
    with pytest.raises(BadSettings):
        settings(tmp_path, fault)


def texts(folder: Path, *parts: str) -> tuple[str, ...]:
    study = SimpleNamespace(folder=folder, languages=("en",), report_parts=parts)
    return tuple(path.name for path in files.find_files(cast(Study, study), "en"))


def test_a_part_is_left_out_unless_it_is_asked_for_by_name(tmp_path: Path) -> None:
    for name in ("report/en/10-a.md", "report/en/30-c.md", "report/on_request/towns/en/20-b.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("# A\n", encoding="utf-8")
    assert texts(tmp_path) == ("10-a.md", "30-c.md")
    assert texts(tmp_path, "towns") == ("10-a.md", "20-b.md", "30-c.md")
    with pytest.raises(BlikveldError, match="towns") as refused:
        texts(tmp_path, "../en")
    assert refused.value.code == "report-part"


def test_what_stands_in_rows_stands_in_one_element() -> None:
    key, message = KeyFigure(Number("1"), None, (), ()), KeyMessage("1", (), ())
    found: list[Block] = [key, key, Paragraph(()), message]
    texts = [Markup("k"), Markup("k"), Markup("p"), Markup("m")]
    assert html.stand_beside(texts, found) == [
        '<div class="keys">k\nk</div>',
        "p",
        '<div class="halves">m</div>',
    ]
