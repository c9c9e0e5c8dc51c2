"""Counting: each Ask becomes a Cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from blikveld.inclusion import funnel
from blikveld.responses.rule_masks import Mask, masks
from blikveld.responses.snapshot import Snapshot
from blikveld.results.cell import Cell, CellRequest, CellSource, Fixed
from blikveld.rules import Rule
from blikveld.rules.nodes import And, Chosen
from blikveld.study.model import Study


class CellCounter:
    """Counts among one population of a snapshot: the included, or with `everybody` all who began.

    Rules are evaluated once each, however many Cells use them. `fixed` tells of an Ask whether
    its count or share is more than a drawn one; of real responses both are.
    """

    def __init__(self, study: Study, snapshot: Snapshot, *, everybody: bool = False) -> None:
        self._study, self._snapshot = study, snapshot
        self.variables = study.variables
        self.fixed: Callable[[CellRequest], Fixed] = lambda ask: Fixed(count=True, share=True)
        self._population: Mask | None = None if everybody else funnel(study, snapshot).included
        self._masks: dict[Rule, Mask] = {}
        self.source = CellSource(study.key, study.version, snapshot.digest)

    def prepare(self, rules: Iterable[Rule]) -> None:
        """Evaluate these rules together, which is faster than one by one."""
        new = [rule for rule in dict.fromkeys(rules) if rule not in self._masks]
        found = masks(self._study, self._snapshot, new)
        for rule, mask in found.items():
            self._masks[rule] = mask if self._population is None else mask & self._population

    def mask(self, rule: Rule) -> Mask:
        """Who of the population the rule is true of, in the snapshot's order."""
        if rule not in self._masks:
            self._masks[rule] = self._mask(rule)
        return self._masks[rule]

    def _mask(self, rule: Rule) -> Mask:
        if not isinstance(rule, And):
            self.prepare([rule])
            return self._masks[rule]
        # Rules that are joined are rarely new themselves, and adding up asks nobody again.
        self.prepare(rule.parts)
        parts = np.array([self._masks[part] for part in rule.parts])
        return np.asarray(parts.all(axis=0))

    def count(self, rule: Rule) -> int:
        """How many of the population the rule is true of."""
        return int(self.mask(rule).sum())

    def cell(self, ask: CellRequest) -> Cell:
        """Count one Ask. Raises the errors of the evaluator."""
        base, part, fixed = self.mask(ask.base_rule), self.mask(ask.rule), self.fixed(ask)
        return Cell(
            count=int((base & part).sum()),
            base=int(base.sum()),
            base_rule=ask.base_rule,
            rule=ask.rule,
            source=self.source,
            fixed=fixed.count,
            share_fixed=fixed.share,
        )

    def mentions(self, base_rule: Rule, variable: str) -> int:
        """How many options of a multiple-response question the base chose together."""
        codes = self._study.variables[variable].codes
        rules = [Chosen(variable, code.code) for code in codes]
        self.prepare([base_rule, *rules])
        base = self.mask(base_rule)
        return sum(int((base & self.mask(rule)).sum()) for rule in rules)
