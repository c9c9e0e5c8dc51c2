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
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from blikveld.disclosure.people import Members, People
from blikveld.study.model import VariableKind

_BLOCK = 256
_SEED = 20210407
_WORD = 32
_TABLE = 22
"""By so many bits of a sum a table says that no group can have it: few places of it are taken."""


@dataclass(frozen=True, slots=True)
class Relation:
    """A whole and its parts, by their members; with `at_least` parts may overlap.

    `answer` is the part that no number was printed of where that is one answer, not several.
    """

    whole: Members
    parts: tuple[Members, ...]
    at_least: bool = False
    answer: Members = 0


class GroupIndex:
    """Groups of respondents as rows of bits, each with a sum of random numbers.

    A word of bits counts its value times a random number, so that the sums of parts that do not
    overlap add up to that of their whole. Equal sums are looked at again, bit by bit.
    """

    def __init__(self, groups: Sequence[Members]) -> None:
        self.groups = groups
        longest = max((group.bit_length() for group in groups), default=1)
        self._words = -(-longest // _WORD)
        self.rows = np.stack([self.words(group) for group in groups]) if groups else _NO_ROWS
        random = np.random.default_rng(_SEED)
        self._numbers = random.integers(0, 2**64, self._words, dtype=np.uint64)
        self.sums = self._sum(self.rows)
        self.places: dict[int, int] = {}
        for place, found in enumerate(self.sums.tolist()):
            self.places.setdefault(found, place)

    def words(self, group: Members) -> NDArray[np.uint32]:
        """The bits of a group; those of respondents in none of the groups are left out."""
        bits = group & ((1 << self._words * _WORD) - 1)
        return np.frombuffer(bits.to_bytes(self._words * 4, "little"), dtype=np.uint32)

    def parts(self, who: Members) -> dict[int, int]:
        """For each group, by place, the group that its members in `who` are; none where unknown."""
        mask, found = self.words(who), {}
        for start in range(0, len(self.groups), _BLOCK):
            sums = self._sum(self.rows[start : start + _BLOCK] & mask)
            for row in np.flatnonzero(self.may_be(sums)).tolist():
                place = self.places.get(int(sums[row]))
                if place is not None and self.groups[place] == self.groups[start + row] & who:
                    found[start + row] = place
        return found

    def may_be(self, sums: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """Where a sum could be that of a group with somebody in it; certainly not elsewhere."""
        found: NDArray[np.bool_] = self._table[sums >> np.uint64(64 - _TABLE)] & (sums != 0)
        return found

    @cached_property
    def _table(self) -> NDArray[np.bool_]:
        table = np.zeros(1 << _TABLE, dtype=bool)
        table[self.sums >> np.uint64(64 - _TABLE)] = True
        return table

    def _sum(self, rows: NDArray[np.uint32]) -> NDArray[np.uint64]:
        found: NDArray[np.uint64] = rows.astype(np.uint64) @ self._numbers
        return found


_NO_ROWS = np.zeros((0, 1), dtype=np.uint32)


def divided(
    people: People, groups: Sequence[Members], *, closed: bool = False
) -> Iterator[Relation]:
    """Every group as the sum of its parts by each variable of which a part is among these groups.

    With `closed` only where the rest, too, is among them.
    """
    known = frozenset(groups)
    for whole, parts, answers in _cut(people, groups, VariableKind.SINGLE):
        rest = _without(whole, parts)
        if not closed or not rest or rest in known:
            answer = rest if any(whole & who == rest for who in answers) else 0
            yield Relation(whole, (*parts, rest) if rest else parts, answer=answer)


def chosen(people: People, groups: Sequence[Members]) -> Iterator[Relation]:
    """Groups of whom everybody ticked an option that may be printed, or is in a printed rest."""
    known = frozenset(groups)
    for whole, parts, _ in _cut(people, groups, VariableKind.MULTIPLE):
        rest = _without(whole, parts)
        if len(parts) > 1 and (not rest or rest in known):
            yield Relation(whole, (*parts, rest) if rest else parts, at_least=True)


def _cut(
    people: People, groups: Sequence[Members], kind: VariableKind
) -> Iterator[tuple[Members, tuple[Members, ...], Sequence[Members]]]:
    """Each group with those of its parts by a variable that are groups, and who gave each answer.

    A group that is within one answer is left out.
    """
    index = GroupIndex(groups)
    names = [name for name, v in people.variables.items() if v.codes and v.kind is kind]
    answers = [tuple(people.parts(name).values()) for name in names]
    cuts: dict[tuple[int, int], tuple[int, ...]] = {}
    for number, given in enumerate(answers):
        for who in given:
            for whole, part in index.parts(who).items():
                before = cuts.get((whole, number), ())
                if part not in before:
                    cuts[whole, number] = (*before, part)
    for (whole, number), parts in sorted(cuts.items()):
        if whole not in parts:
            yield groups[whole], tuple(groups[part] for part in parts), answers[number]


def _without(whole: Members, parts: Sequence[Members]) -> Members:
    for part in parts:
        whole &= ~part
    return whole


def added(groups: Sequence[Members]) -> Iterator[Relation]:
    """Every group that is two others together, all three among these."""
    index = GroupIndex(groups)
    for start in range(0, len(groups), _BLOCK):
        left = index.sums[start : start + _BLOCK, None] - index.sums[None, :]
        for row, part in zip(*np.nonzero(index.may_be(left)), strict=True):
            whole, rest = start + int(row), index.places.get(int(left[row, part]), -1)
            # Each pair is found from both of its parts; one of the two tells it.
            if rest > int(part):
                yield from _checked(groups[whole], groups[int(part)], groups[rest])


def _checked(whole: Members, part: Members, rest: Members) -> Iterator[Relation]:
    if part and rest and part & rest == 0 and part | rest == whole:
        yield Relation(whole, (part, rest))


def nearly_equal(
    groups: Sequence[Members], counts: Mapping[Members, int], apart: range
) -> Iterator[tuple[Members, Members]]:
    """Pairs of a group and one inside it of which the counts differ by so many people."""
    sizes, rows = np.array([counts[group] for group in groups]), GroupIndex(groups).rows
    for at, whole in enumerate(groups):
        left = counts[whole] - sizes
        near = np.flatnonzero((left >= apart.start) & (left < apart.stop))
        outside = ~rows[at]
        inside = near[~(rows[near] & outside).any(axis=1)]
        yield from ((whole, groups[int(one)]) for one in inside if one != at and groups[int(one)])
