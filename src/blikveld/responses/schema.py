"""Columns of a snapshot, and the response record they are filled from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import isnan
from typing import TypeAlias, assert_never

from blikveld.errors import BlikveldError
from blikveld.rules import Missing, Person, Special, UnknownVariable, Value
from blikveld.rules.types import (
    CalendarDate,
    CodeSet,
    DecimalNumber,
    FreeText,
    RankOrder,
    SingleCode,
    TrueOrFalse,
)
from blikveld.study.items import special_key
from blikveld.study.model import Study, Variable, VariableKind

Stored: TypeAlias = str | bool | int | float | Decimal | date | None
"""What a cell of the snapshot can hold."""

_DIGITS = 18
"""Digits of a number in its column, decimals included."""


class ColumnClash(BlikveldError):
    """Two variables or options of a study would share one column."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(
            "column-clash",
            f"columns {first!r} and {second!r}",
            "The table engine cannot tell these apart.",
            "Rename the question or the option; capitals do not count as a difference.",
        )


class WrongRecord(BlikveldError):
    """A record does not fit the study. The message never holds an answer in words."""

    def __init__(self, name: str, problem: str) -> None:
        self.name = name
        super().__init__(
            "wrong-record",
            f"variable {name!r}",
            problem,
            "Make records with the same version of the study.",
        )


@dataclass(frozen=True, slots=True)
class SnapshotColumn:
    """One column of the snapshot; `type` is a type of the table engine."""

    name: str
    type: str


def missing_column(variable: str) -> str:
    """Return the column that holds why there is no answer, null when there is one."""
    return f"{variable}__missing"


def option_column(variable: str, code: str) -> str:
    """Return the column that holds whether an option of a multiple-response question was chosen."""
    return f"{variable}__{code}"


def codes(variable: Variable) -> tuple[str, ...]:
    """Return the codes of a variable in order, each once."""
    return tuple(dict.fromkeys(code.code for code in variable.codes))


def columns(variables: Mapping[str, Variable]) -> tuple[SnapshotColumn, ...]:
    """Return the columns of the snapshot in order.

    Raises ColumnClash when two would have one name.
    """
    found = tuple(column for variable in variables.values() for column in columns_of(variable))
    seen: dict[str, str] = {}
    for column in found:
        # The engine compares names without their capitals, quoted or not.
        key = column.name.casefold()
        if key in seen:
            raise ColumnClash(seen[key], column.name)
        seen[key] = column.name
    return found


def columns_of(variable: Variable) -> tuple[SnapshotColumn, ...]:
    """Return the columns of one variable: its answer, an answer without a value, the kind of
    missing.
    """
    why = SnapshotColumn(missing_column(variable.name), "VARCHAR")
    beside = (SnapshotColumn(special_key(variable.name), "VARCHAR"),) if variable.special else ()
    return (*_answer_columns(variable), *beside, why)


def _answer_columns(variable: Variable) -> tuple[SnapshotColumn, ...]:
    match variable.type:
        case SingleCode() | FreeText():
            return (SnapshotColumn(variable.name, "VARCHAR"),)
        case TrueOrFalse():
            return (SnapshotColumn(variable.name, "BOOLEAN"),)
        case DecimalNumber(None):
            return (SnapshotColumn(variable.name, "DOUBLE"),)
        case DecimalNumber(decimals):
            return (SnapshotColumn(variable.name, f"DECIMAL({_DIGITS},{decimals})"),)
        case CalendarDate():
            return (SnapshotColumn(variable.name, "DATE"),)
        case CodeSet():
            options = (option_column(variable.name, code) for code in codes(variable))
            return tuple(SnapshotColumn(name, "BOOLEAN") for name in options)
        case RankOrder():
            options = (option_column(variable.name, code) for code in codes(variable))
            return tuple(SnapshotColumn(name, "SMALLINT") for name in options)
        case _:
            assert_never(variable.type)


def cells(variable: Variable, person: Person) -> Iterator[Stored]:
    """Yield a person's value as the cells of `columns_of(variable)`.

    Raises UnknownVariable when the person has no such variable, WrongRecord when the value is of
    the wrong kind or none of the variable's codes.
    """
    if variable.name not in person:
        raise UnknownVariable(variable.name)
    value = person[variable.name]
    why = value.value if isinstance(value, Missing) else None
    special = _special(variable, value) if isinstance(value, Special) else None
    if why is None and special is None:
        yield from _answer(variable, value)
    else:
        several = variable.kind in (VariableKind.MULTIPLE, VariableKind.RANKING)
        yield from (None for _ in (codes(variable) if several else (variable.name,)))
    if variable.special:
        yield special
    yield why


def value(variable: Variable, stored: Sequence[Stored]) -> Value:
    """Return the value that `cells` made these cells of.

    Raises WrongRecord when nothing made them.
    """
    *answer, why = stored
    special = answer.pop() if variable.special else None
    if why is not None or special is not None:
        if any(cell is not None for cell in answer) or (why is not None and special is not None):
            raise WrongRecord(variable.name, "It is answered and missing at once.")
        return _missing(variable, why) if special is None else Special(str(special))
    return _stored_value(variable, answer)


def _stored_value(variable: Variable, answer: Sequence[Stored]) -> Value:
    if variable.kind is VariableKind.RANKING:
        ranks = {cell: code for code, cell in zip(codes(variable), answer, strict=True) if cell}
        return tuple(ranks[rank] for rank in sorted(ranks, key=str))
    present = [cell for cell in answer if cell is not None]
    if len(present) < len(answer):
        raise WrongRecord(variable.name, "It is empty without a reason.")
    if variable.kind is VariableKind.MULTIPLE:
        chosen = zip(codes(variable), present, strict=True)
        return tuple(code for code, ticked in chosen if ticked)
    return present[0]


def _answer(variable: Variable, value: Value) -> Iterator[Stored]:
    match variable.kind:
        case VariableKind.MULTIPLE:
            yield from _options(variable, value)
        case VariableKind.RANKING:
            yield from _ranks(variable, value)
        case _:
            yield _single(variable, value)


def _special(variable: Variable, value: Special) -> str:
    if value.code not in (code.code for code in variable.special):
        raise WrongRecord(variable.name, "It holds an answer that was not offered.")
    return value.code


def _ranks(variable: Variable, value: Value) -> Iterator[int | None]:
    offered = codes(variable)
    if not isinstance(value, tuple) or not value:
        raise WrongRecord(variable.name, "It holds no ranking.")
    if len(set(value)) != len(value) or not set(value) <= set(offered):
        raise WrongRecord(variable.name, "It ranks an option not offered, or one twice.")
    yield from (value.index(code) + 1 if code in value else None for code in offered)


def _options(variable: Variable, value: Value) -> Iterator[bool]:
    offered = codes(variable)
    if not isinstance(value, tuple):
        raise WrongRecord(variable.name, "It holds no list of options.")
    if value != tuple(code for code in offered if code in value):
        raise WrongRecord(variable.name, "It holds an option not offered, twice or out of order.")
    yield from (code in value for code in offered)


def _single(variable: Variable, value: Value) -> Stored:
    if isinstance(value, tuple | Special | Missing) or not _fits(variable, value):
        problem = f"Its value fits no {variable.kind.value} variable."
        raise WrongRecord(variable.name, problem)
    if isinstance(value, int | float) and variable.kind is VariableKind.NUMBER:
        return float(value)
    return value


def _fits(variable: Variable, value: Stored) -> bool:
    match variable.kind:
        case VariableKind.SINGLE:
            return any(value == code.code for code in variable.codes)
        case VariableKind.TEXT:
            return isinstance(value, str) and _storable(value)
        case VariableKind.FLAG:
            return isinstance(value, bool)
        case VariableKind.NUMBER:
            return _is_number(variable, value)
        case VariableKind.DATE:
            return isinstance(value, date)
        case VariableKind.MULTIPLE | VariableKind.RANKING:
            return False
        case _:
            assert_never(variable.kind)


def _is_number(variable: Variable, value: Stored) -> bool:
    """Whether the column holds the number exactly; scores are of any size."""
    limits = variable.limits
    if not isinstance(limits, DecimalNumber) or limits.decimals is None:
        return isinstance(value, int | float) and not (isinstance(value, bool) or isnan(value))
    if not isinstance(value, Decimal) or not value.is_finite():
        return False
    whole = value.scaleb(limits.decimals)
    return whole == int(whole) and abs(whole) < 10**_DIGITS


def _storable(text: str) -> bool:
    # Half a surrogate pair has no UTF-8 form, so no file can hold it.
    return not any("\ud800" <= sign <= "\udfff" for sign in text)


def _missing(variable: Variable, kind: Stored) -> Missing:
    try:
        return Missing(kind)
    except ValueError:
        raise WrongRecord(variable.name, "It is missing in an unknown way.") from None


@dataclass(frozen=True, slots=True)
class ResponseRecord:
    """What one respondent answered.

    `respondent` is an opaque key that is unique within the fieldwork; it is never stored in a
    snapshot. `values` holds every variable of `raw_names(study)`, each with a value or the kind of
    missing, and nothing else: coded and derived variables are made from it.
    """

    respondent: str
    values: Person


def raw_names(study: Study) -> tuple[str, ...]:
    """Return the variables a response must hold: those of the system, every question, every
    text."""
    return tuple(name for name in study.variables if name not in study.recipes)
