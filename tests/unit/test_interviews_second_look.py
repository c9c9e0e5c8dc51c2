"""The second look, and decisions that are taken back. Everybody here is invented."""

from __future__ import annotations

import json

import pytest

from blikveld.interviews.deidentification import (
    Context,
    IdentifierKind,
    Span,
    SuggestionSource,
    TranscriptDraft,
    suggestions,
)
from blikveld.interviews.deidentification.find import Suspicion, second_look
from blikveld.interviews.drafts import WaitingTranscript

TEXT = (
    "Werker: Ik zag de jongens van het plein, en Brug zei dat hij wegging.\n\n"
    "Werker: Roosje kwam om half vier. Later belde het Stedelijk voor Jongeren. Dan 2.134 keer.\n\n"
    "Werker: Canvas lag er ook. En brug, de brug, de brug."
)


def rows(*judged: str) -> dict[str, Suspicion]:
    spans = [
        Span(TEXT.index(words), TEXT.index(words) + len(words), kind, SuggestionSource.CAPITAL)
        for words, kind in zip(judged, (IdentifierKind.ORGANISATION,) * len(judged), strict=True)
    ]
    return {row.words: row.suspicion for row in second_look(TEXT, spans)}


def test_what_may_be_a_name_comes_first() -> None:
    found = rows()
    assert found["Brug"] is Suspicion.CAPITAL
    assert found["Canvas"] is Suspicion.START
    assert found["2.134"] is Suspicion.NUMBER
    assert found["jongens"] is Suspicion.WORD
    order = list(found)
    assert order.index("Brug") < order.index("Canvas") < order.index("jongens")


def test_what_was_judged_is_not_shown_and_a_name_with_a_gap_is() -> None:
    found = rows("Stedelijk", "Jongeren")
    assert "Stedelijk" not in found
    assert found["Stedelijk voor Jongeren"] is Suspicion.GAP


def test_a_row_counts_every_place_and_rare_words_come_first() -> None:
    found = second_look(TEXT, ())
    brug = next(row for row in found if row.words == "brug")
    assert (brug.count, TEXT[brug.starts[0] :][:4]) == (3, "brug")
    words = [row for row in found if row.suspicion is Suspicion.WORD]
    assert [row.count for row in words] == sorted(row.count for row in words)


@pytest.fixture
def waiting() -> WaitingTranscript:
    draft = TranscriptDraft("g1", "Werker: Ik zag Youssef in Almelo. Youssef, Youssefs fiets.")
    spans = suggestions(draft.text, Context())
    return WaitingTranscript(draft, spans, (True,) * len(spans))


def test_a_kind_is_accepted_or_kept_at_once_and_taken_back(waiting: WaitingTranscript) -> None:
    none = waiting.with_kind(IdentifierKind.PERSON, accepted=False)
    kinds = {s.kind for s, yes in none.decisions if yes}
    assert IdentifierKind.PERSON not in kinds
    assert IdentifierKind.TOWN in kinds
    assert none.undone().decisions == waiting.decisions
    assert waiting.undone() == waiting
    assert none.with_kind(IdentifierKind.PERSON, accepted=False) == none


def test_words_are_covered_wherever_they_stand_and_not_inside_others(
    waiting: WaitingTranscript,
) -> None:
    more = waiting.covering("fiets", IdentifierKind.NUMBER).covering("zag", IdentifierKind.PERSON)
    assert [s.words(more.draft.text) for s in more.spans if s.kind is IdentifierKind.NUMBER] == [
        "fiets"
    ]
    assert waiting.covering("Yous", IdentifierKind.PERSON).decisions == waiting.decisions
    town = waiting.covering("Youssef", IdentifierKind.TOWN)
    kinds = {s.kind for s in town.spans if s.words(town.draft.text) == "Youssef"}
    assert kinds == {IdentifierKind.TOWN}
    assert more.undone().undone().decisions == waiting.decisions


def test_a_draft_keeps_what_can_be_taken_back(waiting: WaitingTranscript) -> None:
    more = waiting.covering("fiets", IdentifierKind.PERSON)
    again = WaitingTranscript.read(json.loads(more.written()))
    assert again == more
    assert again.undone().decisions == waiting.decisions
    old = json.loads(waiting.written())
    del old["before"]
    assert WaitingTranscript.read(old) == waiting
