"""No small group per domain follows from what is shown beside it."""

from __future__ import annotations

from collections import defaultdict
from itertools import product

from blikveld.fieldwork.domains import Shown, protected

FEWEST = 3


def test_every_small_group_could_be_any_small_number() -> None:
    """Every world of four groups that prints the same is tried; the total is always known."""
    printed = defaultdict(list)
    for numbers in product(range(17), repeat=4):
        if sum(numbers) > 16:
            continue
        shown = protected(dict(zip("abcd", numbers, strict=True)), FEWEST)
        if shown is not None:
            told = tuple(
                (what, number if what is Shown.EXACTLY else None)
                for what, number in zip(shown.values(), numbers, strict=True)
            )
            printed[sum(numbers), told].append(numbers)
    assert len(printed) > 500
    for (_, told), worlds in printed.items():
        for place, (what, _number) in enumerate(told):
            if what is Shown.FEW:
                assert {world[place] for world in worlds} == set(range(FEWEST)), told


def test_large_groups_are_shown_and_nothing_where_nothing_can_be() -> None:
    assert protected({"a": 9, "b": 7}, 5) == {"a": Shown.EXACTLY, "b": Shown.EXACTLY}
    assert protected({"a": 6, "b": 0}, 5) is None
    assert protected({"a": 20, "b": 9, "c": 1}, 5) == {
        "a": Shown.HIDDEN,
        "b": Shown.EXACTLY,
        "c": Shown.FEW,
    }
