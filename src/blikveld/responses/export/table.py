"""The table that every format writes: columns with labels, one cell a respondent.

A single answer becomes a number from 1 on, in the order of the study; an option of a
multiple-response question 0 or 1; a text stays text, with a column beside it that says why it is
empty. The kind of missing stays what it is: each format has its own way to declare it. Here are
also the words that an export adds to the answers: why a value is missing, who counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from math import ceil, isfinite
from typing import TypeAlias, assert_never

from blikveld.errors import BlikveldError
from blikveld.responses.schema import codes, option_column
from blikveld.responses.snapshot import Snapshot
from blikveld.results.cell import DataOrigin
from blikveld.rules import Missing, Person, Value
from blikveld.study.model import Study, Text, Variable, VariableKind

NOT_FOR_PUBLICATION = "Not for publication: microdata."
"""Printed wherever a table of people is written: together, answers can tell who somebody is."""

MISSING_RANGE = (-99, -1)
"""The numbers that are declared missing: room for kinds to come."""

_MISSING_LABELS: Mapping[Missing, Text] = {
    Missing.NOT_ASKED: {"nl": "niet gevraagd", "en": "not asked"},
    Missing.SKIPPED: {"nl": "overgeslagen", "en": "skipped"},
    Missing.REFUSED: {"nl": "geweigerd", "en": "refused"},
    Missing.BROKEN_OFF: {"nl": "eerder gestopt", "en": "broken off"},
    Missing.UNCODED: {"nl": "nog niet gecodeerd", "en": "not coded yet"},
}
_WORDS: Mapping[str, Text] = {
    "yes": {"nl": "ja", "en": "yes"},
    "no": {"nl": "nee", "en": "no"},
    "answered": {"nl": "ingevuld", "en": "answered"},
    "why": {"nl": "waarom leeg", "en": "why empty"},
    "included": {"nl": "Telt mee in de tabellen", "en": "Counts in the tables"},
    "codebook": {"nl": "Codeboek", "en": "Codebook"},
    "no_counts": {
        "nl": "Dit codeboek telt geen antwoorden. De data zelf zijn niet voor publicatie.",
        "en": "This codebook counts no answers. The data themselves are not for publication.",
    },
    "invented": {
        "nl": "De antwoorden zijn van niemand: ze zijn verzonnen of nagemaakt.",
        "en": "The answers are nobody's: they were made up or reconstructed.",
    },
    "rows": {"nl": "Respondenten", "en": "Respondents"},
    "columns": {"nl": "Kolommen", "en": "Columns"},
    "sets": {"nl": "Vragen met meer antwoorden", "en": "Multiple-response sets"},
    "stata_name": {"nl": "In Stata", "en": "In Stata"},
    "question": {"nl": "Vraag", "en": "Question"},
    "asked_of": {"nl": "Gevraagd aan", "en": "Asked of"},
    "everybody": {"nl": "iedereen", "en": "everybody"},
    "meaning": {"nl": "Betekenis", "en": "Meaning"},
    "missing_values": {"nl": "ontbreekt", "en": "missing"},
    "text": {"nl": "Tekst.", "en": "Text."},
    "number": {"nl": "Getal.", "en": "Number."},
}


def missing_number(kind: Missing) -> int:
    """The number that stands for a kind of missing; -3 is kept for 'don't know' as a missing."""
    match kind:
        case Missing.NOT_ASKED:
            return -1
        case Missing.SKIPPED:
            return -2
        case Missing.REFUSED:
            return -4
        case Missing.BROKEN_OFF:
            return -5
        case Missing.UNCODED:
            return -6
        case _:
            assert_never(kind)


def missing_letter(kind: Missing) -> str:
    """Stata's extended missing value for a kind of missing, from `a` on."""
    return "abcdefgh"[-missing_number(kind) - 1]


def missing_label(kind: Missing, language: str) -> str:
    """A kind of missing in words; English for languages other than Dutch."""
    return _in(_MISSING_LABELS[kind], language)


def word(name: str, language: str) -> str:
    """One of the words above in a language; English for languages other than Dutch."""
    return _in(_WORDS[name], language)


def _in(words: Text, language: str) -> str:
    return words.get(language, words["en"])


ExportCell: TypeAlias = float | str | Missing
"""A number, a text, or why there is neither."""


class NotExportable(BlikveldError):
    """An answer that no file of a statistical program can hold."""

    def __init__(self, name: str) -> None:
        super().__init__(
            "not-exportable",
            f"variable {name!r}",
            "It holds a number without end.",
            "Give its codes finite numbers, and make the snapshot again.",
        )


class Measure(Enum):
    """Level of measurement, as SPSS numbers them."""

    NOMINAL = 1
    ORDINAL = 2
    SCALE = 3


class Role(Enum):
    """What the cells of a column are."""

    CODES = "codes"
    OPTION = "option"
    FLAG = "flag"
    NUMBER = "number"
    TEXT = "text"
    WHY = "why"
    """Why the text beside it is empty; 0 where it is not."""


@dataclass(frozen=True, slots=True)
class ValueLabel:
    """A number in the file, the study's code for it and its words."""

    number: int
    code: str
    label: str


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """A column of the table.

    `name` is as long as the study makes it; each format fits it. `variable` is the study's
    variable, and `option` the code of the option that it tells of. `missing` are the kinds that
    are declared missing, with their numbers: none for texts and for the reasons beside them.
    """

    name: str
    variable: str
    role: Role
    label: str
    measure: Measure
    values: tuple[ValueLabel, ...] = ()
    missing: tuple[ValueLabel, ...] = ()
    option: str | None = None

    @property
    def is_text(self) -> bool:
        """Whether the cells are texts; otherwise they are numbers."""
        return self.role is Role.TEXT

    @property
    def missing_range(self) -> tuple[int, int]:
        """The numbers that are declared missing, both ends included."""
        low, high = MISSING_RANGE
        return low + self._shift, high + self._shift

    def number(self, cell: float | Missing) -> float:
        """A cell as one number, with what is missing as its declared number."""
        if not isinstance(cell, Missing):
            return cell
        return float(missing_number(cell) + self._shift)

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
    """Every variable of a snapshot as columns, and last `included`: who counts in the tables.

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
    """The columns that answers of a study would have, before anybody answered."""
    columns = tuple(c for v in study.variables.values() for c in columns_of(study, v, language))
    cells = ((),) * len(columns)
    return ExportTable(
        study, "", DataOrigin.MADE_UP, language, columns, _sets(study, language), cells
    )


def columns_of(study: Study, variable: Variable, language: str) -> tuple[ExportColumn, ...]:
    """The columns of a variable: one an option, a text and its reason, or one alone."""
    name, label = variable.name, variable.label[language]
    missing = _missing(language, _shift(study, variable))
    match variable.kind:
        case VariableKind.SINGLE:
            values = _values(variable, language)
            return (ExportColumn(name, name, Role.CODES, label, Measure.NOMINAL, values, missing),)
        case VariableKind.MULTIPLE:
            return tuple(_options(variable, language, missing))
        case VariableKind.FLAG:
            truth = _truth(language)
            return (ExportColumn(name, name, Role.FLAG, label, Measure.NOMINAL, truth, missing),)
        case VariableKind.NUMBER:
            return (ExportColumn(name, name, Role.NUMBER, label, Measure.SCALE, (), missing),)
        case VariableKind.TEXT:
            return tuple(_text(variable, language))
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
            Role.OPTION,
            label,
            Measure.NOMINAL,
            _truth(language),
            missing,
            code,
        )


def _text(variable: Variable, language: str) -> Iterator[ExportColumn]:
    name, label = variable.name, variable.label[language]
    yield ExportColumn(name, name, Role.TEXT, label, Measure.NOMINAL)
    reasons = (ValueLabel(0, "answered", word("answered", language)), *_missing(language, 0))
    because = f"{label}: {word('why', language)}"
    yield ExportColumn(f"{name}_why", name, Role.WHY, because, Measure.NOMINAL, reasons)


def _included(columns: Sequence[ExportColumn], language: str) -> ExportColumn:
    taken = {column.name for column in columns}
    name = "included" if "included" not in taken else "included_in_tables"
    label, truth = word("included", language), _truth(language)
    return ExportColumn(name, name, Role.FLAG, label, Measure.NOMINAL, truth)


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


def _missing(language: str, shift: int) -> tuple[ValueLabel, ...]:
    return tuple(
        ValueLabel(missing_number(kind) + shift, kind.value, missing_label(kind, language))
        for kind in Missing
    )


def _shift(study: Study, variable: Variable) -> int:
    """How far the missing values go down so that no number of this variable is among them."""
    declared = (n for s in study.scores if s.key == variable.name for n in s.values.values())
    lowest = min(declared, default=0)
    return 0 if lowest >= 0 else -(10 ** len(str(ceil(-lowest))))


def _cells(variable: Variable, person: Person) -> Iterator[ExportCell]:
    value = person[variable.name]
    match variable.kind:
        case VariableKind.SINGLE:
            yield value if isinstance(value, Missing) else codes(variable).index(str(value)) + 1.0
        case VariableKind.MULTIPLE:
            yield from (_ticked(code, value) for code in codes(variable))
        case VariableKind.FLAG | VariableKind.NUMBER:
            yield value if isinstance(value, Missing) else _finite(variable, value)
        case VariableKind.TEXT:
            missing = isinstance(value, Missing)
            yield "" if missing else str(value)
            yield float(missing_number(value)) if isinstance(value, Missing) else 0.0
        case _:
            assert_never(variable.kind)


def _ticked(code: str, value: Value) -> ExportCell:
    if isinstance(value, Missing):
        return value
    return float(isinstance(value, tuple) and code in value)


def _finite(variable: Variable, value: Value) -> float:
    if not (isinstance(value, int | float) and isfinite(value)):
        raise NotExportable(variable.name)
    return float(value)
