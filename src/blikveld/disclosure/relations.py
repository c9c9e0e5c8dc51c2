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

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from blikveld.disclosure.people import Members, People
from blikveld.study.model import VariableKind

_BLOCK = 256
_SEED = 20210407
_WORD = 32
_SAMPLE = 4
"""Of so many words one is looked at first: most groups that are not equal differ in these."""
_FEW = 8
"""So many members of a group are looked up before it is held against another one bit by bit."""
_TABLE = 22
"""By so many bits of a sum a table says that no group can have it: few places of it are taken."""


Places: TypeAlias = NDArray[np.intp]
"""Where groups stand in a list of them."""


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
        self._rows = np.stack([self._row(group) for group in groups]) if groups else _NO_ROWS
        random = np.random.default_rng(_SEED)
        self._numbers = random.integers(0, 2**64, self._words, dtype=np.uint64)

    @cached_property
    def sums(self) -> NDArray[np.uint64]:
        """The sum of each group."""
        return _sum(self._rows.astype(np.uint64), self._numbers)

    @cached_property
    def places(self) -> Mapping[int, int]:
        """The place of a group by its sum."""
        return dict(reversed([(found, place) for place, found in enumerate(self.sums.tolist())]))

    def _row(self, group: Members) -> NDArray[np.uint32]:
        """The bits of a group; those of respondents in none of the groups are left out."""
        bits = group & ((1 << self._words * _WORD) - 1)
        return np.frombuffer(bits.to_bytes(self._words * 4, "little"), dtype=np.uint32)

    def inside(self, who: Members, among: Places | None = None) -> list[int]:
        """The places of the groups that hold nobody else; those of nobody are left out."""
        flags = np.unpackbits(self._row(who).view(np.uint8), bitorder="little").view(bool)
        few = self._few if among is None else self._few[among]
        near = np.flatnonzero(flags[few].all(axis=1))
        places = near if among is None else among[near]
        return [at for at in places.tolist() if self.groups[at] and self.groups[at] | who == who]

    def cuts(self, answers: Sequence[Members]) -> Iterator[tuple[int, int]]:
        """Each group that is within none of these answers, with each group that one leaves of it.

        Both by their place, in the order of the answers.
        """
        inside = [self.inside(who) for who in answers]
        within = [place for places in inside for place in places]
        wholes = np.setdiff1d(np.arange(len(self.groups)), within)
        sample = self._sample[wholes]
        for who, parts in zip(answers, inside, strict=True):
            if parts:
                yield from self._cut(wholes, sample, who, parts)

    def _cut(
        self, wholes: Places, sample: NDArray[np.uint64], who: Members, parts: Sequence[int]
    ) -> Iterator[tuple[int, int]]:
        mask, numbers = self._row(who)[::_SAMPLE].astype(np.uint64), self._numbers[::_SAMPLE]
        sums, known = _sum(sample & mask, numbers), _sum(self._sample[parts], numbers)
        alike: dict[int, list[int]] = defaultdict(list)
        for part, found in zip(parts, known.tolist(), strict=True):
            alike[found].append(part)
        near = np.isin(sums, known)
        for whole, found in zip(wholes[near].tolist(), sums[near].tolist(), strict=True):
            left = self.groups[whole] & who
            yield from ((whole, part) for part in alike[found] if self.groups[part] == left)

    @cached_property
    def _sample(self) -> NDArray[np.uint64]:
        return self._rows[:, ::_SAMPLE].astype(np.uint64)

    @cached_property
    def _few(self) -> Places:
        """Some members of each group, spread over its words; the first respondent for nobody."""
        words = (np.flatnonzero(row) for row in self._rows)
        spread = (
            np.resize(held[:: -(-len(held) // _FEW)] if len(held) else 0, _FEW) for held in words
        )
        chosen = np.array([*spread], dtype=np.intp).reshape(-1, _FEW)
        bits = np.take_along_axis(self._rows, chosen, axis=1).astype(np.int64)
        lowest = np.frexp((bits & -bits).astype(float))[1].clip(1) - 1
        return np.asarray(chosen * _WORD + lowest, dtype=np.intp)

    def may_be(self, sums: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """Where a sum could be that of a group with somebody in it; certainly not elsewhere."""
        found: NDArray[np.bool_] = self._table[sums >> np.uint64(64 - _TABLE)] & (sums != 0)
        return found

    @cached_property
    def _table(self) -> NDArray[np.bool_]:
        table = np.zeros(1 << _TABLE, dtype=bool)
        table[self.sums >> np.uint64(64 - _TABLE)] = True
        return table


def _sum(rows: NDArray[np.uint64], numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    # What `rows @ numbers` is, which is ten times as slow for whole numbers.
    found: NDArray[np.uint64] = np.einsum("ij,j->i", rows, numbers)
    return found


_NO_ROWS = np.zeros((0, 1), dtype=np.uint32)


def divided(people: People, index: GroupIndex, *, closed: bool = False) -> Iterator[Relation]:
    """Every group as the sum of its parts by each variable of which a part is among these groups.

    With `closed` only where the rest, too, is among them.
    """
    known = frozenset(index.groups)
    for whole, parts, answers in _cut(people, index, VariableKind.SINGLE):
        rest = _without(whole, parts)
        if not closed or not rest or rest in known:
            answer = rest if any(whole & who == rest for who in answers) else 0
            yield Relation(whole, (*parts, rest) if rest else parts, answer=answer)


def chosen(people: People, index: GroupIndex) -> Iterator[Relation]:
    """Groups of whom everybody ticked an option that may be printed, or is in a printed rest."""
    known = frozenset(index.groups)
    for whole, parts, _ in _cut(people, index, VariableKind.MULTIPLE):
        rest = _without(whole, parts)
        if len(parts) > 1 and (not rest or rest in known):
            yield Relation(whole, (*parts, rest) if rest else parts, at_least=True)


def _cut(
    people: People, index: GroupIndex, kind: VariableKind
) -> Iterator[tuple[Members, tuple[Members, ...], Sequence[Members]]]:
    """Each group with those of its parts by a variable that are groups, and who gave each answer.

    A group that is within one answer is left out.
    """
    names = [name for name, v in people.variables.items() if v.codes and v.kind is kind]
    answers = [tuple(people.parts(name).values()) for name in names]
    cuts: dict[tuple[int, int], dict[int, None]] = defaultdict(dict)
    for number, given in enumerate(answers):
        for whole, part in index.cuts(given):
            cuts[whole, number][part] = None
    for (whole, number), parts in sorted(cuts.items()):
        yield index.groups[whole], tuple(index.groups[part] for part in parts), answers[number]


def _without(whole: Members, parts: Sequence[Members]) -> Members:
    for part in parts:
        whole &= ~part
    return whole


def added(index: GroupIndex) -> Iterator[Relation]:
    """Every group that is two others together, all three among these."""
    groups = index.groups
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
    sizes, index = np.array([counts[group] for group in groups]), GroupIndex(groups)
    for at, whole in enumerate(groups):
        left = counts[whole] - sizes
        near = np.flatnonzero((left >= apart.start) & (left < apart.stop))
        yield from ((whole, groups[one]) for one in index.inside(whole, near) if one != at)
