"""Find answers that the questionnaire as it is now could not have given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from blikveld.fieldwork.sessions import Session
from blikveld.kinds import AskedQuestion
from blikveld.study.model import Question, Study, VariableKind

_MOST = 5
"""So many of what no longer fits are named."""


def count_unknown(study: Study, sessions: Iterable[Session]) -> Mapping[str, int]:
    """Return what respondents answered that the study does not know any more, and how many did.

    A question that is gone or of another kind, an option that is gone, and a site, mode or
    language in which nobody could answer now. What was added makes nothing strange.
    """
    found: Counter[str] = Counter()
    known = _Known(study)
    for session in sessions:
        found.update(set(known.lacking(session)))
    return found


def describe_unknown(found: Mapping[str, int], threshold: int) -> str:
    """Return the same in words. Counts under the threshold are 'few'."""
    most = sorted(found, key=lambda name: (-found[name], name))[:_MOST]
    words = ", ".join(f"{name} ({_number(found[name], threshold)})" for name in most)
    more = len(found) - len(most)
    return f"{words} and {more} more" if more else words


def _number(count: int, threshold: int) -> str:
    return f"{count:,}" if count >= threshold else "few"


class _Known:
    """What a study can be answered with."""

    def __init__(self, study: Study) -> None:
        self._codes = {
            (question.key, site.key): frozenset(o.code for o in study.options(question, site.key))
            for question in study.questions.values()
            for site in study.sites
        }
        self._questions = study.questions
        self._texts = {
            name for q in study.questions.values() for name in (*q.other_keys, *q.special_keys)
        }
        self._places: Sequence[tuple[str, frozenset[str]]] = (
            (study.sites.name, frozenset(study.sites.keys)),
            ("mode", frozenset(mode.value for mode in study.modes)),
            ("language", frozenset(study.languages)),
        )

    def lacking(self, session: Session) -> Iterator[str]:
        """Yield what this respondent answered that is not known."""
        link = session.link
        given = (link.site, link.mode.value, session.language)
        gone = [
            f"{name} {here!r}"
            for (name, known), here in zip(self._places, given, strict=True)
            if here not in known
        ]
        yield from gone
        if not gone:
            for name, value in session.answers.items():
                yield from self._answer(name, value, link.site)

    def _answer(self, name: str, value: str | tuple[str, ...], location: str) -> Iterator[str]:
        if name in self._texts:
            return
        question = self._questions.get(name)
        if question is None:
            yield f"question {name!r}"
        elif not _of_kind(question, value):
            yield f"question {name!r} as it was"
        elif question.kind.offers:
            given = (value,) if isinstance(value, str) else value
            yield from (f"{name} {c!r}" for c in given if c not in self._codes[name, location])


def _of_kind(question: Question, value: str | tuple[str, ...]) -> bool:
    if question.kind.encoded:
        return question.kind.is_kept(AskedQuestion(question.key, question.options), value)
    return isinstance(value, tuple) == (question.variable_kind is VariableKind.MULTIPLE)
