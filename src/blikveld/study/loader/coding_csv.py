"""coding.csv: what a text means, one text a line, written by the people who coded them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import StringIO

from blikveld.errors import Fault
from blikveld.rules.types import VariableKind
from blikveld.study.labels import fold_text
from blikveld.study.loader.study_files import CODING
from blikveld.study.model import Coded, Study
from blikveld.yaml_reading.fault_log import FaultLog, choose

COLUMNS = ("variable", "question", "text", "code")


@dataclass(frozen=True, slots=True)
class _CodingRow:
    line: int
    variable: str
    question: str
    text: str
    code: str


def with_coding(study: Study, text: str | None, ledger: FaultLog, *, known: bool) -> Study:
    """The study with the texts of its coded variables; `text` is what coding.csv holds.

    With `known` false the variables could not be read, and rows are not held against them.
    """
    if text is None:
        return study
    texts: dict[str, dict[str, str]] = {coded.key: {} for coded in study.coded}
    lines: dict[tuple[str, str], int] = {}
    reader = _CodingReader(study, ledger)
    for row in reader.rows(text):
        folded = row.variable, fold_text(row.text)
        if folded in lines:
            reader.twice(row, lines[folded])
        elif not known or reader.fits(row):
            lines[folded] = row.line
            texts.setdefault(row.variable, {})[folded[1]] = row.code
    return replace(
        study, coded=tuple(replace(coded, texts=texts[coded.key]) for coded in study.coded)
    )


@dataclass(frozen=True, slots=True)
class _CodingReader:
    study: Study
    ledger: FaultLog

    def rows(self, text: str) -> Iterator[_CodingRow]:
        """The rows with their line; a row of the wrong shape is a fault and left out."""
        reader = csv.reader(StringIO(text, newline=""), strict=True)
        try:
            if tuple(next(reader, ())) != COLUMNS:
                self._fault(1, "The columns are not right.", f"Begin with {','.join(COLUMNS)}.")
                return
            for cells in reader:
                if len(cells) == len(COLUMNS):
                    yield _CodingRow(reader.line_num, *(cell.strip() for cell in cells))
                elif cells:
                    problem = f"This row has {len(cells)} cells."
                    mend = f"Write {len(COLUMNS)}; a text with a comma stands between quotes."
                    self._fault(reader.line_num, problem, mend)
        except csv.Error as error:
            self._fault(reader.line_num, f"This is no CSV: {error}.", "Look at the quotes.")

    def fits(self, row: _CodingRow) -> bool:
        """Whether the row says something about this study; what it says wrong is written down."""
        coded = {coded.key: coded for coded in self.study.coded}
        variable = coded.get(row.variable)
        if variable is None:
            problem = f"{row.variable!r} is no coded variable."
            self._fault(row.line, problem, choose(row.variable, coded))
            return False
        return not any([self._wrong(row, variable), self._empty(row)])

    def twice(self, row: _CodingRow, first: int) -> None:
        """Write down that a text is coded a second time, after line `first`."""
        problem = (
            f"The text {row.text!r} is coded twice for {row.variable!r}, first on line {first}."
        )
        self._fault(row.line, problem, "Keep one of the two; case and spaces make no difference.")

    def _wrong(self, row: _CodingRow, coded: Coded) -> bool:
        codes = [code.code for code in coded.codes]
        if coded.source not in self.study.variables:
            return False
        if row.question != coded.source:
            problem = f"{coded.key!r} is made from {coded.source!r}, not from {row.question!r}."
            self._fault(row.line, problem, f"Write {coded.source} in the column question.")
        elif not self._asks_text(coded.source):
            problem = f"The question {coded.source!r} asks for no text."
            self._fault(row.line, problem, "Give one of its answers a text, or remove the row.")
        elif row.code not in codes:
            problem = f"{coded.key!r} has no code {row.code!r}."
            self._fault(row.line, problem, choose(row.code, codes))
        else:
            return False
        return True

    def _empty(self, row: _CodingRow) -> bool:
        if not fold_text(row.text):
            self._fault(row.line, "The text is empty.", "Write the text, or remove the row.")
        return not fold_text(row.text)

    def _asks_text(self, source: str) -> bool:
        question = self.study.questions.get(source)
        return bool(
            question and (question.other_keys or question.variable_kind is VariableKind.TEXT)
        )

    def _fault(self, line: int, problem: str, mend: str) -> None:
        self.ledger.add(Fault("coding", CODING, line, problem, mend))
