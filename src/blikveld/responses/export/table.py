"""The table that every format writes: columns with labels, one cell a respondent.

A single answer becomes a number from 1 on, in the order of the study; an option of a
multiple-response question 0 or 1; a text stays text, with a column beside it that says why it is
empty; a day has such a column too. The kind of missing stays what it is: each format has its own
way to declare it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum
from math import ceil, isfinite
from typing import TypeAlias, assert_never

from blikveld.errors import BlikveldError
from blikveld.responses.export.labels import (
    MISSING_RANGE,
    missing_label,
    missing_letter,
    missing_number,
    special_letter,
    special_number,
    word,
)
from blikveld.responses.schema import codes, option_column
from blikveld.responses.snapshot import Snapshot
from blikveld.results.cell import DataOrigin
from blikveld.rules import Missing, Person, Special, Value
from blikveld.rules.types import DecimalNumber
from blikveld.study.model import Code, Study, Variable, VariableKind

NOT_RANKED = Special("not_ranked")
"""What stands at an option that an answered ranking leaves out."""
_MOST_DIGITS = 15

ExportCell: TypeAlias = float | str | date | Missing | Special | None
"""A number, a text, a day, an answer without a value, or why there is none. A day that is not
there is None: the column beside it says why."""


class NotExportable(BlikveldError):
    """An answer that no file of a statistical program can hold."""

    def __init__(self, name: str) -> None:
        super().__init__(
            "not-exportable",
            f"variable {name!r}",
            "It holds a number without end.",
            "Give its codes finite numbers, and make the snapshot again.",
        )


class Level(Enum):
    """Level of measurement, as SPSS numbers them."""

    NOMINAL = 1
    ORDINAL = 2
    SCALE = 3


class Content(Enum):
    """What the cells of a column are."""

    CODES = "codes"
    OPTION = "option"
    RANK = "rank"
    """Which choice the option was."""
    FLAG = "flag"
    NUMBER = "number"
    DATE = "date"
    TEXT = "text"
    WHY = "why"
    """Why the text or day beside it is empty; 0 where it is not."""


@dataclass(frozen=True, slots=True)
class ValueLabel:
    """A number in the file, the study's code for it and its words."""

    number: int
    code: str
    label: str
    letter: str = ""
    """The letter of Stata's missing value, for a number that is declared missing."""


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """A column of the table.

    `name` is as long as the study makes it; each format fits it. `variable` is the study's
    variable, and `option` the code of the option that it tells of. `missing` are the kinds that
    are declared missing, with their numbers, and after them the answers without a value: none for
    texts, days and the reasons beside them. `decimals` are those of a number.
    """

    name: str
    variable: str
    role: Content
    label: str
    measure: Level
    values: tuple[ValueLabel, ...] = ()
    missing: tuple[ValueLabel, ...] = ()
    option: str | None = None
    decimals: int | None = None

    @property
    def is_text(self) -> bool:
        """Whether the cells are texts; otherwise they are numbers."""
        return self.role is Content.TEXT

    @property
    def missing_range(self) -> tuple[int, int]:
        """The numbers that are declared missing, both ends included."""
        low, high = MISSING_RANGE
        return low + self._shift, high + self._shift

    def number(self, cell: float | Missing | Special) -> float:
        """Return a cell as one number, with what is missing as its declared number."""
        if isinstance(cell, Missing):
            return float(missing_number(cell) + self._shift)
        return float(self.declared(cell).number) if isinstance(cell, Special) else cell

    def declared(self, cell: Missing | Special) -> ValueLabel:
        """Return the number that is declared missing for what a cell holds instead of a value."""
        if isinstance(cell, Missing):
            return next(value for value in self.missing if value.code == cell.value)
        special = self.missing[len(Missing) :]
        return next(value for value in special if value.code == cell.code)

    @property
    def _shift(self) -> int:
        return self.missing[0].number - missing_number(Missing(self.missing[0].code))


@dataclass(frozen=True, slots=True)
class OptionSet:
    """A multiple-response question: its columns are counted together."""

    name: str
    label: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class ExportTable:
    """A snapshot in one language: `cells` holds a sequence a column, in the snapshot's order."""

    study: Study
    digest: str
    origin: DataOrigin
    language: str
    columns: tuple[ExportColumn, ...]
    sets: tuple[OptionSet, ...]
    cells: tuple[Sequence[ExportCell], ...]

    @property
    def rows(self) -> int:
        """How many respondents there are."""
        return len(self.cells[-1])

    @property
    def is_invented(self) -> bool:
        """Whether the answers are nobody's."""
        return self.origin is not DataOrigin.FIELDWORK

    @property
    def title(self) -> str:
        """The study's title in the language of the table."""
        return self.study.title[self.language]


def build_table(snapshot: Snapshot, included: Sequence[bool], language: str) -> ExportTable:
    """Return every variable of a snapshot as columns, and last `included`: who counts in the
    tables.

    `included` has a truth a respondent, in the snapshot's order. Raises NotExportable.
    """
    study = snapshot.study
    columns = tuple(c for v in study.variables.values() for c in columns_of(study, v, language))
    rows = [
        tuple(cell for v in study.variables.values() for cell in _cells(v, person))
        for person in snapshot.persons()
    ]
    answers = tuple(zip(*rows, strict=True)) if rows else ((),) * len(columns)
    counts = _included(columns, language)
    cells = (*answers, tuple(float(counted) for counted in included))
    return ExportTable(
        study,
        snapshot.digest,
        snapshot.origin,
        language,
        (*columns, counts),
        _sets(study, language),
        cells,
    )


def describe_table(study: Study, language: str) -> ExportTable:
    """Return the columns that answers of a study would have, before anybody answered."""
    columns = tuple(c for v in study.variables.values() for c in columns_of(study, v, language))
    cells = ((),) * len(columns)
    return ExportTable(
        study, "", DataOrigin.MADE_UP, language, columns, _sets(study, language), cells
    )


def columns_of(study: Study, variable: Variable, language: str) -> tuple[ExportColumn, ...]:
    """Return the columns of a variable: one an option, a text and its reason, or one alone."""
    name, label = variable.name, variable.label[language]
    missing = _missing(language, _shift(study, variable), _without_value(variable, language))
    match variable.kind:
        case VariableKind.SINGLE:
            values = _values(variable, language)
            return (ExportColumn(name, name, Content.CODES, label, Level.NOMINAL, values, missing),)
        case VariableKind.MULTIPLE:
            return tuple(_options(variable, language, missing))
        case VariableKind.FLAG:
            truth = _truth(language)
            return (ExportColumn(name, name, Content.FLAG, label, Level.NOMINAL, truth, missing),)
        case VariableKind.NUMBER:
            column = ExportColumn(name, name, Content.NUMBER, label, Level.SCALE, (), missing)
            limits = variable.limits
            decimals = limits.decimals if isinstance(limits, DecimalNumber) else None
            return (replace(column, decimals=decimals),)
        case VariableKind.RANKING:
            return tuple(_ranks(variable, language, missing))
        case VariableKind.TEXT:
            return tuple(_with_reason(variable, language, Content.TEXT))
        case VariableKind.DATE:
            return tuple(_with_reason(variable, language, Content.DATE))
        case _:
            assert_never(variable.kind)


def _options(
    variable: Variable, language: str, missing: tuple[ValueLabel, ...]
) -> Iterator[ExportColumn]:
    for code in codes(variable):
        label = f"{variable.code(code).label[language]} ({variable.label[language]})"
        yield ExportColumn(
            option_column(variable.name, code),
            variable.name,
            Content.OPTION,
            label,
            Level.NOMINAL,
            _truth(language),
            missing,
            code,
        )


def _ranks(
    variable: Variable, language: str, missing: tuple[ValueLabel, ...]
) -> Iterator[ExportColumn]:
    for code in codes(variable):
        label = f"{variable.code(code).label[language]} ({variable.label[language]})"
        column = option_column(variable.name, code)
        yield ExportColumn(
            column, variable.name, Content.RANK, label, Level.ORDINAL, (), missing, code, 0
        )


def _with_reason(variable: Variable, language: str, role: Content) -> Iterator[ExportColumn]:
    """A column that can hold no number for what is missing, and beside it why it is empty."""
    name, label = variable.name, variable.label[language]
    measure = Level.SCALE if role is Content.DATE else Level.NOMINAL
    yield ExportColumn(name, name, role, label, measure)
    answered = ValueLabel(0, "answered", word("answered", language))
    reasons = (answered, *_missing(language, 0, _without_value(variable, language)))
    because = f"{label}: {word('why', language)}"
    yield ExportColumn(f"{name}_why", name, Content.WHY, because, Level.NOMINAL, reasons)


def _included(columns: Sequence[ExportColumn], language: str) -> ExportColumn:
    taken = {column.name for column in columns}
    name = "included" if "included" not in taken else "included_in_tables"
    label, truth = word("included", language), _truth(language)
    return ExportColumn(name, name, Content.FLAG, label, Level.NOMINAL, truth)


def _sets(study: Study, language: str) -> tuple[OptionSet, ...]:
    return tuple(
        OptionSet(v.name, v.label[language], tuple(option_column(v.name, c) for c in codes(v)))
        for v in study.variables.values()
        if v.kind is VariableKind.MULTIPLE
    )


def _values(variable: Variable, language: str) -> tuple[ValueLabel, ...]:
    return tuple(
        ValueLabel(number, code, variable.code(code).label[language])
        for number, code in enumerate(codes(variable), start=1)
    )


def _truth(language: str) -> tuple[ValueLabel, ...]:
    return ValueLabel(0, "false", word("no", language)), ValueLabel(
        1, "true", word("yes", language)
    )


def _missing(
    language: str, shift: int, without_value: Sequence[Code] = ()
) -> tuple[ValueLabel, ...]:
    kinds = (
        ValueLabel(
            missing_number(kind) + shift,
            kind.value,
            missing_label(kind, language),
            missing_letter(kind),
        )
        for kind in Missing
    )
    special = (
        ValueLabel(special_number(at) + shift, code.code, code.label[language], special_letter(at))
        for at, code in enumerate(without_value)
    )
    return (*kinds, *special)


def _without_value(variable: Variable, language: str) -> tuple[Code, ...]:
    """The answers that are no value; of a ranking also that an option was not ranked."""
    if variable.kind is not VariableKind.RANKING:
        return variable.special
    words = {language: word("not_ranked", language)}
    return (Code(NOT_RANKED.code, words), *variable.special)


def _shift(study: Study, variable: Variable) -> int:
    """How far the missing values go down so that no number of this variable is among them."""
    declared = (n for s in study.scores if s.key == variable.name for n in s.values.values())
    lowest = min(declared, default=0)
    if isinstance(variable.limits, DecimalNumber):
        least = variable.limits.least
        lowest = -(10**_MOST_DIGITS) + 1 if least is None else int(least) - (least < 0)
    return 0 if lowest >= 0 else -(10 ** len(str(ceil(-lowest))))


def _cells(variable: Variable, person: Person) -> Iterator[ExportCell]:
    value = person[variable.name]
    match variable.kind:
        case VariableKind.SINGLE:
            yield value if isinstance(value, Missing) else codes(variable).index(str(value)) + 1.0
        case VariableKind.MULTIPLE:
            yield from (_ticked(code, value) for code in codes(variable))
        case VariableKind.FLAG | VariableKind.NUMBER:
            yield value if isinstance(value, Missing | Special) else _finite(variable, value)
        case VariableKind.RANKING:
            yield from (_rank(code, value) for code in codes(variable))
        case VariableKind.DATE:
            yield value if isinstance(value, date) else None
            yield _reason(variable, value)
        case VariableKind.TEXT:
            yield "" if isinstance(value, Missing | Special) else str(value)
            yield _reason(variable, value)
        case _:
            assert_never(variable.kind)


def _rank(code: str, value: Value) -> ExportCell:
    if isinstance(value, Missing | Special):
        return value
    ranked = isinstance(value, tuple) and code in value
    return value.index(code) + 1.0 if isinstance(value, tuple) and ranked else NOT_RANKED


def _reason(variable: Variable, value: Value) -> float:
    match value:
        case Missing():
            return float(missing_number(value))
        case Special(code):
            offered = [special.code for special in variable.special]
            return float(special_number(offered.index(code)))
        case _:
            return 0.0


def _ticked(code: str, value: Value) -> ExportCell:
    if isinstance(value, Missing):
        return value
    return float(isinstance(value, tuple) and code in value)


def _finite(variable: Variable, value: Value) -> float:
    if not (isinstance(value, int | float | Decimal) and isfinite(value)):
        raise NotExportable(variable.name)
    return float(value)
