"""What a respondent sent in, read as answers or answered with what to mend.

Nothing that comes in is trusted: a field is an answer only when it was asked on this page and
offered to this respondent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TypeVar

from blikveld.kinds import AskedQuestion
from blikveld.kinds.posted import (
    AnswerError,
    AnswerRefused,
    Limit,
    StoredAnswer,
    read_codes,
    read_text,
)
from blikveld.kinds.words import write_value
from blikveld.locale import respondents
from blikveld.questionnaire.routing import Routing
from blikveld.rules import Value
from blikveld.study.items import Severity, questions_of
from blikveld.study.model import ContactItem, Question, Study, Text
from blikveld.study.page_breaks import Page

LONGEST_OTHER = 500
"""Characters in the text of 'other, namely'."""
LONGEST_ADDRESS = 254
"""Characters in an e-mail address; mail itself allows no more."""


@dataclass(frozen=True, slots=True)
class Message:
    """What to mend at one question. `code` is for machines, `text` for the respondent. `check` is
    the check that asks whether it is right all the same, where it is one."""

    question: str
    code: AnswerError
    text: Text
    check: str = ""


@dataclass(frozen=True, slots=True)
class ParsedPage:
    """A page as it was sent in.

    `answers` holds what can be kept: codes, the chosen codes of a multiple-response question in the
    order of the options, and texts; a question that was left blank is not there. `contacts` holds
    what was filled in at contact items, which is never an answer. `shown` are the variables that
    stood on the page for this respondent. `incomplete` holds what somebody began on at questions
    with a message, as far as it was offered there; it is no answer, and helps to fill the page in
    again. The page is done when there are no `messages`.
    """

    answers: Mapping[str, StoredAnswer]
    messages: tuple[Message, ...]
    contacts: Mapping[str, str] = field(default_factory=dict, repr=False)
    shown: frozenset[str] = frozenset()
    incomplete: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


_V = TypeVar("_V")


def contact_field(key: str) -> str:
    """The name of the form field of a contact item."""
    return f"contact_{key}"


def read(
    routing: Routing,
    page: Page,
    site: str,
    answers: Mapping[str, Value],
    form: Mapping[str, Sequence[str]],
) -> ParsedPage:
    """Read the form of one page. `answers` are those so far; `site` is the respondent's.

    A field is named after its question (repeated for multiple choice), `<question>_other` for
    the text of 'other, namely', `contact_<key>` for a contact item. Fields of questions that are
    not asked on this page are passed over. Nothing is raised: what is wrong becomes a Message.
    """
    reader = _PageParser(routing, site, form)
    for item in routing.items(page, {**answers, routing.study.sites.name: site}):
        for question in questions_of(item):
            reader.question(question)
        if isinstance(item, ContactItem):
            reader.contact(item)
    shown = frozenset(reader.shown)
    read_so_far = ParsedPage(
        reader.answers, tuple(reader.messages), reader.contacts, shown, reader.half
    )
    given = keep({**answers, routing.study.sites.name: site}, read_so_far)
    failed = tuple(_failed_checks(routing, page, given, read_so_far, form))
    return replace(read_so_far, messages=(*read_so_far.messages, *failed))


CONFIRMED_FIELD = "blikveld-confirmed"
"""The field with the checks that a respondent has read and passes by."""


def _failed_checks(
    routing: Routing,
    page: Page,
    answers: Mapping[str, Value],
    reading: ParsedPage,
    form: Mapping[str, Sequence[str]],
) -> Iterator[Message]:
    """One message a question at most, at the last that a check looks at; none where the answer
    itself is wrong."""
    if not routing.study.checks:
        return
    person, told = routing.person(answers), {message.question for message in reading.messages}
    confirmed = form.get(CONFIRMED_FIELD, ())
    for question in page.questions:
        if question.key not in reading.shown or question.key in told:
            continue
        for check in routing.failing(question, person):
            soft = check.severity is Severity.SOFT
            if not soft or check.key not in confirmed:
                code = AnswerError.CHECK_SOFT if soft else AnswerError.CHECK
                told_as = check.text or error_text(code, routing.study)
                yield Message(question.key, code, told_as, check.key if soft else "")
                break


def fill_form(
    questions: Iterable[Question], answers: Mapping[str, Value | StoredAnswer]
) -> dict[str, Sequence[str]]:
    """Return the fields of a form that `read` makes these answers of, all of them kept as texts.

    Answers to other questions than these stand there under their own names.
    """
    form: dict[str, Sequence[str]] = {
        name: value if isinstance(value, tuple) else (str(value),)
        for name, value in answers.items()
    }
    for question in questions:
        answer = answers.get(question.key)
        if question.kind.encoded and isinstance(answer, str | tuple):
            del form[question.key]
            form |= question.kind.fill_form(AskedQuestion(question.key), answer)
    return form


def keep(answers: Mapping[str, _V], reading: ParsedPage) -> dict[str, _V | StoredAnswer]:
    """All answers after a page was sent in: those that were shown are replaced, blank ones too.

    An answer off the path stays, so that somebody who goes back and forth finds it again.
    """
    before = {name: value for name, value in answers.items() if name not in reading.shown}
    return {**before, **reading.answers}


class _PageParser:
    """Gathers the answers and messages of one form."""

    def __init__(self, routing: Routing, site: str, form: Mapping[str, Sequence[str]]) -> None:
        self.study, self.site, self.form = routing.study, site, form
        self.answers: dict[str, StoredAnswer] = {}
        self.contacts: dict[str, str] = {}
        self.messages: list[Message] = []
        self.half: dict[str, tuple[str, ...]] = {}
        self.shown = set[str]()

    def question(self, question: Question) -> None:
        self.shown.update(question.form_names)
        try:
            self.answers.update(self._answer(question))
        except AnswerRefused as refused:
            self._message(question.key, refused)
            self._begun(question)

    def contact(self, item: ContactItem) -> None:
        try:
            address = self._text(contact_field(item.key), LONGEST_ADDRESS)
            if address:
                self.contacts[item.key] = _address(address)
        except AnswerRefused as refused:
            self._message(item.key, refused)

    def _begun(self, question: Question) -> None:
        offered = self.study.options(question, self.site)
        sent = self.form.get(question.key, ())
        if codes := tuple(option.code for option in offered if option.code in sent):
            self.half[question.key] = codes
        if question.kind.encoded:
            self._begun_lines(question)
        for key in question.other_keys:
            with suppress(AnswerRefused):
                if text := self._text(key, LONGEST_OTHER):
                    self.half[key] = (text,)

    def _begun_lines(self, question: Question) -> None:
        for name in (*question.kind.field_names(question.key), *question.special_keys):
            with suppress(AnswerRefused):
                if text := self._text(name, LONGEST_OTHER):
                    self.half[name] = (text,)

    def _message(self, key: str, refused: AnswerRefused) -> None:
        text = error_text(refused.error, self.study, refused.limit)
        self.messages.append(Message(key, refused.error, text))

    def _answer(self, question: Question) -> dict[str, StoredAnswer]:
        special = self._special(question)
        if special and self._typed(question):
            raise AnswerRefused(AnswerError.VALUE_AND_SPECIAL)
        if special:
            return dict.fromkeys(question.special_keys, special)
        asked = AskedQuestion(question.key, self.study.options(question, self.site))
        answer = question.kind.parse_answer(asked, self.form)
        found = self._other(question, answer)
        if answer is not None:
            found[question.key] = answer
        if found or not question.required:
            return found
        raise AnswerRefused(question.kind.nothing)

    def _special(self, question: Question) -> str | None:
        offered = [option.code for option in question.kind.specials()]
        chosen = [code for key in question.special_keys for code in read_codes(self.form, key)]
        if not set(chosen) <= set(offered):
            raise AnswerRefused(AnswerError.NOT_OFFERED)
        if len(chosen) > 1:
            raise AnswerRefused(AnswerError.TOO_MANY)
        return chosen[0] if chosen else None

    def _typed(self, question: Question) -> bool:
        """Whether anything was filled in besides an answer without a value."""
        names = question.kind.field_names(question.key)
        return any(value.strip() for name in names for value in self.form.get(name, ()))

    def _other(self, question: Question, answer: StoredAnswer | None) -> dict[str, StoredAnswer]:
        chosen = (answer,) if isinstance(answer, str) else answer or ()
        found: dict[str, StoredAnswer] = {}
        for code, key in question.box_keys.items():
            text = self._text(key, LONGEST_OTHER)
            if code in chosen and not text:
                raise AnswerRefused(AnswerError.OTHER_MISSING)
            if text and code not in chosen:
                # Without a script the box stays open. What somebody wrote is never lost in silence.
                raise AnswerRefused(AnswerError.OTHER_NOT_CHOSEN)
            found |= {key: text} if text else {}
        return found

    def _text(self, name: str, longest: int) -> str:
        return read_text(self.form, name, longest)


def _address(text: str) -> str:
    # Whether mail arrives is only known by sending; this catches a name or a number by mistake.
    before, _, after = text.rpartition("@")
    if not before or "." not in after.strip(".") or any(c.isspace() for c in text):
        raise AnswerRefused(AnswerError.NO_ADDRESS)
    return text


def error_text(trouble: AnswerError, study: Study, limit: Limit = None) -> Text:
    """The message in every language of the study, from the catalogues: `answer.…`.

    A whole `limit`, such as the room for a text in characters, stands in it as {number} with the
    plural form that fits; another limit, such as a number or a day, as {limit}.
    """
    return {tag: _fill_message(study, tag, trouble, limit) for tag in study.languages}


def _fill_message(study: Study, language: str, trouble: AnswerError, limit: Limit) -> str:
    words, key = respondents(language, study.folder), f"answer.{trouble.value}"
    if isinstance(limit, int):
        return words.counted(key, limit)
    text = words.text(key)
    return text if limit is None else text.format(limit=write_value(limit, language))
