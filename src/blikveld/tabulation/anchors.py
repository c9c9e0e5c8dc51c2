"""Which counts of a reconstructed data set are fixed by what was published.

Reference respondents agree with every surviving count, and everything else about them is drawn.
A reader must be able to tell the two apart, so each Cell is asked whether published counts
determine it. Where that cannot be shown the Cell is invented.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from blikveld.figures.cell import Ask, Cell
from blikveld.responses.masks import Mask
from blikveld.responses.snapshot import Origin, Snapshot
from blikveld.rules import EVERYBODY, Rule, conjoin, names
from blikveld.study.model import Study, VariableKind
from blikveld.study.published import Measure, Population, Published, Status, load
from blikveld.study.wording import rule_of
from blikveld.tabulation.count import Counter


class Truths(Protocol):
    """Who of a population a rule is true of."""

    def prepare(self, rules: Iterable[Rule]) -> None:
        """Read what these rules look at together, which is faster than one by one."""

    def mask(self, rule: Rule) -> Mask:
        """In the snapshot's order."""


class Anchors:
    """The groups of respondents whose size was published.

    A group is known by the questions that define it and by who is in it. Both must be equal:
    two groups of equal members made from other questions are equal by chance.
    """

    def __init__(self, study: Study, truths: Truths, rows: Iterable[Published]) -> None:
        self._study, self._truths = study, truths
        self._sources = _Sources(study)
        self._known: set[tuple[frozenset[str], bytes]] = set()
        held = [row for row in rows if _counts(row)]
        truths.prepare(rule for row in held for rule in (row.base_rule, row.condition_rule))
        for row in held:
            self._add(row)

    def _add(self, row: Published) -> None:
        base, part = (self._truths.mask(rule) for rule in (row.base_rule, row.condition_rule))
        both = self._sources.of(row.base_rule) | self._sources.of(row.condition_rule)
        self._known.add((self._sources.of(row.base_rule), base.tobytes()))
        self._known.add((both, (base & part).tobytes()))
        self._known.add((both, (base & ~part).tobytes()))

    def fixed(self, ask: Ask) -> bool:
        """Whether published counts determine both the count and the base of this Ask."""
        base = self._truths.mask(ask.base_rule)
        if not self._is_known(self._sources.of(ask.base_rule), base):
            return False
        part = base & self._truths.mask(ask.rule)
        sources = self._sources.of(ask.base_rule) | self._sources.of(ask.rule)
        return self._is_known(sources, part) or self._adds_up(ask)

    def _is_known(self, sources: frozenset[str], mask: Mask) -> bool:
        return (sources, mask.tobytes()) in self._known or (not sources and bool(mask.all()))

    def _adds_up(self, ask: Ask) -> bool:
        """True when the rule divides the base by one single-choice question of known counts."""
        extra = self._sources.of(ask.rule) - self._sources.of(ask.base_rule)
        if len(extra) != 1:
            return not extra and ask.rule == EVERYBODY
        variable = self._study.variables[next(iter(extra))]
        if variable.kind is not VariableKind.SINGLE:
            return False
        groups = [conjoin(ask.base_rule, rule_of(variable, c.code)) for c in variable.codes]
        return all(self._is_known(self._sources.of(g), self._truths.mask(g)) for g in groups)


def _counts(row: Published) -> bool:
    return (
        row.measure is Measure.COUNT
        and row.status is Status.REPRODUCE
        and row.population is Population.INCLUDED
    )


class _Sources:
    """The asked questions behind the variables of a rule."""

    def __init__(self, study: Study) -> None:
        self._made = {coded.key: frozenset({coded.source}) for coded in study.coded}
        self._made |= {score.key: frozenset({score.source}) for score in study.scores}
        for derived in study.derived:
            used = frozenset[str]().union(*(names(case.when) for case in derived.cases))
            self._made[derived.key] = used
        self._found: dict[Rule, frozenset[str]] = {}

    def of(self, rule: Rule) -> frozenset[str]:
        if rule not in self._found:
            self._found[rule] = self._of(rule)
        return self._found[rule]

    def _of(self, rule: Rule) -> frozenset[str]:
        found: set[str] = set()
        waiting = list(names(rule))
        while waiting:
            name = waiting.pop()
            if name in self._made:
                waiting.extend(self._made[name])
            else:
                found.add(name)
        return frozenset(found)


def counter_of(study: Study, snapshot: Snapshot) -> Counter:
    """A counter among the included that knows which of its counts are invented."""
    counter = Counter(study, snapshot)
    counter.fixed = fixed(study, snapshot, counter)
    return counter


def fixed(study: Study, snapshot: Snapshot, truths: Truths) -> Callable[[Ask], bool]:
    """Tells of an Ask whether its count in this snapshot is more than an invented one."""
    if snapshot.origin is Origin.REFERENCE:
        return Anchors(study, truths, load(study.folder)).fixed
    real = snapshot.origin is Origin.FIELDWORK
    return lambda _: real


def count(
    study: Study, snapshot: Snapshot, asks: Iterable[Ask], counter: Counter | None = None
) -> Mapping[Ask, Cell]:
    """Count every Ask among the included respondents.

    With a `counter` of this snapshot, what was read for another purpose is not read again.
    """
    wanted = list(dict.fromkeys(asks))
    counter = counter or counter_of(study, snapshot)
    counter.prepare(rule for ask in wanted for rule in (ask.base_rule, ask.rule))
    return {ask: counter.cell(ask) for ask in wanted}
