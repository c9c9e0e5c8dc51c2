"""What a respondent sent in, read as answers or answered with what to mend.

Nothing that comes in is trusted: a field is an answer only when it was asked on this page and
offered to this respondent.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar

from blikveld.questionnaire.messages import AnswerError, words
from blikveld.questionnaire.pages import Page, questions_of
from blikveld.questionnaire.routing import Routing
from blikveld.rules import Value
from blikveld.study.model import ContactItem, Option, Question, QuestionKind, Text, other_key

LONGEST_OTHER = 500
"""Characters in the text of 'other, namely'."""
LONGEST_OPEN = 5_000
"""Characters in the answer to an open question."""
LONGEST_ADDRESS = 254
"""Characters in an e-mail address; mail itself allows no more."""


@dataclass(frozen=True, slots=True)
class Message:
    """What to mend at one question. `code` is for machines, `text` for the respondent."""

    question: str
    code: AnswerError
    text: Text


@dataclass(frozen=True, slots=True)
class ParsedPage:
    """A page as it was sent in.

    `answers` holds what can be kept: codes, the chosen codes of a multiple-response question in
    the order of the options, and texts; a question that was left blank is not there. `contacts`
    holds what was filled in at contact items, which is never an answer. `shown` are the variables
    that stood on the page for this respondent. `half` holds what somebody began on at questions
    with a message, as far as it was offered there; it is no answer, and helps to fill the page in
    again. The page is done when there are no `messages`.
    """

    answers: Mapping[str, str | tuple[str, ...]]
    messages: tuple[Message, ...]
    contacts: Mapping[str, str] = field(default_factory=dict, repr=False)
    shown: frozenset[str] = frozenset()
    incomplete: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class _AnswerRefused(Exception):
    """An answer that cannot be kept, on its way to becoming a message."""

    def __init__(self, trouble: AnswerError, limit: int | None = None) -> None:
        self.trouble, self.limit = trouble, limit
        super().__init__(trouble.value)


_V = TypeVar("_V")


def contact_field(key: str) -> str:
    """The name of the form field of a contact item."""
    return f"contact_{key}"


def read(
    routing: Routing,
    page: Page,
    municipality: str,
    answers: Mapping[str, Value],
    form: Mapping[str, Sequence[str]],
) -> ParsedPage:
    """Read the form of one page. `answers` are those so far; `municipality` is the respondent's.

    A field is named after its question (repeated for multiple choice), `<question>_other` for
    the text of 'other, namely', `contact_<key>` for a contact item. Fields of questions that are
    not asked on this page are passed over. Nothing is raised: what is wrong becomes a Message.
    """
    reader = _PageParser(routing, municipality, form)
    for item in routing.items(page, {**answers, "municipality": municipality}):
        for question in questions_of(item):
            reader.question(question)
        if isinstance(item, ContactItem):
            reader.contact(item)
    shown = frozenset(reader.shown)
    return ParsedPage(reader.answers, tuple(reader.messages), reader.contacts, shown, reader.half)


def keep(answers: Mapping[str, _V], reading: ParsedPage) -> dict[str, _V | str | tuple[str, ...]]:
    """All answers after a page was sent in: those that were shown are replaced, blank ones too.

    An answer off the path stays, so that somebody who goes back and forth finds it again.
    """
    before = {name: value for name, value in answers.items() if name not in reading.shown}
    return {**before, **reading.answers}


class _PageParser:
    """Gathers the answers and messages of one form."""

    def __init__(
        self, routing: Routing, municipality: str, form: Mapping[str, Sequence[str]]
    ) -> None:
        self.study, self.municipality, self.form = routing.study, municipality, form
        self.answers: dict[str, str | tuple[str, ...]] = {}
        self.contacts: dict[str, str] = {}
        self.messages: list[Message] = []
        self.half: dict[str, tuple[str, ...]] = {}
        self.shown = set[str]()

    def question(self, question: Question) -> None:
        self.shown.update((question.key, *question.other_keys))
        try:
            self.answers.update(self._answer(question))
        except _AnswerRefused as refused:
            self._message(question.key, refused)
            self._begun(question)

    def contact(self, item: ContactItem) -> None:
        try:
            address = self._text(contact_field(item.key), LONGEST_ADDRESS)
            if address:
                self.contacts[item.key] = _address(address)
        except _AnswerRefused as refused:
            self._message(item.key, refused)

    def _begun(self, question: Question) -> None:
        offered = self.study.options(question, self.municipality)
        sent = self.form.get(question.key, ())
        if codes := tuple(option.code for option in offered if option.code in sent):
            self.half[question.key] = codes
        for key in question.other_keys:
            with suppress(_AnswerRefused):
                if text := self._text(key, LONGEST_OTHER):
                    self.half[key] = (text,)

    def _message(self, key: str, refused: _AnswerRefused) -> None:
        text = words(refused.trouble, self.study.languages, refused.limit)
        self.messages.append(Message(key, refused.trouble, text))

    def _answer(self, question: Question) -> dict[str, str | tuple[str, ...]]:
        if question.kind is QuestionKind.OPEN:
            text = self._text(question.key, LONGEST_OPEN)
            return self._required(question, {question.key: text} if text else {})
        options = self.study.options(question, self.municipality)
        chosen = _chosen(options, _filled_in(self.form.get(question.key, ())))
        _check_together(question, chosen)
        found = self._other(question, chosen)
        codes = tuple(option.code for option in chosen)
        if codes:
            found[question.key] = codes if question.kind is QuestionKind.MULTIPLE else codes[0]
        return self._required(question, found)

    def _required(
        self, question: Question, found: dict[str, str | tuple[str, ...]]
    ) -> dict[str, str | tuple[str, ...]]:
        if found or not question.required:
            return found
        raise _AnswerRefused(_NOTHING[question.kind])

    def _other(
        self, question: Question, chosen: tuple[Option, ...]
    ) -> dict[str, str | tuple[str, ...]]:
        if not question.other_keys:
            return {}
        key = other_key(question.key)
        text = self._text(key, LONGEST_OTHER)
        wanted = any(option.text for option in chosen)
        if wanted and not text:
            raise _AnswerRefused(AnswerError.OTHER_MISSING)
        if text and not wanted:
            # Without a script the box stays open. What somebody wrote is never lost in silence.
            raise _AnswerRefused(AnswerError.OTHER_NOT_CHOSEN)
        return {key: text} if text else {}

    def _text(self, name: str, longest: int) -> str:
        fields = self.form.get(name, ())
        if len(fields) > 1:
            raise _AnswerRefused(AnswerError.TWICE)
        text = tidy(fields[0]) if fields else ""
        if len(text) > longest:
            raise _AnswerRefused(AnswerError.TOO_LONG, longest)
        if any(_unprintable(character) for character in text):
            raise _AnswerRefused(AnswerError.CONTROL)
        return text


_NOTHING: Mapping[QuestionKind, AnswerError] = {
    QuestionKind.SINGLE: AnswerError.CHOOSE_ONE,
    QuestionKind.MULTIPLE: AnswerError.CHOOSE_SOME,
    QuestionKind.OPEN: AnswerError.WRITE,
}


def tidy(text: str) -> str:
    """Text as it is kept: composed (NFC), lines ended by a line feed, nothing around it."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", lines).strip()


def _unprintable(character: str) -> bool:
    # Lone surrogates too: they cannot be written down in any file. And the sign that stands where
    # bytes could not be read: what was typed there is lost, and only the respondent knows it.
    if character == "\N{REPLACEMENT CHARACTER}":
        return True
    return character not in "\n\t" and unicodedata.category(character) in {"Cc", "Cs"}


def _filled_in(fields: Sequence[str]) -> tuple[str, ...]:
    return tuple(field for field in fields if field)


def _chosen(options: Sequence[Option], codes: Sequence[str]) -> tuple[Option, ...]:
    if not set(codes) <= {option.code for option in options}:
        raise _AnswerRefused(AnswerError.NOT_OFFERED)
    if len(set(codes)) != len(codes):
        raise _AnswerRefused(AnswerError.TWICE)
    return tuple(option for option in options if option.code in codes)


def _check_together(question: Question, chosen: Sequence[Option]) -> None:
    if question.kind is QuestionKind.SINGLE and len(chosen) > 1:
        raise _AnswerRefused(AnswerError.TOO_MANY)
    if len(chosen) > 1 and any(option.exclusive for option in chosen):
        raise _AnswerRefused(AnswerError.EXCLUSIVE)


def _address(text: str) -> str:
    # Whether mail arrives is only known by sending; this catches a name or a number by mistake.
    before, _, after = text.rpartition("@")
    if not before or "." not in after.strip(".") or any(c.isspace() for c in text):
        raise _AnswerRefused(AnswerError.NO_ADDRESS)
    return text
