"""What somebody knows of groups who knows who can be in them: wholes, their parts and their rests.

Three kinds of relation are looked for among the groups that may be printed, by their members.

- A single answer divides a whole. What is not printed of it is a rest: an unknown number, and one
  and the same where two wholes leave the same people.
- Of a question with several answers each is no larger than the whole; where everybody ticks
  something that is printed, together they are no fewer.
- Any group that is two others together, whatever the rules say: found by sums of random numbers,
  one a respondent, and then held against the members themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from blikveld.disclosure.people import Members, People
from blikveld.study.model import VariableKind

_BLOCK = 256
_SEED = 20210407


@dataclass(frozen=True, slots=True)
class Relation:
    """A whole and its parts, by their members; with `at_least` parts may overlap."""

    whole: Members
    parts: tuple[Members, ...]
    at_least: bool = False


def divided(
    people: People, groups: Sequence[Members], *, closed: bool = False
) -> Iterator[Relation]:
    """Every group as the sum of its parts by each variable of which a part is among these groups.

    With `closed` only where the rest, too, is among them.
    """
    known = frozenset(groups)
    single = [
        tuple(people.parts(name).values())
        for name, variable in people.variables.items()
        if variable.codes and variable.kind is VariableKind.SINGLE
    ]
    for whole in groups:
        for answers in single:
            parts = _printed(whole, answers, known)
            rest = _without(whole, parts)
            if parts and (not closed or not rest or rest in known):
                yield Relation(whole, (*parts, rest) if rest else parts)


def chosen(people: People, groups: Sequence[Members]) -> Iterator[Relation]:
    """Groups of whom everybody ticked an option that may be printed, or is in a printed rest."""
    known = frozenset(groups)
    several = [
        tuple(people.parts(name).values())
        for name, variable in people.variables.items()
        if variable.codes and variable.kind is VariableKind.MULTIPLE
    ]
    for whole in groups:
        for options in several:
            parts = _printed(whole, options, known)
            rest = _without(whole, parts)
            if len(parts) > 1 and (not rest or rest in known):
                yield Relation(whole, (*parts, rest) if rest else parts, at_least=True)


def _printed(
    whole: Members, answers: Sequence[Members], known: frozenset[Members]
) -> tuple[Members, ...]:
    """The parts of a whole that may be printed themselves; none where one is the whole."""
    inside = (whole & who for who in answers)
    parts = tuple(dict.fromkeys(part for part in inside if part and part in known))
    return () if whole in parts else parts


def _without(whole: Members, parts: Sequence[Members]) -> Members:
    for part in parts:
        whole &= ~part
    return whole


def added(groups: Sequence[Members]) -> Iterator[Relation]:
    """Every group that is two others together, all three among these."""
    places = {group: at for at, group in enumerate(groups)}
    sums = _sums(groups)
    order = np.argsort(sums, kind="stable")
    ranked = sums[order]
    for start in range(0, len(groups), _BLOCK):
        block = sums[start : start + _BLOCK]
        left = block[:, None] - sums[None, :]
        at = np.searchsorted(ranked, left)
        hits = ranked[np.minimum(at, len(groups) - 1)] == left
        for row, column in zip(*np.nonzero(hits), strict=True):
            whole, part = groups[start + int(row)], groups[int(column)]
            rest = whole & ~part
            # Each pair is found from both of its parts; one of the two tells it.
            if part and rest and part & ~whole == 0 and places.get(rest, -1) > int(column):
                yield Relation(whole, (part, rest))


def _sums(groups: Sequence[Members]) -> NDArray[np.uint64]:
    """For each group the sum of a random number a respondent: equal groups have equal sums."""
    length = max((group.bit_length() for group in groups), default=1)
    numbers = np.random.default_rng(_SEED).integers(0, 2**64, length, dtype=np.uint64)
    return np.array([_sum(group, numbers) for group in groups], dtype=np.uint64)


def _sum(group: Members, numbers: NDArray[np.uint64]) -> np.uint64:
    raw = np.frombuffer(group.to_bytes((len(numbers) + 7) // 8, "little"), dtype=np.uint8)
    flags = np.unpackbits(raw, count=len(numbers), bitorder="little").astype(bool)
    return np.uint64(numbers[flags].sum(dtype=np.uint64))


def nearly_equal(
    groups: Sequence[Members], counts: Mapping[Members, int], apart: range
) -> Iterator[tuple[Members, Members]]:
    """Pairs of a group and one inside it of which the counts differ by so many people."""
    sizes = np.array([counts[group] for group in groups])
    for at, whole in enumerate(groups):
        left = counts[whole] - sizes
        for other in np.flatnonzero((left >= apart.start) & (left < apart.stop)):
            part = groups[int(other)]
            if int(other) != at and part and part & ~whole == 0:
                yield whole, part
