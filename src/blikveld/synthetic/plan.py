"""The plan of a reconstruction: read from reconstruct.yaml and checked against the study."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from blikveld.errors import BlikveldError
from blikveld.rules import EVERYBODY, Rule, Value, names, parse
from blikveld.study.model import Study


class PlanError(BlikveldError):
    """A reconstruct.yaml that cannot be used."""

    def __init__(self, location: str, problem: str, mend: str) -> None:
        super().__init__("reconstruct-plan", f"reconstruct.yaml, {location}", problem, mend)


@dataclass(frozen=True, slots=True)
class Implausible:
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
    `allocate` the one new variable is multiple-response and its options are handed out, each by
    itself. `when` holds for those who have a value (a question's own routing holds as well);
    `only` are the options that are open to those for whom a rule holds; the first that holds
    counts.
    """

    new: tuple[str, ...]
    allocate: bool = False
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
    implausible: tuple[Implausible, ...]
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
        implausible=tuple(
            Implausible(parse(entry["rule"]), float(entry["weight"]))
            for entry in data.get("implausible", ())
        ),
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
    _refuse_unknown(f"step {dict(data)}", data, {"new", "allocate", "when", "only"})
    hand_out = "allocate" in data
    return Pass(
        new=_names([data["allocate"]] if hand_out else data["new"]),
        allocate=hand_out,
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


def _refuse_unknown(location: str, data: Mapping[str, Any], known: set[str]) -> None:
    unknown = sorted(set(data) - known)
    if unknown:
        raise PlanError(location, f"Unknown: {', '.join(unknown)}.", f"Known: {sorted(known)}.")


@dataclass(frozen=True, slots=True)
class _Named:
    """A variable that the plan names, with the values it names of it."""

    location: str
    variable: str
    values: tuple[object, ...] = ()


def check(study: Study, plan: Plan) -> None:
    """Raise PlanError at the first variable or value that the study does not have."""
    for named in _named(plan):
        if named.variable not in study.variables:
            raise PlanError(
                named.location,
                f"The study has no variable {named.variable!r}.",
                "Check the spelling against the questionnaire and the derived variables.",
            )
        codes = {code.code for code in study.variables[named.variable].codes}
        strange = [str(v) for v in named.values if codes and isinstance(v, str) and v not in codes]
        if strange:
            raise PlanError(
                named.location,
                f"{named.variable!r} has no value {strange[0]!r}.",
                f"It has: {', '.join(sorted(codes))[:300]}.",
            )


def _named(plan: Plan) -> Iterator[_Named]:
    for step in plan.steps:
        yield from _of_step(step)
    for within in plan.within:
        yield from (_Named("within", within.many), _Named("within", within.one))
    rules = [*plan.never, *(entry.rule for entry in plan.implausible)]
    yield from _of_rules("never and implausible", rules)
    for name, shares in plan.shares.items():
        yield _Named(f"shares of {name!r}", name, tuple(shares))
    for copies in plan.copies:
        yield from _of_copies(copies)


def _of_step(step: Pass | Behind) -> Iterator[_Named]:
    if isinstance(step, Behind):
        yield _Named(f"step behind {step.coded!r}", step.coded)
        return
    location = f"step {step.name!r}"
    yield from (_Named(location, name) for name in step.new)
    yield from _of_rules(location, [step.when, *(rule for rule, _ in step.only)])
    for _, options in step.only:
        yield _Named(location, step.new[0], options)


def _of_copies(copies: Copies) -> Iterator[_Named]:
    yield from _of_rules("copies", [copies.source])
    yield from (_Named("copies", name) for name in (*copies.mixed, *filter(None, copies.cut)))
    for name, value in copies.settings.items():
        yield _Named("copies", name, value if isinstance(value, tuple) else (value,))


def _of_rules(location: str, rules: Iterable[Rule]) -> Iterator[_Named]:
    yield from (_Named(location, name) for rule in rules for name in sorted(names(rule)))
