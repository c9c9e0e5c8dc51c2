"""Pages follow routing: what stands on a page never depends on an answer on that page.

So the questionnaire needs no script in the browser, and the same pages serve web and phone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from blikveld.rules import names
from blikveld.study.model import ContactItem, Grid, Item, Part, Question, Study, Text, TextItem


@dataclass(frozen=True)
class Section:
    """The items of one part that stand together on a page."""

    title: Text
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Page:
    """One page, numbered from 1. Everything that may stand here, whoever the respondent is."""

    number: int
    sections: tuple[Section, ...]

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


def questions_of(item: Item) -> tuple[Question, ...]:
    """The questions an item holds: itself, the rows of a grid, or none."""
    match item:
        case Question():
            return (item,)
        case Grid():
            return item.rows
        case _:
            return ()


def pages(study: Study) -> tuple[Page, ...]:
    """Every page of the study, in order.

    A page begins with a part that asks for it, and before the first item whose presence depends
    on an answer on the page so far. Texts just before such an item introduce it and go along.
    """
    runs = tuple(_runs(study))
    return tuple(Page(number, _sections(run)) for number, run in enumerate(runs, 1))


_Placed = tuple[Part, Item]


def _runs(study: Study) -> Iterator[list[_Placed]]:
    run: list[_Placed] = []
    for part in study.parts:
        if part.new_page and run:
            yield run
            run = []
        for item in part.items:
            if names(item.ask_if) & _names_on(run):
                run, introduction = _without_introduction(run, part)
                yield run
                run = introduction
            run.append((part, item))
    if run:
        yield run


def _names_on(run: list[_Placed]) -> frozenset[str]:
    questions = [question for _, item in run for question in questions_of(item)]
    return frozenset(name for q in questions for name in (q.key, *q.other_keys))


def _without_introduction(run: list[_Placed], part: Part) -> tuple[list[_Placed], list[_Placed]]:
    # The run holds at least the question that makes the break, so something always stays.
    cut = len(run)
    while run[cut - 1][0] is part and isinstance(run[cut - 1][1], TextItem):
        cut -= 1
    return run[:cut], run[cut:]


def _sections(run: list[_Placed]) -> tuple[Section, ...]:
    parts = {part.key: part for part, _ in run}
    return tuple(
        Section(part.title, tuple(item for of, item in run if of.key == key))
        for key, part in parts.items()
    )
