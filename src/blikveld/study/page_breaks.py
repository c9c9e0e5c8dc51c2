"""Pages, and where they break: what stands on a page never depends on an answer on that page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from blikveld.rules import Rule
from blikveld.rules.nodes import Answered
from blikveld.study.items import is_filtered, piped_names, questions_of, rules_of
from blikveld.study.model import ContactItem, Item, Question, Section, Study, Text, TextItem

Placed: TypeAlias = tuple[Section, Item]
"""An item with the part it belongs to."""


@dataclass(frozen=True)
class PageSection:
    """The items of one part that stand together on a page."""

    title: Text
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Page:
    """One page, numbered from 1. Everything that may stand here, whoever the respondent is."""

    number: int
    sections: tuple[PageSection, ...]

    @property
    def title(self) -> Text:
        """The title of the part that begins the page."""
        return self.sections[0].title

    @property
    def key(self) -> str:
        """The key of its first item: the page keeps it when another is put before it."""
        return self.items[0].key

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """Texts, questions, grids and contact items in order."""
        return tuple(item for section in self.sections for item in section.items)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """The questions of the page, rows of grids included."""
        return tuple(question for item in self.items for question in questions_of(item))

    @cached_property
    def contacts(self) -> tuple[ContactItem, ...]:
        """The offers to be contacted."""
        return tuple(item for item in self.items if isinstance(item, ContactItem))

    @cached_property
    def is_filtered(self) -> bool:
        """Whether some see more than others of an item that both see."""
        return any(is_filtered(item) for item in self.items)

    @cached_property
    def fills_in_answers(self) -> bool:
        """Whether earlier answers stand in its words."""
        return any(piped_names(item) for item in self.items)


def split_into_pages(study: Study) -> Iterator[list[Placed]]:
    """Yield the items of each page in order.

    A page begins with a part that asks for it, and before the first item of which anything hangs
    on an answer on the page so far: itself, a row, an option, a word. Texts just before such an
    item introduce it and go along.
    """
    page: list[Placed] = []
    asked_here = set[str]()
    for part in study.sections:
        if part.new_page and page:
            yield page
            page, asked_here = [], set()
        for item in part.items:
            if not asked_here.isdisjoint(_hangs_on(study, item)):
                page, introduction = _without_introduction(page, part)
                yield page
                page, asked_here = introduction, set()
            page.append((part, item))
            asked_here.update(_names_in(item))
    if page:
        yield page


def page_numbers(study: Study) -> Mapping[str, int]:
    """Return the number of the page on which each question stands, counted from 1."""
    return {
        question.key: number
        for number, page in enumerate(split_into_pages(study), 1)
        for _, item in page
        for question in questions_of(item)
    }


def last_question(study: Study, rule: Rule) -> Question | None:
    """The last question that a rule rests on; None where it rests on none."""
    rests = study.rests_on(rule)
    found = [q for q in study.questions.values() if not rests.isdisjoint(q.answer_keys)]
    return found[-1] if found else None


def _hangs_on(study: Study, item: Item) -> frozenset[str]:
    """What an item hangs on: itself, its rows, its options and what its words fill in."""
    rules = (*rules_of(item), *map(Answered, piped_names(item)))
    return frozenset[str]().union(*map(study.rests_on, rules))


def _names_in(item: Item) -> Iterator[str]:
    for question in questions_of(item):
        yield question.key
        yield from question.other_keys


def _without_introduction(page: list[Placed], part: Section) -> tuple[list[Placed], list[Placed]]:
    # The page holds at least the question that makes the break, so something always stays.
    cut = len(page)
    while page[cut - 1][0] is part and isinstance(page[cut - 1][1], TextItem):
        cut -= 1
    return page[:cut], page[cut:]


def pages(study: Study) -> tuple[Page, ...]:
    """Every page of the study, in order."""
    runs = enumerate(split_into_pages(study), 1)
    return tuple(Page(number, _sections(run)) for number, run in runs)


def _sections(run: list[Placed]) -> tuple[PageSection, ...]:
    parts = {part.key: part for part, _ in run}
    return tuple(
        PageSection(part.title, tuple(item for of, item in run if of.key == key))
        for key, part in parts.items()
    )
