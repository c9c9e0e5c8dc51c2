"""An export: the files in the formats asked for, and the codebook, in one new folder.

Also the list of the texts of a snapshot, which comes back with other codes.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TextIO, assert_never

from blikveld.atomic_files import whole_folder
from blikveld.errors import BlikveldError
from blikveld.responses.derive import text_variable
from blikveld.responses.export.codebook import write_ddi, write_page
from blikveld.responses.export.csv_files import (
    write_coded_csv,
    write_coded_parquet,
    write_pandas_script,
    write_pspp_script,
    write_r_script,
)
from blikveld.responses.export.dta import write_dta
from blikveld.responses.export.limits import SPSS, STATA, list_changes
from blikveld.responses.export.sav import write_sav
from blikveld.responses.export.table import ExportTable
from blikveld.responses.snapshot_files import ROWS, file_hash, read_texts
from blikveld.results.formatting import survivable
from blikveld.study.model import Study
from blikveld.yaml_reading.fault_log import choose


class ExportFormat(Enum):
    """A file that an export can hold."""

    SAV = "sav"
    DTA = "dta"
    CSV = "csv"
    PARQUET = "parquet"


@dataclass(frozen=True, slots=True)
class Exported:
    """The files that were written, and a sentence for each thing that a format could not hold."""

    files: tuple[Path, ...]
    changes: tuple[str, ...]


def write_export(table: ExportTable, formats: Collection[ExportFormat], folder: Path) -> Exported:
    """Write a table to a new folder, with its codebook as HTML and as DDI-Codebook 2.5.

    Only its owner may read the files. The folder is there completely or not at all. The same
    snapshot gives the same bytes. Raises BlikveldError when something stands in its place.
    """
    with new_folder(folder) as fresh:
        write_files(table, formats, fresh)
    limits = [limit for f in formats if (limit := _LIMITS[f]) is not None]
    changes = dict.fromkeys(c for limit in limits for c in list_changes(table, limit))
    return Exported(tuple(sorted(folder.iterdir())), tuple(changes))


def write_files(table: ExportTable, formats: Collection[ExportFormat], folder: Path) -> None:
    """Write the files of an export into a folder that is there."""
    stem = folder / f"{table.study.key}-{table.language}"
    for each in formats:
        _write(table, each, stem)
    write_page(table, stem.with_name("codebook.html"))
    first = next(iter(formats), ExportFormat.SAV)
    write_ddi(table, f"{stem.name}.{first.value}", stem.with_name("codebook-ddi.xml"))


_LIMITS = {
    ExportFormat.SAV: SPSS,
    ExportFormat.CSV: SPSS,
    ExportFormat.PARQUET: None,
    ExportFormat.DTA: STATA,
}


def _write(table: ExportTable, each: ExportFormat, stem: Path) -> None:
    path = stem.with_name(f"{stem.name}.{each.value}")
    match each:
        case ExportFormat.SAV:
            write_sav(table, path)
        case ExportFormat.DTA:
            write_dta(table, path)
        case ExportFormat.CSV:
            write_coded_csv(table, path)
            write_r_script(table, path.name, stem.with_name("read-csv.R"))
            write_pandas_script(table, path.name, stem.with_name("read_csv_pandas.py"))
            write_pspp_script(table, path.name, stem.with_name("read-csv.sps"))
        case ExportFormat.PARQUET:
            write_coded_parquet(table, path)
        case _:
            assert_never(each)


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """Give a folder to write in, which becomes `folder` when the block ends well: all or nothing.

    Only its owner may read the files. Raises BlikveldError when something stands there.
    """
    if os.path.lexists(folder):
        raise BlikveldError(
            "already-there", str(folder), "Something stands there.", "Choose a new folder."
        )
    with whole_folder(folder) as fresh:
        yield fresh


RECODES = ("snapshot", "variable", "number", "text", "code")
"""The columns of a list of texts that can be coded again."""

_MARK = 12
"""So many signs of a snapshot's hash tie such a list to it."""


class RecodesRefused(BlikveldError):
    """A list of recodes does not fit the snapshot, with its line."""

    def __init__(self, path: Path, line: int, problem: str, mend: str) -> None:
        super().__init__("recodes", f"{path}:{line}", problem, mend)


def write_recode_list(study: Study, folder: Path, file: TextIO) -> None:
    """Write a line for each text of a snapshot and each variable it is coded for, with its code.

    A text that was held back is empty: its number is all that is left of it.
    """
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(RECODES)
    mark = file_hash(folder / ROWS)[:_MARK]
    for text in read_texts(folder):
        for coded in study.coded:
            if text_variable(study, coded) == text.variable:
                code = text.codes.get(coded.key, "")
                words = survivable(text.text) if text.text else ""
                writer.writerow((mark, coded.key, text.number, words, code))


def read_recodes(study: Study, folder: Path, path: Path) -> dict[tuple[str, int], str]:
    """Return the code of each variable and number of text in a list. Raises RecodesRefused."""
    mark, known = (
        file_hash(folder / ROWS)[:_MARK],
        {(t.variable, t.number) for t in read_texts(folder)},
    )
    coded = {each.key: each for each in study.coded}
    found: dict[tuple[str, int], str] = {}
    for line, row in _recode_lines(path):
        of, variable, number, _, code = row
        if of != mark:
            mend = f"Make the list from this snapshot: it is {mark}, and texts have other numbers."
            raise RecodesRefused(path, line, f"This is of another snapshot, {of!r}.", mend)
        if variable not in coded:
            raise RecodesRefused(path, line, f"{variable!r} is not coded.", choose(variable, coded))
        at = (text_variable(study, coded[variable]) or "", int(number) if number.isdecimal() else 0)
        if at not in known:
            raise RecodesRefused(path, line, f"No text has the number {number!r}.", "Look it up.")
        codes = [one.code for one in coded[variable].codes]
        if code and code not in codes:
            problem = f"{variable!r} has no code {code!r}."
            raise RecodesRefused(path, line, problem, choose(code, codes))
        if code:
            found[variable, at[1]] = code
    return found


def _recode_lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        if tuple(next(reader, ())) != RECODES:
            mend = f"Begin with {','.join(RECODES)}, as `--list-texts` does."
            raise RecodesRefused(path, 1, "The columns are not right.", mend)
        for row in reader:
            if len(row) != len(RECODES):
                mend = f"Write {len(RECODES)}."
                raise RecodesRefused(path, reader.line_num, f"It has {len(row)} cells.", mend)
            yield reader.line_num, [cell.strip() for cell in row]
