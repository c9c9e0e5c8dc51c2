"""What readers get of the shipped study and what clearing costs, by policy and amount of tables.

    .venv/bin/python bench/disclosure.py [--thresholds 3 5 10] [--policies] [--growth] [--merging]
    .venv/bin/python bench/disclosure.py --million [--different]

Clears report and all tables of the plan together, as `blikveld report` does, from the reference
respondents; everything those do not fix is invented. Prints the machine; how many numbers are
exact, in ranges of five and of ten, wider, or blank; how many sentences cannot be said; seconds of
processor, the first time and again from the list of earlier releases; and the largest memory of the
process. `--merging` prints the same with the groups together that `blikveld tables --merging`
suggests. `--million` clears a million made-up respondents instead: the place of one reference
respondent, the job of a second and the answers of a third; without `--different` everybody is one
of them. What was measured stands in bench/disclosure.md.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import re
import resource
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import duckdb

from blikveld.disclosure import Release, SafeCell, SafeTable
from blikveld.disclosure.ledger import Ledger
from blikveld.publish import sources
from blikveld.publish.clearing import clear
from blikveld.publish.merging import policy_costs
from blikveld.report import required_cells
from blikveld.report.charts.data import Plot
from blikveld.report.text.files import find_files
from blikveld.report.text.run import record
from blikveld.responses.snapshot import ABOUT, Snapshot, read
from blikveld.responses.snapshot import ROWS as ROWS_FILE
from blikveld.results.cell import CellRequest, DataOrigin
from blikveld.study.disclosure import Disclosure, ProtectionMethod
from blikveld.study.load import load
from blikveld.study.model import Study

STUDY = "criminele_uitbuiting"
ANNEXES = re.compile("annex_[c-i]")
_HEAD = f"{'':34}{'exact':>7}{'5 wide':>8}{'10 wide':>8}{'wider':>7}{'blank':>7}{'all':>7}"


def main() -> None:
    """Measure and print."""
    given = _arguments()
    print(f"{platform.machine()}, {os.cpu_count()} processors; Python {platform.python_version()}")
    study = load(STUDY)
    if given.million:
        _million(study, different=given.different)
    else:
        _usual(study, given)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nlargest memory of this process: {peak:,.0f} MiB")


def _usual(study: Study, given: argparse.Namespace) -> None:
    with sources.snapshot_or_reference(study, None) as taken:
        for threshold in given.thresholds:
            _policy(replace(study, disclosure=Disclosure(threshold)), taken)
        for policy in _POLICIES if given.policies else ():
            _policy(replace(study, disclosure=policy), taken)
        for part in (4, 2, 1) if given.growth else ():
            fewer = replace(study, tables=study.tables[::part])
            spent, cleared = _timed(fewer, taken, None)
            cells = sum(len(row.cells) for t in cleared.tables.values() for row in t.rows)
            times = f"{4 // part}x: {len(fewer.tables)} tables, {cells:,} cells"
            print(f"{times}, {spent:.1f} CPU-seconds")
        if given.merging:
            _merging(study, taken)


def _merging(study: Study, taken: Snapshot) -> None:
    for cost in policy_costs(study, taken):
        rows = sum(map(len, cost.merging.rows.values()))
        answers = sum(map(len, cost.merging.answers.values()))
        found = [counts for key, counts in cost.rows.items() if ANNEXES.fullmatch(key)]
        exact, every = (sum(counts) for counts in zip(*found, strict=True))
        print(f"{rows} groups of rows and {answers} of answers together: {cost.share:.1%} exact;")
        print(f"  of rows of functions in annexes C to I {exact} of {every}, {exact / every:.1%}")


ROWS = 1_000_000


def _million(study: Study, *, different: bool) -> None:
    with (
        sources.snapshot_or_reference(study, None) as taken,
        tempfile.TemporaryDirectory() as folder,
    ):
        many = Path(folder) / "many"
        shutil.copytree(taken.folder, many)
        # In a process of its own, which takes its memory along.
        given = (study.sites.name, many / ROWS_FILE, taken.rows, different)
        drawing = get_context("spawn").Process(target=_draw, args=given)
        drawing.start()
        drawing.join()
        digest = hashlib.sha256((many / ROWS_FILE).read_bytes()).hexdigest()
        about = json.loads((many / ABOUT).read_text())
        told = {"rows": ROWS, "sha256": digest, "origin": DataOrigin.MADE_UP.value}
        (many / ABOUT).write_text(json.dumps(about | told))
        spent, cleared = _timed(study, read(study, many), None)
    print(f"\n{ROWS:,} respondents: {spent:.1f} CPU-seconds\n{_HEAD}")
    for name, cells in _parts(study, cleared).items():
        print(f"{name:34}{_line(cells)}")


def _draw(site: str, path: Path, rows: int, different: bool) -> None:
    """Put a million drawn respondents in the place of those in a file."""
    source = f"read_parquet('{path}', file_row_number = true)"
    place = (site, "district", "big_four", "city_group")
    parts = dict.fromkeys(place, "a") | {"domain": "b", "function": "b"}
    drawn = f"floor(random() * {rows})::BIGINT"
    second, third = (drawn, drawn) if different else ("a", "a")
    one, two, three = (f"JOIN {source} {x} ON {x}.file_row_number = d.{x}" for x in "abc")
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1; SET enable_progress_bar = false; SELECT setseed(0.5)")
        found = connection.execute(f"DESCRIBE FROM read_parquet('{path}')").fetchall()
        columns = ", ".join(
            f'{next((p for n, p in parts.items() if name.startswith(n)), "c")}."{name}"'
            for name, *_ in found
        )
        # Names are the study's and the path is ours.
        who = f"SELECT a, {second} AS b, {third} AS c FROM (SELECT {drawn} AS a FROM range({ROWS}))"  # noqa: S608
        connection.execute(f"CREATE TABLE d AS {who}")
        made = f"SELECT {columns} FROM d {one} {two} {three}"  # noqa: S608
        connection.execute(f"COPY ({made}) TO '{path}.new' (FORMAT parquet, COMPRESSION zstd)")
    Path(f"{path}.new").rename(path)


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
    said = {ask for language in study.languages for ask in required_cells(study, language)}
    drawn = {ask for language in study.languages for ask in _drawn(study, language)}
    return {
        **_of_annexes(cleared.tables),
        "values of figures": [cleared.cells[ask] for ask in drawn],
        "values of sentences": [cleared.cells[ask] for ask in said],
    }


def _drawn(study: Study, language: str) -> set[CellRequest]:
    """What the charts of the report draw, whether a sentence says it as well or not."""
    calls = record(study, language, find_files(study, language)).calls
    return {ask for call in calls if isinstance(call.called, Plot) for ask in call.called.asks}


def _of_annexes(tables: Mapping[str, SafeTable]) -> dict[str, list[SafeCell]]:
    annexes = [table for name, table in tables.items() if ANNEXES.fullmatch(name)]
    rows = [row for table in annexes for row in table.rows]
    return {
        "annexes C to I": [cell for row in rows for cell in row.cells],
        "  of these rows of functions": [c for row in rows if row.level == 2 for c in row.cells],
        "  of these totals of domains": [c for row in rows if row.level == 1 for c in row.cells],
    }


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
    for option in ("--growth", "--merging", "--million", "--different"):
        given.add_argument(option, action="store_true")
    return given.parse_args()


if __name__ == "__main__":
    main()
