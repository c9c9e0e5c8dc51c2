"""A rule as a phrase that a reader understands: who is counted here?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Protocol, assert_never

from blikveld.errors import BlikveldError
from blikveld.locale.conventions import day
from blikveld.rules.grammar import Grammar, grammar
from blikveld.rules.nodes import (
    And,
    Answered,
    Asked,
    Chosen,
    Compare,
    CompareRank,
    CompareTerms,
    ComparisonOperator,
    Compound,
    Constant,
    CountChosen,
    CountTrue,
    Empty,
    Flag,
    IsTrue,
    Leaf,
    Matches,
    Not,
    OneOf,
    Or,
    Rule,
)
from blikveld.rules.simplify import plain
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
from blikveld.rules.text import format_number


class LabelSource(Protocol):
    """What variables and their values are called, in one language."""

    def label(self, name: str) -> str:
        """The name of a variable as readers know it."""

    def code(self, name: str, code: str) -> str:
        """The name of one value of a variable. Raises KeyError when it has no such value."""


class UnknownCode(BlikveldError):
    """A rule compares with a code that its variable does not have, so nobody can name it."""

    def __init__(self, name: str, code: str) -> None:
        super().__init__(
            "unknown-code",
            f"a rule about {name!r}",
            f"There is no code {code!r}.",
            "Check the spelling against the answers of the question.",
        )


_NOBODY_NAMED: Mapping[Rule, str] = {}


def describe_rule(
    rule: Rule,
    words: LabelSource,
    language: str,
    named: Mapping[Rule, str] = _NOBODY_NAMED,
    study: Path | None = None,
) -> str:
    """Who the rule holds for, such as "respondenten met ‘Politie’ bij ‘Functie’".

    `words` are those of `language`; around them stand phrases of the same language, or English
    where it has none. `study` is the folder of a study that may bring them.
    `named` has better words for rules that come back often. They must fit after 'respondents',
    such as 'met een kind' in "respondenten met een kind en met ‘Thee’ bij ‘Dranken’",
    except those for True and False, which stand alone.

    Raises UnknownCode, and what `words` raises for a name it does not know.
    """
    return _SentenceWriter(
        words, grammar(language, study), {plain(r): text for r, text in named.items()}
    ).all(plain(rule))


class _SentenceWriter:
    """Holds the words and the grammar while a rule is followed."""

    def __init__(self, words: LabelSource, language: Grammar, named: Mapping[Rule, str]) -> None:
        self.words, self.grammar, self.named = words, language, named
        self.terms = _TermWriter(words, language)

    def all(self, rule: Rule) -> str:
        if isinstance(rule, Constant):
            alone = self.grammar.phrases.everybody if rule.value else self.grammar.phrases.nobody
            return self.named.get(rule, alone)
        return self.grammar.phrases.who.format(phrase=self.phrase(rule))

    def phrase(self, rule: Rule, ors: int = 0, *, inside: bool = False) -> str:
        """What stands after 'respondents', when `ors` Ors stand around it and maybe an And.

        Nobody may read another rule in it: one 'either' is clear, deeper there are brackets.
        """
        if rule in self.named:
            return self.named[rule]
        match rule:
            case And(parts):
                text = self._all_of(parts, ors)
                return f"({text})" if ors > 1 else text
            case Or(parts):
                return self._one_of(parts, ors, inside=inside)
            case Not(part) if not isinstance(part, Constant | Not | And | Or | Compound):
                return self._denied(part)
            case Not(IsTrue(part)):
                return self._inside(self.grammar.phrases.not_true, part)
            case Constant() | Not():
                raise ValueError(f"not in plain form: {rule}")
            case CompareTerms() | CountTrue() | IsTrue():
                return self._compound(rule)
            case _:
                return self._leaf(rule)

    def _compound(self, rule: Compound) -> str:
        match rule:
            case CompareTerms():
                return self.terms.compare(rule)
            case IsTrue(part):
                return self._inside(self.grammar.phrases.is_true, part)
            case CountTrue(rules, operator, number):
                amount = self.grammar.amounts[operator].format(number=number)
                phrases = f"({'; '.join(self._alone(part) for part in rules)})"
                form = self.grammar.phrases.count_true
                return form.format(number=amount, all=len(rules), phrases=phrases)

    def _inside(self, form: str, rule: Rule) -> str:
        return form.format(phrase=f"({self._alone(rule)})")

    def _alone(self, rule: Rule) -> str:
        return self.all(rule) if isinstance(rule, Constant) else self.phrase(rule)

    def _all_of(self, parts: Sequence[Rule], ors: int) -> str:
        # What is simple comes first, so that an 'either' does not swallow what follows.
        ordered = sorted(parts, key=self._is_compound)
        phrases = [self.phrase(part, ors, inside=True) for part in ordered]
        compound = sum(map(self._is_compound, parts))
        clear = len(parts) - max(0, compound - 1) if ors == 0 else len(parts)
        listed = _listed(phrases[:clear], self.grammar.phrases.and_)
        return f"; {self.grammar.phrases.besides} ".join([listed, *phrases[clear:]])

    def _one_of(self, parts: Sequence[Rule], ors: int, *, inside: bool) -> str:
        phrases = [self.phrase(part, ors + 1) for part in parts]
        if ors:
            return f"({_listed(phrases, self.grammar.phrases.or_)})"
        if not inside and not any(map(self._is_compound, parts)):
            return _listed(phrases, self.grammar.phrases.or_)
        return f"{self.grammar.phrases.either} " + f", {self.grammar.phrases.or_either} ".join(
            phrases
        )

    def _is_compound(self, rule: Rule) -> bool:
        return isinstance(rule, And | Or) and rule not in self.named

    def _leaf(self, leaf: Leaf) -> str:
        match leaf:
            case Flag():
                return self._say(self.grammar.phrases.flag, leaf)
            case Asked():
                return self._say(self.grammar.phrases.asked, leaf)
            case Answered():
                return self._say(self.grammar.phrases.answered, leaf)
            case Chosen(_, option):
                return self._say(
                    self.grammar.phrases.chosen, leaf, code=self._codes(leaf, (option,))
                )
            case OneOf(_, values):
                return self._say(self.grammar.phrases.is_, leaf, code=self._codes(leaf, values))
            case Compare():
                return self._compare(leaf)
            case CountChosen(_, operator, number):
                answers = self.grammar.answers(number)
                amount = self.grammar.counts[operator].format(number=answers)
                return self._say(self.grammar.phrases.count, leaf, number=amount)
            case CompareRank(_, option, operator, number):
                place = self.grammar.places[operator].format(number=number)
                code = self._codes(leaf, (option,))
                return self._say(self.grammar.phrases.rank, leaf, number=place, code=code)
            case Matches():
                return self._say(self.grammar.phrases.matches, leaf, code=self._pattern(leaf))
            case Empty():
                return self._say(self.grammar.phrases.empty, leaf)

    def _pattern(self, leaf: Matches) -> str:
        return self.grammar.phrases.quoted.format(code=leaf.pattern)

    def _denied(self, leaf: Leaf) -> str:
        match leaf:
            case Flag():
                return self._say(self.grammar.phrases.not_flag, leaf)
            case Asked():
                return self._say(self.grammar.phrases.not_asked, leaf)
            case Answered():
                return self._say(self.grammar.phrases.not_answered, leaf)
            case Chosen(_, option):
                return self._say(
                    self.grammar.phrases.not_chosen, leaf, code=self._codes(leaf, (option,))
                )
            case OneOf(_, values):
                return self._say(self.grammar.phrases.is_not, leaf, code=self._codes(leaf, values))
            case Matches():
                return self._say(self.grammar.phrases.not_matches, leaf, code=self._pattern(leaf))
            case Empty():
                return self._say(self.grammar.phrases.not_empty, leaf)
            case Compare() | CountChosen() | CompareRank():
                return self.phrase(plain(Not(leaf)))

    def _compare(self, leaf: Compare) -> str:
        if not isinstance(leaf.value, str):
            amount = self.grammar.amounts[leaf.operator].format(number=self._number(leaf.value))
            return self._say(self.grammar.phrases.number, leaf, number=amount)
        same = leaf.operator is ComparisonOperator.EQUAL
        form = self.grammar.phrases.is_ if same else self.grammar.phrases.is_not
        return self._say(form, leaf, code=self._codes(leaf, (leaf.value,)))

    def _say(self, form: str, leaf: Leaf, **values: str) -> str:
        return form.format(label=self.words.label(leaf.name), **values)

    def _codes(self, leaf: Leaf, codes: Sequence[str]) -> str:
        named = [self._code(leaf.name, code) for code in codes]
        return _listed(named, self.grammar.phrases.or_) if named else self.grammar.phrases.nothing

    def _code(self, name: str, code: str) -> str:
        try:
            return self.grammar.phrases.quoted.format(code=self.words.code(name, code))
        except KeyError:
            raise UnknownCode(name, code) from None

    def _number(self, number: float) -> str:
        return _written(repr(number).removesuffix(".0"), self.grammar)


class _TermWriter:
    """Writes terms as a reader understands them."""

    def __init__(self, words: LabelSource, language: Grammar) -> None:
        self.words, self.grammar, self.forms = words, language, language.terms

    def compare(self, rule: CompareTerms) -> str:
        forms = self.grammar.days if self._is_day(rule) else self.grammar.numbers
        return forms[rule.operator].format(a=self.term(rule.left), b=self.term(rule.right))

    def _is_day(self, rule: CompareTerms) -> bool:
        sides = (rule.left, rule.right)
        return any(isinstance(s, ConstantTerm) and isinstance(s.value, date) for s in sides)

    def term(self, term: Term) -> str:
        match term:
            case VariableTerm(name):
                return self.grammar.phrases.quoted.format(code=self.words.label(name))
            case ConstantTerm(value):
                return self._constant(value)
            case CountTerm(name):
                return self.forms.answers.format(label=self.words.label(name))
            case LengthTerm(name):
                return self.forms.characters.format(label=self.words.label(name))
            case DaysBetween(first, last):
                return self._both(self.forms.days_between, first, last)
            case YearsBetween(first, last):
                return self._both(self.forms.years_between, first, last)
            case _:
                return self._sum(term)

    def _sum(self, term: Plus | Minus | Times | SumTerm | Coalesce) -> str:
        match term:
            case Plus(left, right):
                return self._both(self.forms.plus, left, right)
            case Minus(left, right):
                return self._both(self.forms.minus, left, right)
            case Times(inner, factor):
                return self._both(self.forms.times, inner, ConstantTerm(factor))
            case Coalesce(inner, value):
                return self._both(self.forms.coalesce, inner, ConstantTerm(value))
            case SumTerm(terms, least):
                form = self.forms.total if least == len(terms) else self.forms.total_of_known
                parts = _listed(
                    [self._bracketed(part) for part in terms], self.grammar.phrases.and_
                )
                return form.format(parts=parts, b=least)
            case _:
                assert_never(term)

    def _both(self, form: str, first: Term, last: Term) -> str:
        return form.format(a=self._bracketed(first), b=self._bracketed(last))

    def _bracketed(self, term: Term) -> str:
        text = self.term(term)
        single = VariableTerm | ConstantTerm | CountTerm | LengthTerm
        return text if isinstance(term, single) else f"({text})"

    def _constant(self, value: Decimal | date) -> str:
        if isinstance(value, date):
            return day(value, self.grammar.language)
        return _written(format_number(value), self.grammar)


def _written(number: str, grammar: Grammar) -> str:
    return number.replace(".", grammar.point)


def _listed(parts: Sequence[str], word: str) -> str:
    """'a', 'a and b', 'a, b and c'."""
    *first, last = parts
    return f"{', '.join(first)} {word} {last}" if first else last
