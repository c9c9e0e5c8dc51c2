"""A snapshot's included respondents as arrays of levels, read in one query."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from blikveld.inclusion import funnel
from blikveld.responses.masks import Mask, numbers
from blikveld.responses.snapshot import Snapshot
from blikveld.study.model import Study
from blikveld.tabulation.axes import Axes, Axis
from blikveld.tabulation.cubes import CubeKey, Options, Sums
from blikveld.tabulation.engines.arrays import ArrayEngine, Levels, Mentions
from blikveld.tabulation.levels import level


def load(
    study: Study,
    snapshot: Snapshot,
    axes: Axes,
    keys: Iterable[CubeKey],
    weights: Mapping[str, Sums] | None = None,
) -> ArrayEngine:
    """What these cubes need of the snapshot, of the included alone.

    `weights` gives numbers to names that keys use, one for each row of the snapshot; other names
    are numeric variables. Raises BadWeights.
    """
    wanted = tuple(dict.fromkeys(keys))
    included = funnel(study, snapshot).included
    needed = needed_axes(axes, wanted)
    names = {key.weight for key in wanted if key.weight is not None}
    levels = read_levels(study, snapshot, needed, included)
    given = dict(weights or {})
    weighed = {n: given[n] if n in given else numbers(snapshot, n) for n in names}
    return ArrayEngine(
        axes,
        int(included.sum()),
        levels,
        {o.name: _mentions(axes, o, levels) for o in _options(wanted)},
        {name: weighed[name][included] for name in names},
    )


def needed_axes(axes: Axes, keys: Iterable[CubeKey]) -> tuple[Axis, ...]:
    """Every axis that these cubes look at, each once."""
    found: dict[Axis, None] = {}
    for key in keys:
        found.update(dict.fromkeys((*key.strata, *axes.needed(key.where))))
        match key.answer:
            case Axis():
                found[key.answer] = None
            case Options(name, codes):
                found[axes.state(name)] = None
                found.update(dict.fromkeys(axes.option(name, code) for code in codes))
    return tuple(found)


def _options(keys: Iterable[CubeKey]) -> tuple[Options, ...]:
    return tuple({key.answer: None for key in keys if isinstance(key.answer, Options)})


def read_levels(
    study: Study, snapshot: Snapshot, axes: tuple[Axis, ...], included: Mask
) -> dict[Axis, Levels]:
    """The level of everybody included on each of these axes, in the snapshot's order."""
    if not axes:
        return {}
    columns = ", ".join(
        f"CAST({level(axis, study.variables)} AS SMALLINT) AS a{place}"
        for place, axis in enumerate(axes)
    )
    with snapshot.connect() as connection:
        # Names and codes in `columns` were quoted by `level`.
        query = f"SELECT {columns} FROM respondents"  # noqa: S608
        arrays = connection.execute(query).fetchnumpy()
    return {
        axis: np.asarray(arrays[f"a{place}"], dtype=np.int16)[included]
        for place, axis in enumerate(axes)
    }


def _mentions(axes: Axes, options: Options, levels: Mapping[Axis, Levels]) -> Mentions:
    chosen = np.array([levels[axes.option(options.name, c)] == 0 for c in options.codes]).T
    rows, places = np.nonzero(chosen)
    return Mentions(rows.astype(np.int32), places.astype(np.int16))
