"""A snapshot read with a study that was changed since: by variable, and made anew where needed.

Answers are read by the name of their question: one added since was not asked of anybody, one that
is gone stays in the file, one of another kind is refused by name. What is made from answers is
taken from the file where it is made as before, and made anew where it is not. A text that was
held back is known by its number alone: its code stays, unless a list of recodes gives another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TypeAlias

from blikveld.responses.derive import as_far_as_known, text_variable
from blikveld.responses.schema import (
    Stored,
    cells,
    codes,
    columns_of,
    missing_column,
    option_column,
    raw_names,
    value,
)
from blikveld.responses.snapshot_files import (
    NumberedText,
    SnapshotContent,
    SnapshotQuestions,
    SnapshotTexts,
    number_column,
    shown,
    text_names,
)
from blikveld.rules import Missing, Rule, Value, names
from blikveld.rules.nodes import Answered, Asked, Empty, innermost
from blikveld.rules.terms import quotient_names
from blikveld.study.identity import DescribedVariable, VariableOrigin, fingerprints
from blikveld.study.items import special_key
from blikveld.study.labels import fold_text
from blikveld.study.model import Coded, Computed, Derived, Study, Variable, VariableKind

StoredRow: TypeAlias = Sequence[Stored]
Recodes: TypeAlias = Mapping[tuple[str, int], str]
"""From coded variable and number of a text to the code that it gets."""

_CellWriter: TypeAlias = Callable[[StoredRow, Mapping[str, Value]], Iterable[Stored]]
"""The cells of one variable, from a row of the file and what was made anew of its person."""

_SEVERAL = (VariableKind.MULTIPLE, VariableKind.RANKING)


@dataclass(frozen=True, slots=True)
class RemadeRows:
    """Rows with the columns of a study, in the order of the snapshot.

    `digest` is the hash of what is not as it was made before, "" where all numbers stay as they
    were: then the rows are still those of the snapshot.
    """

    rows: list[tuple[Stored, ...]] = field(repr=False)
    digest: str


@dataclass(frozen=True, slots=True)
class _StoredVariable:
    """Reads a variable of the study from rows of other columns.

    `places` are those of its columns in a row, None for one that the file does not have.
    """

    variable: Variable
    places: tuple[int | None, ...]

    def read(self, row: StoredRow) -> Value:
        """Return the value. Raises WrongRecord."""
        stored = [None if place is None else row[place] for place in self.places]
        answered = stored[-1] is None
        if self.variable.kind is VariableKind.MULTIPLE and answered:
            # An option that came later was chosen by nobody.
            stored = [False if p is None else s for p, s in zip(self.places, stored, strict=True)]
            stored[-1] = None
        return value(self.variable, tuple(stored))


class Remaker:
    """Reads the rows of one snapshot with one study."""

    def __init__(
        self, study: Study, content: SnapshotContent, folder: Path, recodes: Recodes
    ) -> None:
        self._study, self._content, self._folder = study, content, folder
        self._recodes = recodes
        self._place = {column.name: at for at, column in enumerate(content.columns)}
        self._types = {column.name: column.type for column in content.columns}
        self._recoded = frozenset(name for name, _ in recodes)
        self._text_names = text_names(study)

    def remake(self) -> RemadeRows:
        """Return the rows. Raises SnapshotQuestions, SnapshotTexts or WrongRecord."""
        self._check_questions()
        self._check_words()
        changed, differs = sha256(), False
        rows: list[tuple[Stored, ...]] = []
        writers = [self._writer(variable) for variable in self._study.variables.values()]
        for row in self._content.rows:
            person = self._make(row)
            rows.append(tuple(cell for write in writers for cell in write(row, person)))
            for name in self._made_before:
                new = self._cells_by_name(name, person)
                if new != {column: self._stored(row, column) for column in new}:
                    differs = True
                changed.update(repr((name, sorted(new.items()))).encode("utf-8", "surrogatepass"))
        return RemadeRows(rows, changed.hexdigest() if differs else "")

    def _writer(self, variable: Variable) -> _CellWriter:
        """How the cells of a variable come into a row; those that the file has come as they are."""
        if variable.name in self._anew:
            return lambda row, person: cells(variable, person)
        if variable.name not in self._there:
            empty = tuple(cells(variable, {variable.name: Missing.NOT_ASKED}))
            return lambda row, person: empty
        reader = self._readers[variable.name]
        places = [place for place in reader.places if place is not None]
        if len(places) == len(reader.places):
            return lambda row, person: [row[place] for place in places]
        return lambda row, person: cells(variable, {variable.name: reader.read(row)})

    @cached_property
    def _made_before(self) -> tuple[str, ...]:
        """The variables that are made anew and stand in the file too."""
        return tuple(name for name in self._study.recipes if name in self._anew & self._there)

    def _cells_by_name(self, name: str, person: Mapping[str, Value]) -> dict[str, Stored]:
        variable = self._study.variables[name]
        named = zip(columns_of(variable), cells(variable, person), strict=True)
        return {column.name: cell for column, cell in named}

    def _stored(self, row: StoredRow, column: str) -> Stored:
        place = self._place.get(column)
        return None if place is None else row[place]

    # What the file has

    @cached_property
    def _there(self) -> frozenset[str]:
        """The variables of the study that the file has, whatever their kind."""
        return frozenset(n for n in self._study.variables if missing_column(n) in self._place)

    @cached_property
    def _anew(self) -> frozenset[str]:
        """The variables that are made anew: the others that are made stand in the file."""
        return frozenset(name for name in self._study.recipes if not self._as_before(name))

    def _as_before(self, name: str) -> bool:
        rests_on = self._study.rests_on(Answered(name))
        if name not in self._there or not rests_on.isdisjoint(self._recoded):
            return False
        described = self._content.description
        if described is None:
            # The first format does not tell how a variable was made. What hangs on the words of
            # texts cannot be made again from it; the rest is.
            return isinstance(self._study.recipes[name], Coded) or self._needs_words(name)
        return described.variables[name].recipe == self._fingerprints[name]

    @cached_property
    def _fingerprints(self) -> Mapping[str, str]:
        return fingerprints(self._study)

    @cached_property
    def _readers(self) -> Mapping[str, _StoredVariable]:
        """How each variable is read that stands in the file and is not made anew."""
        found = self._there - self._anew
        return {name: self._reader(self._study.variables[name]) for name in found}

    def _reader(self, variable: Variable) -> _StoredVariable:
        places = (self._place.get(column.name) for column in columns_of(variable))
        return _StoredVariable(variable, tuple(places))

    @cached_property
    def _needed(self) -> tuple[str, ...]:
        """What variables are made from that are made anew, and that is not made anew itself."""
        made_from = self._study.made_from
        sources = {name for each in self._anew for name in made_from[each]}
        coded = (each for each in self._study.coded if each.key in self._anew)
        texts = {name for each in coded if (name := text_variable(self._study, each)) is not None}
        return tuple(sorted((sources | texts) - self._anew))

    def _make(self, row: StoredRow) -> Mapping[str, Value]:
        """Return the variables of a person that are made anew."""
        if not self._anew:
            return {}
        known = {
            name: self._readers[name].read(row) if name in self._there else Missing.NOT_ASKED
            for name in self._needed
        }
        making = as_far_as_known(self._study, {**known, **self._code_anew(known, row)})
        return {name: making[name] for name in self._anew}

    # Texts by number

    @cached_property
    def _coded_anew(self) -> tuple[str, ...]:
        return tuple(coded.key for coded in self._study.coded if coded.key in self._anew)

    def _code_anew(self, known: Mapping[str, Value], row: StoredRow) -> Mapping[str, Value]:
        """The coded variables of a person that are made anew."""
        if not self._coded_anew:
            return {}
        coded = as_far_as_known(self._recoding, {**known, **self._numbers(row)})
        return {name: coded[name] for name in self._coded_anew}

    def _numbers(self, row: StoredRow) -> Mapping[str, str]:
        """The texts of a person, each replaced by its number where it has one."""
        found = ((name, self._stored(row, number_column(name))) for name in self._text_names)
        return {name: _numbered(number) for name, number in found if isinstance(number, int)}

    @cached_property
    def _recoding(self) -> Study:
        """The study, with numbers where its coding has texts."""
        if self._content.description is None:
            return self._study
        coded = tuple(
            replace(each, texts=self._codes(each), decided={}) for each in self._study.coded
        )
        return replace(self._study, coded=coded)

    def _codes(self, coded: Coded) -> Mapping[str, str]:
        source = text_variable(self._study, coded)
        own = (text for text in self._content.texts if text.variable == source)
        given = ((text, self._given(coded, text)) for text in own)
        return {_numbered(text.number): code for text, code in given if code}

    def _given(self, coded: Coded, text: NumberedText) -> str | None:
        """The code of a text, None where it has none that the study knows."""
        code = self._code(coded, text)
        return code if any(offered.code == code for offered in coded.codes) else None

    def _code(self, coded: Coded, text: NumberedText) -> str | None:
        recoded = self._recodes.get((coded.key, text.number))
        if recoded is not None:
            return recoded
        known = coded.code_of(fold_text(text.text)) if text.exact and text.text else None
        return known or text.codes.get(coded.key)

    def coded_text(self, text: NumberedText) -> NumberedText:
        """Return a text with the codes that it has now."""
        found = {
            coded.key: self._given(coded, text)
            for coded in self._study.coded
            if text_variable(self._study, coded) == text.variable
        }
        return replace(text, codes={name: code for name, code in found.items() if code})

    def kept_columns(self) -> tuple[int, ...]:
        """Return the places of columns that stay beside those of the study.

        They are numbers of texts, and questions that are not asked any more.
        """
        known = {column.name for v in self._study.variables.values() for column in columns_of(v)}
        asked = {*self.retired(), *self._text_names}
        return tuple(
            at
            for name, at in self._place.items()
            if name not in known and name.partition("__")[0] in asked
        )

    def retired(self) -> Mapping[str, DescribedVariable]:
        """Return the questions that the file has and the study does not ask any more."""
        described = self._content.description
        before = described.variables.items() if described else ()
        return {
            name: variable
            for name, variable in before
            if name not in self._study.variables and variable.origin is not VariableOrigin.MADE
        }

    # What is refused

    def _check_questions(self) -> None:
        for name in raw_names(self._study):
            if name in self._there:
                self._check_kind(self._study.variables[name])
                self._check_codes(self._study.variables[name])
            elif name in (*self._study.known_before, "completed"):
                raise SnapshotQuestions(self._folder, f"It does not tell {name!r} of anybody.")

    def _check_kind(self, variable: Variable) -> None:
        described = self._content.description
        before = described.variables[variable.name].kind if described else variable.kind.value
        wanted = [c for c in columns_of(variable) if c.name in self._types]
        fits = all(_holds(self._types[column.name], column.type) for column in wanted)
        # Of an answer in one column there is that column, whatever its options.
        several = variable.kind in _SEVERAL
        whole = several or variable.name in self._types
        if before != variable.kind.value or not fits or not whole:
            problem = f"{variable.name!r} is a question of another kind by now."
            raise SnapshotQuestions(self._folder, problem)

    def _check_codes(self, variable: Variable) -> None:
        for code, number in self._gone(variable):
            told = f"{number:,}" if number >= self._study.disclosure.threshold else "few"
            problem = (
                f"The study has no answer {code!r} of {variable.name!r} any more, and some gave it "
                f"({told})."
            )
            raise SnapshotQuestions(self._folder, problem)

    def _gone(self, variable: Variable) -> Iterator[tuple[str, int]]:
        """Yield each code that people gave and that is gone, and how many gave it."""
        if variable.kind in _SEVERAL:
            prefix = option_column(variable.name, "")
            beside = {missing_column(variable.name), special_key(variable.name)}
            for column in self._place:
                if column.startswith(prefix) and column not in beside:
                    code = column.removeprefix(prefix)
                    number = sum(bool(row[self._place[column]]) for row in self._content.rows)
                    if code not in codes(variable) and number:
                        yield code, number
        elif variable.kind is VariableKind.SINGLE:
            yield from self._strange(variable.name, codes(variable))
        special = {code.code for code in variable.special}
        yield from self._strange(special_key(variable.name), special)

    def _strange(self, column: str, known: Iterable[str]) -> Iterator[tuple[str, int]]:
        place = self._place.get(column)
        if place is None:
            return
        given = [row[place] for row in self._content.rows]
        for code in sorted({str(c) for c in given if c is not None} - set(known)):
            yield code, given.count(code)

    def _check_words(self) -> None:
        if self._content.texts_as_written:
            return
        if found := [name for name in sorted(self._anew) if self._needs_words(name)]:
            problem = f"{shown(found)} is made from the words of texts that were held back."
            raise SnapshotTexts(self._folder, problem)
        coded = [c for c in self._study.coded if c.key in self._anew]
        if self._content.description is None and any(
            text_variable(self._study, each) for each in coded
        ):
            names = shown(each.key for each in coded)
            problem = f"{names} would be coded from texts that were held back, and have no number."
            raise SnapshotTexts(self._folder, problem)

    def _needs_words(self, name: str) -> bool:
        """Whether a variable looks at what a text says; that there is one is known in any case."""
        texts = set(self._text_names)
        recipe = self._study.recipes[name]
        if isinstance(recipe, Derived):
            return any(_reads(case.when, texts) for case in recipe.cases)
        return isinstance(recipe, Computed) and bool(quotient_names(recipe.compute) & texts)


def _reads(rule: Rule, texts: set[str]) -> bool:
    return any(
        names(leaf) & texts
        for leaf in innermost(rule)
        if not isinstance(leaf, Asked | Answered | Empty)
    )


def _numbered(number: int) -> str:
    return f"text {number}"


def _holds(stored: str, wanted: str) -> bool:
    """Whether each value of a column fits one of the other type."""
    if stored.startswith("DECIMAL") and wanted.startswith("DECIMAL"):
        return _decimals(stored) <= _decimals(wanted)
    return stored == wanted


def _decimals(kind: str) -> int:
    return int(kind.rpartition(",")[2].rstrip(")"))
