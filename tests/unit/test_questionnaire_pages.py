"""Pages follow routing: nothing on a page depends on an answer on that page."""

from __future__ import annotations

from pathlib import Path

import pytest

from blikveld.questionnaire import Page, pages, walk_path
from blikveld.rules import names
from blikveld.study.items import questions_of
from blikveld.study.load import load
from blikveld.study.model import Study

STUDIES = Path(__file__).parents[1] / "studies"


def _keys(found: tuple[Page, ...]) -> list[list[str]]:
    return [[item.key for item in page.items] for page in found]


def test_a_new_page_begins_with_a_part_that_asks_for_it_and_where_a_rule_looks_at_the_page() -> (
    None
):
    assert _keys(pages(load(STUDIES / "routing"))) == [
        ["hello"],
        ["district", "pets"],
        # The text before a question introduces it and goes along.
        ["about_animals", "animals", "age"],
        ["most", "walk", "strange", "opinions", "bridge"],
        ["crossed"],
        ["call", "remarks"],
    ]


def test_a_text_of_other_namely_counts_as_an_answer_on_the_page() -> None:
    found = pages(load(STUDIES / "routing"))
    animals, strange = (
        next(page.number for page in found if key in {q.key for q in page.questions})
        for key in ("animals", "strange")
    )
    assert animals < strange


def test_a_page_knows_its_parts() -> None:
    page = pages(load(STUDIES / "routing"))[3]
    assert [section.title["en"] for section in page.sections] == ["More", "North"]
    assert page.title == page.sections[0].title
    assert [q.key for q in page.questions][-3:] == ["cats_are_fun", "dogs_are_fun", "bridge"]
    assert [contact.key for contact in pages(load(STUDIES / "routing"))[5].contacts] == ["call"]


def test_a_study_of_one_question_has_one_page() -> None:
    assert _keys(pages(load(STUDIES / "first"))) == [["tea"]]


def test_the_shipped_study_has_the_pages_of_its_design(flagship: Study) -> None:
    numbers = [
        list(dict.fromkeys(q.number.partition(".")[0] for q in page.questions))
        for page in pages(flagship)
    ]
    assert numbers == [
        [],
        ["1", "2", "3", "4"],
        ["5", "6", "7", "8", "9"],
        ["10", "11", "12", "13", "14", "15"],
        ["16", "17", "18", "19", "20"],
        ["21", "22", "23", "24", "25"],
        [""],
    ]


def _promise(study: Study) -> None:
    for page in pages(study):
        here = {name for q in page.questions for name in (q.key, *q.other_keys)}
        for item in page.items:
            assert not names(item.ask_if) & here
            assert all(q.ask_if == item.ask_if for q in questions_of(item))


@pytest.mark.parametrize("study", ["first", "routing", "answers", "made", "small"])
def test_nothing_on_a_page_depends_on_an_answer_on_that_page(study: str) -> None:
    _promise(load(STUDIES / study))


def test_nor_in_the_shipped_study(flagship: Study) -> None:
    _promise(flagship)


def test_every_path_of_the_shipped_study(flagship: Study) -> None:
    walks = list(walk_path(flagship))
    assert {tuple(page.number for page in path.pages) for path in walks} == {
        (1, 2, 3, 6, 7),  # no suspicion: from 9 to 25
        (1, 2, 3, 4, 5, 6, 7),
    }
    assert {path.site for path in walks} == {m.key for m in flagship.sites}
    seen = {key for path in walks for key in path.answers}
    assert set(flagship.questions) <= seen
