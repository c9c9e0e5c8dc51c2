"""A rule as XPath of an XLSForm, which has no unknown.

There a comparison with an empty answer is true or false, and `not` turns that round. So a rule is
written twice: an expression that is true where the rule is true, and one that is true where the
rule is false. Where the rule is unknown neither is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from blikveld.errors import BlikveldError
from blikveld.rules import Leaf, Rule, names
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
from blikveld.rules.patterns import regular_expression
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
    term_names,
)
from blikveld.rules.text import format_number, format_term
from blikveld.study.model import Coded, Computed, Derived, Score, Study, Variable, VariableKind

TRUE, FALSE = "true()", "false()"


class NotInXPath(BlikveldError):
    """A rule looks at something that is not known while a form is filled in."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(
            "not-in-xpath", f"variable {name!r}", problem, "Ask by another variable, or leave it."
        )


@dataclass(frozen=True, slots=True)
class Condition:
    """Two expressions: where the rule is true, and where it is false."""

    true: str
    false: str


class XPath:
    """Writes the rules of one study. `asked` are the names of the variables that the form asks."""

    def __init__(self, study: Study, asked: Iterable[str]) -> None:
        self._study = study
        self._asked = frozenset(asked)
        self._made = {
            key: made for key, made in study.recipes.items() if not isinstance(made, Computed)
        }

    def relevant(self, rule: Rule) -> str:
        """Return the expression by which a question is asked. Raises NotInXPath."""
        return self.condition(rule).true

    def condition(self, rule: Rule) -> Condition:
        """Both expressions of a rule. Raises NotInXPath."""
        match rule:
            case Constant(value):
                return Condition(TRUE, FALSE) if value else Condition(FALSE, TRUE)
            case Not(part):
                inner = self.condition(part)
                return Condition(inner.false, inner.true)
            case And(parts):
                inside = [self.condition(part) for part in parts]
                return Condition(_all(c.true for c in inside), _any(c.false for c in inside))
            case Or(parts):
                inside = [self.condition(part) for part in parts]
                return Condition(_any(c.true for c in inside), _all(c.false for c in inside))
            case IsTrue(part):
                true = self.condition(part).true
                return Condition(true, f"not({true})")
            case CountTrue():
                return self._count_true(rule)
            case CompareTerms():
                return self._compare_terms(rule)
            case _:
                return self._leaf(rule)

    def _count_true(self, rule: CountTrue) -> Condition:
        """A count lies between the parts that are true and those that are not false."""
        parts = [self.condition(part) for part in rule.rules]
        known = " + ".join(f"number({part.true})" for part in parts)
        possible = " + ".join(f"number(not({part.false}))" for part in parts)
        match rule.operator:
            case ComparisonOperator.AT_LEAST | ComparisonOperator.MORE:
                low, high = known, possible
            case ComparisonOperator.AT_MOST | ComparisonOperator.LESS:
                low, high = possible, known
            case _:
                raise NotInXPath("count", "A count of rules is only compared with > or <.")
        sign = _SIGNS[rule.operator]
        return Condition(f"({low} {sign} {rule.value})", f"not({high} {sign} {rule.value})")

    def _compare_terms(self, rule: CompareTerms) -> Condition:
        left, right = self._term(rule.left), self._term(rule.right)
        holds = f"{left} {_SIGNS[rule.operator]} {right}"
        known = [f"{self._field(name)} != ''" for name in sorted(names(rule))]
        return Condition(_all((*known, holds)), _all((*known, f"not({holds})")))

    def _term(self, term: Term) -> str:
        match term:
            case VariableTerm(name):
                return self._field(name)
            case ConstantTerm(value):
                return f"date('{value}')" if isinstance(value, date) else format_number(value)
            case CountTerm(name):
                return f"count-selected({self._field(name)})"
            case LengthTerm(name):
                return f"string-length({self._field(name)})"
            case Plus(left, right):
                return f"({self._term(left)} + {self._term(right)})"
            case Minus(left, right):
                return f"({self._term(left)} - {self._term(right)})"
            case Times(inner, factor):
                return f"({self._term(inner)} * {format_number(factor)})"
            case _:
                return self._longer_term(term)

    def _longer_term(self, term: SumTerm | DaysBetween | Coalesce | YearsBetween) -> str:
        match term:
            case SumTerm(terms, least) if least == len(terms):
                return f"({' + '.join(map(self._term, terms))})"
            case DaysBetween(first, last):
                days = (f"decimal-date-time({self._term(day)})" for day in (last, first))
                return f"({' - '.join(days)})"
            case _:
                text = format_term(term)
                raise NotInXPath(next(term_names(term), ""), f"A form cannot work out {text}.")

    def _leaf(self, leaf: Leaf) -> Condition:
        match leaf:
            case Flag(name):
                raise NotInXPath(name, "It is known only when a questionnaire has ended.")
            case Asked(name):
                return self._asked_for(name)
            case Answered(name):
                return self._answered(name)
            case Chosen(name, option):
                chosen = f"selected({self._field(name)}, {_literal(option)})"
                return self._if_answered(name, chosen, f"not({chosen})")
            case CountChosen(name, operator, number):
                count = f"count-selected({self._field(name)})"
                return self._compared(name, count, operator, str(number))
            case Compare():
                return self._compare(leaf)
            case OneOf(name, values):
                return self._is_one_of(name, values)
            case Empty(name):
                asked, answered = self._asked_for(name), self._answered(name)
                return Condition(_all((asked.true, answered.false)), answered.true)
            case Matches(name, pattern):
                fits = fits_pattern(self._field(name), pattern)
                return self._if_answered(name, fits, f"not({fits})")
            case CompareRank(name):
                raise NotInXPath(name, "A form does not tell the place of an option.")
            case _:
                assert_never(leaf)

    def _compare(self, leaf: Compare) -> Condition:
        match leaf.operator:
            case ComparisonOperator.EQUAL if isinstance(leaf.value, str):
                return self._is_one_of(leaf.name, (leaf.value,))
            case ComparisonOperator.NOT_EQUAL if isinstance(leaf.value, str):
                equal = self._is_one_of(leaf.name, (leaf.value,))
                return Condition(equal.false, equal.true)
            case _:
                return self._scored(leaf)

    def _scored(self, leaf: Compare) -> Condition:
        """A score is compared by the codes that have such a number, and those that have another."""
        made = self._made.get(leaf.name)
        if made is None and not isinstance(leaf.value, str):
            return self._compared(
                leaf.name, self._field(leaf.name), leaf.operator, repr(leaf.value)
            )
        if not isinstance(made, Score) or isinstance(leaf.value, str):
            raise NotInXPath(leaf.name, "It is no score, so it cannot be compared with a number.")
        holds = _HOLDS[leaf.operator]
        yes = [code for code, number in made.values.items() if holds(number, leaf.value)]
        no = [code for code in made.values if code not in yes]
        true, false = (self._is_one_of(made.source, codes).true for codes in (yes, no))
        return Condition(true, false)

    def _is_one_of(self, name: str, codes: Iterable[str]) -> Condition:
        made = self._made.get(name)
        match made:
            case None:
                equal = [f"{self._field(name)} = {_literal(code)}" for code in codes]
                return self._if_answered(name, _any(equal), f"not({_any(equal)})")
            case Derived():
                return self._derived(made, frozenset(codes))
            case Coded():
                return self._coded(made, frozenset(codes))
            case Score():
                raise NotInXPath(name, "It is a number, so it cannot be compared with a code.")
            case _:
                assert_never(made)

    def _derived(self, derived: Derived, codes: frozenset[str]) -> Condition:
        """The first case that holds gives the value; a case counts where none before it holds."""
        true: list[str] = []
        false: list[str] = []
        before: list[str] = []
        for case in derived.cases:
            holds = self.condition(case.when).true
            first = _all((holds, *(f"not({other})" for other in before)))
            (true if case.code in codes else false).append(first)
            before.append(holds)
        return Condition(_any(true), _any(false))

    def _coded(self, coded: Coded, codes: frozenset[str]) -> Condition:
        """A code that is mapped from an answer; what a text is coded as is known afterwards."""
        source = self._variable(coded.source)
        if source.kind is not VariableKind.SINGLE or coded.texts or coded.default is not None:
            raise NotInXPath(coded.key, "Its code follows from a text that is coded afterwards.")
        inside = [answer for answer, code in coded.map.items() if code in codes]
        outside = [answer for answer, code in coded.map.items() if code not in codes]
        true, false = (self._is_one_of(coded.source, each).true for each in (inside, outside))
        return Condition(true, false)

    def _asked_for(self, name: str) -> Condition:
        question = self._study.questions.get(name)
        if question is None:
            raise NotInXPath(name, "It is not asked.")
        asked = self.condition(question.ask_if).true
        return Condition(asked, f"not({asked})")

    def _answered(self, name: str) -> Condition:
        if name in self._made:
            raise NotInXPath(name, "It is made afterwards, so nobody answers it.")
        field = self._field(name)
        return Condition(f"{field} != ''", f"{field} = ''")

    def _compared(
        self, name: str, left: str, operator: ComparisonOperator, right: str
    ) -> Condition:
        there = f"{left} {_SIGNS[operator]} {right}"
        return self._if_answered(name, there, f"not({there})")

    def _if_answered(self, name: str, true: str, false: str) -> Condition:
        there = f"{self._field(name)} != ''"
        return Condition(_all((there, true)), _all((there, false)))

    def _variable(self, name: str) -> Variable:
        return self._study.variables[name]

    def _field(self, name: str) -> str:
        if name not in self._asked:
            raise NotInXPath(name, "The form does not ask it.")
        return f"${{{name}}}"


_SIGNS: Mapping[ComparisonOperator, str] = {
    ComparisonOperator.EQUAL: "=",
    ComparisonOperator.NOT_EQUAL: "!=",
    ComparisonOperator.LESS: "<",
    ComparisonOperator.AT_MOST: "<=",
    ComparisonOperator.MORE: ">",
    ComparisonOperator.AT_LEAST: ">=",
}
_HOLDS: Mapping[ComparisonOperator, Callable[[float, float], bool]] = {
    ComparisonOperator.EQUAL: lambda left, right: left == right,
    ComparisonOperator.NOT_EQUAL: lambda left, right: left != right,
    ComparisonOperator.LESS: lambda left, right: left < right,
    ComparisonOperator.AT_MOST: lambda left, right: left <= right,
    ComparisonOperator.MORE: lambda left, right: left > right,
    ComparisonOperator.AT_LEAST: lambda left, right: left >= right,
}


def fits_pattern(field: str, pattern: str) -> str:
    """Return the expression that tells whether a field as a whole fits a pattern.

    Raises NotInXPath for a pattern with both kinds of quotes.
    """
    return f"regex({field}, {_literal(f'^({regular_expression(pattern)})$')})"


def _literal(text: str) -> str:
    """A code or text between quotes; XPath has no way to write both kinds of quotes."""
    if "'" in text and '"' in text:
        raise NotInXPath(text[:20], "A form cannot hold a text with both kinds of quotes.")
    return f'"{text}"' if "'" in text else f"'{text}'"


def _all(parts: Iterable[str]) -> str:
    kept = [part for part in parts if part != TRUE]
    if FALSE in kept:
        return FALSE
    return _bracketed(" and ", kept) if kept else TRUE


def _any(parts: Iterable[str]) -> str:
    kept = [part for part in parts if part != FALSE]
    if TRUE in kept:
        return TRUE
    return _bracketed(" or ", kept) if kept else FALSE


def _bracketed(word: str, parts: list[str]) -> str:
    unique = list(dict.fromkeys(parts))
    return unique[0] if len(unique) == 1 else f"({word.join(unique)})"
