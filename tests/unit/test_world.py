"""The scripts that measure on foreign material use what there is: names that exist, arguments."""

from __future__ import annotations

import ast
import runpy
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest

from blikveld.interviews import refi

WORLD = Path(__file__).parents[2] / "world"
SCRIPTS = sorted(WORLD.glob("*.py"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_finds_everything_it_imports(script: Path) -> None:
    assert runpy.run_path(str(script), run_name="read")["__doc__"]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_uses_names_that_its_modules_have(script: Path) -> None:
    names = runpy.run_path(str(script), run_name="read")
    used = {
        (node.value.id, node.attr)
        for node in ast.walk(ast.parse(script.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }
    modules = {(name, attribute) for name, attribute in used if _is_known(names.get(name))}
    assert modules
    assert {each for each in modules if not hasattr(names[each[0]], each[1])} == set()


def _is_known(value: Any) -> bool:
    """Whether its attributes can be looked up without running the script: modules and classes."""
    return isinstance(value, (ModuleType, type))


def test_a_project_of_our_own_is_measured_as_one_of_others_is(tmp_path: Path) -> None:
    text = refi.RefiDocument(str(UUID(int=1)), "Invented talk", "Nobody said this.")
    made = refi.RefiProject("Invented", sources=(text,))
    path = tmp_path / "qdpx" / "invented.qdpx"
    path.parent.mkdir()
    path.write_bytes(refi.package(made).written())
    (tmp_path / "sources.csv").write_text(
        "file,repository,commit\nqdpx/invented.qdpx,invented/none,0123456789abcdef\n",
        encoding="utf-8",
    )
    script = runpy.run_path(str(WORLD / "projects.py"), run_name="read")
    told = "\n".join(script["table"](tmp_path))
    (row,) = [line for line in told.splitlines() if "1 texts" in line]
    assert row.endswith("| equal | equal | 1 drafts, 0 actions |")
    assert ", commit " in told
    assert "| qdpx/invented.qdpx | invented/none | 0123456789ab |" in told


def test_world_needs_a_folder() -> None:
    ran = subprocess.run(
        ["make", "-n", "world"], cwd=WORLD.parent, capture_output=True, text=True, check=True
    )
    assert "Name the folder of fetched files" in ran.stdout
    assert sys.version_info >= (3, 11)


def test_the_table_of_foreign_questions_fits_todays_study_model() -> None:
    """Who teaches the study model something measures again: `python world/kinds.py DIR`."""
    script = runpy.run_path(str(WORLD / "kinds.py"), run_name="read")
    known = script["can_say"]()
    assert {"single", "grid of texts", "relevance", "exclusive"} <= known
    missing = ", ".join(sorted(script["PROBES"].keys() - known))
    table = (WORLD / "kinds.md").read_text(encoding="utf-8")
    assert f"Not yet in the study model, of what was asked: {missing}.\n" in table


@pytest.mark.parametrize(
    ("kind", "features", "verdict", "lost"),
    [
        ("single", (), "whole", ()),
        ("single", ("time limit",), "a feature lost", ("time limit",)),
        ("multiple+comments", (), "by a detour", ("multiple+comments",)),
        ("telepathy", ("relevance",), "not at all", ("telepathy",)),
        ("geo", ("relevance",), "place or file, left aside", ()),
    ],
)
def test_a_foreign_question_is_judged_by_its_kind_and_each_feature(
    kind: str, features: tuple[str, ...], verdict: str, lost: tuple[str, ...]
) -> None:
    script = runpy.run_path(str(WORLD / "kinds.py"), run_name="read")
    question = script["Foreign"]("invented.lss", kind, frozenset(features))
    known = frozenset({"single", "multiple", "open", "grid of texts", "relevance"})
    found, missing = script["judge"](question, known)
    assert (found.value, missing) == (verdict, lost)
