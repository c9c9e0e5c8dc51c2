"""Pages follow routing: what stands on a page never depends on an answer on that page.

So the questionnaire needs no script in the browser, and the same pages serve web and phone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from blikveld.study.items import questions_of
from blikveld.study.model import ContactItem, Item, Question, Study, Text
from blikveld.study.page_breaks import Placed, split_into_pages

__all__ = ["Page", "PageSection", "pages", "questions_of"]


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


def pages(study: Study) -> tuple[Page, ...]:
    """Every page of the study, in order.

    A page begins with a part that asks for it, and before the first item whose presence depends
    on an answer on the page so far. Texts just before such an item introduce it and go along.
    """
    runs = enumerate(split_into_pages(study), 1)
    return tuple(Page(number, _sections(run)) for number, run in runs)


def _sections(run: list[Placed]) -> tuple[PageSection, ...]:
    parts = {part.key: part for part, _ in run}
    return tuple(
        PageSection(part.title, tuple(item for of, item in run if of.key == key))
        for key, part in parts.items()
    )
