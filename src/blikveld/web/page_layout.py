"""What stands on a page whoever is asked: words, names and ids, made once and kept.

A template adds to a frame only what differs between respondents: what is shown, what was filled
in, and what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import TypeAlias, assert_never

from markupsafe import Markup, escape

from blikveld.fieldwork.sessions import SurveyLink, introduces
from blikveld.kinds import AskedQuestion
from blikveld.kinds.controls import ChoiceList, Control, SelectList, TextArea, TextInput
from blikveld.kinds.words import Description
from blikveld.questionnaire import Page, Routing
from blikveld.questionnaire.answers import LONGEST_ADDRESS, LONGEST_OTHER, contact_field
from blikveld.rules import Missing, Value
from blikveld.study.labels import Labels
from blikveld.study.model import (
    ContactItem,
    Grid,
    Item,
    Mode,
    Option,
    Question,
    Study,
    Text,
    TextItem,
)
from blikveld.web.templating import paragraphs, pipe_text
from blikveld.yaml_reading.yaml_node import PIPED


@dataclass(frozen=True, slots=True)
class OtherLayout:
    """The box of 'other, namely'."""

    name: str
    id: str
    label: Markup
    longest: int = LONGEST_OTHER


@dataclass(frozen=True, slots=True)
class OptionLayout:
    """One answer to choose."""

    code: str
    id: str
    label: Markup
    other: OtherLayout | None = None


@dataclass(frozen=True, slots=True)
class LineLayout:
    """A line to fill in: its name and id, the keyboard for it, its width in characters, a unit."""

    name: str
    id: str
    typing: str
    longest: int
    room: int
    unit: Markup
    label: Markup


@dataclass(frozen=True, slots=True)
class ListLayout:
    """A list that opens: its name and id, its options, and the words for no choice."""

    name: str
    id: str
    label: Markup
    options: tuple[OptionLayout, ...]
    nothing: Markup


@dataclass(frozen=True, slots=True)
class QuestionLayout:
    """A question; `input` is the kind of form field: radio, checkbox, text or lines.

    `special` are answers without a value, beside the field. `how` says what may be filled in.
    """

    what = "question"
    key: str
    number: str
    input: str
    text: tuple[Markup, ...]
    help: tuple[Markup, ...]
    short: Markup
    required: bool
    options: tuple[OptionLayout, ...] = ()
    longest: int = 0
    in_line: bool = False
    lines: tuple[LineLayout, ...] = ()
    special_name: str = ""
    special: tuple[OptionLayout, ...] = ()
    how: str = ""
    lists: tuple[ListLayout, ...] = ()

    @property
    def fields(self) -> tuple[QuestionLayout, ...]:
        """What can be filled in here."""
        return (self,)

    @property
    def first(self) -> str:
        """The id of the field that a message leads to."""
        if self.lists or self.lines:
            return self.lists[0].id if self.lists else self.lines[0].id
        return self.options[0].id if self.options else f"q-{self.key}"


@dataclass(frozen=True, slots=True)
class GridLayout:
    """Statements with one scale, each a question of its own."""

    what = "grid"
    key: str
    number: str
    text: tuple[Markup, ...]
    help: tuple[Markup, ...]
    rows: tuple[QuestionLayout, ...]

    @property
    def fields(self) -> tuple[QuestionLayout, ...]:
        """What can be filled in here."""
        return self.rows

    @property
    def how(self) -> str:
        """What may be filled in, where that is the same in each row."""
        ways = {row.how for row in self.rows}
        return self.rows[0].how if len(ways) == 1 else ""


@dataclass(frozen=True, slots=True)
class TextLayout:
    """Words between questions."""

    what = "text"
    key: str
    text: tuple[Markup, ...]

    @property
    def fields(self) -> tuple[QuestionLayout, ...]:
        """Nothing can be filled in here."""
        return ()


@dataclass(frozen=True, slots=True)
class ContactLayout:
    """An offer to be contacted."""

    what = "contact"
    key: str
    name: str
    text: tuple[Markup, ...]
    help: tuple[Markup, ...]
    short: Markup
    longest: int = LONGEST_ADDRESS

    @property
    def fields(self) -> tuple[ContactLayout, ...]:
        """What can be filled in here."""
        return (self,)

    @property
    def first(self) -> str:
        """The id of the field that a message leads to."""
        return f"q-{self.key}"


ItemLayout: TypeAlias = QuestionLayout | GridLayout | TextLayout | ContactLayout


@dataclass(frozen=True, slots=True)
class SectionLayout:
    """A part of the questionnaire on a page."""

    title: Markup
    layouts: tuple[ItemLayout, ...]


@dataclass(frozen=True, slots=True)
class PageLayout:
    """A whole page. `step` counts the pages from 1; 0 is the introduction behind the link."""

    number: int
    step: int
    steps: int
    sections: tuple[SectionLayout, ...]


@lru_cache(maxsize=2_000)
def lay_out_page(routing: Routing, number: int, language: str, link: SurveyLink) -> PageLayout:
    """The frame of a page in a language, at a link, with all that anybody is shown."""
    return _lay_out(routing, routing.pages[number - 1], language, link)


def lay_out_shown(
    routing: Routing,
    page: Page,
    items: Iterable[Item],
    person: Mapping[str, Value],
    language: str,
    link: SurveyLink,
) -> PageLayout:
    """The frame of a page of which this person is shown these items alone."""
    left = {item.key: item for item in items}
    sections = (
        replace(section, items=tuple(left[item.key] for item in section.items if item.key in left))
        for section in page.sections
    )
    return _lay_out(routing, replace(page, sections=tuple(sections)), language, link, person)


def _lay_out(
    routing: Routing,
    page: Page,
    language: str,
    link: SurveyLink,
    person: Mapping[str, Value] = MappingProxyType({}),
) -> PageLayout:
    number = page.number
    maker = _LayoutBuilder(routing.study, language, link, person)
    steps = [page.number for page in routing.pages if not introduces(routing, page)]
    step = steps.index(number) + 1 if number in steps else 0
    return PageLayout(number, step, len(steps), maker.sections(page))


def _with_words(point: OptionLayout, words: Markup) -> OptionLayout:
    span = Markup('{} <span class="end">{}</span>').format(point.label, words)
    return replace(point, label=span)


class _LayoutBuilder:
    """Makes the frames of one language at one link."""

    def __init__(
        self, study: Study, language: str, link: SurveyLink, person: Mapping[str, Value]
    ) -> None:
        self.study, self.language, self.person = study, language, person
        self.labels = Labels(study, language)
        self.site = study.sites[link.site]
        self.phone = link.mode is Mode.PHONE

    def sections(self, page: Page) -> tuple[SectionLayout, ...]:
        return tuple(
            SectionLayout(
                self._words(section.title), tuple(self._layout(item) for item in section.items)
            )
            for section in page.sections
        )

    def _layout(self, item: Item) -> ItemLayout:
        match item:
            case TextItem():
                return TextLayout(item.key, self._paragraphs(self._spoken(item.body, item.phone)))
            case Grid():
                return self._grid(item)
            case ContactItem():
                return self._contact(item)
            case Question():
                return self._question(item)

    def _grid(self, grid: Grid) -> GridLayout:
        rows = tuple(self._question(row) for row in grid.rows)
        text = self._paragraphs(self._spoken(grid.text, grid.phone))
        return GridLayout(grid.key, grid.number, text, self._paragraphs(grid.help), rows)

    def _contact(self, item: ContactItem) -> ContactLayout:
        return ContactLayout(
            item.key,
            contact_field(item.key),
            self._paragraphs(self._spoken(item.text, item.phone)),
            self._paragraphs(item.help),
            self._words(item.label),
        )

    def _question(self, question: Question) -> QuestionLayout:
        options = self.study.options(question, self.site.key)
        layout = QuestionLayout(
            question.key,
            question.number,
            "",
            self._paragraphs(self._spoken(question.text, question.phone)),
            self._paragraphs(question.help),
            self._words(question.short),
            question.required,
        )
        for control in question.kind.controls(AskedQuestion(question.key, options)):
            layout = self._control(question, layout, control)
        return self._with_special(question, layout)

    def _with_special(self, question: Question, layout: QuestionLayout) -> QuestionLayout:
        for name in question.special_keys:
            offered = tuple(
                OptionLayout(option.code, f"q-{name}-{option.code}", self._words(option.label))
                for option in question.kind.specials()
            )
            layout = replace(layout, special_name=name, special=offered)
        return layout

    def _control(
        self, question: Question, layout: QuestionLayout, control: Control
    ) -> QuestionLayout:
        match control:
            case ChoiceList(_, options, several, ends, how):
                offered = tuple(self._option(question, option) for option in options)
                layout = replace(layout, input="checkbox" if several else "radio", options=offered)
                layout = replace(layout, how="" if how is None else self._say(how))
                return layout if ends is None else self._scale(layout, ends)
            case TextInput():
                lines = (*layout.lines, self._line(control))
                return replace(layout, input="lines", lines=lines, how=self._how(question))
            case SelectList():
                lists = (*layout.lists, self._list(question, control))
                return replace(layout, input="lists", lists=lists, how=self._how(question))
            case TextArea(_, longest):
                return replace(layout, input="text", longest=longest)
            case _:
                assert_never(control)

    def _option(self, question: Question, option: Option) -> OptionLayout:
        name = f"{question.key}-{option.code}"
        other = None
        key = question.box_keys.get(option.code)
        if option.text and key is not None:
            other = OtherLayout(key, f"q-{key}", self._words(option.text))
        return OptionLayout(option.code, f"q-{name}", self._words(option.label), other)

    def _how(self, question: Question) -> str:
        return self._say(question.kind.describe())

    def _say(self, words: Description) -> str:
        return words.say(self.language, self.study.folder)

    def _list(self, question: Question, control: SelectList) -> ListLayout:
        label = "" if control.label is None else self._say(control.label)
        return ListLayout(
            control.name,
            f"q-{control.name}",
            escape(label),
            tuple(self._option(question, option) for option in control.options),
            escape(self._say(control.nothing)),
        )

    def _scale(self, layout: QuestionLayout, ends: tuple[Text, Text]) -> QuestionLayout:
        """The points in one line, with words at both ends."""
        first, *between, last = layout.options
        low, high = (self._words(end) for end in ends)
        points = (_with_words(first, low), *between, _with_words(last, high))
        return replace(layout, options=points, in_line=True)

    def _line(self, control: TextInput) -> LineLayout:
        unit = escape("") if control.unit is None else self._words(control.unit)
        return LineLayout(
            control.name,
            f"q-{control.name}",
            control.typing.value,
            control.longest,
            control.room,
            unit,
            escape("" if control.label is None else self._say(control.label)),
        )

    def _spoken(self, text: Text, phone: Text | None) -> Text:
        return phone if phone and self.phone else text

    def _words(self, text: Text) -> Markup:
        return escape(pipe_text(text[self.language], self.study, self.site))

    def _paragraphs(self, text: Text | None) -> tuple[Markup, ...]:
        if not text:
            return ()
        whole = paragraphs(pipe_text(text[self.language], self.study, self.site))
        return tuple(self._fill_in(part) for part in whole)

    def _fill_in(self, text: Markup) -> Markup:
        """The text with earlier answers in it, escaped and apart from the direction around them."""
        if "|" not in text:
            return text
        return Markup(PIPED.sub(self._answer, str(text)))  # noqa: S704

    def _answer(self, found: re.Match[str]) -> str:
        value = self.person.get(found[1], Missing.NOT_ASKED)
        words = self.labels.answer(found[1], value)
        # The words for no answer were escaped with the text that they stand in.
        return found[2] if not words else Markup("<bdi>{}</bdi>").format(words)
