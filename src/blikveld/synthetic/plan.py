"""How a study is reconstructed, as its reconstruct.yaml declares it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from blikveld.errors import BlikveldError
from blikveld.rules import EVERYBODY, Rule, Value, parse


class PlanError(BlikveldError):
    """A reconstruct.yaml that cannot be used."""

    def __init__(self, place: str, problem: str, mend: str) -> None:
        super().__init__("reconstruct-plan", f"reconstruct.yaml, {place}", problem, mend)


@dataclass(frozen=True, slots=True)
class Odd:
    """A combination that is unlikely but not refused; `weight` below 1 makes it rare."""

    rule: Rule
    weight: float


@dataclass(frozen=True, slots=True)
class Within:
    """The single answer `one` is always among the chosen options of `many`."""

    many: str
    one: str


@dataclass(frozen=True, slots=True)
class Pass:
    """A step that decides variables for every person at once.

    `new` are decided together, as whole numbers of persons per combination of values. With
    `hand_out` the one new variable is multiple-response and its options are handed out, each by
    itself. `when` holds for those who have a value (a question's own routing holds as well);
    `only` are the options that are open to those for whom a rule holds; the first that holds
    counts.
    """

    new: tuple[str, ...]
    hand_out: bool = False
    when: Rule = EVERYBODY
    only: tuple[tuple[Rule, tuple[str, ...]], ...] = ()

    @property
    def name(self) -> str:
        """How the pass is called in messages."""
        return " and ".join(self.new)


@dataclass(frozen=True, slots=True)
class Behind:
    """Answers that stand behind a coded variable which was decided before them."""

    coded: str


@dataclass(frozen=True, slots=True)
class Copies:
    """Respondents who leave at inclusion: made after included ones, with other values.

    `settings` are set on the copy, `mixed` are taken from another one, so that a copy is nobody's
    double. `cut` tells after which question a copy breaks off, with weights; '' is before the
    first answer.
    """

    count: int
    source: Rule
    settings: Mapping[str, Value]
    mixed: tuple[str, ...]
    cut: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole reconstruction of one study."""

    seed: int
    respondents: int
    start: Mapping[str, Value]
    steps: tuple[Pass | Behind, ...]
    never: tuple[Rule, ...]
    odd: tuple[Odd, ...]
    within: tuple[Within, ...]
    shares: Mapping[str, Mapping[str, float]]
    copies: tuple[Copies, ...]
    weekdays: Mapping[int, float]
    months: Mapping[int, float]
    chances: Mapping[str, float]
    invented: tuple[str, ...] = field(default=())


def load(path: Path) -> Plan:
    """Read reconstruct.yaml. Raises PlanError, also for an unknown key; RuleError for a rule."""
    try:
        data = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        _refuse_unknown("top", data, set(Plan.__dataclass_fields__))
        return _plan(data)
    except (YAMLError, OSError, KeyError, TypeError, ValueError) as error:
        problem = f"This cannot be read ({type(error).__name__}: {error})."
        raise PlanError("file", problem, "Compare it with the shipped study's.") from error


def _plan(data: Mapping[str, Any]) -> Plan:
    return Plan(
        seed=int(data["seed"]),
        respondents=int(data["respondents"]),
        start=dict(data.get("start", {})),
        steps=tuple(_step(step) for step in data["steps"]),
        never=tuple(parse(rule) for rule in data.get("never", ())),
        odd=tuple(Odd(parse(odd["rule"]), float(odd["weight"])) for odd in data.get("odd", ())),
        within=tuple(Within(**within) for within in data.get("within", ())),
        shares={name: dict(shares) for name, shares in data.get("shares", {}).items()},
        copies=tuple(_copies(copies) for copies in data.get("copies", ())),
        weekdays=dict(data.get("weekdays", {})),
        months=dict(data.get("months", {})),
        chances=dict(data.get("chances", {})),
        invented=tuple(data.get("invented", ())),
    )


def _step(data: Mapping[str, Any]) -> Pass | Behind:
    if "behind" in data:
        _refuse_unknown("behind", data, {"behind"})
        return Behind(str(data["behind"]))
    _refuse_unknown(f"step {dict(data)}", data, {"new", "hand_out", "when", "only"})
    hand_out = "hand_out" in data
    return Pass(
        new=_names([data["hand_out"]] if hand_out else data["new"]),
        hand_out=hand_out,
        when=parse(data.get("when", "True")),
        only=tuple((parse(o["when"]), _names(o["options"])) for o in data.get("only", ())),
    )


def _copies(data: Mapping[str, Any]) -> Copies:
    _refuse_unknown("copies", data, {"count", "source", "set", "mixed", "cut"})
    settings = {k: tuple(v) if isinstance(v, list) else v for k, v in data.get("set", {}).items()}
    return Copies(
        count=int(data["count"]),
        source=parse(data["source"]),
        settings=settings,
        mixed=_names(data.get("mixed", ())),
        cut=dict(data.get("cut", {})),
    )


def _names(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(str(name) for name in names)


def _refuse_unknown(place: str, data: Mapping[str, Any], known: set[str]) -> None:
    unknown = sorted(set(data) - known)
    if unknown:
        raise PlanError(place, f"Unknown: {', '.join(unknown)}.", f"Known: {sorted(known)}.")
