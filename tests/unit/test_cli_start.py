"""A command starts with what it needs, and the list of commands is complete all the same."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from blikveld.cli.app import COMMANDS

_OTHERS = ("scipy.stats", "django", "pypdfium2", "openpyxl", "blikveld.web", "blikveld.checker")


def _loaded(module: str) -> set[str]:
    """The names of all modules in a fresh process that imports one."""
    code = f"import sys, {module}; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(ran.stdout.split())


def test_the_command_line_alone_loads_no_room() -> None:
    loaded = _loaded("blikveld.cli")
    assert not loaded & {*_OTHERS, "numpy", "duckdb", "scipy", "blikveld.report"}


@pytest.mark.parametrize("command", ["report", "tables"])
def test_a_command_of_the_analyst_waits_for_no_other_room(command: str) -> None:
    module = COMMANDS[command].partition(":")[0]
    loaded = _loaded(f"blikveld.cli.{module}")
    assert f"blikveld.cli.{module}" in loaded
    assert not loaded & set(_OTHERS)


def test_every_command_is_listed_with_what_it_does() -> None:
    code = "from blikveld.cli import main; main()"
    ran = subprocess.run(
        [sys.executable, "-c", code, "--help"], capture_output=True, text=True, check=True
    )
    told = dict(re.findall(r"^│ ([a-z][a-z-]*) +(\S.*?) *│$", ran.stdout, re.MULTILINE))
    assert set(told) == set(COMMANDS)
