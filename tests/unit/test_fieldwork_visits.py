"""Visits over a plain store in memory: repeated, reordered and lost pages make one response."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blikveld.fieldwork import (
    Counts,
    Phase,
    Session,
    SessionState,
    SurveyLink,
    sessions,
    tokens,
    visits,
)
from blikveld.fieldwork.sessions import FormAction
from blikveld.fieldwork.store import ConcurrentUpdate
from blikveld.fieldwork.visits import NotPermitted, Sent, Visit
from blikveld.questionnaire import Routing
from blikveld.rules import Missing
from blikveld.study.load import load
from blikveld.study.model import Mode

ROUTING = Routing(load(Path(__file__).parents[1] / "studies/small"))
LINK = SurveyLink("zand", Mode.WEB)
FORMS: Mapping[int, Mapping[str, list[str]]] = {
    2: {"district": ["zand_duin"], "job": ["baker"], "seen": ["yes"]},
    3: {"places": ["beach"], "loud": ["agree"], "clever": ["disagree"]},
    4: {"fed": ["no"]},
    5: {"remarks": [""], "contact_talk": ["invented@example.org"]},
}


@dataclass
class MemoryStore:
    """A store that keeps everything in dictionaries; the plain version of the real one."""

    now: Phase = Phase.OPEN
    kept: dict[str, Session] = field(default_factory=dict)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        kept = dict(self.kept)
        try:
            yield
        except BaseException:
            self.kept = kept
            raise

    def phase(self) -> Phase:
        return self.now

    def find(self, token_hash: str) -> Session | None:
        return self.kept.get(token_hash)

    def add(self, session: Session) -> None:
        if session.token_hash in self.kept:
            raise ConcurrentUpdate
        self.kept[session.token_hash] = session

    def save(self, session: Session) -> None:
        before = self.kept[session.token_hash]
        if before.state is SessionState.COMPLETED or session.revision != before.revision + 1:
            raise ConcurrentUpdate
        self.kept[session.token_hash] = session

    def sessions(self) -> Iterator[Session]:
        return iter(self.kept.values())

    def counts(self) -> Mapping[SurveyLink, Counts]:
        return {}


@dataclass
class Respondent:
    """A browser that can forget its cookie, and the addresses that were kept."""

    store: MemoryStore = field(default_factory=MemoryStore)
    token: str = field(default_factory=tokens.make_token)
    addresses: list[str] = field(default_factory=list)

    def start(self) -> visits.AnswerResult:
        return visits.begin(self.store, ROUTING, Visit(LINK, "nl", (self.token,)))

    def send(
        self,
        number: int,
        action: FormAction = FormAction.NEXT,
        given: tuple[str, ...] | None = None,
    ) -> visits.AnswerResult:
        known = (self.token,) if given is None else given
        sent = Sent(ROUTING.pages[number - 1], FORMS[number], action)
        return visits.answer(self.store, ROUTING, Visit(LINK, "nl", known), sent, self._keep)

    def _keep(self, session: Session, token: str, filled: Mapping[str, str]) -> None:
        self.addresses.extend(filled.values())


def test_the_start_button_pressed_twice_starts_one_questionnaire() -> None:
    someone = Respondent()
    assert someone.start().token == someone.start().token == someone.token
    assert len(someone.store.kept) == 1


def test_the_last_page_sent_twice_gives_thanks_twice_and_one_response() -> None:
    someone = Respondent()
    someone.start()
    turns = [someone.send(number).page_result for number in (2, 3, 4, 5, 5)]
    assert [turn.page is None for turn in turns] == [False, False, False, True, True]
    assert [session.state for session in someone.store.kept.values()] == [SessionState.COMPLETED]
    assert someone.addresses == ["invented@example.org"]


def test_a_lost_session_costs_no_answer() -> None:
    someone = Respondent()
    answered = someone.send(3, given=())
    assert answered.recovered
    kept = someone.store.find(tokens.hash_token(answered.token))
    assert kept is not None
    assert kept.answers["places"] == ("beach",)
    assert answered.page_result.page == ROUTING.pages[1]


def test_a_session_of_another_link_is_not_touched() -> None:
    someone = Respondent()
    someone.start()
    elsewhere = Visit(SurveyLink("veen", Mode.WEB), "nl", (someone.token,))
    sent = Sent(ROUTING.pages[4], FORMS[5])
    answered = visits.answer(someone.store, ROUTING, elsewhere, sent, someone._keep)
    assert answered.token != someone.token
    assert someone.store.kept[tokens.hash_token(someone.token)].answers == {}


def test_a_token_that_is_not_ours_is_never_taken_over() -> None:
    guess = "a" * 42
    assert Respondent(token=guess).start().token != guess


@dataclass
class HurriedStore(MemoryStore):
    """A store in which somebody else starts the same questionnaire between two looks."""

    looks: int = 0

    def find(self, token_hash: str) -> Session | None:
        self.looks += 1
        found = super().find(token_hash)
        if self.looks == 1:
            begun = sessions.start(ROUTING, token_hash, LINK, "nl")
            self.kept[token_hash] = begun.session
        return found


def test_two_starts_at_the_same_moment_make_one_questionnaire() -> None:
    someone = Respondent(HurriedStore())
    assert someone.start().token == someone.token
    assert list(someone.store.kept) == [tokens.hash_token(someone.token)]


def test_closed_fieldwork_takes_nothing_and_still_thanks_who_was_done() -> None:
    done, half = Respondent(), Respondent()
    half.store = done.store
    for someone in (done, half):
        someone.start()
    for number in (2, 3, 4, 5):
        done.send(number)
    done.store.now = Phase.CLOSED
    assert done.send(5).page_result.page is None
    with pytest.raises(NotPermitted):
        half.send(2)
    with pytest.raises(NotPermitted):
        Respondent(done.store).start()
    assert half.store.kept[tokens.hash_token(half.token)].answers == {}


def test_back_keeps_what_was_filled_in_and_shows_the_page_before() -> None:
    someone = Respondent()
    someone.start()
    someone.send(2)
    answered = someone.send(3, FormAction.BACK)
    assert answered.page_result.page == ROUTING.pages[1]
    kept = someone.store.kept[tokens.hash_token(someone.token)]
    assert kept.answers["places"] == ("beach",)
    assert kept.pages == {"welcome", "district"}


STEPS = st.lists(
    st.tuples(
        st.sampled_from([0, 2, 3, 4, 5]),
        st.sampled_from([FormAction.NEXT, FormAction.NEXT, FormAction.BACK]),
    ),
    max_size=14,
)


@given(STEPS)
@settings(max_examples=300, deadline=None)
def test_any_order_of_pages_makes_one_response_that_the_questionnaire_could_have_made(
    steps: list[tuple[int, FormAction]],
) -> None:
    someone = Respondent()
    someone.start()
    for number, action in steps:
        someone.start() if number == 0 else someone.send(number, action)
    (session,) = someone.store.kept.values()
    completed = session.state is SessionState.COMPLETED
    record = sessions.record(ROUTING, session)
    assert not completed or Missing.BROKEN_OFF not in record.values()
    assert not completed or record["fed"] == "no"
