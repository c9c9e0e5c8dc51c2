"""What a questionnaire is made of: texts, questions, grids and contact items, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from blikveld.rules import EVERYBODY, Rule

Text: TypeAlias = Mapping[str, str]
"""Language to words, such as {'nl': 'Ja', 'en': 'Yes'}; every language of the study is there."""


class Mode(Enum):
    """How the questions reach a respondent."""

    WEB = "web"
    PHONE = "phone"


class QuestionKind(Enum):
    """What an answer to a question is."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that is offered.

    `short` is the label in tables and charts. `exclusive` options stand alone, such as 'none'.
    `text` is the word before the box of 'other, namely'; None where no text is asked.
    """

    code: str
    label: Text
    short: Text
    exclusive: bool = False
    text: Text | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One question, or one row of a grid (`grid` is then the grid's key).

    `ask_if` holds for those who are asked. With `of_districts` the districts of the respondent's
    municipality come before `options`. `line` is where the item stands in its file, here and in
    the other items; 0 for one that came from no file.
    """

    key: str
    number: str
    kind: QuestionKind
    text: Text
    short: Text
    phone: Text | None = None
    help: Text | None = None
    ask_if: Rule = EVERYBODY
    required: bool = True
    options: tuple[Option, ...] = ()
    of_districts: bool = False
    grid: str | None = None
    line: int = 0

    @property
    def other_keys(self) -> tuple[str, ...]:
        """The variable that holds the text of 'other, namely', if there is one."""
        return (other_key(self.key),) if any(o.text for o in self.options) else ()


@dataclass(frozen=True, slots=True)
class TextItem:
    """Words between questions, such as a definition; paragraphs are split by blank lines."""

    key: str
    body: Text
    phone: Text | None = None
    ask_if: Rule = EVERYBODY
    line: int = 0


@dataclass(frozen=True, slots=True)
class Grid:
    """Statements with one scale. The rows are questions of their own."""

    key: str
    number: str
    text: Text
    rows: tuple[Question, ...]
    phone: Text | None = None
    help: Text | None = None
    ask_if: Rule = EVERYBODY
    line: int = 0


@dataclass(frozen=True, slots=True)
class ContactItem:
    """An offer to be contacted. What is filled in is sealed and never becomes an answer."""

    key: str
    text: Text
    label: Text
    phone: Text | None = None
    help: Text | None = None
    ask_if: Rule = EVERYBODY
    line: int = 0


Item: TypeAlias = TextItem | Question | Grid | ContactItem


def questions_of(item: Item) -> tuple[Question, ...]:
    """The questions an item holds: itself, the rows of a grid, or none."""
    match item:
        case Question():
            return (item,)
        case Grid():
            return item.rows
        case _:
            return ()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the questionnaire. `new_page` begins a page of its own."""

    key: str
    title: Text
    items: tuple[Item, ...]
    new_page: bool = False


def other_key(question: str) -> str:
    """The variable that holds the text of a question's 'other, namely'."""
    return f"{question}_other"
