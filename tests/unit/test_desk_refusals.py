"""Whatever the interviews refuse is said in the language of the page."""

from __future__ import annotations

import ast
import string
from pathlib import Path

import blikveld
from blikveld.desk.interviews.showing import IN_DUTCH, refusal
from blikveld.interviews.coding import LogRefused

ROOM = Path(blikveld.__file__).parent / "interviews"
COMMANDS = {"unknown-key", "not-proven", "schema"}
"""Codes of commands, which speak English, and of one fault in a list of them."""
REFUSALS = {"Objection", "TextChanged", "LogRefused"}


def _codes() -> set[str]:
    """The first argument of each error that the room makes."""
    found = set()
    for path in ROOM.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and node.args):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            first = node.args[0]
            made = name in REFUSALS or name.endswith(("Error", "Refused", "Key", "Failed", "Fit"))
            inherited = name == "__init__" and len(node.args) > 3
            if (made or inherited) and isinstance(first, ast.Constant):
                found.add(str(first.value))
    return {code for code in found if code.replace("-", "").isalpha() and " " not in code}


def test_every_code_of_the_room_has_its_dutch_words() -> None:
    codes = _codes() - COMMANDS
    assert len(codes) > 60
    assert codes - set(IN_DUTCH) == set()


def test_the_words_name_only_what_a_refusal_carries() -> None:
    known = {"code", "who", "key", "codes", "text", "loss"}
    for words in IN_DUTCH.values():
        assert {name for _, name, _, _ in string.Formatter().parse(words) if name} <= known


def test_a_refusal_is_said_in_dutch_on_a_dutch_page_and_in_english_on_another() -> None:
    refused = LogRefused(
        "code-changed", "x", "ann changed it.", "Look.", {"who": "ann", "code": "c"}
    )
    assert refusal(refused, "nl").startswith("ann heeft de code ‘c’ intussen veranderd.")
    assert refusal(refused, "en") == "ann changed it. Look."
