"""What a rule may say of variables of a type, and what a term gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import TypeAlias, assert_never

from blikveld.errors import BlikveldError
from blikveld.rules.mistakes import nearest_of
from blikveld.rules.nodes import (
    Answered,
    Asked,
    Chosen,
    Compare,
    CompareRank,
    CompareTerms,
    CountChosen,
    Empty,
    Flag,
    Leaf,
    Matches,
    OneOf,
)
from blikveld.rules.terms import (
    Coalesce,
    ConstantTerm,
    CountTerm,
    DaysBetween,
    LengthTerm,
    Minus,
    Plus,
    Quotient,
    SumTerm,
    Term,
    Times,
    VariableTerm,
    YearsBetween,
)
from blikveld.rules.types import (
    CalendarDate,
    CodeSet,
    DecimalNumber,
    FreeText,
    RankOrder,
    SingleCode,
    TrueOrFalse,
    ValueType,
)

Types: TypeAlias = Callable[[str], ValueType]
"""Looks up the type of a variable by its name."""

LARGEST = 9 * 10**18
"""Numbers of this many smallest units and less fit in the whole numbers of every engine."""
_USUAL = Decimal(10) ** 15
"""Answers have at most 15 digits, decimals included (kinds.number)."""
_LONGEST_TEXT = Decimal(10) ** 6
_LONGEST_TIME = Decimal(10) ** 7


class RuleMisfit(BlikveldError):
    """A rule says of a variable what its type does not allow."""

    def __init__(self, code: str, name: str, problem: str, mend: str) -> None:
        self.name, self.problem, self.mend = name, problem, mend
        super().__init__(code, f"variable {name!r}" if name else "a rule", problem, mend)


@dataclass(frozen=True, slots=True)
class NumberRange:
    """What a number term can give: so many decimals, between these two, both included."""

    decimals: int
    least: Decimal
    most: Decimal

    def units(self, decimals: int) -> Decimal:
        """The largest number that it can be, counted in units of so many decimals."""
        return max(abs(self.least), abs(self.most)).scaleb(decimals)


def misfits(rule: Leaf | CompareTerms, types: Types) -> Iterator[RuleMisfit]:
    """Everything wrong with one part of a rule, whose variables are all among the types."""
    if isinstance(rule, CompareTerms):
        try:
            compared(rule, types)
        except RuleMisfit as misfit:
            yield misfit
    else:
        yield from _leaf(rule, types(rule.name))


def _leaf(leaf: Leaf, type_: ValueType) -> Iterator[RuleMisfit]:
    match leaf, type_:
        case (Asked() | Answered() | Empty(), _) | (Flag(), TrueOrFalse()):
            pass
        case (Matches() | Compare(value=str()) | OneOf(), FreeText()):
            pass
        case (CountChosen(), CodeSet() | RankOrder()):
            pass
        case Compare(value=int() | float()), DecimalNumber():
            pass
        case Compare(value=str() as code), SingleCode(codes):
            yield from _unknown(leaf.name, (code,), codes)
        case OneOf(values=wanted), SingleCode(codes):
            yield from _unknown(leaf.name, wanted, codes)
        case Chosen(option=code), CodeSet(codes) | RankOrder(codes):
            yield from _unknown(leaf.name, (code,), codes)
        case CompareRank(option=code), RankOrder(codes):
            yield from _unknown(leaf.name, (code,), codes)
        case _:
            yield _wrong_type(leaf.name, type_)


def _unknown(name: str, wanted: Iterable[str], codes: tuple[str, ...]) -> Iterator[RuleMisfit]:
    for code in wanted if codes else ():
        if code not in codes:
            problem = f"{name!r} has no code {code!r}."
            yield RuleMisfit("rule-code", name, problem, _choose(code, codes))


_SHOWN = 12


def _choose(word: str, codes: tuple[str, ...]) -> str:
    near = nearest_of(word, codes)
    if near is not None:
        return f"Did you mean {near!r}?"
    more = " and more" if len(codes) > _SHOWN else ""
    return f"Choose from: {', '.join(codes[:_SHOWN])}{more}."


def _wrong_type(name: str, type_: ValueType) -> RuleMisfit:
    kind, mend = _FORMS[type(type_)]
    return RuleMisfit("rule-kind", name, f"{name!r} is {kind}.", mend.format(name))


_FORMS: Mapping[type[ValueType], tuple[str, str]] = {
    SingleCode: ("one code", "Write {0} == 'code' or {0} in ('code', 'code')."),
    CodeSet: ("multiple choice", "Write 'code' in {0} or count({0}) >= 2."),
    RankOrder: ("a ranking", "Write rank({0}, 'code') <= 2 or 'code' in {0}."),
    TrueOrFalse: ("true or false", "Write {0} or not {0}."),
    DecimalNumber: ("a number", "Write {0} >= 3."),
    CalendarDate: ("a day", "Write {0} < date('2026-11-02') or years({0}, today) >= 18."),
    FreeText: ("a text", "Write answered({0}), {0} == 'word' or length({0}) > 10."),
}


def compared(rule: CompareTerms, types: Types) -> int | None:
    """How many decimals a comparison is made in; None where it compares days.

    Raises RuleMisfit where the sides do not go together.
    """
    left, right = measure(rule.left, types), measure(rule.right, types)
    if left is None and right is None:
        return None
    if left is None or right is None:
        mend = "Make a number of days with days(first, last) or years(first, last)."
        raise RuleMisfit("rule-kind", "", "A day is compared with a number.", mend)
    decimals = max(left.decimals, right.decimals)
    _fit(left, decimals)
    _fit(right, decimals)
    return decimals


def measure(term: Term, types: Types) -> NumberRange | None:
    """What a term can give; None where it gives a day. Raises RuleMisfit."""
    found = _measure(term, types)
    if found is not None:
        _fit(found, found.decimals)
    return found


def computed(quotient: Quotient, decimals: int, types: Types) -> DecimalNumber:
    """What can be computed, rounded to so many decimals. Raises RuleMisfit."""
    number = _number(quotient.dividend, types)
    most = max(abs(number.least), abs(number.most))
    if quotient.divisor is not None:
        # The smallest divisor that is not nought makes the largest quotient.
        most = most.scaleb(_number(quotient.divisor, types).decimals)
    most = most.quantize(Decimal(1), ROUND_CEILING)
    _fit(NumberRange(decimals, -most, most), decimals)
    return DecimalNumber(decimals, -most, most)


def _fit(number: NumberRange, decimals: int) -> None:
    if number.units(decimals) > LARGEST:
        problem = "A sum in this rule can get too large to be exact."
        mend = "Give its variables a smaller min and max, or fewer decimals."
        raise RuleMisfit("rule-size", "", problem, mend)


def _measure(term: Term, types: Types) -> NumberRange | None:
    match term:
        case ConstantTerm(Decimal() as value):
            return NumberRange(_decimals(value), value, value)
        case ConstantTerm():
            return None
        case VariableTerm(name):
            return _of_variable(name, types(name))
        case CountTerm(name):
            return _of_count(name, types(name))
        case LengthTerm(name):
            return _of_length(name, types(name))
        case DaysBetween(first, last) | YearsBetween(first, last):
            _day(first, types)
            _day(last, types)
            return NumberRange(0, -_LONGEST_TIME, _LONGEST_TIME)
        case _:
            return _of_sum(term, types)


def _of_sum(term: Plus | Minus | Times | SumTerm | Coalesce, types: Types) -> NumberRange:
    match term:
        case Plus(left, right):
            return _added(_number(left, types), _number(right, types))
        case Minus(left, right):
            other = _number(right, types)
            return _added(
                _number(left, types), NumberRange(other.decimals, -other.most, -other.least)
            )
        case Times(inner, factor):
            return _multiplied(_number(inner, types), factor)
        case SumTerm(terms, least):
            parts = [_number(part, types) for part in terms]
            if least < len(terms):
                parts = [_widened(part, Decimal(0)) for part in parts]
            total = parts[0]
            for part in parts[1:]:
                total = _added(total, part)
            return total
        case Coalesce(inner, value):
            return _widened(_number(inner, types), value)
        case _:
            assert_never(term)


def _number(term: Term, types: Types) -> NumberRange:
    found = measure(term, types)
    if found is None:
        mend = "Write days(first, last) or years(first, last)."
        raise RuleMisfit("rule-kind", "", "A day stands where a number should.", mend)
    return found


def _day(term: Term, types: Types) -> None:
    if measure(term, types) is not None:
        mend = "Name a question that asks for a day, today, or date('2026-11-02')."
        raise RuleMisfit("rule-kind", "", "A number stands where a day should.", mend)


def _of_variable(name: str, type_: ValueType) -> NumberRange | None:
    match type_:
        case CalendarDate():
            return None
        case DecimalNumber(None):
            problem = f"Nobody said how many decimals {name!r} has, so it cannot be added up."
            raise RuleMisfit("rule-kind", name, problem, f"Write {name} >= 3.")
        case DecimalNumber(int() as decimals, least, most):
            usual = _USUAL.scaleb(-decimals)
            return NumberRange(
                decimals,
                -usual if least is None else least,
                usual if most is None else most,
            )
        case _:
            raise _wrong_type(name, type_)


def _of_count(name: str, type_: ValueType) -> NumberRange:
    if not isinstance(type_, CodeSet | RankOrder):
        raise _wrong_type(name, type_)
    return NumberRange(0, Decimal(0), Decimal(len(type_.codes)))


def _of_length(name: str, type_: ValueType) -> NumberRange:
    if not isinstance(type_, FreeText):
        raise _wrong_type(name, type_)
    return NumberRange(0, Decimal(0), _LONGEST_TEXT)


def _added(one: NumberRange, other: NumberRange) -> NumberRange:
    decimals = max(one.decimals, other.decimals)
    return NumberRange(decimals, one.least + other.least, one.most + other.most)


def _multiplied(number: NumberRange, factor: Decimal) -> NumberRange:
    ends = sorted((number.least * factor, number.most * factor))
    return NumberRange(number.decimals + _decimals(factor), ends[0], ends[1])


def _widened(number: NumberRange, value: Decimal) -> NumberRange:
    decimals = max(number.decimals, _decimals(value))
    return NumberRange(decimals, min(number.least, value), max(number.most, value))


def _decimals(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
