"""Find answers that the questionnaire as it is now could not have given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from blikveld.fieldwork.sessions import Session, known
from blikveld.kinds import AskedQuestion
from blikveld.questionnaire import Routing
from blikveld.rules import Value, evaluate, parse
from blikveld.study.changes import ChangeKind, Changes
from blikveld.study.identity import StudyDescription
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


def count_lost(
    study: Study, before: StudyDescription, changes: Changes, sessions: Iterable[Session]
) -> Mapping[str, int]:
    """Return what respondents answered that would not count as the study is now, and how many did.

    A question of another kind, and one that they would not be asked (or not with that answer) and
    were asked by the rule of before. Whoever left it off their own path loses nothing. `changes`
    are those of the study since `before`.
    """
    kinds = {c.name for c in changes if c.kind is ChangeKind.KIND_CHANGED}
    rules = {
        c.name: before.variables[c.name].asked_if
        for c in changes
        if c.kind in (ChangeKind.ROUTING_CHANGED, ChangeKind.SETTINGS_CHANGED) and c.name
    }
    found: Counter[str] = Counter()
    routing, asked = Routing(study), {name: parse(rule) for name, rule in rules.items()}
    for session in sessions if kinds or rules else ():
        found.update(f"question {name!r} as it was" for name in kinds & session.answers.keys())
        answered = [name for name in asked if name in session.answers]
        person = routing.person(known(routing, session)) if answered else {}
        for name in answered:
            was_asked = evaluate(asked[name], person) is True
            if was_asked and person[name] != _value(study.questions[name], session.answers[name]):
                found[f"question {name!r} of who would not be asked it now"] += 1
    return found


def _value(question: Question, answer: str | tuple[str, ...]) -> Value:
    return question.kind.read_value(answer) if question.kind.encoded else answer


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
