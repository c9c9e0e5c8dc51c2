"""An export: the files in the formats asked for, and the codebook, in one new folder."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import assert_never

from blikveld.atomic_files import whole_folder
from blikveld.errors import BlikveldError
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
