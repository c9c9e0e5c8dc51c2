"""Columns of a snapshot, and the response record they are filled from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from typing import TypeAlias

from blikveld.errors import BlikveldError
from blikveld.rules import Missing, Person, UnknownVariable, Value
from blikveld.study.model import Study, Variable, VariableKind

Stored: TypeAlias = str | bool | float | None
"""What a cell of the snapshot can hold."""

_TYPES: Mapping[VariableKind, str] = {
    VariableKind.SINGLE: "VARCHAR",
    VariableKind.TEXT: "VARCHAR",
    VariableKind.FLAG: "BOOLEAN",
    VariableKind.NUMBER: "DOUBLE",
}


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
    """The column that holds why there is no answer, null when there is one."""
    return f"{variable}__missing"


def option_column(variable: str, code: str) -> str:
    """The column that holds whether an option of a multiple-response question was chosen."""
    return f"{variable}__{code}"


def codes(variable: Variable) -> tuple[str, ...]:
    """The codes of a variable in order, each once."""
    return tuple(dict.fromkeys(code.code for code in variable.codes))


def columns(variables: Mapping[str, Variable]) -> tuple[SnapshotColumn, ...]:
    """The columns of the snapshot in order. Raises ColumnClash when two would have one name."""
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
    """The columns of one variable; the last one holds the kind of missing."""
    why = SnapshotColumn(missing_column(variable.name), "VARCHAR")
    if variable.kind is VariableKind.MULTIPLE:
        options = (option_column(variable.name, code) for code in codes(variable))
        return (*(SnapshotColumn(name, "BOOLEAN") for name in options), why)
    return (SnapshotColumn(variable.name, _TYPES[variable.kind]), why)


def cells(variable: Variable, person: Person) -> Iterator[Stored]:
    """A person's value as the cells of `columns_of(variable)`.

    Raises UnknownVariable when the person has no such variable, WrongRecord when the value is of
    the wrong kind or none of the variable's codes.
    """
    if variable.name not in person:
        raise UnknownVariable(variable.name)
    value = person[variable.name]
    if isinstance(value, Missing):
        multiple = variable.kind is VariableKind.MULTIPLE
        yield from (None for _ in (codes(variable) if multiple else (variable.name,)))
        yield value.value
        return
    if variable.kind is VariableKind.MULTIPLE:
        yield from _options(variable, value)
    else:
        yield _single(variable, value)
    yield None


def value(variable: Variable, stored: Sequence[Stored]) -> Value:
    """The value that `cells` made these cells of. Raises WrongRecord when nothing made them."""
    *answer, why = stored
    if why is not None:
        if any(cell is not None for cell in answer):
            raise WrongRecord(variable.name, "It is answered and missing at once.")
        return _missing(variable, why)
    present = [cell for cell in answer if cell is not None]
    if len(present) < len(answer):
        raise WrongRecord(variable.name, "It is empty without a reason.")
    if variable.kind is VariableKind.MULTIPLE:
        chosen = zip(codes(variable), present, strict=True)
        return tuple(code for code, ticked in chosen if ticked)
    return present[0]


def _options(variable: Variable, value: Value) -> Iterator[bool]:
    offered = codes(variable)
    if not isinstance(value, tuple):
        raise WrongRecord(variable.name, "It holds no list of options.")
    if value != tuple(code for code in offered if code in value):
        raise WrongRecord(variable.name, "It holds an option not offered, twice or out of order.")
    yield from (code in value for code in offered)


def _single(variable: Variable, value: Value) -> Stored:
    match variable.kind, value:
        case VariableKind.FLAG, bool():
            return value
        case VariableKind.NUMBER, int() | float() if _is_number(value):
            return float(value)
        case VariableKind.TEXT, str() if _storable(value):
            return value
        case VariableKind.SINGLE, str() if any(value == c.code for c in variable.codes):
            return value
    raise WrongRecord(variable.name, f"Its value fits no {variable.kind.value} variable.")


def _is_number(value: float) -> bool:
    return not isinstance(value, bool) and not isnan(value)


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
    """The variables a response must hold: those of the system, every question, every text."""
    made = set(made_names(study))
    return tuple(name for name in study.variables if name not in made)


def made_names(study: Study) -> tuple[str, ...]:
    """The variables that are made from a response: coded, derived and numeric ones."""
    coded = (variable.key for variable in study.coded)
    derived = (variable.key for variable in study.derived)
    scores = (variable.key for variable in study.scores)
    return (*coded, *derived, *scores)
