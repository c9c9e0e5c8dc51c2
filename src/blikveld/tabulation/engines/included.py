"""The included respondents of a snapshot as columns of level numbers, each read once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from blikveld.inclusion import funnel
from blikveld.responses.rule_masks import Mask, numbers
from blikveld.responses.snapshot import Snapshot
from blikveld.rules import Rule
from blikveld.rules.nodes import And
from blikveld.study.model import Study
from blikveld.tabulation.axes import Axes, Axis
from blikveld.tabulation.cubes import CubeKey, CubeOptions, Sums
from blikveld.tabulation.engines.arrays import ArrayEngine, Levels, Mentions
from blikveld.tabulation.levels import level_sql, needed_axes


class Included:
    """What cubes and rules need of the included; a column is read once, a part of a rule too.

    Masks are as long as there are included, in the snapshot's order.
    """

    def __init__(self, study: Study, snapshot: Snapshot, axes: Axes | None = None) -> None:
        self._study, self._snapshot = study, snapshot
        self._axes = Axes(study) if axes is None else axes
        self._included = funnel(study, snapshot).included
        self._levels: dict[Axis, Levels] = {}
        self._masks: dict[Rule, Mask] = {}
        self._rows = int(self._included.sum())
        self._columns = ArrayEngine(self._axes, self._rows, self._levels)

    def engine(
        self, keys: Iterable[CubeKey], weights: Mapping[str, Sums] | None = None
    ) -> ArrayEngine:
        """What these cubes need, in memory.

        `weights` gives numbers to names that keys use, one for each row of the snapshot; other
        names are numeric variables. Raises BadWeights.
        """
        wanted = tuple(dict.fromkeys(keys))
        self._read(needed_axes(self._axes, wanted))
        given = dict(weights or {})
        names = {key.weight for key in wanted if key.weight is not None}
        weighed = {n: given[n] if n in given else numbers(self._snapshot, n) for n in names}
        options = {key.answer: None for key in wanted if isinstance(key.answer, CubeOptions)}
        return ArrayEngine(
            self._axes,
            self._rows,
            self._levels,
            {answer.name: self._mentions(answer) for answer in options},
            {name: weighed[name][self._included] for name in names},
        )

    def prepare(self, rules: Iterable[Rule]) -> None:
        """Read what these rules look at in one query."""
        self._read(self._axes.needed(rules))

    def mask(self, rule: Rule) -> Mask:
        """Who of the included the rule is true of."""
        found = self._masks.get(rule)
        if found is None:
            self.prepare([rule])
            found = self._masks[rule] = self._made(rule)
        return found

    def _made(self, rule: Rule) -> Mask:
        if not isinstance(rule, And):
            return self._columns.true(rule)
        mask = np.ones(self._rows, dtype=bool)
        for part in rule.parts:
            mask &= self.mask(part)
        return mask

    def _read(self, axes: Iterable[Axis]) -> None:
        new = tuple(axis for axis in axes if axis not in self._levels)
        if not new:
            return
        columns = ", ".join(
            f"CAST({level_sql(axis, self._study.variables)} AS SMALLINT) AS a{index}"
            for index, axis in enumerate(new)
        )
        with self._snapshot.connect() as connection:
            # Names and codes in `columns` were quoted by `level`.
            query = f"SELECT {columns} FROM respondents"  # noqa: S608
            arrays = connection.execute(query).fetchnumpy()
        for index, axis in enumerate(new):
            column = np.asarray(arrays[f"a{index}"], dtype=np.int16)
            self._levels[axis] = column[self._included]

    def _mentions(self, options: CubeOptions) -> Mentions:
        chosen = [self._levels[self._axes.option(options.name, c)] == 0 for c in options.codes]
        rows, places = np.nonzero(np.array(chosen).T)
        return Mentions(rows.astype(np.int32), places.astype(np.int16))
