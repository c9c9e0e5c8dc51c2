"""Transcripts that wait to be protected, with suggestions and a person's decisions on them.

Every decision can be taken back until the text is protected; the draft keeps what it was before.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from blikveld.interviews.coding import Action
from blikveld.interviews.coding.log import action_of, plain_action
from blikveld.interviews.deidentification import (
    IdentifierKind,
    Span,
    SuggestionSource,
    TranscriptDraft,
)

_MOST_BEFORE = 50
"""How many decisions can be taken back."""
Decisions = tuple[tuple[Span, bool], ...]
"""Each suggestion, and whether its words go."""


@dataclass(frozen=True, slots=True)
class WaitingTranscript:
    """A draft with its suggestions, and which of them are accepted."""

    draft: TranscriptDraft
    spans: tuple[Span, ...]
    accepted: tuple[bool, ...]
    codings: tuple[tuple[str, Action], ...] = ()
    """What another program says was done with the text, and by whom; it waits with it."""
    before: tuple[Decisions, ...] = ()
    """What was decided before each decision, the first one first."""

    @property
    def version(self) -> str:
        """What tells this state of judging from any other."""
        return sha256(json.dumps(_plain(self)).encode()).hexdigest()

    @property
    def decisions(self) -> Decisions:
        """Each suggestion, and whether its words go."""
        return tuple(zip(self.spans, self.accepted, strict=True))

    def decided(self, decisions: Decisions) -> WaitingTranscript:
        """The draft after a decision; the same one when that changes nothing."""
        if decisions == self.decisions:
            return self
        ordered = sorted(decisions, key=lambda pair: (pair[0].start, pair[0].end))
        before = (*self.before, self.decisions)[-_MOST_BEFORE:]
        spans, accepted = tuple(s for s, _ in ordered), tuple(yes for _, yes in ordered)
        return replace(self, spans=spans, accepted=accepted, before=before)

    def undone(self) -> WaitingTranscript:
        """The draft as it was before the last decision; the same one when there is none."""
        if not self.before:
            return self
        *before, last = self.before
        spans, accepted = tuple(s for s, _ in last), tuple(yes for _, yes in last)
        return replace(self, spans=spans, accepted=accepted, before=tuple(before))

    def with_ticks(self, ticked: Callable[[int], bool]) -> WaitingTranscript:
        """The draft in which the suggestions are accepted whose numbers are ticked."""
        return self.decided(tuple((s, ticked(n)) for n, s in enumerate(self.spans)))

    def with_kind(self, kind: IdentifierKind, *, accepted: bool) -> WaitingTranscript:
        """The draft in which all suggestions of a kind are accepted, or none."""
        rows = ((s, accepted if s.kind is kind else yes) for s, yes in self.decisions)
        return self.decided(tuple(rows))

    def covering(self, words: str, kind: IdentifierKind) -> WaitingTranscript:
        """The draft in which words go wherever they stand, as one kind.

        A suggestion of just these words gets this kind; elsewhere one is added. What is part of a
        longer word stays.
        """
        changed = tuple(
            (replace(s, kind=kind), True) if s.words(self.draft.text) == words else (s, yes)
            for s, yes in self.decisions
        )
        there = {(s.start, s.end) for s, _ in changed}
        added = tuple(
            (Span(*match.span(), kind, SuggestionSource.PATTERN), True)
            for match in _standing(words).finditer(self.draft.text)
            if match.span() not in there
        )
        return self.decided((*changed, *added))

    def written(self) -> bytes:
        """The draft as a file holds it."""
        return json.dumps(_plain(self), ensure_ascii=False, indent=1).encode()

    @classmethod
    def read(cls, found: Mapping[str, object]) -> WaitingTranscript:
        """The draft that a file holds. Raises ValueError, KeyError and TypeError."""
        return _waiting(found)


def _standing(words: str) -> re.Pattern[str]:
    front = r"(?<!\w)" if words[:1].isalnum() else ""
    back = r"(?!\w)" if words[-1:].isalnum() else ""
    return re.compile(front + re.escape(words) + back)


def _plain(waiting: WaitingTranscript) -> dict[str, object]:
    draft = waiting.draft
    return {
        "key": draft.key,
        "language": draft.language,
        "notes": list(draft.notes),
        "moments": [list(moment) for moment in draft.moments],
        "guid": draft.guid,
        "codings": [[author, plain_action(action)] for author, action in waiting.codings],
        "suggestions": _rows(waiting.decisions, draft.text),
        "before": [_rows(decisions, draft.text) for decisions in waiting.before],
        "text": draft.text,
    }


def _waiting(found: Mapping[str, object]) -> WaitingTranscript:
    text, rows, before = found["text"], found["suggestions"], found.get("before", [])
    if not (isinstance(text, str) and isinstance(rows, list) and isinstance(before, list)):
        raise TypeError("a draft has a text and suggestions")
    decisions = _decisions(rows, text)
    notes = found["notes"]
    noted = tuple(map(str, notes)) if isinstance(notes, list) else ()
    moments = found.get("moments", [])
    timed = tuple((int(p), int(w)) for p, w in moments) if isinstance(moments, list) else ()
    guid = str(found.get("guid", ""))
    draft = TranscriptDraft(str(found["key"]), text, str(found["language"]), noted, timed, guid)
    given = found.get("codings", [])
    codings = tuple((str(a), action_of(c)) for a, c in given) if isinstance(given, list) else ()
    spans, accepted = tuple(s for s, _ in decisions), tuple(yes for _, yes in decisions)
    earlier = tuple(_decisions(each, text) for each in before)
    return WaitingTranscript(draft, spans, accepted, codings, earlier)


def _rows(decisions: Decisions, text: str) -> list[dict[str, object]]:
    return [
        {
            "accept": yes,
            "words": span.words(text),
            "kind": span.kind.value,
            "start": span.start,
            "end": span.end,
            "source": span.source.name.lower(),
        }
        for span, yes in decisions
    ]


def _decisions(rows: list[dict[str, Any]], text: str) -> Decisions:
    spans = tuple(
        Span(
            int(row["start"]),
            int(row["end"]),
            IdentifierKind(row["kind"]),
            SuggestionSource[row["source"].upper()],
        )
        for row in rows
    )
    if any(span.words(text) != row["words"] for span, row in zip(spans, rows, strict=True)):
        raise ValueError("a suggestion does not stand where it says")
    return tuple((span, row["accept"] is True) for span, row in zip(spans, rows, strict=True))
