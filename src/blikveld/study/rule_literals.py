"""Rules as literals: one holds where the rule is true, one where it is false.

Where neither holds the rule is unknown. The meaning stays that of the evaluator: tests hold each
answer of the solver against it.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias, assert_never

from blikveld.rules import Leaf, Rule
from blikveld.rules.check import Types
from blikveld.rules.nodes import (
    And,
    Answered,
    Asked,
    Chosen,
    Compare,
    CompareRank,
    CompareTerms,
    ComparisonOperator,
    Constant,
    CountChosen,
    CountTrue,
    Empty,
    Flag,
    IsTrue,
    Matches,
    Not,
    OneOf,
    Or,
)
from blikveld.rules.terms import (
    ConstantTerm,
    VariableTerm,
)
from blikveld.study.solver import FALSE, TRUE, Circuit
from blikveld.study.term_literals import Look, Moment, TermLiterals, VariableLiterals
from blikveld.study.whole_numbers import WholeNumber

Truth: TypeAlias = tuple[int, int]
"""The literals 'true' and 'false'."""


class RuleLiterals:
    """The literals of rules over variables that `variable` looks up by name."""

    def __init__(self, circuit: Circuit, variable: Look, types: Types) -> None:
        self._circuit, self._variable = circuit, variable
        self.terms = TermLiterals(circuit, variable, types)
        self._known: dict[tuple[Rule, Moment], Truth] = {}

    def truth(self, rule: Rule, moment: Moment = Moment.AFTERWARDS) -> Truth:
        """Return the literals 'the rule is true' and 'the rule is false'."""
        key = rule, moment
        if key not in self._known:
            self._known[key] = self._truth(rule, moment)
        return self._known[key]

    def _truth(self, rule: Rule, moment: Moment) -> Truth:
        every, some = self._circuit.every, self._circuit.some
        match rule:
            case Constant(value):
                return (TRUE, FALSE) if value else (FALSE, TRUE)
            case Not(part):
                true, false = self.truth(part, moment)
                return false, true
            case And(parts):
                truths = [self.truth(part, moment) for part in parts]
                return every(true for true, _ in truths), some(false for _, false in truths)
            case Or(parts):
                truths = [self.truth(part, moment) for part in parts]
                return some(true for true, _ in truths), every(false for _, false in truths)
            case IsTrue(part):
                true = self.truth(part, moment)[0]
                return true, -true
            case CountTrue():
                return self._count_true(rule, moment)
            case CompareTerms():
                known, holds = self.terms.compare(rule, moment)
                return every((known, holds)), every((known, -holds))
            case _:
                return self._leaf(rule, moment)

    def _count_true(self, rule: CountTrue, moment: Moment) -> Truth:
        """True where each number of trues that is possible compares so, false where none does."""
        truths = [self.truth(part, moment) for part in rule.rules]
        known, possible = [true for true, _ in truths], [-false for _, false in truths]
        every, some, number = self._circuit.every, self._circuit.some, rule.value
        match rule.operator:
            case ComparisonOperator.AT_LEAST:
                return self._reached(known, number), -self._reached(possible, number)
            case ComparisonOperator.MORE:
                return self._reached(known, number + 1), -self._reached(possible, number + 1)
            case ComparisonOperator.LESS:
                return -self._reached(possible, number), self._reached(known, number)
            case ComparisonOperator.AT_MOST:
                return -self._reached(possible, number + 1), self._reached(known, number + 1)
        same = every((self._reached(known, number), -self._reached(possible, number + 1)))
        other = some((self._reached(known, number + 1), -self._reached(possible, number)))
        return (same, other) if rule.operator is ComparisonOperator.EQUAL else (other, same)

    def _leaf(self, leaf: Leaf, moment: Moment) -> Truth:
        variable = self._variable(leaf.name, moment)
        match leaf:
            case Asked():
                return self._asked(variable, moment)
            case Answered():
                return self._answered(variable, moment)
            case Flag():
                return self._where(variable, variable.flag)
            case Empty():
                asked, answered = self._asked(variable, moment), self._answered(variable, moment)
                return self._circuit.every((asked[0], answered[1])), answered[0]
            case CountChosen():
                return self._where(variable, self._counted(variable, leaf))
            case CompareRank():
                return self._where(variable, self._ranked(variable, leaf))
            case Compare():
                return self._compared(variable, leaf, moment)
            case Matches(_, pattern):
                fitting = FALSE if variable.text is None else variable.text.matches(pattern)
                return self._where(variable, fitting)
            case OneOf(_, codes):
                return self._coded(variable, codes)
            case Chosen(_, code):
                return self._coded(variable, (code,))
            case _:
                assert_never(leaf)

    def _asked(self, variable: VariableLiterals, moment: Moment) -> Truth:
        every, some = self._circuit.every, self._circuit.some
        if moment is Moment.FILLING_IN:
            return variable.asked, -variable.asked
        if moment is Moment.AFTERWARDS:
            asked = some((variable.asked, variable.lost))
            return asked, -asked
        known = some((-variable.lost, variable.certainly_lost))
        return every((variable.asked, known)), every((-variable.asked, -variable.lost))

    def _answered(self, variable: VariableLiterals, moment: Moment) -> Truth:
        if moment is Moment.BREAKING_OFF:
            return variable.answered, self._circuit.every((-variable.answered, -variable.lost))
        return variable.answered, -variable.answered

    def _coded(self, variable: VariableLiterals, codes: Iterable[str]) -> Truth:
        if variable.text is not None:
            return self._where(variable, self._circuit.some(map(variable.text.word, codes)))
        chosen = (variable.codes.get(code, FALSE) for code in codes)
        return self._where(variable, self._circuit.some(chosen))

    def _compared(self, variable: VariableLiterals, leaf: Compare, moment: Moment) -> Truth:
        if isinstance(leaf.value, str):
            true, false = self._coded(variable, (leaf.value,))
            return (true, false) if leaf.operator is ComparisonOperator.EQUAL else (false, true)
        if variable.value is not None:
            value = ConstantTerm(Decimal(repr(leaf.value)))
            rule = CompareTerms(VariableTerm(leaf.name), leaf.operator, value)
            return self._where(variable, self.terms.compare(rule, moment)[1])
        holds, bound = _TESTS[leaf.operator], leaf.value
        numbers = (at for number, at in variable.numbers if holds(number, bound))
        return self._where(variable, self._circuit.some(numbers))

    def _where(self, variable: VariableLiterals, literal: int) -> Truth:
        """What a literal says of those who have an answer; unknown of the others."""
        every = self._circuit.every
        known = every((variable.answered, -variable.special))
        return every((known, literal)), every((known, -literal))

    def _counted(self, variable: VariableLiterals, leaf: CountChosen) -> int:
        options = tuple(variable.codes.values())
        reached = self._reached(options, leaf.value)
        passed = self._reached(options, leaf.value + 1)
        match leaf.operator:
            case ComparisonOperator.AT_LEAST:
                return reached
            case ComparisonOperator.LESS:
                return -reached
            case ComparisonOperator.MORE:
                return passed
            case ComparisonOperator.AT_MOST:
                return -passed
            case ComparisonOperator.EQUAL:
                return self._circuit.every((reached, -passed))
            case ComparisonOperator.NOT_EQUAL:
                return self._circuit.some((-reached, passed))

    def _ranked(self, variable: VariableLiterals, leaf: CompareRank) -> int:
        below = len(variable.codes) + 2
        place = variable.ranks.get(leaf.option, WholeNumber(below))
        bound = WholeNumber(max(-1, min(leaf.value, below - 1)))
        return self.terms.arithmetic.compare(place, leaf.operator, bound)

    def _reached(self, literals: Sequence[int], number: int) -> int:
        if number <= 0:
            return TRUE
        return self._circuit.counts(literals, number)[-1] if number <= len(literals) else FALSE


_TESTS: Mapping[ComparisonOperator, Callable[[float, float], bool]] = {
    ComparisonOperator.EQUAL: operator.eq,
    ComparisonOperator.NOT_EQUAL: operator.ne,
    ComparisonOperator.LESS: operator.lt,
    ComparisonOperator.AT_MOST: operator.le,
    ComparisonOperator.MORE: operator.gt,
    ComparisonOperator.AT_LEAST: operator.ge,
}
