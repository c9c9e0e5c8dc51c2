"""What an engine has to know of respondents to count cubes."""

from __future__ import annotations

from collections.abc import Iterable

from blikveld.tabulation.axes import Axes, Axis
from blikveld.tabulation.cubes import CubeKey, Options


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
