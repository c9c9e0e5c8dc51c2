"""Texts in the answers as they are now, with the decision about each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from blikveld.desk.open_answers.models import CodedText, ReleasedText
from blikveld.fieldwork import sessions
from blikveld.interviews.deidentification.spans import (
    WORDS,
    IdentifierKind,
    Span,
    SuggestionSource,
    settled,
)
from blikveld.responses.derive import text_variable
from blikveld.responses.snapshot import TextRelease, text_names
from blikveld.study.labels import fold_text
from blikveld.study.model import Coded, Study
from blikveld.web.served_study import ServedStudy

WrittenText = Mapping[str, Counter[str]]
"""Of each variable the texts, with how many wrote exactly that."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a snapshot needs: the study with its codes, the texts released, and how many wait."""

    study: Study
    texts: TextRelease
    waiting: int


def written(here: ServedStudy) -> WrittenText:
    """Every text that counts: what somebody wrote beside an answer chosen on their own path."""
    names = text_names(here.study)
    found: dict[str, Counter[str]] = {name: Counter() for name in names}
    for session in here.store.sessions():
        if session.answers.keys().isdisjoint(names):
            continue
        values = sessions.record(here.routing, session)
        for name in names:
            if isinstance(text := values[name], str):
                found[name][text] += 1
    return found


def text_hash(name: str, text: str) -> str:
    """By what a decision is found again: nothing of the text can be read in it."""
    return sha256(f"{name}\0{text}".encode()).hexdigest()


def judged(here: ServedStudy) -> Judged:
    """The decisions of this moment, applied to the texts of this moment."""
    texts = written(here)
    known = {row.text_hash: row.out for row in ReleasedText.objects.all()}
    released = {
        (name, text): blacked_out(text, spans(known[found]), here.study.languages[0])
        for name, own in texts.items()
        for text in own
        if (found := text_hash(name, text)) in known
    }
    waiting = sum(len(own) for own in texts.values()) - len(released)
    return Judged(with_codes(here.study, texts), TextRelease(released), waiting)


def with_codes(study: Study, texts: WrittenText) -> Study:
    """The study with the texts coded at the desk; those of its own coding file go before."""
    coded = tuple(
        replace(variable, decided=decided(variable, texts[name]))
        if (name := text_variable(study, variable)) is not None
        else variable
        for variable in study.coded
    )
    return replace(study, coded=coded)


def decided(variable: Coded, texts: Iterable[str]) -> dict[str, str]:
    """The folded texts that have a code of the desk, with that code."""
    rows = CodedText.objects.filter(variable=variable.key).values_list("text_hash", "code")
    known, codes = dict(rows), {code.code for code in variable.codes}
    found = {
        fold_text(text): known.get(text_hash(variable.key, fold_text(text)), "") for text in texts
    }
    # A code can have left the study since.
    return {text: code for text, code in found.items() if code in codes}


def spans(out: Iterable[tuple[int, int, str]]) -> tuple[Span, ...]:
    """Stretches as they are kept, as spans."""
    return tuple(
        Span(start, end, IdentifierKind(kind), SuggestionSource.SPEAKERS)
        for start, end, kind in out
    )


def blacked_out(text: str, out: Iterable[Span], language: str) -> str:
    """The text with the kind of thing in the place of each stretch: 'met [naam] in [plaats]'."""
    words, parts, index = WORDS.get(language, WORDS["en"]), [], 0
    for span in settled(out):
        parts += [text[index : span.start], f"[{words[span.kind]}]"]
        index = span.end
    return "".join((*parts, text[index:]))
