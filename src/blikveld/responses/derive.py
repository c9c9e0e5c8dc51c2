"""From answers to the variables that are counted: codes for texts, derived values, numbers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from blikveld.errors import BlikveldError
from blikveld.rules import Missing, Person, UnknownVariable, Value, evaluate, names
from blikveld.rules.evaluate import evaluate_quotient
from blikveld.rules.terms import quotient_names
from blikveld.study.labels import fold_text
from blikveld.study.model import Coded, Computed, Derived, Score, Study, VariableKind


class CodingError(BlikveldError):
    """A coded, derived or numeric variable cannot be made the way the study declares it."""

    def __init__(self, name: str, problem: str, mend: str) -> None:
        self.name = name
        super().__init__("coding", f"variable {name!r}", problem, mend)


def code_and_derive(study: Study, values: Person) -> Person:
    """The values with every coded, derived and numeric variable of the study added.

    A variable is made when it is first looked at, so it may rest on any other one. Raises
    UnknownVariable for a name nobody has, CodingError for variables that rest on each other in a
    circle or for a value of the wrong kind.

    Coded: the code of the text of 'other, namely' when it stands in the coding file, else the
    code mapped to the answer, else the default. Without any of these it is UNCODED when there was
    a text to code and NOT_ASKED (it does not apply) when there was none. A missing source is
    missing in the same way.

    Derived: the first case whose rule is true. When none is, it is missing as the answers are that
    its rules look at: who left before one of them is BROKEN_OFF here too. It is NOT_ASKED (it does
    not apply) when all of them are there.

    Scores: the number of the answer. An answer without a number, such as 'don't know' on a
    scale, is SKIPPED: the question was asked and gave nothing to calculate with. (NOT_ASKED would
    say that the routing passed by, UNCODED would put it on the list of texts still to code.)
    """
    return _whole(study, values)


def code_and_derive_all(study: Study, people: Iterable[Person]) -> Iterator[Person]:
    """As `code_and_derive` for many people; who answered alike is worked out once."""
    memory = _DerivedValues(study)
    for values in people:
        yield _whole(study, values, memory)


def as_far_as_known(study: Study, values: Person) -> Person:
    """A person of whom only some answers are known: other variables are made when looked at.

    A made variable that is among the values is left as it is. Raises UnknownVariable when one
    that is looked at rests on an answer that is not known.
    """
    return _Making(study, values)


def _whole(study: Study, values: Person, memory: _DerivedValues | None = None) -> Person:
    making = _Making(study, values, memory)
    return dict(values) | {name: making[name] for name in study.recipes}


class _DerivedValues:
    """Derived values by the values they rest on."""

    def __init__(self, study: Study) -> None:
        self._made_from = study.made_from
        self._found: dict[tuple[Value, ...], Value] = {}

    def derive(self, derived: Derived, person: Person) -> Value:
        """As the function `derive`."""
        key = (derived.key, *(person[name] for name in self._made_from[derived.key]))
        if key not in self._found:
            self._found[key] = derive(derived, person)
        return self._found[key]


class _Making(Mapping[str, Value]):
    """One person while variables are added: a missing one is made when it is asked for."""

    def __init__(self, study: Study, values: Person, memory: _DerivedValues | None = None) -> None:
        self._study = study
        self._values: dict[str, Value] = dict(values)
        self._memory = memory
        self._begun: set[str] = set()

    def __getitem__(self, name: str) -> Value:
        if name not in self._values:
            self._values[name] = self._make(name)
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter({**self._values, **self._study.recipes})

    def __len__(self) -> int:
        return len({**self._values, **self._study.recipes})

    def _make(self, name: str) -> Value:
        recipe = self._study.recipes[name]
        if name in self._begun:
            raise CodingError(name, "It rests on itself.", "Make it from answers.")
        self._begun.add(name)
        match recipe:
            case Coded():
                return _coded(self._study, recipe, self)
            case Derived():
                memory = self._memory
                return memory.derive(recipe, self) if memory else derive(recipe, self)
            case Score():
                return _score(recipe, self)
            case Computed():
                return _compute(recipe, self)


def _coded(study: Study, coded: Coded, person: Person) -> Value:
    answer = _source(coded.key, coded.source, person)
    if isinstance(answer, Missing):
        return answer
    texts = _texts(study, coded, person, answer)
    found = next((code for text in texts if (code := coded.code_of(text)) is not None), None)
    if found is not None:
        return found
    if isinstance(answer, str) and answer in coded.map:
        return coded.map[answer]
    if coded.default is not None:
        return coded.default
    has_text = bool(texts) or _asks_text(study, coded.source, answer)
    return Missing.UNCODED if has_text else Missing.NOT_ASKED


def _texts(study: Study, coded: Coded, person: Person, answer: Value) -> tuple[str, ...]:
    """The folded text that a coder sees for this answer, if there is one."""
    name = text_variable(study, coded)
    text = answer if name == coded.source else person.get(name or "", Missing.NOT_ASKED)
    return (fold_text(text),) if isinstance(text, str) else ()


def text_variable(study: Study, coded: Coded) -> str | None:
    """The variable whose texts are coded for this one; None where there are no texts."""
    question = study.questions.get(coded.source)
    if question is None:
        return None
    if question.variable_kind is VariableKind.TEXT:
        return question.key
    # A question that is coded asks for one text at the most: the loader sees to that.
    return next(iter(question.other_keys), None)


def _asks_text(study: Study, source: str, answer: Value) -> bool:
    question = study.questions.get(source)
    if question is None:
        return False
    chosen = answer if isinstance(answer, tuple) else (answer,)
    return any(option.text is not None and option.code in chosen for option in question.options)


_DECISIVE = (
    Missing.BROKEN_OFF,
    Missing.REFUSED,
    Missing.SKIPPED,
    Missing.UNCODED,
    Missing.NOT_ASKED,
)
"""Of the ways in which answers are missing, the first here is that of what rests on them."""


def derive(derived: Derived, person: Person) -> Value:
    """The first case whose rule is true of this person, or the way in which it is missing."""
    for case in derived.cases:
        if evaluate(case.when, person) is True:
            return case.code
    looked_at = {person[name] for case in derived.cases for name in names(case.when)}
    return _missing_as(looked_at, Missing.NOT_ASKED)


def _missing_as(looked_at: Collection[Value], otherwise: Missing) -> Missing:
    return next((kind for kind in _DECISIVE if kind in looked_at), otherwise)


def _compute(computed: Computed, person: Person) -> Value:
    """The number, or the way in which what it rests on is missing; SKIPPED over nought."""
    decimals = computed.limits.decimals or 0
    found = evaluate_quotient(computed.compute, decimals, person)
    if found is not None:
        return found
    looked_at = {person[name] for name in quotient_names(computed.compute)}
    return _missing_as(looked_at, Missing.SKIPPED)


def _score(score: Score, person: Person) -> Value:
    answer = _source(score.key, score.source, person)
    if isinstance(answer, Missing):
        return answer
    if not isinstance(answer, str):
        raise CodingError(
            score.key,
            f"Its source {score.source!r} has no single code.",
            "Score a single-choice question.",
        )
    number = score.values.get(answer)
    return Missing.SKIPPED if number is None else float(number)


def _source(name: str, source: str, person: Person) -> Value:
    try:
        return person[source]
    except KeyError:
        raise UnknownVariable(source) from None
