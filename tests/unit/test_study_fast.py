"""The parser in C gives what the parser in Python gives, or leaves the text to it."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from blikveld.study.load import resting
from blikveld.yaml_reading import fast_parser

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted([*(ROOT / "src/blikveld/studies").rglob("*.yaml"), *ROOT.rglob("studies/*/*.yaml")])


def _flat(node: Any) -> Any:
    if isinstance(node, tuple):
        return tuple(_flat(part) for part in node)
    value = node.value if isinstance(node.value, str) else [_flat(part) for part in node.value]
    return str(node.tag), node.start_mark.line, value


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_same_nodes_on_the_same_lines(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    node = fast_parser.composed(text)
    if node is not None:
        assert _flat(node) == _flat(YAML(typ="safe", pure=True).compose(text))


@pytest.mark.parametrize(
    "text",
    [
        "%YAML 1.1\n---\na: no\n",
        "a: [1, 2\nb: 3\n",
        "a: *nobody\n",
        "a: 1\n---\nb: 2\n",
        "[\n" * 200_000,
        "[\n" * 3000 + "]\n" * 3000,
    ],
)
def test_what_needs_a_message_is_left_to_the_other(text: str) -> None:
    assert fast_parser.composed(text) is None


def test_the_parser_in_c_is_there_so_that_these_tests_compare_something() -> None:
    assert fast_parser.composed("a: 1") is not None


def test_without_the_parser_in_c_everything_is_left_to_the_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing(name: str) -> Any:
        raise ImportError(name)

    fast_parser._composer.cache_clear()
    monkeypatch.setattr(fast_parser.importlib, "import_module", missing)
    assert fast_parser.composed("a: 1") is None
    monkeypatch.undo()
    fast_parser._composer.cache_clear()


def test_the_collector_rests_and_goes_on_also_after_a_fault() -> None:
    @resting()
    def fail() -> None:
        raise ValueError(gc.isenabled())

    assert gc.isenabled()
    with pytest.raises(ValueError, match="False"):
        fail()
    assert gc.isenabled()
