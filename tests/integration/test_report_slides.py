"""The slides of the shipped report: what a room sees, and what a screen reader is told of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from lxml import etree
from pptx import Presentation
from pptx.presentation import Presentation as PresentationFile
from pptx.slide import Slide
from pptx.util import Pt

LANGUAGES = {"nl": "nl-NL", "en": "en-GB"}


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def slides(published: Path, language: str) -> PresentationFile:
    return Presentation(str(published / f"slides-{language}.pptx"))


def words(slide: Slide) -> Iterator[str]:
    return (shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def test_every_slide_has_a_title_of_its_own(slides: PresentationFile) -> None:
    titles = [slide.shapes.title.text_frame.text for slide in slides.slides]
    assert len(titles) >= 12
    assert all(title.strip() for title in titles)
    assert len(set(titles)) == len(titles)


def test_the_messages_charts_and_key_figures_of_the_summary_are_there(
    slides: PresentationFile, published: Path, language: str
) -> None:
    page = (published / f"report-{language}.html").read_text(encoding="utf-8")
    shown = " ".join(text for slide in slides.slides for text in words(slide))
    values = re.findall(r'<p class="value">([^<]+)', page)
    assert len(values) >= 20
    assert [value for value in values if value not in shown] == []
    pictures = [s for slide in slides.slides for s in slide.shapes if s.shape_type == 13]
    assert len(pictures) == 3


def test_every_picture_says_what_it_shows_also_in_the_notes(slides: PresentationFile) -> None:
    for slide in slides.slides:
        for shape in slide.shapes:
            if shape.shape_type == 13:
                (told,) = shape._element.xpath(".//p:cNvPr/@descr")
                assert len(told) > 60
                assert told in slide.notes_slide.notes_text_frame.text


def test_no_letter_is_smaller_than_a_room_can_read(slides: PresentationFile) -> None:
    sizes = [
        run.font.size
        for slide in slides.slides
        for shape in slide.shapes
        if shape.has_text_frame
        for line in shape.text_frame.paragraphs
        for run in line.runs
    ]
    assert min(sizes) >= Pt(11)


def test_nothing_leaves_the_sheet_and_no_box_stands_on_another(slides: PresentationFile) -> None:
    for slide in slides.slides:
        boxes = [(s.left, s.top, s.left + s.width, s.top + s.height) for s in slide.shapes]
        for left, top, right, bottom in boxes:
            assert left >= 0
            assert top >= 0
            assert right <= slides.slide_width
            assert bottom <= slides.slide_height
        for at, one in enumerate(boxes):
            for other in boxes[at + 1 :]:
                across = min(one[2], other[2]) - max(one[0], other[0])
                down = min(one[3], other[3]) - max(one[1], other[1])
                assert across <= 0 or down <= 0, (slide.shapes.title.text_frame.text, one, other)


def test_the_words_are_said_to_be_in_the_language_of_the_report(
    published: Path, language: str
) -> None:
    with ZipFile(published / f"slides-{language}.pptx") as file:
        names = [name for name in file.namelist() if re.match(r"ppt/slides/slide\d+\.xml", name)]
        parts = [etree.fromstring(file.read(name)) for name in names]
    told = {run.get("lang") for part in parts for run in part.iter("{*}rPr")}
    assert told == {LANGUAGES[language]}


def test_its_numbers_say_that_they_are_not_of_people(slides: PresentationFile) -> None:
    first = " ".join(words(slides.slides[0]))
    assert "nagemaakte respondenten" in first or "reconstructed respondents" in first
