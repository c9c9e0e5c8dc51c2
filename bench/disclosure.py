"""What readers get of the shipped study and what clearing costs, by policy and amount of tables.

    .venv/bin/python bench/disclosure.py [--thresholds 3 5 10] [--policies] [--growth]

Clears report and all tables of the plan together, as `blikveld report` does, from the reference
respondents; everything those do not fix is invented. Prints how many numbers are exact, in ranges
of five and of ten, wider, or blank; how many sentences cannot be said; seconds of processor, the
first time and again from the list of earlier releases; and the largest memory of the process.
"""

from __future__ import annotations

import argparse
import re
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from blikveld.disclosure import Release, SafeCell
from blikveld.disclosure.ledger import Ledger
from blikveld.publish import sources
from blikveld.publish.clearing import clear
from blikveld.report import asks, required_cells
from blikveld.responses.snapshot import Snapshot
from blikveld.study.disclosure import Disclosure, ProtectionMethod
from blikveld.study.load import load
from blikveld.study.model import Study

STUDY = "criminele_uitbuiting"
ANNEXES = re.compile("annex_[c-i]")
_HEAD = f"{'':34}{'exact':>7}{'5 wide':>8}{'10 wide':>8}{'wider':>7}{'blank':>7}{'all':>7}"


def main() -> None:
    """Measure and print."""
    given = _arguments()
    study = load(STUDY)
    with sources.snapshot_or_reference(study, None) as taken:
        for threshold in given.thresholds:
            _policy(replace(study, disclosure=Disclosure(threshold)), taken)
        for policy in _POLICIES if given.policies else ():
            _policy(replace(study, disclosure=policy), taken)
        for part in (4, 2, 1) if given.growth else ():
            fewer = replace(study, tables=study.tables[::part])
            spent, cleared = _timed(fewer, taken, None)
            cells = sum(len(row.cells) for t in cleared.tables.values() for row in t.rows)
            print(f"1/{part} of the tables: {cells:,} cells, {spent:.1f} CPU-seconds")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nlargest memory of this process: {peak:,.0f} MiB")


_POLICIES = (
    Disclosure(5, method=ProtectionMethod.HIDDEN),
    Disclosure(5, method=ProtectionMethod.ROUNDED, rounding_base=5),
    Disclosure(3, method=ProtectionMethod.ROUNDED, rounding_base=3),
)


def _policy(study: Study, taken: Snapshot) -> None:
    rule = study.disclosure
    with tempfile.TemporaryDirectory() as folder:
        ledger = Ledger(Path(folder) / "ledger")
        first, cleared = _timed(study, taken, ledger)
        again, _ = _timed(study, taken, ledger)
    base = f", base {rule.rounding_base}" if rule.rounding_base else ""
    print(f"\n{rule.method.value}, threshold {rule.threshold}{base}")
    print(f"{first:.1f} CPU-seconds once, {again:.1f} from the ledger\n{_HEAD}")
    for name, cells in _parts(study, cleared).items():
        print(f"{name:34}{_line(cells)}")


def _timed(study: Study, taken: Snapshot, ledger: Ledger | None) -> tuple[float, Release]:
    began = time.process_time()
    cleared = clear(study, taken, ledger=ledger)
    return time.process_time() - began, cleared


def _parts(study: Study, cleared: Release) -> dict[str, list[SafeCell]]:
    annexes = [table for name, table in cleared.tables.items() if ANNEXES.fullmatch(name)]
    rows = [row for table in annexes for row in table.rows]
    said = {ask for language in study.languages for ask in required_cells(study, language)}
    drawn = {ask for language in study.languages for ask in asks(study, language)} - said
    return {
        "annexes C to I": [cell for row in rows for cell in row.cells],
        "  of these rows of functions": list(_inside(annexes, level=2)),
        "  of these totals of domains": [c for row in rows if row.level == 1 for c in row.cells],
        "values of figures": [cleared.cells[ask] for ask in drawn],
        "values of sentences": [cleared.cells[ask] for ask in said],
    }


def _inside(annexes: Iterable[object], level: int) -> Iterator[SafeCell]:
    for table in annexes:
        for row in table.rows:  # type: ignore[attr-defined]
            pairs = zip(table.columns, row.cells, strict=True)  # type: ignore[attr-defined]
            yield from (c for column, c in pairs if row.level == level and not column.total)


def _line(cells: Iterable[SafeCell]) -> str:
    found = Counter(map(_width, cells))
    names = ("exact", "5", "10", "wider", "blank")
    return (
        f"{found['exact']:>7}"
        + "".join(f"{found[name]:>{8 if name in ('5', '10') else 7}}" for name in names[1:])
        + f"{found.total():>7}"
    )


def _width(cell: SafeCell) -> str:
    if cell.count is not None:
        return "exact"
    if cell.count_band is None:
        return "blank"
    width = cell.count_band.high - cell.count_band.low + 1
    return str(width) if width in (5, 10) else "wider"


def _arguments() -> argparse.Namespace:
    given = argparse.ArgumentParser()
    given.add_argument("--thresholds", type=int, nargs="*", default=[5])
    given.add_argument("--policies", action="store_true")
    given.add_argument("--growth", action="store_true")
    return given.parse_args()


if __name__ == "__main__":
    main()
