"""Values of a person of whom only some variables have been decided.

The reconstruction decides answers one after the other. A rule may name a derived variable; this
module tells which decided variables such a rule rests on, and works the value out. A coded or
derived variable may itself be decided before the answers behind it (a stand-in): then its value
is taken as it is, and the answers are made to agree later.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from blikveld.errors import BlikveldError
from blikveld.responses.derive import as_far_as_known
from blikveld.rules import Person, Rule, Truth, Value, evaluate, names
from blikveld.study.model import Coded, Study

Needs: TypeAlias = frozenset[str]


class NotDecided(BlikveldError):
    """Something asks for a variable that rests on answers that are not decided yet."""

    def __init__(self, name: str) -> None:
        super().__init__(
            "not-decided",
            f"variable {name!r}",
            "It rests on answers that no earlier pass decides.",
            "Move its pass up in reconstruct.yaml, or decide the variable itself as a stand-in.",
        )


class Lookup:
    """Values of all variables, given that the variables in `decided` have a value or a Missing."""

    def __init__(self, study: Study, decided: Iterable[str]) -> None:
        self.study = study
        self.decided = frozenset(decided)
        self._coded = {coded.key: coded for coded in study.coded}
        self._derived = {derived.key: derived for derived in study.derived}
        self._computed = frozenset(computed.key for computed in study.computed)
        self._scores = {score.key: score for score in study.scores}
        self._needs: dict[str, Needs | None] = {name: frozenset({name}) for name in self.decided}
        # Many persons are alike in what a variable rests on: each such case is worked out once.
        self._made: dict[tuple[Value, ...], Value] = {}

    def needs(self, name: str) -> Needs | None:
        """Return the decided variables that settle this one; None while they do not all exist."""
        if name not in self._needs:
            self._needs[name] = self._work_out(name)
        return self._needs[name]

    def rule_needs(self, rule: Rule) -> Needs | None:
        """Return the decided variables a rule rests on; None while some of them do not exist."""
        return self._all(names(rule))

    def value(self, name: str, person: Person) -> Value:
        """Return the variable's value for this person. Raises NotDecided."""
        if name in self.decided:
            return person[name]
        needs = self.needs(name)
        if needs is None:
            raise NotDecided(name)
        case = (name, *(person[source] for source in sorted(needs)))
        if case not in self._made:
            self._made[case] = as_far_as_known(self.study, person)[name]
        return self._made[case]

    def truth(self, rule: Rule, person: Person) -> Truth:
        """Return whether the rule holds for this person. Raises NotDecided."""
        for name in names(rule):
            if self.needs(name) is None:
                raise NotDecided(name)
        return evaluate(rule, as_far_as_known(self.study, person))

    def _all(self, wanted: Iterable[str]) -> Needs | None:
        found: set[str] = set()
        for name in wanted:
            needs = self.needs(name)
            if needs is None:
                return None
            found |= needs
        return frozenset(found)

    def _work_out(self, name: str) -> Needs | None:
        if name in self._coded:
            return self._all(_coding_sources(self.study, self._coded[name]))
        if name in self._scores:
            return self.needs(self._scores[name].source)
        if name in self._computed:
            return self._all(self.study.made_from[name])
        if name in self._derived:
            return self._all(frozenset().union(*(names(c.when) for c in self._derived[name].cases)))
        return None


def _coding_sources(study: Study, coded: Coded) -> tuple[str, ...]:
    question = study.questions.get(coded.source)
    return (coded.source, *(question.other_keys if question is not None else ()))
