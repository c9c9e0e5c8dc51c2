"""Whether a plan of reconstruction fits its study: an unknown name stops it, nothing is guessed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from blikveld.rules import Rule, names
from blikveld.study.model import Study
from blikveld.synthetic.plan import Behind, Copies, Pass, Plan, PlanError


@dataclass(frozen=True, slots=True)
class _Named:
    """A variable that the plan names, with the values it names of it."""

    place: str
    variable: str
    values: tuple[object, ...] = ()


def check(study: Study, plan: Plan) -> None:
    """Raise PlanError at the first variable or value that the study does not have."""
    for named in _named(plan):
        if named.variable not in study.variables:
            raise PlanError(
                named.place,
                f"The study has no variable {named.variable!r}.",
                "Check the spelling against the questionnaire and the derived variables.",
            )
        codes = {code.code for code in study.variables[named.variable].codes}
        strange = [str(v) for v in named.values if codes and isinstance(v, str) and v not in codes]
        if strange:
            raise PlanError(
                named.place,
                f"{named.variable!r} has no value {strange[0]!r}.",
                f"It has: {', '.join(sorted(codes))[:300]}.",
            )


def _named(plan: Plan) -> Iterator[_Named]:
    for step in plan.steps:
        yield from _of_step(step)
    for within in plan.within:
        yield from (_Named("within", within.many), _Named("within", within.one))
    rules = [*plan.never, *(odd.rule for odd in plan.odd)]
    yield from _of_rules("never and odd", rules)
    for name, shares in plan.shares.items():
        yield _Named(f"shares of {name!r}", name, tuple(shares))
    for copies in plan.copies:
        yield from _of_copies(copies)


def _of_step(step: Pass | Behind) -> Iterator[_Named]:
    if isinstance(step, Behind):
        yield _Named(f"step behind {step.coded!r}", step.coded)
        return
    place = f"step {step.name!r}"
    yield from (_Named(place, name) for name in step.new)
    yield from _of_rules(place, [step.when, *(rule for rule, _ in step.only)])
    for _, options in step.only:
        yield _Named(place, step.new[0], options)


def _of_copies(copies: Copies) -> Iterator[_Named]:
    yield from _of_rules("copies", [copies.source])
    yield from (_Named("copies", name) for name in (*copies.mixed, *filter(None, copies.cut)))
    for name, value in copies.settings.items():
        yield _Named("copies", name, value if isinstance(value, tuple) else (value,))


def _of_rules(place: str, rules: Iterable[Rule]) -> Iterator[_Named]:
    yield from (_Named(place, name) for rule in rules for name in sorted(names(rule)))
