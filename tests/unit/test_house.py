"""The house keeps its shape: size of modules, and nothing of one study in the code."""

from __future__ import annotations

import re
from pathlib import Path

import blikveld
from blikveld.study.model import Study

HOUSE = Path(blikveld.__file__).parent
MODULES = [path for path in HOUSE.rglob("*.py") if "migrations" not in path.parts]


def test_no_module_is_longer_than_one_can_hold_in_mind() -> None:
    long = {str(m.relative_to(HOUSE)): _lines(m) for m in MODULES if _lines(m) > 400}
    assert long == {}


def test_the_code_knows_nothing_of_the_shipped_study(flagship: Study) -> None:
    words = [flagship.key, *(m.key for m in flagship.municipalities)]
    words += [f.code for d in flagship.domains for f in d.functions if "_" in f.code]
    words += [question for question in flagship.questions if "_" in question]
    found = {
        (str(module.relative_to(HOUSE)), word)
        for module in MODULES
        for word in words
        if f'"{word}"' in (text := module.read_text(encoding="utf-8")) or f"'{word}'" in text
    }
    assert found == set()


def _lines(module: Path) -> int:
    return len(module.read_text(encoding="utf-8").splitlines())


def test_no_box_or_list_is_written_down_by_a_browser() -> None:
    """Firefox keeps what stands in one for after a crash, unless its own tag says not to."""
    tags = [
        (path.name, tag)
        for path in HOUSE.rglob("*.html")
        for tag in re.findall(r"<(?:textarea|select)\b[^>]*", path.read_text(encoding="utf-8"))
    ]
    assert len(tags) > 5
    assert [name for name, tag in tags if 'autocomplete="off"' not in tag] == []
