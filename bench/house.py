"""Print the shape of the house: modules, length, import circles, shared class names."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median

FRAMEWORKS = frozenset({"Meta"})
HOUSE = Path(__file__).parents[1] / "src" / "blikveld"


def modules() -> dict[str, Path]:
    """Every module by its dotted name, packages too; migrations are Django's and left out."""
    found = (path for path in sorted(HOUSE.rglob("*.py")) if "migrations" not in path.parts)
    return {_name(path): path for path in found}


def _name(path: Path) -> str:
    parts = path.relative_to(HOUSE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(known: Mapping[str, Path]) -> dict[str, set[str]]:
    """What each module imports at its top: nothing within functions or for types alone."""
    return {name: set(_imported(name, known)) - {name} for name in known}


def _imported(name: str, known: Mapping[str, Path]) -> Iterator[str]:
    tree = ast.parse(known[name].read_text(encoding="utf-8"))
    for statement in _at_the_top(tree.body):
        if isinstance(statement, ast.Import):
            yield from (alias.name for alias in statement.names if alias.name in known)
        elif isinstance(statement, ast.ImportFrom) and statement.module in known:
            for alias in statement.names:
                inner = f"{statement.module}.{alias.name}"
                yield inner if inner in known else statement.module


def _at_the_top(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in body:
        yield statement
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        if isinstance(statement, ast.If) and "TYPE_CHECKING" in ast.unparse(statement.test):
            yield from _at_the_top(statement.orelse)
            continue
        for part in ("body", "orelse", "finalbody"):
            yield from _at_the_top(getattr(statement, part, []))
        for handler in getattr(statement, "handlers", []):
            yield from _at_the_top(handler.body)


def circles(graph: Mapping[str, set[str]]) -> list[list[str]]:
    """Groups of modules that import each other, directly or through others, by name.

    Modules that import nothing that is left, and those that nothing left imports, are taken away
    until only circles and what lies between two circles remain.
    """
    left = {name: set(targets) for name, targets in graph.items()}
    while True:
        wanted = set[str]().union(*left.values()) if left else set()
        inside = {
            name for name, targets in left.items() if targets & left.keys() and name in wanted
        }
        if inside == left.keys():
            return _parted(left)
        left = {name: left[name] & inside for name in inside}


def _parted(left: Mapping[str, set[str]]) -> list[list[str]]:
    reach = {name: _reached(name, left) for name in left}
    groups = {frozenset(other for other in reach[n] if n in reach[other]) for n in left}
    return sorted(sorted(group) for group in groups if group)


def _reached(name: str, graph: Mapping[str, set[str]]) -> set[str]:
    found, waiting = set[str](), list(graph[name])
    while waiting:
        if (one := waiting.pop()) not in found:
            found.add(one)
            waiting.extend(graph[one])
    return found


def shared_class_names(known: Mapping[str, Path]) -> dict[str, list[str]]:
    """The names that two classes or more have, with their modules; a class in a class counts.

    `Meta` in a model is Django's own word, and says nothing by itself.
    """
    owners: dict[str, list[str]] = defaultdict(list)
    for name, path in known.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and node.name not in FRAMEWORKS:
                owners[node.name].append(name)
    return {name: found for name, found in sorted(owners.items()) if len(found) > 1}


LEAK = re.compile(
    r"municipal|district|(?<![a-z])domains?(?![a-z])|suspicion|suspect"
    r"|gemeent|domein|vermoeden|(?<![a-z])wijk(?:en)?(?![a-z])",
    re.IGNORECASE,
)
"""What the shipped study calls its sites and their parts, its fields of work, and its subject."""
NO_LEAK: Mapping[str, str] = {
    "study/upgrade.py": "the names of format 1, which this alone reads",
    "web/answers/models.py": "the name of a column",
    "web/answers/store.py": "the name of a column",
    "phone/call_rows.py": "the names of columns",
    "stats/": "domains in the sense of sampling: parts of a population",
    "report/charts/": "the domain of a scale, in the language of Vega",
    "checker/": "words of foreign reports, which may be about anything",
    "interviews/deidentification/": "Dutch names of places and people",
}
"""Files and rooms where such a word is somebody else's, and whose it is there."""
_READ = {".py", ".po", ".pot", ".html", ".js", ".css", ".typ", ".j2"}


def leaks(house: Path = HOUSE) -> list[tuple[str, int, str]]:
    """Where the code, its words included, says what one study is about: file, line and word.

    Studies are data, and a migration keeps the names of its day.
    """
    found = []
    for path in sorted(house.rglob("*.*")):
        place = path.relative_to(house).as_posix()
        aside = path.suffix not in _READ or "migrations" in path.parts or "studies/" in place
        if aside or any(place.startswith(one) for one in NO_LEAK):
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            found += [(place, number, match[0]) for match in LEAK.finditer(line)]
    return found


def main() -> None:
    """Print the figures, one a line."""
    known = modules()
    counted = [path for path in known.values() if path.name != "__init__.py"]
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in counted}
    longest = max(lines, key=lambda path: lines[path])
    print(f"modules beside __init__ and migrations: {len(counted)}")
    print(f"median lines: {median(lines.values()):g}")
    print(f"longest: {longest.relative_to(HOUSE)}, {lines[longest]} lines")
    found, shared = circles(imports(known)), shared_class_names(known)
    print(f"import circles: {len(found)}", *map(" - ".join, found), sep="\n  ")
    print(f"class names that are shared: {len(shared)}")
    for name, owners in shared.items():
        print(f"  {name}: {', '.join(owners)}")
    told = leaks()
    print(f"words of one study: {len(told)} in {len({place for place, _, _ in told})} files")
    for place, number, word in told:
        print(f"  {place}:{number}: {word}")


if __name__ == "__main__":
    main()
