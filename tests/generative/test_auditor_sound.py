"""What the auditor says follows, follows: on small populations every possibility is tried."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from blikveld.auditor.bounds import find_bounds
from blikveld.auditor.conditions import evaluate_condition
from blikveld.auditor.imagining import imagine_crowd
from blikveld.auditor.population import AskedVariable, AuditedPopulation
from blikveld.auditor.relations import relate_groups
from blikveld.auditor.statements import Publication, Statement, Where, list_conditions

CODES = {"x": ("p", "q"), "y": ("k", "l", "m")}
POPULATION = AuditedPopulation(tuple(AskedVariable(name, codes) for name, codes in CODES.items()))
ATOMS = list(product(*CODES.values()))
GROUPS = {
    "True": lambda x, y: True,
    "x == 'p'": lambda x, y: x == "p",
    "x != 'p'": lambda x, y: x == "q",
    "y == 'k'": lambda x, y: y == "k",
    "y in ('l', 'm')": lambda x, y: y in "lm",
    "y == 'm'": lambda x, y: y == "m",
    "x == 'p' and y == 'k'": lambda x, y: (x, y) == ("p", "k"),
    "y == 'l' and x == 'p'": lambda x, y: (x, y) == ("p", "l"),
    "x == 'p' and y == 'm'": lambda x, y: (x, y) == ("p", "m"),
    "x == 'q' and not y == 'k'": lambda x, y: x == "q" and y != "k",
}
COUNTS = st.tuples(*(st.integers(0, 3) for _ in ATOMS))
SHOWN = st.tuples(*(st.booleans() for _ in GROUPS))


def _size(group: str, counts: tuple[int, ...]) -> int:
    member = GROUPS[group]
    return sum(count for atom, count in zip(ATOMS, counts, strict=True) if member(*atom))


def _publish(counts: tuple[int, ...], shown: tuple[bool, ...]) -> Publication:
    found = Publication()
    for group, is_shown in zip(GROUPS, shown, strict=True):
        size = _size(group, counts)
        low, high = (size, size) if is_shown else (0, None)
        found.statements.append(Statement(group, low, high, Where("made up"), not is_shown))
    return found


def _possible(publication: Publication, most: int) -> Mapping[str, tuple[int, int]]:
    """The ends of every group over all populations that have the published numbers."""
    said = {s.group: s.low for s in publication.statements if s.is_exact}
    ends: dict[str, tuple[int, int]] = {}
    for world in product(range(most + 1), repeat=len(ATOMS)):
        if all(_size(group, world) == count for group, count in said.items()):
            for group in GROUPS:
                size = _size(group, world)
                low, high = ends.get(group, (size, size))
                ends[group] = (min(low, size), max(high, size))
    return ends


@settings(max_examples=60, deadline=None)
@given(COUNTS, SHOWN)
def test_no_possible_count_is_ruled_out(counts: tuple[int, ...], shown: tuple[bool, ...]) -> None:
    publication = _publish(counts, shown)
    crowd = imagine_crowd(POPULATION, list_conditions(publication))
    web = relate_groups(POPULATION, crowd, publication)
    bounds = find_bounds(web)
    ends = _possible(publication, 3)
    for index, group in enumerate(web.groups):
        if group.name in ends:
            low, high = ends[group.name]
            assert bounds.low[index] <= low
            assert high <= bounds.high[index]


@settings(max_examples=60, deadline=None)
@given(COUNTS, SHOWN)
def test_what_follows_from_sums_of_two_or_three_is_found(
    counts: tuple[int, ...], shown: tuple[bool, ...]
) -> None:
    """With the whole printed, every count that only one population allows is known exactly."""
    publication = _publish(counts, (True, *shown[1:]))
    crowd = imagine_crowd(POPULATION, list_conditions(publication))
    web = relate_groups(POPULATION, crowd, publication)
    bounds = find_bounds(web)
    size = _size("True", counts)
    if size > 5:
        return
    ends = _possible(publication, size)
    masks = {group: evaluate_condition(crowd, group).true.tobytes() for group in GROUPS}
    place_of = {web_group.name: index for index, web_group in enumerate(web.groups)}
    for group, (low, high) in ends.items():
        same = next(name for name in place_of if masks.get(name) == masks[group])
        if low == high:
            assert bounds.low[place_of[same]] == bounds.high[place_of[same]] == low
