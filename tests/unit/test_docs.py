"""What guides and README name is there: commands, options, environment variables and code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest
from cyclopts import App

import blikveld
from blikveld.cli import app as cli
from blikveld.desk import environment as desk_environment
from blikveld.web import environment as web_environment

HOUSE = Path(blikveld.__file__).parent
ROOT = HOUSE.parents[1]
GUIDES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
_INTERVIEWS_KEY = "BLIKVELD_DESK_INTERVIEWS_KEY"
"""Its module can be imported inside a running desk only; a test below reads it there."""
VARIABLES = {
    *(f"BLIKVELD_{name}" for name in web_environment._KNOWN),
    desk_environment.HOSTS,
    desk_environment.SCRIPT,
    _INTERVIEWS_KEY,
}
_ALWAYS = {"--help", "--version"}
_OF_A_STUDY = re.compile(r"\.(yaml|csv|key|json|jsonl|md|zip|html|pdf)$|/$")


@cache
def commands() -> Mapping[tuple[str, ...], frozenset[str]]:
    """Every command with its options: ('study', 'new') -> {'--folder'}."""
    cli.know_all()
    return dict(_commands(cli.app, ()))


def _commands(app: App, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], frozenset[str]]]:
    inner = [name for name in app if not name.startswith("-")]
    for name in inner:
        yield from _commands(app[name], (*path, name))
    if not inner:
        given = app.assemble_argument_collection(parse_docstring=False)
        yield path, frozenset(name for argument in given for name in argument.names)


def _code(text: str) -> Iterator[str]:
    """The lines of code blocks without their remarks, and the code within sentences."""
    for block in re.findall(r"(?ms)^ *```\w*\n(.*?)^ *```", text):
        yield from (line.split(" #")[0] for line in block.splitlines())
    yield from re.findall(r"`([^`\n]+)`", re.sub(r"(?ms)^ *```.*?^ *```", "", text))


def _calls(text: str) -> Iterator[list[str]]:
    """What is behind the name of the program, word by word."""
    for line in _code(text):
        words = line.split()
        if len(words) > 1 and words[0].rpartition("/")[2] == "blikveld":
            yield words[1:]


def _named(words: list[str]) -> tuple[str, ...] | None:
    """The command, or the group of commands, that the words begin with."""
    for length in (2, 1):
        path = tuple(words[:length])
        if len(path) == length and (path in commands() or _is_group(path)):
            return path
    return None


def _is_group(path: tuple[str, ...]) -> bool:
    return len(path) == 1 and any(command[:1] == path for command in commands())


def _problem(words: list[str]) -> str | None:
    path = _named(words)
    if path is None or (path not in commands() and words[1:]):
        return f"no command {' '.join(words)}"
    known = commands().get(path, frozenset()) | _ALWAYS
    options = [word.split("=")[0] for word in words if word.startswith("--")]
    wrong = [option for option in options if option not in known]
    return f"{' '.join(path)} has no {wrong}" if wrong else None


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_commands_and_options_that_guides_show_exist(guide: Path) -> None:
    text = guide.read_text(encoding="utf-8")
    assert [problem for words in _calls(text) if (problem := _problem(words))] == []
    every = frozenset[str]().union(*commands().values(), _ALWAYS)
    alone = [span for span in _code(text) if re.fullmatch(r"--[a-z-]+", span)]
    assert [option for option in alone if option not in every] == []


def test_a_wrong_command_or_option_is_seen() -> None:
    assert _problem(["close", "--data", "DIR"]) is not None
    assert _problem(["desk", "audit"]) is not None
    assert _problem(["tables", "--at", "URL"]) is not None
    assert _problem(["fieldwork", "close", "--data", "DIR"]) is None


def test_every_command_stands_in_the_list_of_the_readme() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    listed = list(_listed(text.split("## One command a step")[1].split("\n## ")[0]))
    assert [path for path in listed if path not in commands()] == []
    assert sorted(set(commands()) - set(listed) - {("demo",)}) == []
    assert ["demo"] in [words[:1] for words in _calls(text)]


def _listed(table: str) -> Iterator[tuple[str, ...]]:
    """The commands of the list; behind `blikveld study new` its line may go on with `check`."""
    for line in table.splitlines():
        spans = re.findall(r"`([^`]+)`", line.split("|")[1]) if line.startswith("| `") else []
        group: tuple[str, ...] = ()
        for span in spans:
            words = tuple(word for word in span.split() if word.islower() and word != "blikveld")
            path = (*group, *words) if (*group, *words) in commands() else words
            group = path[:-1]
            yield path


def test_environment_variables_that_guides_name_are_those_that_are_read() -> None:
    named = {
        name
        for guide in GUIDES
        for name in re.findall(r"BLIKVELD_[A-Z_]*[A-Z]", guide.read_text(encoding="utf-8"))
    }
    listed = (ROOT / "docs" / "environment.md").read_text(encoding="utf-8")
    assert sorted(named - VARIABLES) == []
    assert sorted(name for name in VARIABLES if f"| `{name}` |" not in listed) == []
    showing = HOUSE / "desk" / "interviews" / "showing.py"
    assert f'"{_INTERVIEWS_KEY}"' in showing.read_text(encoding="utf-8")


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_code_that_guides_name_exists(guide: Path) -> None:
    text = guide.read_text(encoding="utf-8")
    assert [name for name in code_named(text) if not code_exists(name)] == []


def code_named(text: str) -> Iterator[str]:
    """Each `room.module`, `room.module.function` and `room/module.py` that a text names."""
    rooms = {path.stem for path in HOUSE.iterdir()}
    for span in re.findall(r"`(?:blikveld\.)?([a-z_]+[./][\w./]*)`", text):
        room = re.split(r"[./]", span)[0]
        if room in rooms and not _OF_A_STUDY.search(span):
            yield span


def code_exists(name: str) -> bool:
    """Whether a file or folder, a module, or a name in a module is there."""
    if "/" in name:
        return (HOUSE / name).exists()
    folder, rest = HOUSE, name.split(".")
    while rest and (folder / rest[0]).is_dir():
        folder, rest = folder / rest[0], rest[1:]
    if not rest:
        return True
    if (folder / f"{rest[0]}.py").exists():
        return _holds(folder / f"{rest[0]}.py", rest[1:])
    return _holds(folder / "__init__.py", rest)


def _holds(module: Path, names: list[str]) -> bool:
    body: list[ast.stmt] = ast.parse(module.read_text(encoding="utf-8")).body
    for name in names:
        found = [statement for statement in body if name in set(_defined(statement))]
        if not found:
            return False
        body = getattr(found[0], "body", [])
    return True


def _defined(statement: ast.stmt) -> Iterator[str]:
    match statement:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.ImportFrom(names=names):
            yield from (alias.asname or alias.name for alias in names)
        case ast.Assign(targets=targets):
            yield from (target.id for target in targets if isinstance(target, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield name
