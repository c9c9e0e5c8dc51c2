"""Rename a whole study: every name, key, code and label becomes another, in all of its files.

The program may hold fast none of them, so the study that comes out must behave as the one that went
in. Names keep their alphabetical order: where the program sorts, both studies are sorted alike.

    python tests/rename_study.py FOLDER OUT
"""

from __future__ import annotations

import csv
import random
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from blikveld.study.load import load
from blikveld.synthetic import records

NAMING = {"key", "code", "question", "grid", "contact", "plural_name", "study", "text"}
"""Settings whose text is a name that an author chose."""
NAMED_INSIDE = {"option_lists", "lists", "map", "shares", "exclude", "chances", "set", "cut"}
"""Blocks whose settings go by names that an author chose."""
FREE = {
    *("format", "version", "languages", "modes", "kind", "share", "unit", "method", "zeros"),
    *("approach", "file", "words", "definition", "include", "year", "author", "address", "number"),
}
"""Settings that hold no name: those of the program, and words that are quoted."""
RULES = {"ask_if", "when", "keep", "base", "eligible", "compute", "rule", "source", "never"}
KEYWORDS = {
    *("and", "or", "not", "in", "True", "asked", "answered", "count", "empty", "is_true", "group"),
    *("matches", "rank", "sum", "coalesce", "days", "years", "length", "date", "today"),
    *("mode", "language", "completed"),
}
PHRASED = {"says", "more", "less", "same", "at_least", "invented", "cited"}
"""Report calls that begin with words of the text, which are no name."""
KEPT = {"web", "phone", "nl", "en", "completed", "mode", "language"}
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Renaming:
    """Old names with the new ones, and new words for old words."""

    names: Mapping[str, str]
    languages: tuple[str, ...]
    site: str
    sites: str

    def name(self, old: str) -> str:
        """What a name became, also one that the program made of a question's name."""
        for ending in ("__special", "_other", "_band"):
            if old not in self.names and old.endswith(ending):
                return self.name(old.removesuffix(ending)) + ending
        return self.names.get(old, old)

    def rule(self, old: str) -> str:
        """A rule, or a part of one, with new names and codes."""

        def change(found: re.Match[str]) -> str:
            code, name = found["code"], found["name"]
            if code is not None:
                return f"'{self.name(code)}'"
            return name if name in KEYWORDS else self.name(name)

        if old.count("'") % 2 and old.startswith("'"):
            # The end of a rule that a report text puts together.
            return "'" + self.rule(old[1:])
        return re.sub(r"'(?P<code>[^']*)'|(?P<name>[A-Za-z_]\w*)", change, old)

    def words(self, old: str) -> str:
        """Other words; the same ones for the same, with the site's name where it stood."""
        dice = random.Random(old)
        made = " ".join("".join(dice.choices(_LETTERS, k=6)) for _ in range(3)).capitalize()
        piped = f"{{{self.site}}}"
        return f"{made} {{{self.name(self.site)}}}" if piped in old else made


def rename(folder: Path, out: Path) -> Renaming:
    """Write the renamed study to a new folder; return what became what."""
    shutil.copytree(folder, out, ignore=shutil.ignore_patterns("__pycache__"))
    study = load(folder)
    trees = {path: _yaml().load(path.read_text("utf-8")) for path in out.rglob("*.yaml")}
    found = {name for path, tree in trees.items() for name in _names(tree, path.name)}
    found |= {study.sites.name, *(level.name for level in study.levels)}
    renaming = Renaming(
        _drawn(found - KEPT), study.languages, study.sites.name, study.sites.plural_name
    )
    for path, tree in trees.items():
        with path.open("w", encoding="utf-8") as file:
            _yaml().dump(_tree(tree, renaming, path.name), file)
    for path in out.rglob("*.md"):
        path.write_text(_text(path.read_text("utf-8"), renaming), encoding="utf-8")
    for path in out.rglob("*.csv"):
        _rewrite(path, renaming)
    if (folder / "reference.csv.gz").exists():
        _write_reference(folder, out, renaming)
    return renaming


def _yaml() -> YAML:
    yaml = YAML()
    yaml.preserve_quotes, yaml.width = True, 1_000
    return yaml


def _drawn(names: set[str]) -> dict[str, str]:
    dice, made = random.Random(1), set[str]()
    while len(made) < len(names):
        made.add("".join(dice.choices(_LETTERS, k=8)))
    return dict(zip(sorted(names), sorted(made), strict=True))


def _names(tree: Any, inside: str) -> Iterator[str]:
    if isinstance(tree, CommentedMap):
        for key, value in tree.items():
            if inside in NAMED_INSIDE or inside == "sources.yaml":
                yield str(key)
            if key in NAMING and isinstance(value, str):
                yield value
            yield from _names(value, _beneath(key, inside))
    elif isinstance(tree, list):
        for element in tree:
            yield from _names(element, inside)


def _beneath(key: Any, inside: str) -> str:
    # Below a variable among the shares stand its codes.
    return "shares" if inside == "shares" else str(key)


def _tree(tree: Any, new: Renaming, inside: str) -> Any:
    if isinstance(tree, CommentedMap):
        if tree and set(tree) <= set(new.languages) and inside not in NAMED_INSIDE:
            return {key: new.words(value) for key, value in tree.items()}
        return {
            _setting(key, new, inside): _value(value, new, str(key), inside)
            for key, value in tree.items()
        }
    if isinstance(tree, list):
        return [_tree(element, new, inside) for element in tree]
    return _scalar(tree, new, inside)


def _setting(key: Any, new: Renaming, inside: str) -> Any:
    if inside == "named":
        return new.rule(str(key))
    if inside in NAMED_INSIDE or inside == "sources.yaml":
        return new.name(str(key))
    return new.name(key) if inside == "values" and isinstance(key, str) else key


def _value(value: Any, new: Renaming, key: str, inside: str) -> Any:
    if key in ("name", "label") and isinstance(value, str) and value not in new.names:
        return new.words(value)  # of a site, and of an answer that one site offers
    return _tree(value, new, _beneath(key, inside))


def _scalar(value: Any, new: Renaming, inside: str) -> Any:
    if not isinstance(value, str) or inside in FREE:
        return value
    if inside in RULES:
        return new.rule(value)
    return new.name(value)


# Report texts


def _text(text: str, new: Renaming) -> str:
    return re.sub(r"\{\{.*?\}\}|\{%.*?%\}", lambda call: _call(call[0], new), text, flags=re.DOTALL)


def _call(call: str, new: Renaming) -> str:
    literal = r"(?P<before>\w+\()?(?P<quote>[\"'])(?P<inner>(?:(?!(?P=quote)).)*)(?P=quote)"

    def change(found: re.Match[str]) -> str:
        before, quote, inner = found["before"] or "", found["quote"], found["inner"]
        if before.removesuffix("(") in PHRASED:
            return found[0]
        return f"{before}{quote}{_literal(inner, new)}{quote}"

    renamed = re.sub(literal, change, call, flags=re.DOTALL)
    return re.sub(rf"(?<![\w'\"]){new.sites}(?![\w'\"])", new.name(new.sites), renamed)


def _literal(inner: str, new: Renaming) -> str:
    if inner in new.names:
        return new.name(inner)
    if inner.startswith("interview_") and inner.removeprefix("interview_") in new.names:
        return "interview_" + new.name(inner.removeprefix("interview_"))
    return new.rule(inner) if re.search(r"[=!<>]=|'| in | and |\bTrue\b", inner) else inner


# Tables of rows


def _rewrite(path: Path, new: Renaming) -> None:
    rows = list(csv.DictReader(StringIO(path.read_text("utf-8"), newline="")))
    change: Mapping[str, Callable[[str], str]] = {
        **dict.fromkeys(("variable", "question", "code", "key", *new.names), new.name),
        **dict.fromkeys(("base_rule", "condition_rule"), new.rule),
    }
    if not rows:
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([new.name(column) for column in rows[0]])
        for row in rows:
            writer.writerow([change.get(column, str)(cell) for column, cell in row.items()])


def _write_reference(folder: Path, out: Path, new: Renaming) -> None:
    before, after = load(folder), load(out)

    def answer(name: str, value: str | tuple[str, ...]) -> str | tuple[str, ...]:
        if not isinstance(value, str):
            return tuple(map(new.name, value))
        return new.name(value) if before.variables[name].codes else value

    renamed = (
        replace(
            record,
            site=new.name(record.site),
            last_question=record.last_question and new.name(record.last_question),
            answers={new.name(k): answer(k, v) for k, v in record.answers.items()},
        )
        for record in records.load(before)
    )
    records.write(after, renamed, out / "reference.csv.gz")


if __name__ == "__main__":
    rename(Path(sys.argv[1]), Path(sys.argv[2]))
