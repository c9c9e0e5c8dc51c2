"""What a questionnaire is made of: texts, questions, grids and contact items, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias, assert_never

from blikveld.kinds import Option, QuestionKind
from blikveld.rules import EVERYBODY, Rule
from blikveld.rules.types import VariableKind
from blikveld.yaml_reading.yaml_node import PIPED, Text

__all__ = [
    "Check",
    "ContactItem",
    "Grid",
    "Item",
    "Mode",
    "Option",
    "Question",
    "QuestionKind",
    "Section",
    "Severity",
    "Text",
    "TextItem",
    "is_filtered",
    "other_key",
    "piped_names",
    "questions_of",
    "rules_of",
    "special_key",
]


class Mode(Enum):
    """How the questions reach a respondent."""

    WEB = "web"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Question:
    """One question, or one row of a grid (`grid` is then the grid's key).

    `ask_if` holds for those who are asked. `site_list` names the list of the respondent's site
    whose answers come before `options`. `line` is where the item stands in its file, here and in
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
    site_list: str | None = None
    grid: str | None = None
    line: int = 0

    @property
    def variable_kind(self) -> VariableKind:
        """What the values of its variable are."""
        return self.kind.variable_kind

    @property
    def box_keys(self) -> Mapping[str, str]:
        """The codes of the options that ask for a text, each with the variable that holds it.

        A single box is named after its question, one of several after its option too.
        """
        codes = [option.code for option in self.options if option.text]
        several = len(codes) > 1
        return {code: other_key(self.key, code if several else "") for code in codes}

    @property
    def other_keys(self) -> tuple[str, ...]:
        """The variables that hold the texts of 'other, namely', in the order of the options."""
        return tuple(self.box_keys.values())

    def box_short(self, code: str) -> Text:
        """The words for a box in tables: the question, and which option where there are several."""
        if len(self.box_keys) == 1:
            return self.short
        option = next(option for option in self.options if option.code == code)
        return {tag: f"{words}: {option.short[tag]}" for tag, words in self.short.items()}

    @property
    def special_keys(self) -> tuple[str, ...]:
        """The name under which an answer without a value is kept, if such answers are offered."""
        return (special_key(self.key),) if self.kind.specials() else ()

    @property
    def answer_keys(self) -> tuple[str, ...]:
        """The names under which its answers are kept."""
        return (self.key, *self.other_keys, *self.special_keys)

    @property
    def form_names(self) -> tuple[str, ...]:
        """The names of its fields in a form and of its answers."""
        return (*self.kind.field_names(self.key), *self.answer_keys)


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
    """Statements with one scale. The rows are questions of their own.

    `ask_if` holds for those who are asked any; a row may have a rule beyond it.
    """

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


def rules_of(item: Item) -> tuple[Rule, ...]:
    """The rules that say whether an item stands on a page, and what of it: rows and options."""
    questions = questions_of(item)
    filters = (option.show_if for question in questions for option in question.options)
    found = (item.ask_if, *(question.ask_if for question in questions), *filters)
    return tuple(dict.fromkeys(rule for rule in found if rule is not EVERYBODY))


def piped_names(item: Item) -> frozenset[str]:
    """The variables whose values are filled in in the words of an item."""
    match item:
        case TextItem():
            texts: tuple[Text | None, ...] = (item.body, item.phone)
        case Grid():
            texts = (item.text, item.phone, item.help, *(row.text for row in item.rows))
        case Question() | ContactItem():
            texts = (item.text, item.phone, item.help)
        case _:
            assert_never(item)
    words = (one for text in texts if text for one in text.values())
    return frozenset(name for one in words if "|" in one for name, _ in PIPED.findall(one))


def is_filtered(item: Item) -> bool:
    """Whether some see more of an item than others: rows of a grid, options of a question."""
    rows = item.rows if isinstance(item, Grid) else ()
    options = [option for question in questions_of(item) for option in question.options]
    return any(option.closed or option.show_if is not EVERYBODY for option in options) or any(
        row.ask_if != item.ask_if for row in rows
    )


class Severity(Enum):
    """What comes of answers that a check does not allow: refused, or asked about once."""

    HARD = "hard"
    SOFT = "soft"


@dataclass(frozen=True, slots=True)
class Check:
    """A rule that answers should not make false.

    `text` says to the respondent what is wrong; it is empty where the usual words say it.
    """

    key: str
    rule: Rule
    text: Text
    severity: Severity = Severity.HARD
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the questionnaire. `new_page` begins a page of its own."""

    key: str
    title: Text
    items: tuple[Item, ...]
    new_page: bool = False


def special_key(question: str) -> str:
    """The name under which an answer without a value is kept, such as 'don't know'.

    An author cannot give it to a question: a name holds single underscores only.
    """
    return f"{question}__special"


def other_key(question: str, option: str = "") -> str:
    """The variable of a text beside an answer; `option` where several answers ask for one."""
    return f"{question}_other_{option}" if option else f"{question}_other"
