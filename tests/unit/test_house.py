"""The house keeps its shape: size of modules, and nothing of one study in the code."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import runpy
import sys
from pathlib import Path
from statistics import median

import blikveld
from blikveld.study.model import Study

RUN = Path(__file__).parents[2] / "requirements/run.txt"
HOUSE = Path(blikveld.__file__).parent
LEAKS = runpy.run_path(str(HOUSE.parents[1] / "bench" / "house.py"))["leaks"]
MODULES = [path for path in HOUSE.rglob("*.py") if "migrations" not in path.parts]


MOST_MODULES, MEDIAN_LINES, MOST_LINES = 345, 110, 399


def test_no_module_is_longer_than_one_can_hold_in_mind() -> None:
    long = {str(m.relative_to(HOUSE)): _lines(m) for m in MODULES if _lines(m) > MOST_LINES}
    assert long == {}


def test_the_house_is_of_few_modules_and_each_holds_a_subject() -> None:
    """A new module takes the place of another: put what is small where a reader would look."""
    lines = [_lines(module) for module in MODULES if module.name != "__init__.py"]
    assert len(lines) <= MOST_MODULES
    assert median(lines) >= MEDIAN_LINES


def test_the_code_knows_nothing_of_the_shipped_study(flagship: Study) -> None:
    words = [flagship.key, *(m.key for m in flagship.sites)]
    words += [f.code for f in flagship.items_at("function_row") if "_" in f.code]
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


# What is asked for apart, and said to be missing in words where it is.
EXTRAS = {"psycopg", "pyspark", "deduce", "pandas", "polars", "IPython"}


def test_what_runs_imports_nothing_that_only_tests_install() -> None:
    """A newcomer's demo stopped at an import that only the tests' requirements have."""
    imported = {name for path in MODULES for name in _imported(path)} - set(sys.stdlib_module_names)
    sources = importlib.metadata.packages_distributions()
    pinned = re.findall(r"^([\w.-]+)==", RUN.read_text(encoding="utf-8"), re.MULTILINE)
    installed = {_plain(name) for name in pinned}
    foreign = imported - {"blikveld"} - EXTRAS
    assert len(foreign) > 20
    assert {n for n in foreign if not {_plain(d) for d in sources.get(n, ())} & installed} == set()


def _imported(path: Path) -> set[str]:
    found = set[str]()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_no_word_of_one_study_stands_in_the_code() -> None:
    """Sites, classifications and who is eligible are what a study calls them, and no code does."""
    assert LEAKS() == []


def test_a_word_of_one_study_would_be_seen(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text('NAME = "municipality"\n\n\ndef domains() -> None: ...\n')
    assert LEAKS(tmp_path) == [("a.py", 1, "municipal"), ("a.py", 4, "domains")]
