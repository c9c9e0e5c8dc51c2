"""Which printed shares rest on one municipality: every Ask again without each of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from blikveld.responses.rule_masks import Mask
from blikveld.responses.snapshot import Snapshot
from blikveld.results.cell import CellRequest
from blikveld.results.influence import Influence
from blikveld.rules import Rule, join_rules
from blikveld.rules.nodes import Compare, ComparisonOperator
from blikveld.study.model import Code, Study
from blikveld.study.variables import rule_of
from blikveld.tabulation.by_stratum import STRATUM
from blikveld.tabulation.count import CellCounter
from blikveld.tabulation.fixed_counts import counter_of

LEAST, SMALLEST = 0.03, 30
_ROUNDING = 1e-12


def influences(
    study: Study,
    snapshot: Snapshot,
    asks: Iterable[CellRequest],
    *,
    least: float = LEAST,
    smallest: int = SMALLEST,
    counter: CellCounter | None = None,
) -> Mapping[CellRequest, tuple[Influence, ...]]:
    """For every Ask the municipalities without which its share is `least` or more another one.

    The largest shift first; Asks that no municipality moves are not in it. Without a municipality
    there must be `smallest` respondents left in the base: among fewer every share moves. Not
    cleared: give the result to `disclosure.release`. `counter` as in `anchors.count`.
    """
    wanted = tuple(dict.fromkeys(asks))
    places = study.variables[STRATUM].codes
    counter = counter or counter_of(study, snapshot)
    counter.prepare(rule for ask in wanted for rule in (ask.base_rule, ask.rule))
    counter.prepare(_here(study, municipality) for municipality in places)
    others = [(municipality, ~counter.mask(_here(study, municipality))) for municipality in places]
    moved = [
        (ask, municipality)
        for ask in wanted
        for municipality in _movers(counter, ask, others, least)
    ]
    counter.prepare(
        rule for ask, municipality in moved for rule in _bases(study, ask, municipality)
    )
    found: dict[CellRequest, list[Influence]] = {}
    for ask, municipality in moved:
        made = _influence(study, counter, ask, municipality)
        if made.without.base >= smallest:
            found.setdefault(ask, []).append(made)
    return {ask: tuple(sorted(made, key=lambda i: -abs(i.shift))) for ask, made in found.items()}


def _movers(
    counter: CellCounter, ask: CellRequest, without: Sequence[tuple[Code, Mask]], least: float
) -> Iterator[Code]:
    base = counter.mask(ask.base_rule)
    part = base & counter.mask(ask.rule)
    size, count = int(base.sum()), int(part.sum())
    for municipality, others in without:
        left = int((base & others).sum())
        if 0 < left < size and count:
            shift = int((part & others).sum()) / left - count / size
            if abs(shift) >= least - _ROUNDING:
                yield municipality


def _influence(
    study: Study, counter: CellCounter, ask: CellRequest, municipality: Code
) -> Influence:
    without, own = (CellRequest(base, ask.rule) for base in _bases(study, ask, municipality))
    cells = (counter.cell(each) for each in (ask, without, own))
    return Influence(ask, municipality.code, municipality.label, *cells)


def _bases(study: Study, ask: CellRequest, municipality: Code) -> tuple[Rule, Rule]:
    """The base without the municipality, and within it."""
    others = Compare(STRATUM, ComparisonOperator.NOT_EQUAL, municipality.code)
    return join_rules(ask.base_rule, others), join_rules(ask.base_rule, _here(study, municipality))


def _here(study: Study, municipality: Code) -> Rule:
    return rule_of(study.variables[STRATUM], municipality.code)
