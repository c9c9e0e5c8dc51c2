"""Variables and terms as literals: what a rule can see of an answer, and what it adds up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import TypeAlias, assert_never

from blikveld.rules.check import Types, compared, measure
from blikveld.rules.nodes import CompareTerms
from blikveld.rules.patterns import fits
from blikveld.rules.terms import (
    Coalesce,
    ConstantTerm,
    CountTerm,
    DaysBetween,
    LengthTerm,
    Minus,
    Plus,
    SumTerm,
    Term,
    Times,
    VariableTerm,
    YearsBetween,
)
from blikveld.study.solver import FALSE, TRUE, Circuit, Solver
from blikveld.study.whole_numbers import Arithmetic, CalendarDay, WholeNumber


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
    the order of the study; `numbers` belong to scores, `flag` to variables that are true or false,
    `ranks` (the place of each option) to rankings, `value` (in units of its last decimal) and `day`
    to numbers and days that are answered, `text` to texts. `special` holds for an answer that is
    no value, `places` of a ranking for an option at each place.
    """

    answered: int
    asked: int = TRUE
    lost: int = FALSE
    certainly_lost: int = FALSE
    codes: Mapping[str, int] = field(default_factory=dict)
    numbers: Sequence[tuple[float, int]] = ()
    flag: int = FALSE
    ranks: Mapping[str, WholeNumber] = field(default_factory=dict)
    value: WholeNumber | None = None
    day: CalendarDay | None = None
    text: TextLiterals | None = None
    special: int = FALSE
    places: Mapping[str, Sequence[int]] = field(default_factory=dict)


class TextLiterals:
    """What rules ask of one text: whether it is a word, how long it is, what it fits.

    That two patterns exclude each other is not known here: more texts are possible than there are,
    so that nothing is refused that somebody could write.
    """

    def __init__(
        self,
        arithmetic: Arithmetic,
        solver: Solver,
        answered: int,
        added: Callable[[str, int], None],
    ) -> None:
        self._arithmetic, self._solver, self._answered = arithmetic, solver, answered
        self._added = added
        """Told of each new word and its literal."""
        self.words: dict[str, int] = {}
        self.length_asked: WholeNumber | None = None
        self._patterns: dict[str, int] = {}

    def word(self, word: str) -> int:
        """The literal that the text is this word."""
        if word not in self.words:
            literal = self._solver.new_literal()
            self._solver.add(-literal, self._answered)
            for other in self.words.values():
                self._solver.add(-literal, -other)
            self.words[word] = literal
            if self.length_asked is not None:
                self._measure(word, self.length_asked)
            for pattern in self._patterns:
                self._tie(word, pattern)
            self._added(word, literal)
        return self.words[word]

    @property
    def length(self) -> WholeNumber:
        """How many characters it has, where there is a text."""
        if self.length_asked is None:
            self.length_asked = self._arithmetic.free_number(1, LONGEST_TEXT)
            for word in self.words:
                self._measure(word, self.length_asked)
        return self.length_asked

    def matches(self, pattern: str) -> int:
        """The literal that the text fits a pattern."""
        if pattern not in self._patterns:
            self._patterns[pattern] = self._solver.new_literal()
            for word in self.words:
                self._tie(word, pattern)
        return self._patterns[pattern]

    def _measure(self, word: str, length: WholeNumber) -> None:
        self._solver.add(-self.words[word], self._arithmetic.same(length, len(word)))

    def _tie(self, word: str, pattern: str) -> None:
        literal = self._patterns[pattern]
        self._solver.add(-self.words[word], literal if fits(pattern, word) else -literal)


Look: TypeAlias = Callable[[str, Moment], VariableLiterals]
"""Looks up the literals of a variable, for a rule that looks at a moment."""


class TermLiterals:
    """Terms as whole numbers of their smallest unit, and the literal that a term is known."""

    def __init__(self, circuit: Circuit, variable: Look, types: Types) -> None:
        self._circuit, self._variable, self._types = circuit, variable, types
        self._moment = Moment.AFTERWARDS
        self.arithmetic = Arithmetic(circuit)

    def compare(self, rule: CompareTerms, moment: Moment) -> tuple[int, int]:
        """The literals 'both sides are known' and 'the comparison holds'."""
        self._moment = moment
        decimals = compared(rule, self._types)
        sides = [self._side(side, decimals) for side in (rule.left, rule.right)]
        known = self._circuit.every(at for at, _ in sides)
        holds = self.arithmetic.compare(sides[0][1], rule.operator, sides[1][1])
        return known, holds

    def known(self, term: Term, moment: Moment) -> int:
        """The literal that a number is known."""
        self._moment = moment
        return self._own(term)[0]

    def is_nought(self, term: Term, moment: Moment) -> int:
        """The literal that a number, where it is known, is nought."""
        self._moment = moment
        return self.arithmetic.same(self._own(term)[1], 0)

    def _side(self, term: Term, decimals: int | None) -> _Known:
        if decimals is not None:
            return self._number(term, decimals)
        known, day = self._day(term)
        return known, day.number

    def _day(self, term: Term) -> tuple[int, CalendarDay]:
        match term:
            case ConstantTerm(date() as value):
                return TRUE, self.arithmetic.day(value)
            case VariableTerm(name):
                variable = self._variable(name, self._moment)
                if variable.day is not None:
                    return self._known(variable), variable.day
        raise TypeError(f"no day: {term}")

    def _number(self, term: Term, decimals: int) -> _Known:
        """In units of so many decimals, at least its own."""
        known, number = self._own(term)
        own = measure(term, self._types)
        return known, self.arithmetic.times(number, 10 ** (decimals - (own.decimals if own else 0)))

    def _decimals(self, term: Term) -> int:
        own = measure(term, self._types)
        return own.decimals if own else 0

    def _own(self, term: Term) -> _Known:
        """In units of its own last decimal."""
        match term:
            case ConstantTerm(value):
                return TRUE, _constant(Decimal(str(value)), self._decimals(term))
            case VariableTerm(name):
                known = self._known(self._variable(name, self._moment))
                return known, self._of_variable(name, self._decimals(term))
            case CountTerm(name):
                variable = self._variable(name, self._moment)
                return self._known(variable), self._count(tuple(variable.codes.values()))
            case LengthTerm(name):
                variable = self._variable(name, self._moment)
                text = variable.text
                return self._known(variable), WholeNumber(1) if text is None else text.length
            case DaysBetween(first, last):
                (one, begin), (other, end) = self._day(first), self._day(last)
                number = self.arithmetic.minus(end.number, begin.number)
                return self._circuit.every((one, other)), number
            case YearsBetween(first, last):
                (one, begin), (other, end) = self._day(first), self._day(last)
                return self._circuit.every((one, other)), self.arithmetic.years(begin, end)
            case _:
                return self._sum(term)

    def _known(self, variable: VariableLiterals) -> int:
        return self._circuit.every((variable.answered, -variable.special))

    def _sum(self, term: Plus | Minus | Times | SumTerm | Coalesce) -> _Known:
        decimals, arithmetic = self._decimals(term), self.arithmetic
        match term:
            case Plus(left, right) | Minus(left, right):
                one, other = self._number(left, decimals), self._number(right, decimals)
                join = arithmetic.plus if isinstance(term, Plus) else arithmetic.minus
                return self._circuit.every((one[0], other[0])), join(one[1], other[1])
            case Times(inner, factor):
                own = self._decimals(inner)
                known, number = self._own(inner)
                return known, arithmetic.times(number, int(factor.scaleb(decimals - own)))
            case SumTerm(terms, least):
                parts = [self._number(each, decimals) for each in terms]
                total = WholeNumber(0)
                for part in parts:
                    total = arithmetic.plus(total, arithmetic.where(part[1], part[0]))
                return self._circuit.counts([known for known, _ in parts], least)[-1], total
            case Coalesce(inner, value):
                known, number = self._number(inner, decimals)
                instead = _constant(value, decimals)
                both = arithmetic.where(number, known), arithmetic.where(instead, -known)
                return TRUE, arithmetic.plus(*both)
            case _:
                assert_never(term)

    def _of_variable(self, name: str, decimals: int) -> WholeNumber:
        variable = self._variable(name, self._moment)
        if variable.value is not None:
            return variable.value
        numbers = [(_units(number, decimals), at) for number, at in variable.numbers]
        return self.arithmetic.chosen(numbers)

    def _count(self, literals: Sequence[int]) -> WholeNumber:
        total = WholeNumber(0)
        for literal in literals:
            total = self.arithmetic.plus(total, WholeNumber(0, (literal,)))
        return total


_Known: TypeAlias = tuple[int, WholeNumber]
"""The literal 'this is known', and the number that it then is."""

LONGEST_TEXT = 10_000
"""Longer texts than this are not thought of."""


def _constant(number: Decimal, decimals: int) -> WholeNumber:
    return WholeNumber(int(number.scaleb(decimals)))


def _units(number: float, decimals: int) -> int:
    return int(Decimal(repr(number)).scaleb(decimals))
