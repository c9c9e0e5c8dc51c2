"""What stands on a page whoever is asked: words, names and ids, made once and kept.

A template adds to a frame only what differs between respondents: what is shown, what was filled
in, and what is wrong.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from markupsafe import Markup, escape

from blikveld.fieldwork.counters import Link
from blikveld.fieldwork.sessions import introduces
from blikveld.questionnaire import Page, Routing
from blikveld.questionnaire.answers import (
    LONGEST_ADDRESS,
    LONGEST_OPEN,
    LONGEST_OTHER,
    contact_field,
)
from blikveld.study.model import (
    ContactItem,
    Grid,
    Item,
    Kind,
    Mode,
    Municipality,
    Option,
    Question,
    Study,
    Text,
    TextItem,
    other_key,
)


@dataclass(frozen=True, slots=True)
class OtherFrame:
    """The box of 'other, namely'."""

    name: str
    id: str
    label: Markup
    longest: int = LONGEST_OTHER


@dataclass(frozen=True, slots=True)
class OptionFrame:
    """One answer to choose."""

    code: str
    id: str
    label: Markup
    other: OtherFrame | None = None


@dataclass(frozen=True, slots=True)
class QuestionFrame:
    """A question; `input` is the kind of form field: radio, checkbox or text."""

    what = "question"
    key: str
    number: str
    input: str
    text: tuple[Markup, ...]
    help: tuple[Markup, ...]
    short: Markup
    required: bool
    options: tuple[OptionFrame, ...] = ()
    longest: int = LONGEST_OPEN

    @property
    def fields(self) -> tuple[QuestionFrame, ...]:
        """What can be filled in here."""
        return (self,)

    @property
    def first(self) -> str:
        """The id of the field that a message leads to."""
        return self.options[0].id if self.options else f"q-{self.key}"


@dataclass(frozen=True, slots=True)
class GridFrame:
    """Statements with one scale, each a question of its own."""

    what = "grid"
    key: str
    number: str
    text: tuple[Markup, ...]
    help: tuple[Markup, ...]
    rows: tuple[QuestionFrame, ...]

    @property
    def fields(self) -> tuple[QuestionFrame, ...]:
        """What can be filled in here."""
        return self.rows


@dataclass(frozen=True, slots=True)
class TextFrame:
    """Words between questions."""

    what = "text"
    key: str
    text: tuple[Markup, ...]

    @property
    def fields(self) -> tuple[QuestionFrame, ...]:
        """Nothing can be filled in here."""
        return ()


@dataclass(frozen=True, slots=True)
class ContactFrame:
    """An offer to be contacted."""

    what = "contact"
    key: str
    name: str
    text: tuple[Markup, ...]
    help: tuple[Markup, ...]
    short: Markup
    longest: int = LONGEST_ADDRESS

    @property
    def fields(self) -> tuple[ContactFrame, ...]:
        """What can be filled in here."""
        return (self,)

    @property
    def first(self) -> str:
        """The id of the field that a message leads to."""
        return f"q-{self.key}"


Frame: TypeAlias = QuestionFrame | GridFrame | TextFrame | ContactFrame


@dataclass(frozen=True, slots=True)
class SectionFrame:
    """A part of the questionnaire on a page."""

    title: Markup
    frames: tuple[Frame, ...]


@dataclass(frozen=True, slots=True)
class PageFrame:
    """A whole page. `step` counts the pages from 1; 0 is the introduction behind the link."""

    number: int
    step: int
    steps: int
    sections: tuple[SectionFrame, ...]


@lru_cache(maxsize=2_000)
def page_frame(routing: Routing, number: int, language: str, link: Link) -> PageFrame:
    """The frame of a page in a language, at a link."""
    page = routing.pages[number - 1]
    maker = _Maker(routing.study, language, link)
    steps = [page.number for page in routing.pages if not introduces(routing, page)]
    step = steps.index(number) + 1 if number in steps else 0
    return PageFrame(number, step, len(steps), maker.sections(page))


def paragraphs(text: str) -> tuple[Markup, ...]:
    """Text as paragraphs: split at blank lines, safe to print, telephone numbers as links."""
    parts = re.split(r"\n\s*\n", text.strip())
    return tuple(_linked(" ".join(part.split())) for part in parts)


_TELEPHONE = re.compile(r"\b0\d{2,3}-\d{4,7}\b")


def _linked(text: str) -> Markup:
    def link(match: re.Match[str]) -> str:
        number = match.group()
        return f'<a href="tel:{number.replace("-", "")}">{number}</a>'

    # A telephone number holds nothing that escaping changes.
    return Markup(_TELEPHONE.sub(link, str(escape(text))))  # noqa: S704


def piped(text: str, municipality: Municipality) -> str:
    """Text with the municipality's name where the study asks for it."""
    return text.replace("{municipality}", municipality.name)


class _Maker:
    """Makes the frames of one language at one link."""

    def __init__(self, study: Study, language: str, link: Link) -> None:
        self.study, self.language = study, language
        self.municipality = study.municipality(link.municipality)
        self.phone = link.mode is Mode.PHONE

    def sections(self, page: Page) -> tuple[SectionFrame, ...]:
        return tuple(
            SectionFrame(
                self._words(section.title), tuple(self._frame(item) for item in section.items)
            )
            for section in page.sections
        )

    def _frame(self, item: Item) -> Frame:
        match item:
            case TextItem():
                return TextFrame(item.key, self._paragraphs(self._spoken(item.body, item.phone)))
            case Grid():
                return self._grid(item)
            case ContactItem():
                return self._contact(item)
            case Question():
                return self._question(item)

    def _grid(self, grid: Grid) -> GridFrame:
        rows = tuple(self._question(row) for row in grid.rows)
        text = self._paragraphs(self._spoken(grid.text, grid.phone))
        return GridFrame(grid.key, grid.number, text, self._paragraphs(grid.help), rows)

    def _contact(self, item: ContactItem) -> ContactFrame:
        return ContactFrame(
            item.key,
            contact_field(item.key),
            self._paragraphs(self._spoken(item.text, item.phone)),
            self._paragraphs(item.help),
            self._words(item.label),
        )

    def _question(self, question: Question) -> QuestionFrame:
        options = self.study.options(question, self.municipality.key)
        return QuestionFrame(
            question.key,
            question.number,
            _INPUTS[question.kind],
            self._paragraphs(self._spoken(question.text, question.phone)),
            self._paragraphs(question.help),
            self._words(question.short),
            question.required,
            tuple(self._option(question, option) for option in options),
        )

    def _option(self, question: Question, option: Option) -> OptionFrame:
        name = f"{question.key}-{option.code}"
        other = None
        if option.text:
            key = other_key(question.key)
            other = OtherFrame(key, f"q-{key}", self._words(option.text))
        return OptionFrame(option.code, f"q-{name}", self._words(option.label), other)

    def _spoken(self, text: Text, phone: Text | None) -> Text:
        return phone if phone and self.phone else text

    def _words(self, text: Text) -> Markup:
        return escape(piped(text[self.language], self.municipality))

    def _paragraphs(self, text: Text | None) -> tuple[Markup, ...]:
        return paragraphs(piped(text[self.language], self.municipality)) if text else ()


_INPUTS = {Kind.SINGLE: "radio", Kind.MULTIPLE: "checkbox", Kind.OPEN: "text"}
