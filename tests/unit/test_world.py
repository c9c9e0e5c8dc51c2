"""The scripts that measure on foreign material use what there is: names that exist, arguments."""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path

import pytest

WORLD = Path(__file__).parents[2] / "world"
SCRIPTS = sorted(WORLD.glob("*.py"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_finds_everything_it_imports(script: Path) -> None:
    assert runpy.run_path(str(script), run_name="read")["__doc__"]


def test_world_needs_a_folder() -> None:
    ran = subprocess.run(
        ["make", "-n", "world"], cwd=WORLD.parent, capture_output=True, text=True, check=True
    )
    assert "Name the folder of fetched files" in ran.stdout
    assert sys.version_info >= (3, 11)
