"""The rules of filling in, on values: nothing here reads or writes a store.

Closed is closed: after the last page nothing changes any more. A page may be sent twice, late or
out of order; what it holds is kept, and the respondent goes on to where the path leads.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TypeAlias

from blikveld.fieldwork.tokens import LockedToken, make_key
from blikveld.kinds.posted import LONGEST_OPEN, AnswerError
from blikveld.questionnaire import Message, Page, PageSection, ParsedPage, Routing, keep, read
from blikveld.questionnaire.answers import contact_field
from blikveld.rules import EVERYBODY, Missing, Value
from blikveld.study.items import questions_of
from blikveld.study.model import Grid, Item, Mode, Question

Answers: TypeAlias = Mapping[str, str | tuple[str, ...]]
"""Variable to a code, a text, or the chosen codes; what was left blank is not there."""


@dataclass(frozen=True, slots=True)
class SurveyLink:
    """One open link: a site and the mode in which it asks."""

    site: str
    mode: Mode


class SessionState(Enum):
    """Whether a questionnaire can still change."""

    OPEN = "open"
    COMPLETED = "completed"


class FormAction(Enum):
    """Why a page was sent in."""

    NEXT = "next"
    BACK = "back"
    LANGUAGE = "language"
    CODE = "code"
    DRAFT = "draft"
    """Nobody pressed a button: the script keeps what is on the page."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for the next request: a page as it was sent and refused, or a wish for a code.

    So a page that was sent is always answered by the address of the next, and the browser keeps
    none of it. `form` holds the fields of the page's own questions. An address never waits:
    `contacts` tells for each item that had one what to say there.
    """

    page: int
    wish: FormAction
    form: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    contacts: Mapping[str, AnswerError] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Session:
    """One questionnaire as far as it is filled in. Holds no time, address or browser.

    `key` is random. `pages` are the keys of the pages that were sent in without faults; sessions of
    before have their numbers.
    `revision` is raised by every change, `submission` by every page that is sent in; `draft_number`
    is that of the last draft since. `incomplete` is what somebody began on in a draft and is no
    answer yet: an answer 'other' without its text, say. `waiting` goes with the next request.
    """

    key: int
    token_hash: str
    study: str
    version: str
    link: SurveyLink
    language: str
    answers: Answers = field(default_factory=dict)
    pages: frozenset[str] = frozenset()
    state: SessionState = SessionState.OPEN
    revision: int = 0
    submission: int = 0
    draft_number: int = 0
    incomplete: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    code: LockedToken | None = field(default=None, repr=False)
    waiting: Waiting | None = None


@dataclass(frozen=True, slots=True)
class PageResult:
    """What came of a page: the session, and where to go.

    `page` is the page to show now; None is the page of thanks. With `messages` the page was
    refused, and `session` is as it was.
    """

    session: Session
    page: Page | None
    messages: tuple[Message, ...] = ()


def start(routing: Routing, token_hash: str, link: SurveyLink, language: str) -> PageResult:
    """Start a session.

    A text-only first page counts as submitted, because pressing Start submits it.
    """
    study = routing.study
    first = routing.pages[0]
    read_already = frozenset({first.key} if introduces(routing, first) else ())
    session = Session(
        make_key(), token_hash, study.key, study.version, link, language, pages=read_already
    )
    return PageResult(session, find_next_page(routing, session))


def introduces(routing: Routing, page: Page) -> bool:
    """Return whether this is a first page of only texts: it stands behind the link, with the
    button.
    """
    return page == routing.pages[0] and not page.questions and not page.contacts


def known(routing: Routing, session: Session) -> dict[str, str | tuple[str, ...]]:
    """Return the answers, with the site, mode and language for rules that name them."""
    link = session.link
    given = (link.site, link.mode.value, session.language)
    return {**session.answers, **dict(zip(routing.study.known_before, given, strict=True))}


def is_done(session: Session, page: Page) -> bool:
    """Return whether the page was sent in without faults."""
    return page.key in session.pages or str(page.number) in session.pages


def find_next_page(routing: Routing, session: Session) -> Page | None:
    """Return the first page on the path that is not done; None when all are."""
    answers = known(routing, session)
    unseen = (page for page in routing.path(answers) if not is_done(session, page))
    candidates = [page for page in (next(unseen, None), routing.first_open(answers)) if page]
    return min(candidates, key=lambda page: page.number, default=None)


def reachable(routing: Routing, session: Session, page: Page) -> Page | None:
    """This page when it may be shown; else the page where the path goes on, None at its end.

    A page after an open one is not shown yet: its questions may still change.
    """
    path, gap = routing.path(known(routing, session)), find_next_page(routing, session)
    open_until = gap.number if gap else page.number
    if page in path and not introduces(routing, page) and page.number <= open_until:
        return page
    return gap or (path[-1] if path else None)


def pages_done(routing: Routing, session: Session) -> int:
    """Return the number of the last page before which nothing was left out; 0 for none."""
    gap = find_next_page(routing, session)
    done = [page.number for page in routing.pages if is_done(session, page)]
    return max((n for n in done if gap is None or n < gap.number), default=0)


def record(routing: Routing, session: Session, added: Collection[str] = ()) -> dict[str, Value]:
    """Return the session as it will be counted: each variable has a value or the reason for
    none.

    Whoever had finished before a question was added was not asked it. `added` are the questions
    that were not there when the field was opened.
    """
    found = routing.complete(
        site=session.link.site,
        mode=session.link.mode.value,
        language=session.language,
        answers=dict(session.answers),
        completed=session.state is SessionState.COMPLETED,
        pages_done=pages_done(routing, session),
    )
    if session.state is SessionState.COMPLETED:
        found |= dict.fromkeys(_added_since(routing, session, found, added), Missing.NOT_ASKED)
    return found


def _added_since(
    routing: Routing, session: Session, found: Mapping[str, Value], added: Collection[str]
) -> Iterator[str]:
    """Yield the variables that somebody who finished would have answered, had they been there."""
    for page in routing.pages:
        for question in page.questions:
            left = found[question.key] is Missing.SKIPPED
            new = question.required and question.key in added
            if left and (new or not is_done(session, page)):
                yield from (question.key, *question.other_keys)


def parse_page(
    routing: Routing, session: Session, page: Page, form: Mapping[str, Sequence[str]]
) -> ParsedPage:
    """Read the form of a page, also where its questions are not asked (yet) of this respondent.

    A page that arrives before the pages it depends on is not wrong: what it holds is kept as far
    as the questionnaire offers it, and is looked at once the path leads there.
    """
    answers, link = known(routing, session), session.link
    reading = read(routing, page, link.site, answers, form)
    shown = _names(routing.items(page, answers))
    if not any(name in form for name in _names(page.items) - shown):
        return reading
    stray = read(routing, _for_everybody(page), link.site, answers, form).answers
    early = {name: value for name, value in stray.items() if name not in shown}
    return replace(reading, answers={**reading.answers, **early})


def submit(routing: Routing, session: Session, page: Page, reading: ParsedPage) -> PageResult:
    """Send in a page. With messages it is refused; without, it is kept and the path goes on."""
    if session.state is SessionState.COMPLETED:
        return PageResult(session, None)
    if reading.messages:
        return PageResult(session, page, messages=reading.messages)
    kept = _kept(session, reading, session.pages | {page.key})
    onward = _onward(routing, kept, page)
    if onward is None:
        return PageResult(finished(kept), None)
    return PageResult(kept, onward)


def save_unsubmitted(session: Session, page: Page, reading: ParsedPage) -> PageResult:
    """Keep what can be kept of a page that was left, for an earlier page or another language."""
    if session.state is SessionState.COMPLETED:
        return PageResult(session, None)
    return PageResult(_kept(session, reading, session.pages), page)


def is_newer(session: Session, submission: int, number: int) -> bool:
    """Return whether a draft with these numbers may be kept: the page was not sent in since it was
    shown.

    A draft that was long on its way never takes the place of what was sent in after it.
    """
    open_ = session.state is SessionState.OPEN
    return open_ and submission == session.submission and number > session.draft_number


def draft(session: Session, reading: ParsedPage, number: int) -> Session:
    """Keep what is on a page while somebody fills it in. Nothing is counted, no page is done."""
    kept = _kept(session, reading, session.pages)
    half = {**kept.incomplete, **reading.incomplete}
    # A draft that was on its way takes nothing away from a page that waits.
    return replace(
        kept,
        submission=session.submission,
        draft_number=number,
        incomplete=half,
        waiting=session.waiting,
    )


def wait(
    session: Session,
    page: Page,
    form: Mapping[str, Sequence[str]],
    action: FormAction,
    reading: ParsedPage,
) -> Session:
    """Return the session with this page waiting, whether or not anything of it was kept."""
    own = {name: _bounded(form[name]) for name in sorted(_names(page.items)) if name in form}
    faults = {message.question: message.code for message in reading.messages}
    typed = [item.key for item in page.contacts if any(form.get(contact_field(item.key), ()))]
    again = {key: faults.get(key, AnswerError.ADDRESS_AGAIN) for key in typed}
    return replace(session, waiting=Waiting(page.number, action, own, again))


def _bounded(values: Sequence[str]) -> tuple[str, ...]:
    # As much as a browser can send from a page of ours: who makes forms fills no disk with them.
    return tuple(value[: 2 * LONGEST_OPEN] for value in values[:_MOST_WAITING])


_MOST_WAITING = 200


def refused(session: Session) -> Session:
    """Return the same answers, as a change of their own: only what waits is new."""
    return replace(session, revision=session.revision + 1)


def finished(session: Session) -> Session:
    """Return the session with its answers fixed. What was begun and never became an answer goes.

    A code goes on finding it, and opens nothing any more.
    """
    code = replace(session.code, locked="") if session.code else None
    return replace(session, state=SessionState.COMPLETED, incomplete={}, code=code, waiting=None)


def _onward(routing: Routing, session: Session, page: Page) -> Page | None:
    gap = find_next_page(routing, session)
    if gap and gap.number < page.number:
        return gap
    return routing.next_page(page.number, known(routing, session))


def _kept(session: Session, reading: ParsedPage, pages: frozenset[str]) -> Session:
    return replace(
        session,
        answers=keep(session.answers, reading),
        incomplete={
            name: begun for name, begun in session.incomplete.items() if name not in reading.shown
        },
        pages=pages,
        revision=session.revision + 1,
        submission=session.submission + 1,
        draft_number=0,
        waiting=None,
    )


def _names(items: Sequence[Item]) -> frozenset[str]:
    questions = (question for item in items for question in questions_of(item))
    return frozenset(name for question in questions for name in question.form_names)


def _for_everybody(page: Page) -> Page:
    sections = tuple(
        PageSection(section.title, tuple(_unconditional(item) for item in section.items))
        for section in page.sections
    )
    return replace(page, sections=sections)


def _unconditional(item: Item) -> Item:
    match item:
        case Grid():
            rows = tuple(map(_open_to_all, item.rows))
            return replace(item, ask_if=EVERYBODY, rows=rows)
        case Question():
            return _open_to_all(item)
        case _:
            return replace(item, ask_if=EVERYBODY)


def _open_to_all(question: Question) -> Question:
    options = tuple(replace(option, show_if=EVERYBODY) for option in question.options)
    return replace(question, ask_if=EVERYBODY, options=options)
