"""What tables cost: 156 cross tables at 1,637 rows, a million and ten million, beside other tools.

    .venv/bin/pip install --require-hashes -r requirements/bench.txt   (pandas and polars)
    .venv/bin/python bench/analysis.py [--rows 1637 1000000 10000000] [--repeat 5]

26 questions of the shipped study, each split six ways: all, domain, function, municipality, big
four, group of cities. Every respondent is drawn from the reference respondents and so invented.
Each tool starts from its own columns in memory, and makes the counts of every table: ours with
bases, sums of weights and of squared weights, the others counts only. R and PSPP take part when
they are installed. Prints the machine, medians and ratios. Linux only: it reads /proc.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blikveld.publish import sources
from blikveld.responses.schema import codes
from blikveld.rules import EVERYBODY
from blikveld.stats.design import StratifiedDesign
from blikveld.stats.design import WeightedCounts as Cells
from blikveld.stats.raking import Margin, rake
from blikveld.stats.resampling import replicate_shares
from blikveld.study.load import load as load_study
from blikveld.study.model import Study, TablePlan, VariableKind
from blikveld.tabulation.compute import TableBatch
from blikveld.tabulation.engines.arrays import ArrayEngine, Included, Mentions
from blikveld.tabulation.planning import Planner

STUDY = "criminele_uitbuiting"
QUESTIONS = 26
SPLITS = ((), ("domain",), ("function_row",), ("municipality",), ("big_four",), ("city_group",))
WORDS = {"nl": "…", "en": "…"}
SEED = 1


def main() -> None:
    """Measure and print."""
    given = _arguments()
    print(_machine())
    study = load_study(STUDY)
    work = _Work(study)
    began = time.perf_counter()
    sheet = TableBatch(work.planner.jobs(work.plans))
    spent = time.perf_counter() - began
    print(f"\nplan made once: {len(work.plans)} tables from {len(sheet.keys)} cubes, {_ms(spent)}")
    with sources.snapshot_or_reference(study, None) as snapshot:
        small = Included(study, snapshot, work.planner.axes).engine(sheet.keys)
    per_row = {rows: _tables(work, sheet, small, rows, given.repeat) for rows in given.rows}
    print(
        "\nnanoseconds of processor a row:", {n: round(1e9 * t / n, 1) for n, t in per_row.items()}
    )
    _raking()
    _bootstrap()
    _cold(study)
    print(f"\nlargest memory of this process: {_memory():,.0f} MiB")


class _Work:
    """The plans, and which variables other tools need for the same tables."""

    def __init__(self, study: Study) -> None:
        self.study, self.planner = study, Planner(study)
        kinds = (VariableKind.SINGLE, VariableKind.MULTIPLE)
        asked = [q for q in study.questions if study.variables[q].kind in kinds]
        self.questions = [q for q in asked if q not in ("district", "function")][:QUESTIONS]
        self.plans = [
            TablePlan(f"t{n}", WORDS, WORDS, EVERYBODY, "True", rows, question, ())
            for n, (question, rows) in enumerate(
                (question, rows) for question in self.questions for rows in SPLITS
            )
        ]
        variables = study.variables
        self.multiple = [q for q in self.questions if variables[q].kind is VariableKind.MULTIPLE]
        self.single = [q for q in self.questions if q not in self.multiple]


@dataclass(frozen=True)
class _Peer:
    name: str
    prepare: Callable[[_Work, ArrayEngine], Any]
    run: Callable[[_Work, Any], None]
    most: int


def _tables(work: _Work, sheet: TableBatch, small: ArrayEngine, rows: int, repeat: int) -> float:
    """Prints our median for all tables at this many rows beside the others'.

    Returns ours in seconds of processor, which other work on the machine does not change.
    """
    print(f"\n{len(work.plans)} tables at {rows:,} rows")
    before = _memory()
    engine = _drawn(work, small, rows)
    often = repeat if rows > 100_000 else 10 * repeat
    ours = _median(lambda: sheet.tables(engine.cubes(sheet.keys)), often)
    print(f"  blikveld  {_ms(ours)}   (columns and tables: {_memory() - before:,.0f} MiB more)")
    for peer in _PEERS:
        if importlib.util.find_spec(peer.name) is None:
            print(f"  {peer.name:9} not installed")
        elif rows <= peer.most:
            data = peer.prepare(work, engine)
            theirs = _median(lambda p=peer, d=data: p.run(work, d), 3 if rows < 100_000 else 1)
            print(f"  {peer.name:9} {_ms(theirs)}   ratio {theirs / ours:,.0f}")
    if rows <= 100_000:
        _statistical(work, engine, ours)
    return _median(lambda: sheet.tables(engine.cubes(sheet.keys)), often, time.process_time)


def _drawn(work: _Work, small: ArrayEngine, rows: int) -> ArrayEngine:
    """That many respondents, drawn from the given ones."""
    if rows == small.rows:
        return small
    drawn = np.random.default_rng(SEED).integers(0, small.rows, rows, dtype=np.int32)
    levels = {axis: column[drawn] for axis, column in small.levels.items()}
    axes, mentions = work.planner.axes, {}
    for name in work.multiple:
        offered = codes(work.study.variables[name])
        chosen = np.stack([levels[axes.option(name, code)] == 0 for code in offered], axis=1)
        at, places = np.nonzero(chosen)
        mentions[name] = Mentions(at.astype(np.int32), places.astype(np.int16))
    return ArrayEngine(axes, rows, levels, mentions)


def _column(work: _Work, engine: ArrayEngine, name: str) -> NDArray[np.int16]:
    """A single answer's code numbers, -1 where there is none."""
    reading = work.planner.axes.of(name)
    known = [code.code for code in work.study.variables[name].codes]
    places = [known.index(v) if v in known else -1 for v in reading.values]
    return np.array(places, dtype=np.int16)[engine.levels[reading.axis]]


def _options(work: _Work, engine: ArrayEngine, name: str) -> dict[str, NDArray[np.bool_]]:
    axes = work.planner.axes
    offered = codes(work.study.variables[name])
    return {f"{name}__{c}": engine.levels[axes.option(name, c)] == 0 for c in offered}


def _banner() -> list[str]:
    return [rows[0] for rows in SPLITS if rows]


def _pandas_data(work: _Work, engine: ArrayEngine) -> Any:
    import pandas as pd

    columns: dict[str, Any] = {}
    for name in (*_banner(), *work.single):
        known = [code.code for code in work.study.variables[name].codes]
        columns[name] = pd.Categorical.from_codes(_column(work, engine, name), known)
    for name in work.multiple:
        columns |= _options(work, engine, name)
    return pd.DataFrame(columns)


def _pandas_run(work: _Work, frame: Any) -> None:
    import pandas as pd

    for name in work.single:
        frame[name].value_counts()
        for side in _banner():
            pd.crosstab(frame[side], frame[name])
    for name in work.multiple:
        options = [c for c in frame.columns if c.startswith(f"{name}__")]
        frame[options].sum()
        for side in _banner():
            frame.groupby(side, observed=True)[options].sum()


def _polars_data(work: _Work, engine: ArrayEngine) -> Any:
    import polars as pl

    columns: dict[str, Any] = {n: _column(work, engine, n) for n in (*_banner(), *work.single)}
    for name in work.multiple:
        columns |= _options(work, engine, name)
    return pl.DataFrame(columns)


def _polars_run(work: _Work, frame: Any) -> None:
    import polars as pl

    for name in work.single:
        frame.group_by(name).len()
        for side in _banner():
            frame.group_by(side, name).len()
    for name in work.multiple:
        options = [pl.col(c).sum() for c in frame.columns if c.startswith(f"{name}__")]
        frame.select(options)
        for side in _banner():
            frame.group_by(side).agg(options)


_PEERS = (
    _Peer("pandas", _pandas_data, _pandas_run, 1_000_000),
    _Peer("polars", _polars_data, _polars_run, 10_000_000),
)


def _statistical(work: _Work, engine: ArrayEngine, ours: float) -> None:
    """The same single-answer tables by R's survey package and by PSPP, when they are there."""
    with tempfile.TemporaryDirectory() as folder:
        names = [*_banner(), *work.single]
        data = np.stack([_column(work, engine, name) for name in names], axis=1)
        path = Path(folder) / "data.csv"
        np.savetxt(path, data, fmt="%d", delimiter=",", header=",".join(names), comments="")
        if shutil.which("Rscript"):
            seconds = _r(work, path)
            shown = (
                f"{_ms(seconds)}   ratio {seconds / ours:,.0f}" if seconds else "no survey package"
            )
            print(f"  R svytable {shown}  (single answers only)")
        if shutil.which("pspp"):
            seconds = _pspp(work, path)
            print(f"  PSPP      {_ms(seconds)}   ratio {seconds / ours:,.0f}  (with start-up)")


def _r(work: _Work, path: Path) -> float | None:
    sides = ", ".join(f'"{side}"' for side in _banner())
    single = ", ".join(f'"{name}"' for name in work.single)
    program = f"""
    if (!suppressMessages(require(survey, quietly = TRUE))) quit(status = 3)
    d <- read.csv("{path}"); d[] <- lapply(d, factor)
    s <- svydesign(ids = ~1, strata = ~municipality, weights = ~1, data = d)
    took <- system.time(for (q in c({single})) {{
      svytable(as.formula(paste("~", q)), s)
      for (b in c({sides})) svytable(as.formula(paste("~", b, "+", q)), s)
    }})
    cat(took[["elapsed"]])
    """
    ran = subprocess.run(  # noqa: S603
        ["Rscript", "-e", program],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    return float(ran.stdout.split()[-1]) if ran.returncode == 0 else None


def _pspp(work: _Work, path: Path) -> float:
    names = [*_banner(), *work.single]
    lines = [
        f"GET DATA /TYPE=TXT /FILE='{path}' /DELIMITERS=',' /FIRSTCASE=2 /VARIABLES="
        + " ".join(f"{name} F4.0" for name in names)
        + ".",
        *(f"FREQUENCIES {name}." for name in work.single),
        *(f"CROSSTABS /TABLES={s} BY {n} /CELLS=COUNT." for n in work.single for s in _banner()),
    ]
    program = path.with_suffix(".sps")
    program.write_text("\n".join(lines) + "\n")
    began = time.perf_counter()
    command = ["pspp", "-o", str(path.with_suffix(".txt")), str(program)]
    subprocess.run(command, check=False)  # noqa: S603
    return time.perf_counter() - began


def _raking() -> None:
    rng = np.random.default_rng(SEED)
    sides = {"municipality": 13, "domain": 5, "mode": 2}
    margins = []
    for name, size in sides.items():
        wanted = rng.dirichlet(np.full(size, 20.0))
        margins.append(Margin(name, rng.integers(0, size, 1_000_000), wanted * 1_000_000))
    error = rake(margins).error
    spent = _median(lambda: rake(margins), 5)
    print(f"\nraking 1,000,000 rows to 3 margins: {_ms(spent)}, largest error {error:.1e}")


def _bootstrap() -> None:
    rng = np.random.default_rng(SEED)
    cells = Cells.of_counts(rng.integers(1, 40, (13, 50, 2)))
    strata = StratifiedDesign(np.full(13, 2_000.0))
    spent = _median(lambda: replicate_shares(cells, strata), 5, clock=time.process_time)
    print(f"1,000 bootstrap replicates of 50 shares: {_ms(spent)} of processor")


def _cold(study: Study) -> None:
    """A new process, from nothing to every table of the plan, at a snapshot that is there."""
    program = (
        "import sys; from pathlib import Path; from blikveld.study.load import load;"
        "from blikveld.responses.snapshot import read;"
        "from blikveld.tabulation.tables import tables;"
        "s = load(sys.argv[1]); t = tables(s, read(s, Path(sys.argv[2]))); print(len(t))"
    )
    with sources.snapshot_or_reference(study, None) as snapshot:
        command = [sys.executable, "-c", program, STUDY, str(snapshot.folder)]

        def run() -> None:
            subprocess.run(command, check=True, capture_output=True)  # noqa: S603

        spent = _median(run, 5)
    print(f"cold process to all {len(study.tables)} tables of the shipped study: {_ms(spent)}")


def _median(
    work: Callable[[], object], repeat: int, clock: Callable[[], float] = time.perf_counter
) -> float:
    spent = []
    for _ in range(repeat):
        began = clock()
        work()
        spent.append(clock() - began)
    return statistics.median(spent)


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:,.1f} ms"


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _machine() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    models = {line.partition(":")[2].strip() for line in lines if line.startswith("model name")}
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    tools = f"Python {platform.python_version()}, numpy {np.__version__}"
    return f"{os.cpu_count()} × {', '.join(sorted(models))}, {total:.0f} GiB; {tools}"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[1_637, 1_000_000, 10_000_000])
    parser.add_argument("--repeat", type=int, default=5)
    return parser.parse_args()


if __name__ == "__main__":
    main()
