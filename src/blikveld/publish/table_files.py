"""Table files: CSV, JSON and Parquet, one row a cell; formats and languages by name."""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TextIO

from blikveld.disclosure import Release, SafeCell, SafeRow, SafeTable
from blikveld.errors import BlikveldError
from blikveld.responses import duckdb_io
from blikveld.responses import schema as columns
from blikveld.results.cell import Column
from blikveld.results.formatting import percentage, survivable
from blikveld.rules import format_rule
from blikveld.study.model import Study


def formats_of(given: Iterable[str], known: Collection[str], problem: str) -> tuple[str, ...]:
    """Return formats that were given alone or several with commas, each once.

    Raises BlikveldError for one that is not known; `problem` says what is wrong with `{}`.
    """
    wanted = dict.fromkeys(part.strip() for each in given for part in each.split(","))
    for name in wanted:
        if name not in known:
            mend = f"Choose from: {', '.join(known)}."
            what = problem.format(repr(name))
            raise BlikveldError("no-such-format", f"--format {name}", what, mend)
    return tuple(wanted)


def checked_language(study: Study, language: str) -> str:
    """Return the language to write in.

    Raises BlikveldError for one that the study does not have.
    """
    if language and language not in study.languages:
        raise BlikveldError(
            "language",
            f"study {study.key!r}",
            f"It has no language {language!r}.",
            f"Choose from {', '.join(study.languages)}.",
        )
    return language or study.languages[0]


FIELDS: Mapping[str, str] = {
    "table": "VARCHAR",
    "number": "VARCHAR",
    "title": "VARCHAR",
    "row": "VARCHAR",
    "row_label": "VARCHAR",
    "level": "DOUBLE",
    "column": "VARCHAR",
    "column_label": "VARCHAR",
    "count": "DOUBLE",
    "low": "DOUBLE",
    "high": "DOUBLE",
    "base": "DOUBLE",
    "base_low": "DOUBLE",
    "base_high": "DOUBLE",
    "percent": "VARCHAR",
    "suppressed": "BOOLEAN",
    "invented": "BOOLEAN",
    "counts": "VARCHAR",
    "base_rule": "VARCHAR",
    "rule": "VARCHAR",
    "cell": "VARCHAR",
}
"""The fields of a cell and their types in Parquet. A suppressed number is empty;
`low` and `high` are its ends, and equal where a number is printed."""

TableRecord = dict[str, Any]


def records(release: Release, language: str) -> Iterator[TableRecord]:
    """Yield every cell of every table, in reading order."""
    for table in release.tables.values():
        yield from table_records(table, language)


def table_records(table: SafeTable, language: str) -> Iterator[TableRecord]:
    """Yield every cell of one table, with the fields of FIELDS."""
    for row in table.rows:
        for column, cell in zip(table.columns, row.cells, strict=True):
            yield _record(table, row, column, cell, language)


def _record(
    table: SafeTable, row: SafeRow, column: Column, cell: SafeCell, language: str
) -> TableRecord:
    known = cell.count is not None and cell.base is not None
    return {
        "table": table.name,
        "number": table.number[language],
        "title": table.title[language],
        "row": row.name,
        "row_label": row.label[language],
        "level": row.level,
        "column": column.key,
        "column_label": column.label[language],
        "count": cell.count,
        "low": cell.count_band.low if cell.count_band else cell.count,
        "high": cell.count_band.high if cell.count_band else cell.count,
        "base": cell.base,
        "base_low": cell.base_band.low if cell.base_band else cell.base,
        "base_high": cell.base_band.high if cell.base_band else cell.base,
        "percent": percentage(cell.count or 0, cell.base or 0, 1) if known else None,
        "suppressed": cell.suppressed,
        "invented": not cell.fixed,
        "counts": "mentions" if table.multiple and not column.total else "respondents",
        "base_rule": format_rule(cell.base_rule),
        "rule": format_rule(cell.rule),
        "cell": cell.id,
    }


def write_csv(study: Study, release: Release, language: str, path: Path) -> None:
    """A table of text with commas; the same release gives the same bytes."""
    with path.open("w", encoding="utf-8", newline="") as file:
        write_records(file, records(release, language))


def write_records(
    file: TextIO, found: Iterable[TableRecord], fields: Collection[str] = FIELDS
) -> None:
    """Records as lines with commas, under a line of names."""
    writer = csv.DictWriter(file, fields, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _kept(value) for name, value in record.items()} for record in found)


def _kept(value: Any) -> Any:
    return survivable(value) if isinstance(value, str) else value


_TYPES: Mapping[str, str | Mapping[str, str]] = {
    "VARCHAR": "string",
    "DOUBLE": "number",
    "BOOLEAN": {"base": "boolean", "format": "True|False"},
}
_TOLD: Mapping[str, str] = {
    "table": "Key of the table.",
    "number": "Number of the table in the report.",
    "title": "What the table shows.",
    "row": "Key of the row.",
    "row_label": "Label of the row.",
    "level": "How deep the row stands: 0 for everybody.",
    "column": "Key of the column.",
    "column_label": "Label of the column.",
    "count": "How many; empty where only a range is published.",
    "low": "Lower end of the range, or the count.",
    "high": "Upper end of the range, or the count.",
    "base": "Of how many; empty where only a range is published.",
    "base_low": "Lower end of the range of the base, or the base.",
    "base_high": "Upper end of the range of the base, or the base.",
    "percent": "The count in percent of the base, with one decimal; empty where one is a range.",
    "suppressed": "Whether the exact count is not published.",
    "invented": "Whether the number is made up where no published figure fixes it.",
    "counts": "What is counted: respondents, or answers of which one may give several.",
    "base_rule": "The rule of who is counted in the base.",
    "rule": "The rule of who is counted.",
    "cell": "Identifier of the number, for `blikveld explain`.",
}


def write_metadata(table: Path, path: Path, about: Mapping[str, str]) -> None:
    """Write what a CSV of cells holds as metadata of the W3C (CSV on the Web).

    `about` has title, language, publisher and more in terms of Dublin Core; empty ones are left
    out.
    """
    described = {f"dc:{name}": text for name, text in about.items() if text}
    shape = [
        {
            "name": name,
            "titles": name,
            "datatype": _TYPES[kind],
            "dc:description": _TOLD[name],
        }
        for name, kind in FIELDS.items()
    ]
    content = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": table.name,
        **described,
        "dialect": {"header": True, "encoding": "utf-8"},
        "tableSchema": {"columns": shape, "primaryKey": ["table", "row", "column"]},
    }
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def write_json(study: Study, release: Release, language: str, path: Path) -> None:
    """The study, its version and a list of cells."""
    content = {
        "study": study.key,
        "version": study.version,
        "language": language,
        "cells": list(records(release, language)),
    }
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def write_parquet(study: Study, release: Release, language: str, path: Path) -> None:
    """One row a cell, with the columns of FIELDS."""
    shape = [columns.SnapshotColumn(name, kind) for name, kind in FIELDS.items()]
    rows = [tuple(record[name] for name in FIELDS) for record in records(release, language)]
    duckdb_io.write(shape, rows, path)


def write_all(out: Path, name: str, writers: Mapping[str, Callable[[Path], None]]) -> list[Path]:
    """Write a file of each kind; only when all are written do any stand in `out`."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".tables-", dir=out) as half:
        made = [Path(half) / f"{name}.{kind}" for kind in writers]
        for path, write in zip(made, writers.values(), strict=True):
            write(path)
        return [path.replace(out / path.name) for path in made]
