"""From CellRequest to Cell: counting among one population, and which counts are published ones.

Reference respondents agree with every surviving count, and everything else about them is drawn.
A reader must be able to tell the two apart, so each Cell is asked whether published counts
determine it. Where that cannot be shown the Cell is invented. Whole tables are counted from cubes,
see `tables`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache, reduce
from itertools import compress
from operator import and_
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from blikveld.inclusion import Mask, funnel, iterate_masks
from blikveld.responses.snapshot import Snapshot
from blikveld.results.cell import Cell, CellRequest, CellSource, DataOrigin, Fixed
from blikveld.results.formatting import percentage
from blikveld.rules import EVERYBODY, Rule, any_of, join_rules, names
from blikveld.rules.nodes import And, Chosen
from blikveld.study.bases import AnswerGroup, SamePeople
from blikveld.study.model import Study, Variable, VariableKind
from blikveld.study.published_figures import Measure, Population, PublishedFigure, Status, load
from blikveld.study.variables import rule_of
from blikveld.tabulation.engines.arrays import Included

_Bits: TypeAlias = NDArray[np.uint8]
"""A mask with eight respondents a byte."""


class CellCounter:
    """Counts among one population of a snapshot: the included, or with `everybody` all who began.

    Rules are evaluated once each, however many Cells use them. `fixed` tells of a request whether
    its count or share is more than a drawn one; of real responses both are.
    """

    def __init__(self, study: Study, snapshot: Snapshot, *, everybody: bool = False) -> None:
        self._study, self._snapshot = study, snapshot
        self.variables = study.variables
        self.fixed: Callable[[CellRequest], Fixed] = lambda ask: Fixed(count=True, share=True)
        self._population: Mask | None = None if everybody else funnel(study, snapshot).included
        self._packed: dict[Rule, _Bits] = {}
        self.source = CellSource(study.key, study.version, snapshot.digest)

    def prepare(self, rules: Iterable[Rule]) -> None:
        """Evaluate these rules together, which is faster than one by one."""
        new = [rule for rule in dict.fromkeys(rules) if rule not in self._packed]
        for rule, mask in iterate_masks(self._study, self._snapshot, new):
            inside = mask if self._population is None else mask & self._population
            self._packed[rule] = np.packbits(inside)

    def mask(self, rule: Rule) -> Mask:
        """Return who of the population the rule is true of, in the snapshot's order."""
        return np.unpackbits(self._bits(rule), count=self._snapshot.rows).view(bool)

    def _bits(self, rule: Rule) -> _Bits:
        """The same as bits: there may be a thousand rules, and a million respondents."""
        if rule not in self._packed:
            self._packed[rule] = self._evaluate(rule)
        return self._packed[rule]

    def _evaluate(self, rule: Rule) -> _Bits:
        if not isinstance(rule, And):
            self.prepare([rule])
            return self._packed[rule]
        # Rules that are joined are rarely new themselves, and adding up asks nobody again.
        self.prepare(rule.parts)
        return reduce(and_, (self._packed[part] for part in rule.parts))

    def count(self, *rules: Rule) -> int:
        """Return how many of the population all these rules are true of."""
        return int(np.bitwise_count(reduce(and_, map(self._bits, rules))).sum())

    def cell(self, ask: CellRequest) -> Cell:
        """Count one request. Raises the errors of the evaluator."""
        fixed = self.fixed(ask)
        return Cell(
            count=self.count(ask.base_rule, ask.rule),
            base=self.count(ask.base_rule),
            base_rule=ask.base_rule,
            rule=ask.rule,
            source=self.source,
            fixed=fixed.count,
            share_fixed=fixed.share,
        )

    def mentions(self, base_rule: Rule, variable: str) -> int:
        """Return how many options of a multiple-response question the base chose together."""
        codes = self._study.variables[variable].codes
        rules = [Chosen(variable, code.code) for code in codes]
        self.prepare([base_rule, *rules])
        return sum(self.count(base_rule, rule) for rule in rules)


class Truths(Protocol):
    """Who of a population a rule is true of."""

    def prepare(self, rules: Iterable[Rule]) -> None:
        """Read what these rules look at together, which is faster than one by one."""

    def mask(self, rule: Rule) -> Mask:
        """In the snapshot's order."""


class FixedCounts:
    """The groups of respondents whose size was published.

    Two rules are about one group when they have the same members here and it is proven that they
    always have, however they are written: equal members alone may be chance. A group of nobody is
    known by its questions only, since any two of those have the same members.
    """

    def __init__(self, study: Study, truths: Truths, rows: Iterable[PublishedFigure]) -> None:
        self._study, self._truths = study, truths
        self._sources = _Sources(study)
        self._people = SamePeople(study)
        self._known: dict[bytes, dict[AnswerGroup, None]] = {}
        self._asked: set[tuple[bytes, frozenset[str]]] = set()
        self._judged: dict[Rule, bool] = {}
        self._told: dict[CellRequest, Fixed] = {}
        self._dividing: dict[frozenset[str], tuple[Variable, ...]] = {}
        self._places: dict[str, NDArray[np.int16]] = {}
        self._shares: dict[tuple[bytes, bytes], list[PublishedFigure]] = {}
        rows = tuple(rows)
        held = [row for row in rows if _counts(row)]
        shares = [row for row in rows if _is_share(row)]
        truths.prepare(r for row in (*held, *shares) for r in (row.base_rule, row.condition_rule))
        for row in shares:
            part = join_rules(row.base_rule, row.condition_rule)
            self._shares.setdefault(self._both(row.base_rule, part), []).append(row)
        self._add(AnswerGroup(EVERYBODY))
        for row in held:
            self._add(AnswerGroup(row.base_rule))
            self._add(AnswerGroup(join_rules(row.base_rule, row.condition_rule)))
            self._add(AnswerGroup(row.base_rule, without=row.condition_rule))

    def _add(self, group: AnswerGroup) -> None:
        members = self._members(group).tobytes()
        self._known.setdefault(members, {})[group] = None
        self._asked.add((members, self._sources.of(group)))

    def _both(self, base: Rule, part: Rule) -> tuple[bytes, bytes]:
        """The members of a base and of a part of it."""
        return self._truths.mask(base).tobytes(), self._truths.mask(part).tobytes()

    def _members(self, group: AnswerGroup) -> Mask:
        inside = self._truths.mask(group.rule)
        return inside if group.without is None else inside & ~self._truths.mask(group.without)

    def fixed(self, ask: CellRequest) -> Fixed:
        """Return what of this request was published: its count, or only its percentage."""
        if ask not in self._told:
            part = join_rules(ask.base_rule, ask.rule)
            count = self._is_count_fixed(ask.base_rule, part)
            self._told[ask] = Fixed(count, count or self._is_printed_share(ask, part))
        return self._told[ask]

    def _is_count_fixed(self, base: Rule, part: Rule) -> bool:
        """Whether published counts determine both how many these are and their base."""
        return self._is_known(base) and (self._is_known(part) or self._adds_up(base, part))

    def _is_printed_share(self, ask: CellRequest, part: Rule) -> bool:
        """Whether this percentage was published, and the respondents here agree with it."""
        alike = self._shares.get(self._both(ask.base_rule, part), ())
        return any(self._is_share_of(row, ask.base_rule, part) for row in alike)

    def _is_share_of(self, row: PublishedFigure, base: Rule, part: Rule) -> bool:
        """Whether a row of the same members is proven to speak of these groups always."""
        published = join_rules(row.base_rule, row.condition_rule)
        counted, whole = (int(self._truths.mask(rule).sum()) for rule in (part, base))
        agrees = percentage(counted, whole) == row.percent
        return agrees and self._same(base, row.base_rule) and self._same(part, published)

    def _is_known(self, rule: Rule) -> bool:
        if rule not in self._judged:
            self._judged[rule] = self._look_up(rule)
        return self._judged[rule]

    def _look_up(self, rule: Rule) -> bool:
        mask, group = self._truths.mask(rule), AnswerGroup(rule)
        members = mask.tobytes()
        alike = self._known.get(members, {})
        # Equal members of the same questions are proof enough, and looked up at once.
        if group in alike or (members, self._sources.of(group)) in self._asked:
            return True
        return bool(mask.any()) and any(self._people.same(group, other) for other in alike)

    def _same_questions(self, one: AnswerGroup, other: AnswerGroup) -> bool:
        return self._sources.of(one) == self._sources.of(other)

    def _adds_up(self, base: Rule, part: Rule) -> bool:
        """True when the group is some answers to a question of which all counts are known."""
        divided = self._divided_by(self._sources.of(AnswerGroup(part)))
        return any(self._is_some_of(variable, base, part) for variable in divided)

    def _divided_by(self, asked: frozenset[str]) -> tuple[Variable, ...]:
        """The variables with one answer each that rest on one of these questions."""
        if asked not in self._dividing:
            self._dividing[asked] = tuple(
                variable
                for variable in self._study.variables.values()
                if variable.kind is VariableKind.SINGLE
                and not self._sources.behind(variable.name).isdisjoint(asked)
            )
        return self._dividing[asked]

    def _is_some_of(self, variable: Variable, base: Rule, part: Rule) -> bool:
        answers, members = self._answers(variable), self._truths.mask(part)
        inside = np.zeros(len(variable.codes) + 1, dtype=bool)
        inside[answers[members]] = True
        # Rules are joined, which is slow, only where the members alone do not rule it out.
        if not inside.any() or inside[-1]:
            return False
        if int((inside[answers] & self._truths.mask(base)).sum()) != int(members.sum()):
            return False
        rules = [join_rules(base, rule_of(variable, code.code)) for code in variable.codes]
        if not all(map(self._is_known, rules)):
            return False
        return self._same(part, any_of(*compress(rules, inside)))

    def _answers(self, variable: Variable) -> NDArray[np.int16]:
        """For each of the population the place of the answer among the codes; -1 for none."""
        if variable.name not in self._places:
            rules = [rule_of(variable, code.code) for code in variable.codes]
            self._truths.prepare(rules)
            places = np.full(len(self._truths.mask(EVERYBODY)), -1, dtype=np.int16)
            for place, rule in enumerate(rules):
                places[self._truths.mask(rule)] = place
            self._places[variable.name] = places
        return self._places[variable.name]

    def _same(self, part: Rule, whole: Rule) -> bool:
        one, other = AnswerGroup(part), AnswerGroup(whole)
        return self._same_questions(one, other) or self._people.same(one, other)


def _counts(row: PublishedFigure) -> bool:
    return (
        row.measure is Measure.COUNT
        and row.status is Status.REPRODUCE
        and row.population is Population.INCLUDED
    )


def _is_share(row: PublishedFigure) -> bool:
    return (
        row.measure is Measure.COUNT
        and row.status is Status.PERCENT_ONLY
        and row.population is Population.INCLUDED
    )


class _Sources:
    """The asked questions behind the variables of a rule."""

    def __init__(self, study: Study) -> None:
        self._made = study.made_from
        self._found: dict[AnswerGroup, frozenset[str]] = {}

    def of(self, group: AnswerGroup) -> frozenset[str]:
        """Return the questions that decide who is in a group."""
        if group not in self._found:
            named = names(group.rule) | names(group.without or EVERYBODY)
            self._found[group] = frozenset[str]().union(*map(self.behind, named))
        return self._found[group]

    @cache  # noqa: B019 (it lives as long as the counting)
    def behind(self, variable: str) -> frozenset[str]:
        """Return the questions that a variable is made from; a question is its own."""
        if variable not in self._made:
            return frozenset({variable})
        return frozenset[str]().union(*map(self.behind, self._made[variable]))


def make_counter(study: Study, snapshot: Snapshot) -> CellCounter:
    """Return a counter among the included that knows which of its counts are invented."""
    counter = CellCounter(study, snapshot)
    # Whole tables are asked about as well: on levels a new rule needs no query of its own.
    counter.fixed = find_fixed(study, snapshot, Included(study, snapshot))
    return counter


def find_fixed(study: Study, snapshot: Snapshot, truths: Truths) -> Callable[[CellRequest], Fixed]:
    """Tell of a request whether its count and share in this snapshot are more than invented."""
    if snapshot.origin is DataOrigin.REFERENCE:
        return FixedCounts(study, truths, load(study.folder)).fixed
    real = snapshot.origin is DataOrigin.FIELDWORK
    return lambda _: Fixed(count=real, share=real)


def count_cells(
    study: Study,
    snapshot: Snapshot,
    asks: Iterable[CellRequest],
    counter: CellCounter | None = None,
) -> Mapping[CellRequest, Cell]:
    """Count every request among the included respondents.

    With a `counter` of this snapshot, what was read for another purpose is not read again.
    """
    wanted = list(dict.fromkeys(asks))
    counter = counter or make_counter(study, snapshot)
    counter.prepare(rule for ask in wanted for rule in (ask.base_rule, ask.rule))
    return {ask: counter.cell(ask) for ask in wanted}
