"""What weights and replicates cost, beside the same work done row by row in numpy and in R.

    .venv/bin/python bench/estimates.py [--respondents 1000000] [--without-r]

Prints the machine, then for raking to three margins and for 1,000 bootstrap replicates of 50 shares
the best of several runs: milliseconds by the clock and of processor. Every peer works on the same
made-up respondents in the same run; R takes part when it is installed with its survey package.
The right-most column says how far each result is from what it should be.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from blikveld.stats.design import Floats, StratifiedDesign, WeightedCounts
from blikveld.stats.proportions import shares
from blikveld.stats.raking import Margin, rake
from blikveld.stats.resampling import replicate_shares

LEVELS = (13, 5, 28)
SHARES, STRATA, REPLICATES = 50, 13, 1_000


@dataclass(frozen=True)
class Line:
    """One measurement."""

    what: str
    who: str
    clock: float
    processor: float
    result: str

    def __str__(self) -> str:
        spent = f"{self.clock:12,.1f} ms {self.processor:12,.1f} ms CPU"
        return f"{self.what:<28}{self.who:<24}{spent}   {self.result}"


def main() -> None:
    """Measure everything once and print."""
    given = _arguments()
    print(f"{platform.machine()}, {os.cpu_count()} processors, {_processor()}; ", end="")
    print(f"Python {platform.python_version()}, numpy {np.__version__}; made-up respondents")
    for line in (*raking(given.respondents, with_r=not given.without_r), *bootstrap()):
        print(line)


def raking(respondents: int, *, with_r: bool) -> list[Line]:
    """Three margins, correlated with each other, over this many made-up respondents."""
    margins = _margins(respondents)
    what = f"rake {respondents:,} × 3"
    lines = [
        _line(what, "blikveld", lambda: rake(margins).weights, lambda w: _off(w, margins), 7),
        _line(what, "numpy, row by row", lambda: _naive(margins), lambda w: _off(w, margins), 2),
    ]
    if with_r and shutil.which("Rscript"):
        lines.append(_in_r(what, margins))
    return lines


def bootstrap() -> list[Line]:
    """Replicates of 50 yes-no shares in 13 strata, of a study of 1,637 and one of a million."""
    lines = []
    for respondents in (1_637, 1_000_000):
        strata, answers = _answers(respondents)
        cells, frame = (
            _cells(strata, answers),
            StratifiedDesign(np.bincount(strata).astype(np.float64)),
        )
        se = shares(
            cells, WeightedCounts(*(x.sum(-1, keepdims=True) for x in _sums(cells))), frame
        ).se[:, 1]
        what = f"bootstrap, {respondents:,}"
        lines.append(_replicated(what, cells, frame, se))
        if respondents < 10_000:
            lines.append(_resampled(what, strata, answers, se))
    return lines


def _margins(respondents: int) -> list[Margin]:
    rng = np.random.default_rng(1)
    hidden = rng.random(respondents)
    margins = []
    for number, levels in enumerate(LEVELS):
        place = 0.5 * hidden + 0.5 * rng.random(respondents)
        codes = np.minimum(place * levels, levels - 1).astype(np.uint8)
        wanted = np.bincount(codes, minlength=levels) * rng.uniform(0.5, 2.0, levels)
        margins.append(Margin(str(number), codes, wanted / wanted.sum() * 17e6))
    return margins


def _naive(margins: list[Margin]) -> Floats:
    """Every margin in turn over all respondents, until the same tolerance."""
    weights = np.ones(len(margins[0].codes))
    codes = [margin.codes.astype(np.int64) for margin in margins]
    for _ in range(1_000):
        for margin, code in zip(margins, codes, strict=True):
            reached = np.bincount(code, weights, minlength=len(margin.targets))
            weights *= (margin.targets / np.where(reached > 0, reached, 1.0))[code]
        if _worst(weights, margins) <= 1e-9:
            break
    return weights


def _in_r(what: str, margins: list[Margin]) -> Line:
    """R's rake, timed inside R after the data were read; its result comes back for comparison."""
    with tempfile.TemporaryDirectory() as folder:
        for number, margin in enumerate(margins):
            margin.codes.astype(np.int32).tofile(Path(folder) / f"codes{number}")
            margin.targets.tofile(Path(folder) / f"targets{number}")
        script = Path(folder) / "rake.R"
        script.write_text(_RAKE, encoding="utf-8")
        done = subprocess.run(  # noqa: S603
            [str(shutil.which("Rscript")), str(script), folder, str(len(margins[0].codes))],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            return Line(what, "R survey", float("nan"), float("nan"), "did not finish")
        clock, processor = (float(part) * 1e3 for part in done.stdout.split()[:2])
        weights = np.fromfile(Path(folder) / "weights")
    return Line(what, "R survey, rake", clock, processor, _off(weights, margins))


_RAKE = """
suppressPackageStartupMessages(library(survey))
given <- commandArgs(trailingOnly = TRUE); n <- as.integer(given[2])
column <- function(k) readBin(file.path(given[1], paste0("codes", k)), "integer", n)
goal <- function(k) {
  people <- readBin(file.path(given[1], paste0("targets", k)), "double", 1000)
  setNames(data.frame(seq_along(people) - 1L, people), c(paste0("m", k), "Freq"))
}
people <- data.frame(m0 = column(0), m1 = column(1), m2 = column(2))
design <- svydesign(ids = ~1, weights = rep(1, n), data = people)
spent <- system.time(raked <- rake(design, list(~m0, ~m1, ~m2), lapply(0:2, goal),
                                   control = list(maxit = 1000, epsilon = 1e-9)))
cat(spent[["elapsed"]], spent[["user.self"]] + spent[["sys.self"]])
writeBin(as.numeric(weights(raked)), file.path(given[1], "weights"))
"""


def _answers(respondents: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    rng = np.random.default_rng(2)
    strata = np.sort(rng.integers(0, STRATA, respondents))
    chance = rng.uniform(0.05, 0.95, SHARES) + rng.uniform(-0.04, 0.04, (STRATA, SHARES))
    return strata, rng.random((respondents, SHARES)) < chance[strata]


def _cells(strata: NDArray[np.int64], answers: NDArray[np.bool_]) -> WeightedCounts:
    yes = np.stack([np.bincount(strata, column, minlength=STRATA) for column in answers.T], 1)
    people = np.bincount(strata, minlength=STRATA)[:, None]
    return WeightedCounts.of_counts(np.stack([people - yes, yes], axis=-1).astype(np.int64))


def _sums(cells: WeightedCounts) -> tuple[Floats, Floats, Floats]:
    return cells.n, cells.w, cells.w2


def _replicated(what: str, cells: WeightedCounts, frame: StratifiedDesign, se: Floats) -> Line:
    def replicate() -> Floats:
        return replicate_shares(cells, frame, replicates=REPLICATES)[..., 1]

    return _line(what, "blikveld", replicate, lambda found: _spread(found, se), 7)


def _resampled(
    what: str, strata: NDArray[np.int64], answers: NDArray[np.bool_], se: Floats
) -> Line:
    """Drawing respondents anew in every stratum, one fewer than there are, as Rao and Wu do."""
    numbers = answers.astype(np.float64)
    where = [np.flatnonzero(strata == h) for h in range(STRATA)]

    def resample() -> Floats:
        rng, found = np.random.default_rng(3), np.empty((REPLICATES, SHARES))
        for one in range(REPLICATES):
            drawn = [numbers[rng.choice(here, len(here) - 1)].mean(0) * len(here) for here in where]
            found[one] = np.sum(drawn, axis=0) / len(strata)
        return found

    return _line(what, "numpy, row by row", resample, lambda found: _spread(found, se), 1)


def _line(
    what: str,
    who: str,
    run: Callable[[], Floats],
    judge: Callable[[Floats], str],
    times: int,
) -> Line:
    spent = []
    for _ in range(times):
        clock, processor = time.perf_counter(), time.process_time()
        found = run()
        spent.append((time.perf_counter() - clock, time.process_time() - processor))
    return Line(
        what, who, min(c for c, _ in spent) * 1e3, min(p for _, p in spent) * 1e3, judge(found)
    )


def _worst(weights: Floats, margins: list[Margin]) -> float:
    reached = [np.bincount(m.codes, weights, minlength=len(m.targets)) for m in margins]
    return max(
        float(np.max(np.abs(r / m.targets - 1))) for r, m in zip(reached, margins, strict=True)
    )


def _off(weights: Floats, margins: list[Margin]) -> str:
    return f"furthest from a margin: {_worst(weights, margins):.1e}"


def _spread(found: Floats, se: Floats) -> str:
    ratio = found.std(axis=0, ddof=1) / se
    return f"spread over standard error: {ratio.mean():.3f} on average"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((x.split(":")[1].strip() for x in lines if x.startswith("model name")), "unknown")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--respondents", type=int, default=1_000_000)
    parser.add_argument("--without-r", action="store_true", help="leave the slow peer out")
    return parser.parse_args()


if __name__ == "__main__":
    main()
