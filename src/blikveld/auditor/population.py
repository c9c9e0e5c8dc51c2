"""Who can be asked what: variables, their codes, and whose answer depends on which.

Read from a study's folder by this room's own reader, or built from a description file. Texts,
layout and wording are passed over: only what decides who can be in a group is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from blikveld.auditor.conditions import EVERYBODY
from blikveld.errors import BlikveldError


class UnreadablePopulation(BlikveldError):
    """A study's folder or a description file does not say who can be asked what."""


@dataclass(frozen=True, slots=True)
class AskedVariable:
    """A variable that people fill in, or that is known of them before they begin.

    `several` may be ticked at once, unless one of them is `exclusive`. `written` are the answers
    beside which something is written. `within` limits codes to those of another variable's code,
    as jobs belong to a sector.
    """

    name: str
    codes: tuple[str, ...]
    several: bool = False
    asked_if: str = EVERYBODY
    exclusive: frozenset[str] = frozenset()
    written: frozenset[str] = frozenset()
    required: bool = True
    within: tuple[str, Mapping[str, str]] | None = None


@dataclass(frozen=True, slots=True)
class CodedVariable:
    """A variable that people code from an answer and from what was written beside it."""

    name: str
    source: str
    codes: tuple[str, ...]
    by_answer: Mapping[str, str] = field(default_factory=dict)
    default: str | None = None


@dataclass(frozen=True, slots=True)
class DerivedVariable:
    """A variable whose code is that of the first case that holds."""

    name: str
    cases: tuple[tuple[str, str], ...]

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(code for code, _ in self.cases))


Variable = AskedVariable | CodedVariable | DerivedVariable


@dataclass(frozen=True, slots=True)
class AuditedPopulation:
    """All variables in an order in which each stands after those it looks at, and who is kept."""

    variables: tuple[Variable, ...]
    kept: tuple[str, ...] = ()

    @property
    def by_name(self) -> Mapping[str, Variable]:
        return {variable.name: variable for variable in self.variables}


def read_population(folder: Path) -> AuditedPopulation:
    """The population of a study's folder. Raises UnreadablePopulation."""
    study = read_yaml(folder / "study.yaml")
    asked = read_yaml(folder / "questionnaire.yaml")
    made = read_yaml(folder / "derived.yaml") if (folder / "derived.yaml").exists() else {}
    kept = read_yaml(folder / "inclusion.yaml") if (folder / "inclusion.yaml").exists() else {}
    variables: list[Variable] = [*_known_before(study), *_questions(study, asked)]
    variables += _coded(study, made, variables)
    variables += [_derived(entry) for entry in made.get("derived", ())]
    return AuditedPopulation(
        tuple(variables), tuple(step["keep"] for step in kept.get("inclusion", ()))
    )


def read_yaml(path: Path) -> dict[str, Any]:
    """A YAML file that holds a mapping. Raises UnreadablePopulation with its place."""
    try:
        content = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise UnreadablePopulation(
            "unreadable-population",
            str(path),
            f"This file cannot be read: {str(error).splitlines()[0]}.",
            "Name the folder of a study that `blikveld study check` finds no fault in.",
        ) from None
    if not isinstance(content, dict):
        raise UnreadablePopulation(
            "unreadable-population", str(path), "This file holds no settings.", "Name another file."
        )
    return content


def _known_before(study: Mapping[str, Any]) -> Iterator[AskedVariable]:
    sites = study["sites"]
    yield AskedVariable(str(sites["name"]), tuple(str(each["key"]) for each in sites["list"]))
    yield AskedVariable("mode", tuple(study.get("modes", ())))
    yield AskedVariable("language", tuple(study.get("languages", ())))


def _questions(study: Mapping[str, Any], asked: Mapping[str, Any]) -> Iterator[AskedVariable]:
    lists = asked.get("option_lists", {})
    for part in asked["sections"]:
        for item in part["items"]:
            if "question" in item and item.get("kind") in ("single", "multiple"):
                yield _question(study, item, lists)
            elif "grid" in item:
                for row in item["rows"]:
                    codes = _codes(item["scale"], lists)
                    yield AskedVariable(row["key"], codes, asked_if=item.get("ask_if", EVERYBODY))


def _question(
    study: Mapping[str, Any], item: Mapping[str, Any], lists: Mapping[str, Any]
) -> AskedVariable:
    options = _options(item.get("options", ()), lists)
    codes = tuple(str(option["code"]) for option in options)
    within = None
    if "options_from" in item:
        sites, listed = study["sites"], item["options_from"]["site"]
        local = {
            str(option["code"]): str(site["key"])
            for site in sites["list"]
            for option in site.get("lists", {}).get(listed, ())
        }
        codes, within = (*local, *codes), (str(sites["name"]), local)
    return AskedVariable(
        name=item["question"],
        codes=codes,
        several=item["kind"] == "multiple",
        asked_if=item.get("ask_if", EVERYBODY),
        exclusive=frozenset(str(o["code"]) for o in options if o.get("exclusive")),
        written=frozenset(str(o["code"]) for o in options if o.get("text")),
        required=item.get("required", True),
        within=within,
    )


def _options(given: Any, lists: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return list(lists[given] if isinstance(given, str) else given)


def _codes(given: Any, lists: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(option["code"]) for option in _options(given, lists))


def _coded(
    study: Mapping[str, Any], made: Mapping[str, Any], before: list[Variable]
) -> Iterator[CodedVariable]:
    """Coded variables; those of a classification have their codes in the study's own file."""
    levels = dict(_levels(study))
    known = {variable.name: variable for variable in before}
    for entry in made.get("coded", ()):
        values = tuple(str(value["code"]) for value in entry.get("values", ()))
        codes = (*levels.get(entry.get("values_from"), {}), *values)
        by_answer = {str(code): str(to) for code, to in entry.get("map", {}).items()}
        source = known.get(entry["from"])
        if not by_answer and isinstance(source, CodedVariable):
            above = levels.get(entry.get("values_from"), {})
            by_answer = {below: code for code, held in above.items() for below in held}
        found = CodedVariable(entry["key"], entry["from"], codes, by_answer, entry.get("default"))
        known[found.name] = found
        yield found


def _levels(study: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, tuple[str, ...]]]]:
    """The levels of the classifications: each code, with the codes of the items below it."""
    for classification in study.get("classifications", ()):
        items = classification["items"]
        for level in classification["levels"]:
            yield (
                str(level["name"]),
                {
                    str(item["code"]): tuple(str(one["code"]) for one in item.get("items", ()))
                    for item in items
                },
            )
            items = [below for item in items for below in item.get("items", ())]


def _derived(entry: Mapping[str, Any]) -> DerivedVariable:
    return DerivedVariable(
        entry["key"], tuple((str(case["code"]), str(case["when"])) for case in entry["cases"])
    )
