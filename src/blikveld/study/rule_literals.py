"""Rules as literals: one holds where the rule is true, one where it is false.

Where neither holds the rule is unknown. The meaning stays that of the evaluator: tests hold each
answer of the solver against it.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias, assert_never

from blikveld.rules import Leaf, Rule
from blikveld.rules.nodes import (
    And,
    Answered,
    Asked,
    Chosen,
    Compare,
    ComparisonOperator,
    Constant,
    CountChosen,
    Flag,
    Not,
    OneOf,
    Or,
)
from blikveld.study.circuit import Circuit
from blikveld.study.solver import FALSE, TRUE

Truth: TypeAlias = tuple[int, int]
"""The literals 'true' and 'false'."""


class Moment(Enum):
    """When a rule looks. Only `asked` and `answered` differ between these."""

    FILLING_IN = "filling_in"
    """On the way through the questionnaire."""
    BREAKING_OFF = "breaking_off"
    """When somebody left: what would have been asked? Lost answers are unknown."""
    AFTERWARDS = "afterwards"
    """In the record, where a lost answer is missing as broken off."""


@dataclass(frozen=True, slots=True)
class VariableLiterals:
    """What a rule can see of one variable.

    `lost` holds for answers that never came because the respondent had left, `certainly_lost`
    where the question would have been asked whatever the other lost answers. `codes` stand in
    the order of the study; `numbers` belong to scores, `flag` to variables that are true or false.
    """

    answered: int
    asked: int = TRUE
    lost: int = FALSE
    certainly_lost: int = FALSE
    codes: Mapping[str, int] = field(default_factory=dict)
    numbers: Sequence[tuple[float, int]] = ()
    flag: int = FALSE


class RuleLiterals:
    """The literals of rules over variables that `variable` looks up by name."""

    def __init__(self, circuit: Circuit, variable: Callable[[str], VariableLiterals]) -> None:
        self._circuit, self._variable = circuit, variable
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
            case _:
                return self._leaf(rule, moment)

    def _leaf(self, leaf: Leaf, moment: Moment) -> Truth:
        variable = self._variable(leaf.name)
        match leaf:
            case Asked():
                return self._asked(variable, moment)
            case Answered():
                return self._answered(variable, moment)
            case Flag():
                return self._where(variable, variable.flag)
            case CountChosen():
                return self._where(variable, self._counted(variable, leaf))
            case Compare():
                return self._compared(variable, leaf)
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
        chosen = (variable.codes.get(code, FALSE) for code in codes)
        return self._where(variable, self._circuit.some(chosen))

    def _compared(self, variable: VariableLiterals, leaf: Compare) -> Truth:
        if isinstance(leaf.value, str):
            true, false = self._coded(variable, (leaf.value,))
            return (true, false) if leaf.operator is ComparisonOperator.EQUAL else (false, true)
        fits, bound = _TESTS[leaf.operator], leaf.value
        numbers = (at for number, at in variable.numbers if fits(number, bound))
        return self._where(variable, self._circuit.some(numbers))

    def _where(self, variable: VariableLiterals, literal: int) -> Truth:
        """What a literal says of those who have an answer; unknown of the others."""
        every = self._circuit.every
        return every((variable.answered, literal)), every((variable.answered, -literal))

    def _counted(self, variable: VariableLiterals, leaf: CountChosen) -> int:
        reached = self._reached(variable, leaf.value)
        passed = self._reached(variable, leaf.value + 1)
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

    def _reached(self, variable: VariableLiterals, number: int) -> int:
        options = tuple(variable.codes.values())
        if number <= 0:
            return TRUE
        return self._circuit.counts(options, number)[-1] if number <= len(options) else FALSE


_TESTS: Mapping[ComparisonOperator, Callable[[float, float], bool]] = {
    ComparisonOperator.EQUAL: operator.eq,
    ComparisonOperator.NOT_EQUAL: operator.ne,
    ComparisonOperator.LESS: operator.lt,
    ComparisonOperator.AT_MOST: operator.le,
    ComparisonOperator.MORE: operator.gt,
    ComparisonOperator.AT_LEAST: operator.ge,
}
