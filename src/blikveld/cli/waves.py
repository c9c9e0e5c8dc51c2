"""`blikveld waves`: the same study in two periods."""

from __future__ import annotations

import csv
from math import isnan
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.table import Table as Grid

from blikveld.atomic_files import whole
from blikveld.cli import terminal
from blikveld.cli.terminal import USUAL, StudyName, console
from blikveld.disclosure import SafeCell, SafeTable
from blikveld.disclosure.waves import Change, Changes, Comparability, VariableRename, compare
from blikveld.errors import BlikveldError, ExitCode, Fault, Faults
from blikveld.publish.clearing import clear
from blikveld.responses.snapshot import read
from blikveld.results import formatting
from blikveld.results.formatting import half_up, survivable
from blikveld.study.load import load
from blikveld.study.loader.study_files import WAVES
from blikveld.study.model import Renamed, Study
from blikveld.tabulation.tables import NoSuchTable

FIELDS = (
    *(
        "table",
        "row",
        "column",
        "comparability",
        "earlier_count",
        "earlier_base",
        "earlier_percent",
    ),
    *("later_count", "later_base", "later_percent", "points", "low", "high", "p_corrected"),
    *("correction", "comparisons", "interval", "publication"),
)
_INTERVAL = "95%, Newcombe (1998) method 10 from Wilson intervals"
_LEVEL = 0.05


def waves(
    earlier: Annotated[Path, Parameter(help="The snapshot of the earlier wave.")],
    later: Annotated[Path, Parameter(help="The snapshot of the later wave.")],
    *,
    study: StudyName = USUAL,
    earlier_study: Annotated[
        str, Parameter(help="The earlier version's folder, where it is another version.")
    ] = "",
    table: Annotated[tuple[str, ...], Parameter(help="Only these, by their key.")] = (),
    out: Annotated[Path | None, Parameter(help="Write every comparison to this CSV file.")] = None,
) -> int:
    """Compare two waves of a study: what changed, with intervals, small counts suppressed.

    Another version is accepted where waves.yaml of the later study names it; that file also says
    which codes were renamed. All comparisons of one call are one family, corrected by Holm.
    """
    now = load(study)
    before = load(earlier_study) if earlier_study else now
    renamed = renamings(before, now)
    if unknown := set(table) - {plan.key for plan in now.tables}:
        raise NoSuchTable(now, unknown)
    changes = compare(
        _cleared(before, earlier, table), _cleared(now, later, table), _rename(now, renamed)
    )
    if out is not None:
        write(changes, out)
    with terminal.not_for_publication():
        _show(changes)
    return ExitCode.DONE


def renamings(before: Study, now: Study) -> tuple[Renamed, ...]:
    """Return what was renamed between two versions.

    Raises BlikveldError, and Faults with their lines.
    """
    if before.digest == now.digest:
        return ()
    if before.key != now.key:
        problem = f"It is of study {before.key!r}, and this is {now.key!r}."
        raise BlikveldError("other-study", "the earlier wave", problem, "Compare one study.")
    wave = next((wave for wave in now.waves if wave.version == before.version), None)
    if wave is None:
        raise BlikveldError(
            "no-mapping",
            f"study {now.key!r}",
            f"It does not say how version {before.version!r} compares with {now.version!r}.",
            f"Add a wave with from: {before.version!r} to {WAVES}, with what was renamed.",
        )
    if faults := [fault for each in wave.renamed for fault in _faults(before, each, wave.renamed)]:
        raise Faults(faults)
    return wave.renamed


def _faults(before: Study, each: Renamed, renamed: tuple[Renamed, ...]) -> list[Fault]:
    variable = before.variables.get(each.variable)
    codes = [code.code for code in variable.codes] if variable else []
    if each.old not in codes:
        problem = f"Version {before.version!r} has no {each.variable!r} with a code {each.old!r}."
        mend = "Write was as it stood in the earlier version."
        return [Fault("unknown-code", WAVES, each.line, problem, mend)]
    moved = {other.old for other in renamed if other.variable == each.variable}
    if each.new in codes and each.new not in moved:
        problem = f"Version {before.version!r} had a code {each.new!r} already."
        return [Fault("duplicate", WAVES, each.line, problem, "Give the new code another name.")]
    return []


def _rename(now: Study, renamed: tuple[Renamed, ...]) -> VariableRename:
    codes = {(each.variable, each.old): each.new for each in renamed}
    plans = {plan.key: plan for plan in now.tables}

    def rename(table: str, row: str, column: str) -> tuple[str, str]:
        plan = plans[table]
        # The row of all together has a name and no codes.
        sides = zip(plan.rows, row.split("."), strict=False)
        parts = [codes.get((variable, code), code) for variable, code in sides]
        return ".".join(parts) or row, codes.get((plan.columns, column), column)

    return rename


def _cleared(study: Study, snapshot: Path, names: tuple[str, ...]) -> dict[str, SafeTable]:
    planned = {plan.key for plan in study.tables}
    wanted = [name for name in names if name in planned] if names else None
    taken = read(study, snapshot)
    terminal.tell_changes(taken)
    found = clear(study, taken).tables
    return {name: table for name, table in found.items() if wanted is None or name in wanted}


def write(changes: Changes, path: Path) -> None:
    """Every comparison as a line of CSV; what was not compared is empty and says why."""
    with whole(path) as half, half.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(FIELDS)
        writer.writerows(_line(change, changes) for change in changes.changes)


def _line(change: Change, changes: Changes) -> tuple[object, ...]:
    numbers = (100 * change.difference, 100 * change.low, 100 * change.high)
    points = ("" if isnan(n) else half_up(n, 1) for n in numbers)
    p = "" if isnan(change.p) else half_up(change.p, 4)
    where = map(survivable, (change.table, change.row, change.column, change.comparability.value))
    family = (changes.correction.value, changes.size, _INTERVAL, terminal.MARK)
    return *where, *_cell(change.earlier), *_cell(change.later), *points, p, *family


def _cell(cell: SafeCell | None) -> tuple[object, object, str]:
    if cell is None:
        return "", "", ""
    share = formatting.percent(cell.count, cell.base, "en", 1)
    count, base = ("" if number is None else number for number in (cell.count, cell.base))
    return count, base, share


def _signed(share: float) -> str:
    """Percentage points with their sign: +1.5."""
    text = half_up(100 * share, 1)
    return text if text.startswith("-") else f"+{text}"


def _show(changes: Changes) -> None:
    grid = Grid(title="What changed", title_justify="left")
    for name in ("Table", "Row", "Category", "Earlier", "Later", "Points", "95% interval", "p"):
        grid.add_column(name)
    for change in changes.changes:
        if change.comparability is Comparability.COMPARED and change.p < _LEVEL:
            between = f"{_signed(change.low)} to {_signed(change.high)}"
            shares = (_cell(change.earlier)[2], _cell(change.later)[2])
            points = _signed(change.difference)
            place = (change.table, change.row, change.column)
            grid.add_row(*place, *shares, points, between, half_up(change.p, 3))
    console.print(grid)
    for change in changes.changes:
        if change.comparability in (Comparability.ONLY_EARLIER, Comparability.ONLY_LATER):
            where = f"{change.table}, {change.row}, {change.column}"
            console.print(f"{where}: {change.comparability.value}", markup=False)
    console.print(
        f"{changes.size:,} comparisons are one family, p corrected by Holm; listed under {_LEVEL}. "
        f"Intervals ({_INTERVAL}) are not corrected.",
        soft_wrap=True,
    )
    for standing in (Comparability.SUPPRESSED, Comparability.OTHER_BASE, Comparability.NOBODY):
        number = sum(change.comparability is standing for change in changes.changes)
        if number:
            console.print(f"{number:,} not compared: {standing.value}.")
