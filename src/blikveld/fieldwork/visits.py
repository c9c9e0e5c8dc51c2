"""A visit to the questionnaire: finds the session, applies the rules, keeps the outcome.

What may be done is asked first: `check_x` raises a sentence, `can_x` says yes or no. There is one
transaction of the store a page: answers and state are kept together or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TypeAlias, TypeVar, assert_never

from blikveld.errors import BlikveldError
from blikveld.fieldwork import sessions, tokens
from blikveld.fieldwork.sessions import (
    FormAction,
    PageResult,
    Session,
    SessionState,
    SurveyLink,
    Waiting,
)
from blikveld.fieldwork.store import ConcurrentUpdate, Phase, SessionStore
from blikveld.kinds.posted import AnswerError
from blikveld.questionnaire import Message, Page, ParsedPage, Routing
from blikveld.questionnaire.answers import error_text


class NotPermitted(BlikveldError):
    """Something that may not be done. Pages say it in their own words, by `code`."""

    def __init__(self, code: str, problem: str) -> None:
        super().__init__(code, "fieldwork", problem, "Nothing was changed.")


_COLLECTS_NOT: dict[Phase, str] = {
    Phase.PREPARED: "The questionnaire is not open yet.",
    Phase.CLOSED: "The questionnaire is closed. You can no longer send in answers.",
}
BUSY = "busy"


def check_admitted(admitted: bool) -> None:
    """Raise NotPermitted when too many questionnaires were begun in a short while."""
    if not admitted:
        raise NotPermitted(BUSY, "Too many people are starting at once.")


def can_edit(session: Session) -> bool:
    """Return whether the answers of this session may still change."""
    return session.state is SessionState.OPEN


def check_edit(session: Session) -> None:
    """Raise NotPermitted when the answers of this session are final: closed is closed."""
    if not can_edit(session):
        problem = "You have finished the questionnaire. The answers can no longer be changed."
        raise NotPermitted("completed", problem)


def can_collect(phase: Phase) -> bool:
    """Return whether the fieldwork takes answers now."""
    return phase is Phase.OPEN


def check_collect(phase: Phase) -> None:
    """Raise NotPermitted when the fieldwork takes no answers now."""
    if not can_collect(phase):
        raise NotPermitted(f"fieldwork-{phase.value}", _COLLECTS_NOT[phase])


Form: TypeAlias = Mapping[str, Sequence[str]]

KeepContacts: TypeAlias = Callable[[Session, str, Mapping[str, str]], None]
"""Keeps what was filled in at contact items. Gets the session, its token, and item to address."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Who comes: by which link, in which language, with which tokens (the best one first).

    `admits` is asked before a new questionnaire begins at a link, and never otherwise.
    """

    link: SurveyLink
    language: str
    tokens: tuple[str, ...] = ()
    admits: Callable[[SurveyLink], bool] = field(
        default=lambda link: True, compare=False, repr=False
    )


@dataclass(frozen=True, slots=True)
class Sent:
    """A page as it was sent in, and why."""

    page: Page
    form: Form
    action: FormAction = FormAction.NEXT


@dataclass(frozen=True, slots=True)
class PageDraft:
    """A page that is being filled in. `submission` is that of the session when the page was shown;
    `number` counts the drafts of that submission.
    """

    page: Page
    form: Form
    submission: int
    draft_number: int


@dataclass(frozen=True, slots=True)
class AnswerResult:
    """What came of a page that was sent in, or of the start button.

    `token` is the one of the session. `recovered` tells that earlier answers were not found and
    that a new session holds this page. `as_sent` tells to show the page again: not all of it could
    be kept, and what was filled in waits.
    """

    page_result: PageResult
    token: str
    recovered: bool = False
    as_sent: bool = False


def current(store: SessionStore, visit: Visit) -> tuple[Session, str] | None:
    """Return the visitor's session at this link and its token; None when there is none."""
    for token in visit.tokens:
        session = store.find(tokens.hash_token(token)) if tokens.is_well_formed(token) else None
        if session and session.link == visit.link:
            return session, token
    return None


def begin(store: SessionStore, routing: Routing, visit: Visit) -> AnswerResult:
    """Start a questionnaire with the first token; the same button pressed twice starts one.

    Raises NotPermitted when no answers are taken now.
    """

    def attempt() -> AnswerResult:
        check_collect(store.phase())
        found = current(store, replace(visit, tokens=visit.tokens[:1]))
        if found:
            session, token = found
            return AnswerResult(
                PageResult(session, sessions.find_next_page(routing, session)), token
            )
        begun, token = _new(store, routing, visit)
        store.add(begun.session)
        return AnswerResult(begun, token)

    return _in_one_transaction(store, attempt)


def finish(store: SessionStore, routing: Routing, visit: Visit) -> Page | None:
    """Finish a questionnaire of which no question is left; else tell where the path goes on.

    So ends one that asks somebody nothing: by the first answer, the language or the site. Raises
    NotPermitted when no answers are taken now.
    """

    def attempt() -> Page | None:
        found = current(store, visit)
        if found is None or not can_edit(found[0]):
            return None
        page = sessions.find_next_page(routing, found[0])
        if page is None:
            check_collect(store.phase())
            store.save(replace(sessions.finished(found[0]), revision=found[0].revision + 1))
        return page

    return _in_one_transaction(store, attempt)


def answer(
    store: SessionStore, routing: Routing, visit: Visit, sent: Sent, keep_contacts: KeepContacts
) -> AnswerResult:
    """Take in a page. Without a session a new one begins that holds it, so no answer is lost.

    Raises NotPermitted when no answers are taken now. A completed session is not a refusal: it
    leads to the page of thanks once more, and changes nothing.
    """

    def attempt() -> AnswerResult:
        found = current(store, visit)
        if found and not can_edit(found[0]):
            return AnswerResult(PageResult(found[0], None), found[1])
        check_collect(store.phase())
        session, token = found or _recover(store, routing, visit)
        session = replace(session, language=visit.language)
        reading = sessions.parse_page(routing, session, sent.page, sent.form)
        outcome = _outcome(routing, session, sent, reading)
        if sent.action is FormAction.NEXT and reading.contacts and not outcome.messages:
            keep_contacts(outcome.session, token, reading.contacts)
        unfit = reading.messages if sent.action is FormAction.LANGUAGE else outcome.messages
        kept = sessions.refused(session) if outcome.messages else outcome.session
        if unfit:
            kept = sessions.wait(kept, sent.page, sent.form, sent.action, reading)
        store.save(kept)
        done = replace(outcome, session=kept)
        return AnswerResult(done, token, recovered=found is None, as_sent=bool(unfit))

    return _in_one_transaction(store, attempt)


def draft(store: SessionStore, routing: Routing, visit: Visit, sent: PageDraft) -> bool:
    """Keep what is on a page that is being filled in, and tell whether it was kept.

    Never begins a questionnaire, keeps no address, and counts nothing. What is older than what
    was sent in is left aside. Raises NotPermitted when no answers are taken now.
    """

    def attempt() -> bool:
        check_collect(store.phase())
        found = current(store, visit)
        if found is None or not sessions.is_newer(found[0], sent.submission, sent.draft_number):
            return False
        session = replace(found[0], language=visit.language)
        reading = sessions.parse_page(routing, session, sent.page, sent.form)
        store.save(sessions.draft(session, reading, sent.draft_number))
        return True

    return _in_one_transaction(store, attempt)


def ask_code(store: SessionStore, routing: Routing, visit: Visit, sent: Sent) -> bool:
    """Keep what is on the page as a draft, and a wish for a code; the next page shows it.

    False when there is no session that can go on. Raises NotPermitted when no answers are taken
    now.
    """

    def attempt() -> bool:
        check_collect(store.phase())
        found = current(store, visit)
        if found is None or not can_edit(found[0]):
            return False
        session = replace(found[0], language=visit.language)
        reading = sessions.parse_page(routing, session, sent.page, sent.form)
        drafted = sessions.draft(session, reading, session.draft_number)
        store.save(sessions.wait(drafted, sent.page, sent.form, FormAction.CODE, reading))
        return True

    return _in_one_transaction(store, attempt)


@dataclass(frozen=True, slots=True)
class Collected:
    """A session, what waited for it, and the code with which another device goes on."""

    session: Session
    waiting: Waiting | None = None
    code: str = field(default="", repr=False)


def collect(store: SessionStore, session: Session, token: str) -> Collected:
    """Take what waits for the next page, once; a wish for a code makes one now.

    A code takes the place of an earlier one. It is kept nowhere as it is shown.
    """
    if session.waiting is None:
        return Collected(session)
    code = tokens.make_code() if session.waiting.wish is FormAction.CODE else ""
    lock = tokens.lock_token(code, token) if code else None

    def attempt() -> Collected:
        found = store.find(session.token_hash)
        if found is None or found.waiting != session.waiting or not can_edit(found):
            return Collected(found or session)
        taken = replace(sessions.refused(found), waiting=None, code=lock or found.code)
        store.save(taken)
        return Collected(taken, session.waiting, code)

    return _in_one_transaction(store, attempt)


def messages(routing: Routing, session: Session, waiting: Waiting) -> tuple[Message, ...]:
    """Return what was wrong with a page that waits, as it was told when it came in."""
    if waiting.wish not in (FormAction.NEXT, FormAction.BACK):
        return ()
    page = routing.pages[waiting.page - 1]
    reading = sessions.parse_page(routing, session, page, waiting.form)
    told = _outcome(routing, session, Sent(page, waiting.form, waiting.wish), reading).messages
    contacts = waiting.contacts.items()
    return told + tuple(
        Message(key, code, error_text(code, routing.study)) for key, code in contacts
    )


def by_code(store: SessionStore, code: str) -> tuple[Session, str] | None:
    """Return the session of a code and its token, which is empty once it is finished."""
    session = store.find_by_code(tokens.hash_code(code))
    if session is None or session.code is None:
        return None
    locked = session.code.locked
    return session, tokens.unlock_token(code, locked) if locked else ""


_ATTEMPTS = 3
_T = TypeVar("_T")


def _in_one_transaction(store: SessionStore, work: Callable[[], _T]) -> _T:
    # Two requests of one respondent at once: the second sees what the first left.
    for _ in range(_ATTEMPTS - 1):
        with suppress(ConcurrentUpdate), store.transaction():
            return work()
    with store.transaction():
        return work()


_BLANK = {
    AnswerError.CHOOSE_ONE,
    AnswerError.CHOOSE_SOME,
    AnswerError.WRITE,
    AnswerError.OTHER_MISSING,
    AnswerError.CHECK,
    AnswerError.CHECK_SOFT,
}
"""Messages about what is not there (yet), or does not fit together: nothing is lost when they are
not shown."""


def _outcome(routing: Routing, session: Session, sent: Sent, reading: ParsedPage) -> PageResult:
    match sent.action:
        case FormAction.NEXT:
            return sessions.submit(routing, session, sent.page, reading)
        case FormAction.BACK:
            return _back(routing, session, sent.page, reading)
        case FormAction.LANGUAGE | FormAction.CODE | FormAction.DRAFT:
            return sessions.save_unsubmitted(session, sent.page, reading)
        case _:
            assert_never(sent.action)


def _back(routing: Routing, session: Session, page: Page, reading: ParsedPage) -> PageResult:
    lost = tuple(message for message in reading.messages if message.code not in _BLANK)
    if lost:
        return PageResult(session, page, messages=lost)
    kept = sessions.save_unsubmitted(session, page, reading)
    before = routing.previous_page(page.number, sessions.known(routing, kept.session))
    return replace(kept, page=before or page)


def _new(store: SessionStore, routing: Routing, visit: Visit) -> tuple[PageResult, str]:
    given = visit.tokens[0] if visit.tokens else ""
    check_admitted(visit.admits(visit.link))
    token = given if _free(store, visit, given) else tokens.make_token()
    return sessions.start(routing, tokens.hash_token(token), visit.link, visit.language), token


def _free(store: SessionStore, visit: Visit, token: str) -> bool:
    # A token that belongs to another link, or that we did not make, is not taken over.
    if not tokens.is_well_formed(token):
        return False
    taken = store.find(tokens.hash_token(token))
    if taken and taken.link == visit.link:
        # It was not there a moment ago: the same button was pressed twice.
        raise ConcurrentUpdate
    return taken is None


def _recover(store: SessionStore, routing: Routing, visit: Visit) -> tuple[Session, str]:
    started, token = _new(store, routing, visit)
    store.add(started.session)
    return started.session, token
