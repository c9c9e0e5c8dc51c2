"""Terms as SQL expressions, and what the databases write each in its own way.

A number is a whole number of units of its last decimal, so that sums are exact in every engine; a
day is a DATE, in SQLite the text 2026-11-02. An unknown term is NULL.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import assert_never

from blikveld.responses.schema import codes, missing_column, option_column
from blikveld.rules.check import Types, measure
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
)
from blikveld.rules.types import RankOrder
from blikveld.study.model import Variable


class Dialect(Enum):
    """Whose SQL is written, where it differs."""

    DUCKDB = "duckdb"
    POSTGRESQL = "postgresql"
    SPARK = "spark"
    SQLITE = "sqlite"
    """A connection must bring the function REGEXP where a rule has `matches`."""

    def text(self, words: str) -> str:
        """Return a text as a literal, whatever signs it holds."""
        if self is Dialect.SPARK:
            # To Spark two quotes are the end of a text and the begin of one that it puts behind it.
            return "'" + words.replace("\\", "\\\\").replace("'", "\\'") + "'"
        return literal(words)

    def double(self, number: float) -> str:
        """Return a binary fraction as a literal."""
        name = "DOUBLE PRECISION" if self is Dialect.POSTGRESQL else "DOUBLE"
        return f"CAST('{number!r}' AS {name})"

    def day(self, day: date) -> str:
        """Return a day as a literal."""
        return literal(f"{day}") if self is Dialect.SQLITE else f"DATE {literal(f'{day}')}"

    def days(self, first: str, last: str) -> str:
        """Return how many days from one day to another."""
        match self:
            case Dialect.DUCKDB | Dialect.POSTGRESQL:
                return f"({last} - {first})"
            case Dialect.SPARK:
                return f"datediff({last}, {first})"
            case Dialect.SQLITE:
                return f"CAST(julianday({last}) - julianday({first}) AS INTEGER)"

    def years(self, first: str, last: str) -> str:
        """Return how many whole years from one day to another."""
        late = f"{self._month_day(last)} < {self._month_day(first)}"
        less = f"CASE WHEN {late} THEN 1 ELSE 0 END"
        # Unknown where one of the days is: NULL goes through the subtraction of the years.
        return f"({self._year(last)} - {self._year(first)} - {less})"

    def _year(self, day: str) -> str:
        part = f"strftime('%Y', {day})" if self is Dialect.SQLITE else f"EXTRACT(YEAR FROM {day})"
        return f"CAST({part} AS INTEGER)"

    def _month_day(self, day: str) -> str:
        if self is Dialect.SQLITE:
            return f"CAST(strftime('%m%d', {day}) AS INTEGER)"
        return f"(EXTRACT(MONTH FROM {day}) * 100 + EXTRACT(DAY FROM {day}))"

    def fits(self, text: str, pattern: str) -> str:
        """Return whether the whole of a text fits a pattern."""
        expression = regular_expression(pattern)
        match self:
            case Dialect.DUCKDB:
                return f"regexp_full_match({text}, {self.text(expression)})"
            case Dialect.POSTGRESQL:
                return f"({text} ~ {self.text(f'^({expression})$')})"
            case Dialect.SPARK:
                whole = f"^({expression})" + r"\z"
                return f"({text} RLIKE {self.text(whole)})"
            case Dialect.SQLITE:
                return f"({text} REGEXP {self.text(expression)})"


def quoted(name: str) -> str:
    """Return a name as an identifier, whatever signs it holds."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text as a literal, whatever signs it holds."""
    return "'" + text.replace("'", "''") + "'"


def chosen_sql(variable: Variable) -> str:
    """Return how many options of a multiple-response question or ranking were chosen, where
    answered.
    """
    columns = (quoted(option_column(variable.name, code)) for code in codes(variable))
    # The column of an option holds true or false, or its place in a ranking.
    ticked = "{0} IS NOT NULL" if isinstance(variable.type, RankOrder) else "{0}"
    counted = (f"CASE WHEN {ticked.format(column)} THEN 1 ELSE 0 END" for column in columns)
    return " + ".join(counted) or "0"


def if_answered(name: str, expression: str) -> str:
    """Return an expression that is NULL where the variable has no answer."""
    return f"(CASE WHEN {quoted(missing_column(name))} IS NULL THEN {expression} END)"


class TermSql:
    """Writes the terms of one study's variables for one database."""

    def __init__(self, variables: Mapping[str, Variable], types: Types, dialect: Dialect) -> None:
        self._variables, self._types, self._dialect = variables, types, dialect

    def number(self, term: Term, decimals: int) -> str:
        """Return a number in units of so many decimals, at least its own."""
        own = measure(term, self._types)
        units = 10 ** (decimals - (own.decimals if own else 0))
        text = self._number(term)
        return text if units == 1 else f"({text} * {units})"

    def day(self, term: Term) -> str:
        """Return a day."""
        match term:
            case ConstantTerm(date() as value):
                return self._dialect.day(value)
            case VariableTerm(name):
                return quoted(name)
        raise TypeError(f"no day: {term}")

    def _own(self, term: Term) -> int:
        found = measure(term, self._types)
        return found.decimals if found else 0

    def _number(self, term: Term) -> str:
        """A number in units of its own last decimal."""
        match term:
            case ConstantTerm(value):
                return _units(Decimal(str(value)), self._own(term))
            case VariableTerm(name):
                units = 10 ** self._own(term)
                scaled = quoted(name) if units == 1 else f"{quoted(name)} * {units}"
                return f"CAST(ROUND({scaled}) AS BIGINT)"
            case CountTerm(name):
                return if_answered(name, chosen_sql(self._variables[name]))
            case LengthTerm(name):
                return f"LENGTH({quoted(name)})"
            case DaysBetween(first, last):
                return self._dialect.days(self.day(first), self.day(last))
            case YearsBetween(first, last):
                return self._dialect.years(self.day(first), self.day(last))
            case _:
                return self._sum(term)

    def _sum(self, term: Plus | Minus | Times | SumTerm | Coalesce) -> str:
        decimals = self._own(term)
        match term:
            case Plus(left, right):
                return f"({self.number(left, decimals)} + {self.number(right, decimals)})"
            case Minus(left, right):
                return f"({self.number(left, decimals)} - {self.number(right, decimals)})"
            case Times(inner, factor):
                own = self._own(inner)
                return f"({self.number(inner, own)} * {_units(factor, decimals - own)})"
            case SumTerm(terms, least):
                parts = [self.number(part, decimals) for part in terms]
                return f"({' + '.join(parts)})" if least == len(parts) else _known(parts, least)
            case Coalesce(inner, value):
                return f"COALESCE({self.number(inner, decimals)}, {_units(value, decimals)})"
            case _:
                assert_never(term)


def _known(parts: Sequence[str], least: int) -> str:
    """The sum of what is known, where enough is."""
    known = " + ".join(f"CASE WHEN {part} IS NULL THEN 0 ELSE 1 END" for part in parts)
    total = " + ".join(f"COALESCE({part}, 0)" for part in parts)
    return f"(CASE WHEN {known} >= {least} THEN {total} END)"


def _units(number: Decimal, decimals: int) -> str:
    whole = int(number.scaleb(decimals))
    # Between brackets where it is below nought: two signs behind each other begin a remark.
    return f"({whole})" if whole < 0 else f"{whole}"
