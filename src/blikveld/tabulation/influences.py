"""Which printed shares rest on one municipality: every Ask again without each of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from blikveld.figures.cell import Ask
from blikveld.figures.influence import Influence
from blikveld.responses.masks import Mask
from blikveld.responses.snapshot import Snapshot
from blikveld.rules import Rule, conjoin
from blikveld.rules.nodes import Compare, Comparison
from blikveld.study.model import Code, Study
from blikveld.study.wording import rule_of
from blikveld.tabulation.anchors import counter_of
from blikveld.tabulation.count import Counter
from blikveld.tabulation.strata import STRATUM

LEAST, SMALLEST = 0.03, 30
_ROUNDING = 1e-12


def influences(
    study: Study,
    snapshot: Snapshot,
    asks: Iterable[Ask],
    *,
    least: float = LEAST,
    smallest: int = SMALLEST,
    counter: Counter | None = None,
) -> Mapping[Ask, tuple[Influence, ...]]:
    """For every Ask the municipalities without which its share is `least` or more another one.

    The largest shift first; Asks that no municipality moves are not in it. Without a municipality
    there must be `smallest` respondents left in the base: among fewer every share moves. Not
    cleared: give the result to `disclosure.release`. `counter` as in `anchors.count`.
    """
    wanted = tuple(dict.fromkeys(asks))
    places = study.variables[STRATUM].codes
    counter = counter or counter_of(study, snapshot)
    counter.prepare(rule for ask in wanted for rule in (ask.base_rule, ask.rule))
    counter.prepare(_here(study, place) for place in places)
    others = [(place, ~counter.mask(_here(study, place))) for place in places]
    moved = [(ask, place) for ask in wanted for place in _movers(counter, ask, others, least)]
    counter.prepare(rule for ask, place in moved for rule in _bases(study, ask, place))
    found: dict[Ask, list[Influence]] = {}
    for ask, place in moved:
        made = _influence(study, counter, ask, place)
        if made.without.base >= smallest:
            found.setdefault(ask, []).append(made)
    return {ask: tuple(sorted(made, key=lambda i: -abs(i.shift))) for ask, made in found.items()}


def _movers(
    counter: Counter, ask: Ask, without: Sequence[tuple[Code, Mask]], least: float
) -> Iterator[Code]:
    base = counter.mask(ask.base_rule)
    part = base & counter.mask(ask.rule)
    size, count = int(base.sum()), int(part.sum())
    for place, others in without:
        left = int((base & others).sum())
        if 0 < left < size and count:
            shift = int((part & others).sum()) / left - count / size
            if abs(shift) >= least - _ROUNDING:
                yield place


def _influence(study: Study, counter: Counter, ask: Ask, place: Code) -> Influence:
    without, own = (Ask(base, ask.rule) for base in _bases(study, ask, place))
    cells = (counter.cell(each) for each in (ask, without, own))
    return Influence(ask, place.code, place.label, *cells)


def _bases(study: Study, ask: Ask, place: Code) -> tuple[Rule, Rule]:
    """The base without the municipality, and within it."""
    others = Compare(STRATUM, Comparison.NOT_EQUAL, place.code)
    return conjoin(ask.base_rule, others), conjoin(ask.base_rule, _here(study, place))


def _here(study: Study, place: Code) -> Rule:
    return rule_of(study.variables[STRATUM], place.code)
