"""Who a rule is true of, from columns of levels: for many rules over few variables."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from blikveld.inclusion import funnel
from blikveld.responses.masks import Mask
from blikveld.responses.snapshot import Snapshot
from blikveld.rules import Rule, parse
from blikveld.rules.nodes import And
from blikveld.study.model import Study
from blikveld.tabulation.axes import Axes, Axis
from blikveld.tabulation.engines.arrays import ArrayEngine, Levels
from blikveld.tabulation.engines.load import read_levels


class Truths:
    """Masks among the included of a snapshot; a variable is read once, a part of a rule too."""

    def __init__(self, study: Study, snapshot: Snapshot) -> None:
        self._study, self._snapshot = study, snapshot
        self._axes = Axes(study)
        self._included = funnel(study, snapshot).included
        self._levels: dict[Axis, Levels] = {}
        self._masks: dict[Rule, Mask] = {}
        self._texts: dict[str, Mask] = {}
        rows = int(self._included.sum())
        self._everybody = np.ones(rows, dtype=bool)
        self._engine = ArrayEngine(self._axes, rows, self._levels)

    def prepare(self, rules: Iterable[str]) -> None:
        """Read what these rules look at in one query."""
        needed = self._axes.needed(parse(rule) for rule in rules)
        new = tuple(axis for axis in needed if axis not in self._levels)
        self._levels.update(read_levels(self._study, self._snapshot, new, self._included))

    def mask(self, rule: str) -> Mask:
        """Who of the included the rule is true of, in the snapshot's order."""
        if rule not in self._texts:
            self.prepare([rule])
            self._texts[rule] = self._mask(parse(rule))
        return self._texts[rule]

    def _mask(self, rule: Rule) -> Mask:
        if rule not in self._masks:
            self._masks[rule] = self._made(rule)
        return self._masks[rule]

    def _made(self, rule: Rule) -> Mask:
        if not isinstance(rule, And):
            return self._engine.true(rule)
        mask = self._everybody
        for part in rule.parts:
            mask = mask & self._mask(part)
        return mask
