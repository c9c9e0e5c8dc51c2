"""Take names out of a foreign project: its texts, codes, memos, sets, links and graphs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from blikveld.interviews.coding import Action, ActionKind
from blikveld.interviews.deidentification import (
    Context,
    IdentifierKind,
    PseudonymRegister,
    Span,
    SuggestionSource,
    TranscriptDraft,
    suggest,
)
from blikveld.interviews.deidentification.find import beforehand
from blikveld.interviews.deidentification.pseudonymised import Rewritten, replaced, rewritten
from blikveld.interviews.deidentification.words import is_word
from blikveld.interviews.exchange import ImportedProject
from blikveld.interviews.refi import RefiArchive
from blikveld.interviews.refi.elements import kept

Done = tuple[str, Action]
"""Who did something, and what."""
_SURE = frozenset((SuggestionSource.LIST, SuggestionSource.RULE, SuggestionSource.SPEAKERS))
_SHORTEST = 3
_LANGUAGE = "nl"
"""The language of placeholders in words that come from another program."""


@dataclass(frozen=True, slots=True)
class Hiding:
    """What takes names out of words: speakers who are known, and people whom the texts name."""

    register: PseudonymRegister
    context: Context
    form: re.Pattern[str] | None

    @classmethod
    def of(
        cls, drafts: Iterable[TranscriptDraft], register: PseudonymRegister, context: Context
    ) -> Hiding:
        """What hides the names that these texts hold. Only sure ones: a code has other capitals."""
        names = {
            word
            for draft in drafts
            for span in suggest(draft.text, context).spans
            if span.kind is IdentifierKind.PERSON and span.source in _SURE
            for word in span.words(draft.text).split()
            if len(word) >= _SHORTEST and not is_word(word)
        }
        form = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
        return cls(register, context, re.compile(rf"(?<!\w)(?:{form})(?!\w)") if names else None)

    def known(self, words: str) -> str:
        """Words without the names that are known."""
        found = list(beforehand(words, self.context.people))
        for match in self.form.finditer(words) if self.form else ():
            found.append(Span(*match.span(), IdentifierKind.PERSON, SuggestionSource.LIST))
        return replaced(words, found, self.register, _LANGUAGE)

    def surely(self, words: str) -> str:
        """Words without whatever may name somebody, for nobody judges them."""
        return replaced(words, suggest(words, self.context).spans, self.register, _LANGUAGE)


def drafted(
    draft: TranscriptDraft, foreign: ImportedProject, hiding: Hiding
) -> tuple[TranscriptDraft, tuple[Done, ...]]:
    """A draft without the speakers who are known, and what was done with it at its places now."""
    known = beforehand(draft.text, hiding.context.people)
    done = rewritten(draft.text, known, hiding.register, draft.language)
    codings = without_names(_placed(foreign.on(draft.key), done), hiding)
    return replace(draft, text=done.text), codings


def without_names(actions: Iterable[Done], hiding: Hiding) -> tuple[Done, ...]:
    """Actions with a placeholder where their words may name somebody.

    What a code is called is one word or two, of which only names that are known can be told.
    """

    def without(action: Action) -> Action:
        name = hiding.known(action.name)
        # The key for the report was made of the name.
        key = action.report_key if name == action.name else ""
        words, definition = hiding.surely(action.words), hiding.surely(action.definition)
        return replace(action, name=name, report_key=key, words=words, definition=definition)

    return tuple((author, without(action)) for author, action in actions)


def kept_of(package: RefiArchive, hiding: Hiding) -> bytes:
    """The sets, links and graphs of a package, without what may name somebody."""
    return kept(package, hiding.known, hiding.surely)


def moved_codings(
    draft: TranscriptDraft,
    codings: Iterable[Done],
    taken: Iterable[Span],
    register: PseudonymRegister,
) -> tuple[Done, ...]:
    """What was done with a draft, at the places of the protected text; each thing once."""
    done = rewritten(draft.text, taken, register, draft.language)
    return tuple(dict.fromkeys(_placed(codings, done)))


def _placed(codings: Iterable[Done], done: Rewritten) -> Iterator[Done]:
    for author, action in codings:
        if action.kind is ActionKind.CODE:
            start, end = done.position(action.start), done.position(action.end, end=True)
            yield author, replace(action, start=start, end=end)
        else:
            yield author, action
