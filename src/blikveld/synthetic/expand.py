"""From counts per cell to persons: who of a group gets which answer, drawn with a fixed seed."""

from __future__ import annotations

import random
from collections.abc import MutableSequence, Sequence

from blikveld.rules import Missing, Value
from blikveld.synthetic.cells import Cells
from blikveld.synthetic.solve import Ints


def expand(
    cells: Cells, counts: Ints, people: Sequence[dict[str, Value]], draw: random.Random
) -> None:
    """Give each person the new values, so that each cell has as many persons as was found."""
    for index, group in enumerate(cells.groups):
        members = list(group.members)
        draw.shuffle(members)
        taken = iter(members)
        for column in _columns(cells, index):
            combination = cells.combinations[cells.combination_of[column]]
            for _ in range(int(counts[column])):
                people[next(taken)].update(zip(cells.new, combination, strict=True))


def allocate(
    cells: Cells, counts: Ints, people: Sequence[dict[str, Value]], draw: random.Random
) -> None:
    """Give each person a set of options, so that each option is given as often as was found.

    Everybody gets at least one; who gets an exclusive option gets no other.
    """
    (name,) = cells.new
    order = [option.code for option in cells.lookup.study.questions[name].options]
    alone = {o.code for o in cells.lookup.study.questions[name].options if o.exclusive}
    for index, group in enumerate(cells.groups):
        wanted = _wanted(cells, counts, index)
        if wanted is None:
            for member in group.members:
                people[member][name] = Missing.NOT_ASKED
            continue
        members = list(group.members)
        draw.shuffle(members)
        for member, chosen in zip(members, sets_of(len(members), wanted, alone, draw), strict=True):
            people[member][name] = tuple(code for code in order if code in chosen)


def _columns(cells: Cells, index: int) -> list[int]:
    return [int(c) for c in (cells.group_of == index).nonzero()[0]]


def _wanted(cells: Cells, counts: Ints, index: int) -> dict[str, int] | None:
    wanted: dict[str, int] = {}
    for column in _columns(cells, index):
        (value,) = cells.combinations[cells.combination_of[column]]
        if not isinstance(value, tuple):
            return None
        wanted[value[0]] = int(counts[column])
    return wanted


def sets_of(
    size: int, wanted: dict[str, int], alone: set[str], draw: random.Random
) -> list[set[str]]:
    """One set of options for each of `size` persons; `wanted` tells how often each is given.

    It must be possible: no option more often than there is room beside those that stand alone,
    and together enough for everybody.
    """
    sets: list[set[str]] = [set() for _ in range(size)]
    start = 0
    for code in sorted(alone & set(wanted)):
        for chosen in sets[start : start + wanted[code]]:
            chosen.add(code)
        start += wanted[code]
    open_sets = sets[start:]
    for code in sorted(set(wanted) - alone):
        for chosen in draw.sample(open_sets, wanted[code]):
            chosen.add(code)
    _fill_empty(open_sets, draw)
    return sets


def _fill_empty(sets: MutableSequence[set[str]], draw: random.Random) -> None:
    # Somebody without any option takes over one from somebody who has the most.
    for empty in [chosen for chosen in sets if not chosen]:
        richest = max(sets, key=len)
        code = draw.choice(sorted(richest))
        richest.discard(code)
        empty.add(code)
