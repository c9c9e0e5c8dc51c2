"""A snapshot as CSV, once in words and once with numbers for answers; the latter also as Parquet,
and scripts that read it into R, pandas and PSPP or SPSS, with labels and missing values.

In words: codes as the study has them, for programs that read no Parquet. With numbers: those of the
.sav, and a day stands as 1999-12-31. There a text begins with an apostrophe, so that no program
takes it for a number, a formula or nothing; a line break in it stands as U+2028 or U+2029, because
PSPP ends a respondent at every line break. The reading scripts undo both.

All signs beyond ASCII stand escaped in the scripts of R and pandas, so that no setting of a
machine's language can change them.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TextIO

from blikveld.responses import duckdb_io
from blikveld.responses.export.labels import NOT_FOR_PUBLICATION
from blikveld.responses.export.limits import SPSS
from blikveld.responses.export.table import Content, ExportCell, ExportColumn, ExportTable, Level
from blikveld.responses.schema import SnapshotColumn, Stored
from blikveld.responses.snapshot import Snapshot
from blikveld.results.formatting import survivable


def write_plain_csv(snapshot: Snapshot, file: TextIO) -> None:
    """Write a line of columns and one line a respondent, in the order of the snapshot.

    Truth is `true` or `false`, what is missing is empty and its reason stands in `…__missing`. Text
    is written by `survivable`; the Parquet file has it as it is.
    """
    writer = csv.writer(file, lineterminator="\n")
    with snapshot.connect() as connection:
        writer.writerow(column.name for column in duckdb_io.columns(connection))
        writer.writerows(_plain(row) for row in duckdb_io.rows(connection))


def _plain(row: Sequence[Stored]) -> list[str]:
    return [_cell(cell) for cell in row]


def _cell(cell: Stored) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case str():
            return survivable(cell)
        case Decimal() | date():
            return str(cell)
        case _:
            return repr(cell)


BREAKS: Mapping[str, str] = {"\n": "\u2028", "\r": "\u2029"}
"""What stands in the CSV for a line break."""


def write_coded_csv(table: ExportTable, path: Path) -> None:
    """Write a line of names and a line a respondent, with the names of the .sav."""
    names = SPSS.fit_names(column.name for column in table.columns)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names.values())
        writer.writerows(_rows(table))


def write_coded_parquet(table: ExportTable, path: Path) -> None:
    """Write the same numbers as DOUBLE and texts as they are; no label has a place there."""
    names = SPSS.fit_names(column.name for column in table.columns)
    shape = [
        SnapshotColumn(names[column.name], _TYPES.get(column.role, "DOUBLE"))
        for column in table.columns
    ]
    rows = [
        tuple(_stored(column, cell) for column, cell in zip(table.columns, row, strict=True))
        for row in zip(*table.cells, strict=True)
    ]
    duckdb_io.write(shape, rows, path)


def _rows(table: ExportTable) -> Iterator[list[str]]:
    # The reason beside a text tells whether there is one: it may be an empty answer.
    for row in zip(*table.cells, strict=True):
        yield [_written(column, cell) for column, cell in zip(table.columns, row, strict=True)]


def _written(column: ExportColumn, cell: ExportCell) -> str:
    if isinstance(cell, str):
        return f"'{_on_one_line(SPSS.cut_text(cell))}"
    if cell is None or isinstance(cell, date):
        return cell.isoformat() if cell else ""
    number = column.number(cell)
    return str(int(number)) if number.is_integer() else repr(number)


def _on_one_line(text: str) -> str:
    for sign, mark in BREAKS.items():
        text = text.replace(sign, mark)
    return text


def _stored(column: ExportColumn, cell: ExportCell) -> Stored:
    return cell if cell is None or isinstance(cell, str | date) else column.number(cell)


_TYPES: Mapping[Content, str] = {Content.TEXT: "VARCHAR", Content.DATE: "DATE"}


_PART = 60
"""Characters of a text on one line of SPSS syntax, where long lines are cut."""


def write_r_script(table: ExportTable, data_file: str, path: Path) -> None:
    """Write a script for R with haven; `d` is then the data frame that `read_sav` gives."""
    path.write_text("\n".join(_r(table, data_file)) + "\n", encoding="ascii")


def write_pandas_script(table: ExportTable, data_file: str, path: Path) -> None:
    """Write a module for pandas; `read()` gives the data frame, labels stand beside it."""
    path.write_text("\n".join(_pandas(table, data_file)) + "\n", encoding="ascii")


def write_pspp_script(table: ExportTable, data_file: str, path: Path) -> None:
    """Write syntax for PSPP and SPSS, to be run in the folder of the data."""
    path.write_text("\n".join(_pspp(table, data_file)) + "\n", encoding="utf-8")


def _named(table: ExportTable) -> Iterator[tuple[str, ExportColumn]]:
    names = SPSS.fit_names(column.name for column in table.columns)
    return ((names[column.name], column) for column in table.columns)


def _labels(column: ExportColumn) -> Mapping[int, str]:
    values = (*column.values, *column.missing)
    return {value.number: SPSS.cut_value_label(value.label) for value in values}


def _r(table: ExportTable, data_file: str) -> Iterator[str]:
    yield f"# {NOT_FOR_PUBLICATION}"
    yield "# Run it in the folder of the data: source(...). The data frame is called d."
    yield "library(haven)"
    yield f'csv <- read.csv({_escaped(data_file)}, colClasses = "character",'
    yield '  na.strings = character(0), check.names = FALSE, encoding = "UTF-8")'
    yield "text <- function(x, label) {"
    yield "  x <- substring(x, 2)"
    for sign, mark in BREAKS.items():
        yield f"  x <- gsub({_escaped(mark)}, {_escaped(sign)}, x, fixed = TRUE)"
    yield "  structure(x, label = label)"
    yield "}"
    yield "number <- function(x, label, labels = NULL, missing = NULL)"
    yield "  labelled_spss(as.numeric(x), labels, na_range = missing, label = label)"
    yield "d <- data.frame(row.names = seq_len(nrow(csv)))"
    for name, column in _named(table):
        yield f'd[["{name}"]] <- {_r_column(name, column)}'


def _r_column(name: str, column: ExportColumn) -> str:
    label = _escaped(SPSS.cut_label(column.label))
    if column.is_text:
        return f'text(csv[["{name}"]], {label})'
    if column.role is Content.DATE:
        return f'structure(as.Date(csv[["{name}"]], format = "%Y-%m-%d"), label = {label})'
    labels = ", ".join(f"{_escaped(text)} = {number}" for number, text in _labels(column).items())
    missing = "c({}, {})".format(*column.missing_range) if column.missing else "NULL"
    given = f"c({labels})" if labels else "NULL"
    return f'number(csv[["{name}"]], {label}, {given}, {missing})'


def _pandas(table: ExportTable, data_file: str) -> Iterator[str]:
    yield f"# {NOT_FOR_PUBLICATION}"
    yield "from pathlib import Path"
    yield ""
    yield "import pandas as pd"
    yield ""
    yield f"DATA = Path(__file__).with_name({_escaped(data_file)})"
    yield "LABELS = {"
    yield from (f"    {n!r}: {_escaped(SPSS.cut_label(c.label))}," for n, c in _named(table))
    yield "}"
    yield "VALUES = {"
    yield from (f"    {n!r}: {_pandas_values(c)}," for n, c in _named(table) if _labels(c))
    yield "}"
    yield "MISSING = {  # from and up to these numbers, both included"
    yield from (f"    {n!r}: {c.missing_range!r}," for n, c in _named(table) if c.missing)
    yield "}"
    yield f"TEXTS = {[name for name, column in _named(table) if column.is_text]!r}"
    yield f"DATES = {[name for name, column in _named(table) if column.role is Content.DATE]!r}"
    yield from _PANDAS_READ


_PANDAS_READ = (
    "",
    "",
    "def read():",
    '    """The table with all its numbers, the declared missing ones too."""',
    "    d = pd.read_csv(DATA, dtype=str, keep_default_na=False, encoding='utf-8')",
    "    for name in d.columns:",
    "        if name in TEXTS:",
    "            d[name] = d[name].str[1:].str.translate({0x2028: '\\n', 0x2029: '\\r'})",
    "        elif name in DATES:",
    "            d[name] = pd.to_datetime(d[name])",
    "        else:",
    "            d[name] = pd.to_numeric(d[name])",
    "    return d",
    "",
    "",
    "def without_missing(d):",
    '    """A copy in which the declared missing numbers are empty."""',
    "    d = d.copy()",
    "    for name, (low, high) in MISSING.items():",
    "        d[name] = d[name].mask(d[name].between(low, high))",
    "    return d",
)


def _pandas_values(column: ExportColumn) -> str:
    told = (f"{number}: {_escaped(label)}" for number, label in _labels(column).items())
    return "{" + ", ".join(told) + "}"


def _pspp(table: ExportTable, data_file: str) -> Iterator[str]:
    named = tuple(_named(table))
    yield f"* {NOT_FOR_PUBLICATION}"
    yield f"GET DATA /TYPE=TXT /FILE={_quoted(data_file)} /ENCODING='UTF8'"
    yield "  /ARRANGEMENT=DELIMITED /DELIMITERS=',' /QUALIFIER='\"' /FIRSTCASE=2 /VARIABLES="
    widths = _widths(table)
    yield from (f"  {name} {widths[column.name]}" for name, column in named)
    yield "  ."
    for name, column in named:
        yield from _pspp_column(name, column)
    for each in _pspp_sets(table):
        yield from each
    yield "EXECUTE."
    yield f"SAVE OUTFILE={_quoted(Path(data_file).stem + '-from-csv.sav')}."


def _widths(table: ExportTable) -> Mapping[str, str]:
    """The format in which SPSS reads each column; a text has its apostrophe before it."""
    return {
        column.name: f"A{_longest(cells)}" if column.is_text else _FORMATS.get(column.role, "F20.0")
        for column, cells in zip(table.columns, _csv_texts(table), strict=True)
    }


_FORMATS: Mapping[Content, str] = {Content.DATE: "SDATE10"}


def _csv_texts(table: ExportTable) -> Iterator[list[str]]:
    for cells in table.cells:
        yield [SPSS.cut_text(cell) for cell in cells if isinstance(cell, str)]


def _longest(texts: list[str]) -> int:
    marked = ("".join(BREAKS.get(sign, sign) for sign in text) for text in texts)
    return min(SPSS.text, max((len(text.encode()) for text in marked), default=0) + 1)


def _pspp_column(name: str, column: ExportColumn) -> Iterator[str]:
    if column.is_text:
        yield f"COMPUTE {name} = SUBSTR({name}, 2)."
        for sign, mark in BREAKS.items():
            yield f"COMPUTE {name} = REPLACE({name}, '{mark}', STRING({ord(sign)}, PIB1))."
    yield f"VARIABLE LABELS {name} {_quoted(SPSS.cut_label(column.label))}."
    if labels := _labels(column):
        yield f"VALUE LABELS {name}"
        yield from (f"  {number} {_quoted(label)}" for number, label in labels.items())
        yield "  ."
    if column.missing:
        yield "MISSING VALUES {} ({} THRU {}).".format(name, *column.missing_range)
    yield f"VARIABLE LEVEL {name} ({_LEVELS[column.measure]})."


_LEVELS: Mapping[Level, str] = {
    Level.NOMINAL: "NOMINAL",
    Level.ORDINAL: "ORDINAL",
    Level.SCALE: "SCALE",
}


def _pspp_sets(table: ExportTable) -> Iterator[Iterator[str]]:
    names = SPSS.fit_names(column.name for column in table.columns)
    for each in table.sets:
        members = (f"    {names[member]}" for member in each.columns)
        yield iter(
            (
                f"MRSETS /MDGROUP NAME=${each.name} LABEL={_quoted(SPSS.cut_label(each.label))}",
                "  VARIABLES=",
                *members,
                "  VALUE=1.",
            )
        )


def _escaped(text: str) -> str:
    """A text as R and Python both read it, in ASCII."""
    return '"' + "".join(map(_escaped_sign, text)) + '"'


def _escaped_sign(sign: str) -> str:
    if sign in '"\\':
        return f"\\{sign}"
    if " " <= sign <= "~":
        return sign
    return f"\\u{ord(sign):04x}" if ord(sign) < 0x10000 else f"\\U{ord(sign):08x}"


def _quoted(text: str) -> str:
    """A text of SPSS syntax, in parts where it is long."""
    flat = " ".join(text.split())
    parts = [flat[at : at + _PART] for at in range(0, len(flat), _PART)] or [""]
    return " +\n    ".join("'" + part.replace("'", "''") + "'" for part in parts)
