"""Each promise to respondents names the test that attacks it, and that test exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROMISES = [
    line
    for line in (ROOT / "docs/security.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and not line.startswith("| Promise")
]
TEST = re.compile(r"`(tests/[\w/]+\.py)::([\w:]+)`")


@pytest.mark.parametrize("promise", PROMISES, ids=lambda line: line.split("|")[1].strip()[:40])
def test_a_promise_names_tests_that_exist(promise: str) -> None:
    named = TEST.findall(promise.split("|")[3])
    assert named
    for file, name in named:
        assert name.split("::")[-1] in _functions(ROOT / file), (file, name)
        assert set(name.split("::")[:-1]) <= _classes(ROOT / file), (file, name)


def test_the_list_is_not_empty() -> None:
    assert len(PROMISES) >= 15


def _functions(file: Path) -> set[str]:
    return {node.name for node in ast.walk(_tree(file)) if isinstance(node, ast.FunctionDef)}


def _classes(file: Path) -> set[str]:
    return {node.name for node in ast.walk(_tree(file)) if isinstance(node, ast.ClassDef)}


def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))
