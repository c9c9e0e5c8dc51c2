"""The solver HiGHS for linear and integer programs, without its banner and on one thread."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import highspy


def quiet_solver(options: Mapping[str, bool | int | float | str]) -> highspy.Highs:
    """Return a solver that writes nothing and gives the same answer in every run.

    `options` are those of HiGHS by name; `random_seed` has to be one of them.
    """
    with _no_banner():
        solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in {"output_flag": False, "threads": 1, **options}.items():
        solver.setOptionValue(option, value)
    return solver


@contextmanager
def _no_banner() -> Iterator[None]:
    # A new solver writes its name to standard output, where lists for other programs may stand.
    sys.stdout.flush()
    kept = os.dup(1)
    try:
        with Path(os.devnull).open("w") as nothing:
            os.dup2(nothing.fileno(), 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
