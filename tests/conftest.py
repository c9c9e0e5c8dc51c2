"""What every test shares: the shipped study, and honesty about tests that were left out."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest

from blikveld.study.load import load
from blikveld.study.model import Study

FLAGSHIP = "criminele_uitbuiting"


def _chromium() -> str | None:
    return shutil.which("chromium")


def _postgres() -> str | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return str(found[-1]) if found else shutil.which("initdb")


PROGRAMS = {
    "browser": ("Debian's chromium", _chromium),
    "postgres": ("a PostgreSQL server", _postgres),
}
COMPLETE = "BLIKVELD_TESTS_COMPLETE"


def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    """Leave out what this machine cannot run, and say so. In CI nothing is left out."""
    if os.environ.get(COMPLETE):
        return
    for marker, (program, find) in PROGRAMS.items():
        if find() is None:
            for item in items:
                if item.get_closest_marker(marker):
                    item.add_marker(pytest.mark.skip(reason=f"needs {program}"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the tests that were left out, so that green never means untested."""
    left_out = terminalreporter.stats.get("skipped", [])
    if left_out:
        terminalreporter.section(f"left out: {len(left_out)}")
        for report in left_out:
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
            terminalreporter.line(f"{report.nodeid}: {reason}")


@pytest.fixture(scope="session")
def flagship() -> Study:
    """The shipped study."""
    return load(FLAGSHIP)
