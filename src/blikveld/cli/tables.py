"""Commands of the analyst: write tables, and explain one number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Annotated, TypeAlias

from cyclopts import Parameter

from blikveld.cli import engines, explaining, show, steps, tablefiles
from blikveld.cli.clearing import clear, people_of
from blikveld.cli.options import USUAL, StudyName, checked_language, formats_of
from blikveld.disclosure import Policy, Release, release
from blikveld.errors import ExitCode
from blikveld.report import Standing, xlsx
from blikveld.study.load import load
from blikveld.study.model import Study
from blikveld.tabulation.anchors import count
from blikveld.tabulation.influences import influences
from blikveld.tabulation.tables import planned
from blikveld.tabulation.tables import tables as computed

Writer: TypeAlias = Callable[[Study, Release, str, Path], None]
WRITERS: Mapping[str, Writer] = {
    "csv": tablefiles.write_csv,
    "xlsx": xlsx.write,
    "json": tablefiles.write_json,
    "parquet": tablefiles.write_parquet,
}


def tables(
    snapshot: Annotated[Path, Parameter(help="A snapshot's folder.")],
    *,
    out: Path,
    study: StudyName = USUAL,
    format: Annotated[  # noqa: A002
        tuple[str, ...], Parameter(help="One or more of csv, xlsx, json, parquet.")
    ] = ("csv,xlsx",),
    table: Annotated[tuple[str, ...], Parameter(help="Only these, by their key.")] = (),
    language: Annotated[str, Parameter(help="Of labels and titles. Default: the first.")] = "",
    engine: Annotated[
        engines.Name, Parameter(help="Where to count; the results are equal.")
    ] = "numpy",
    at: Annotated[str, Parameter(help="The URL of a PostgreSQL database or Spark cluster.")] = "",
) -> int:
    """Write the study's tables to OUT, small counts kept back.

    One file of each kind. CSV, JSON and Parquet have one row a cell with its base, its rule and
    its id for `blikveld explain`. When something is refused, nothing is written.
    """
    loaded = load(study)
    spoken = checked_language(loaded, language)
    kinds = formats_of(format, WRITERS, "Tables cannot be written as {}.")
    wanted = [plan.key for plan in planned(loaded, table or None)]
    with steps.snapshot_or_reference(loaded, snapshot) as taken:
        with engines.engine(engine, loaded, taken, at) as counted:
            cleared = clear(loaded, taken, engine=counted).only(wanted)
        standing = Standing(taken.origin.value)
    writers = {kind: partial(WRITERS[kind], loaded, cleared, spoken) for kind in kinds}
    if "xlsx" in writers:
        writers["xlsx"] = partial(writers["xlsx"], standing=standing)
    show.files(tablefiles.write_all(out, "tables", writers))
    return ExitCode.DONE


def explain(
    cell: Annotated[str, Parameter(help="The id of a number, as in a table file or manifest.")],
    snapshot: Annotated[Path | None, Parameter(help="A snapshot's folder.")] = None,
    *,
    study: StudyName = USUAL,
    language: str = "",
) -> int:
    """Tell where a number comes from: who is counted, in words and as SQL, and from which rows.

    Counts of functions and municipalities are cleared together with the number itself.
    """
    loaded = load(study)
    spoken = checked_language(loaded, language)
    with steps.snapshot_or_reference(loaded, snapshot) as taken:
        explaining.explain(loaded, taken, cell, spoken)
    return ExitCode.DONE


def influence(
    snapshot: Annotated[Path, Parameter(help="A snapshot's folder.")],
    *,
    study: StudyName = USUAL,
    points: Annotated[int, Parameter(help="The smallest shift to list.")] = 3,
    table: Annotated[tuple[str, ...], Parameter(help="Only these, by their key.")] = (),
    language: str = "",
) -> int:
    """List every share that moves by 3 points or more when one municipality is left out.

    The largest municipality first. A shift is left out where it would give away a
    number of the municipality that is small or kept back; see docs/decisions/call-by-call.md.
    """
    loaded = load(study)
    spoken = checked_language(loaded, language)
    with steps.snapshot_or_reference(loaded, snapshot) as taken:
        found = computed(loaded, taken, table or None)
        moved = influences(loaded, taken, explaining.asked(found.values()), least=points / 100)
        sizes = count(loaded, taken, explaining.sizes(loaded).values())
        people = people_of(loaded, taken)
        cleared = release(found.values(), sizes, Policy.of(loaded), influences=moved, people=people)
    explaining.influence(loaded, cleared, spoken)
    return ExitCode.DONE
