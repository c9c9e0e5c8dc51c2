"""Where pages break: what stands on a page never depends on an answer on that page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from blikveld.study.items import questions_of
from blikveld.study.model import Item, Section, Study, TextItem

Placed: TypeAlias = tuple[Section, Item]
"""An item with the part it belongs to."""


def split_into_pages(study: Study) -> Iterator[list[Placed]]:
    """Yield the items of each page in order.

    A page begins with a part that asks for it, and before the first item whose presence depends
    on an answer on the page so far. Texts just before such an item introduce it and go along.
    """
    page: list[Placed] = []
    asked_here = set[str]()
    for part in study.sections:
        if part.new_page and page:
            yield page
            page, asked_here = [], set()
        for item in part.items:
            if not asked_here.isdisjoint(study.rests_on(item.ask_if)):
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
