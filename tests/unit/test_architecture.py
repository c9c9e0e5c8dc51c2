"""docs/architecture.md agrees with the code: rooms, layers, fences, steps and answers."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

import blikveld

HOUSE = Path(blikveld.__file__).parent
ROOT = HOUSE.parents[1]
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
CONTRACTS: list[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))[
    "tool"
]["importlinter"]["contracts"]


def draw_layers() -> str:
    """The rows of rooms, highest first."""
    return "\n".join(next(c["layers"] for c in CONTRACTS if c["type"] == "layers"))


def draw_fences() -> str:
    """Each fence: its name, who may not import, and what."""
    return "\n".join(
        f"{fence['name']}\n  {_short(fence['source_modules'])}\n"
        f"  never import {_short(fence['forbidden_modules'])}"
        for fence in CONTRACTS
        if fence["type"] == "forbidden"
    )


def _short(modules: list[str]) -> str:
    return ", ".join(module.removeprefix("blikveld.") for module in modules)


def test_layers_and_fences_are_drawn_as_they_are_held() -> None:
    blocks = re.findall(r"(?ms)^```\n(.*?)\n```", PAGE)
    assert blocks == [draw_layers(), draw_fences()]


def test_every_room_is_described() -> None:
    drawn = re.findall(r"[a-z_]+", draw_layers())
    assert re.findall(r"(?m)^\| `(\w+)` \|", PAGE) == drawn


def _steps() -> list[list[tuple[str, str]]]:
    way = PAGE.split("## One answer")[1].split("\n## ")[0]
    parts = re.split(r"(?m)^\S.*:$", way)[1:]
    return [re.findall(r"(?m)^\d+\. `([\w.]+):([\w.]+)`$", part) for part in parts]


def _names(tree: ast.AST) -> set[str]:
    """Every name that is used in a piece of code."""
    return {
        name
        for node in ast.walk(tree)
        for name in (getattr(node, "id", ""), getattr(node, "attr", ""), getattr(node, "name", ""))
        if isinstance(name, str)
    }


def _tree(module: str) -> ast.Module:
    path = HOUSE / f"{module.replace('.', '/')}.py"
    return ast.parse(path.read_text(encoding="utf-8"))


def _is_defined(module: str, name: str) -> bool:
    body: list[ast.stmt] = _tree(module).body
    for part in name.split("."):
        found = [n for n in body if isinstance(n, (ast.FunctionDef, ast.ClassDef))]
        inner = next((n for n in found if n.name == part), None)
        if inner is None:
            return False
        body = inner.body
    return True


def test_every_step_exists_and_is_called_by_a_step_before_it() -> None:
    ways = _steps()
    assert [len(way) for way in ways] == [8, 7, 9]
    for way in ways:
        assert [step for step in way if not _is_defined(*step)] == []
        for at, (_, name) in enumerate(way[1:], 1):
            before = set[str]().union(*(_names(_tree(module)) for module, _ in way[:at]))
            assert name.rpartition(".")[2] in before, name


@pytest.mark.parametrize("answer", re.split(r"(?m)^### ", PAGE)[1:])
def test_each_question_is_answered_in_three_lines_that_name_code(answer: str) -> None:
    """That the names exist is held by test_docs.py, for every guide."""
    lines = answer.strip().splitlines()[2:]
    assert len(lines) == 3
    assert all(re.search(r"`\w+(\.\w+)+`", line) for line in lines)


def test_six_questions_are_answered() -> None:
    assert PAGE.count("\n### ") == 6


def test_statistics_that_nothing_reaches_are_listed() -> None:
    """What no command, text or notebook comes to, however far it follows the calls."""
    uses: dict[str, set[str]] = {}
    for path in (HOUSE / "stats").glob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                uses[node.name] = _names(node)
    others = (path for path in HOUSE.rglob("*.py") if path.parent.name != "stats")
    texts = (path.read_text(encoding="utf-8") for path in others)
    trees = [ast.parse(text) for text in texts if "blikveld.stats" in text]
    waiting = {name for tree in trees for name in _names(tree)}
    reached: set[str] = set()
    while waiting:
        name = waiting.pop()
        reached.add(name)
        waiting |= uses.get(name, set()) - reached
    page = (ROOT / "docs/decisions/estimates-and-r.md").read_text(encoding="utf-8")
    listed = page.split("**Not reached yet.**")[1].split("\n\n")[0]
    unreached = {name for name in uses if not name.startswith("_")} - reached
    assert set(re.findall(r"`(\w+)`", listed)) == unreached
