"""How groups hang together: which are the same people, and which add up to which.

A group is known by two sums of random numbers, one number a possible respondent. Equal sums are
equal groups, and sums add up where groups do, so that every relation `whole = part + part` shows
as an equality of numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from blikveld.auditor.conditions import (
    EVERYBODY,
    Crowd,
    Mask,
    UnknownCondition,
    evaluate_condition,
    join_conditions,
    list_names,
)
from blikveld.auditor.population import AskedVariable, AuditedPopulation, Variable
from blikveld.auditor.statements import Publication, Statement, list_conditions

# Sums of up to 2**17 numbers of 36 bits are exact in a float64.
_BITS = 36
Key = tuple[float, float]
_NOBODY: Key = (0.0, 0.0)


class RelationKind(Enum):
    """What holds between a whole and its parts."""

    SUM = "sum"
    """The parts are the whole, none overlaps."""
    COVER = "cover"
    """Everybody in the whole is in at least one part."""
    PART = "part"
    """The one part lies within the whole."""


@dataclass(frozen=True, slots=True)
class GroupRelation:
    """`whole` and `parts` are places in the list of groups."""

    kind: RelationKind
    whole: int
    parts: tuple[int, ...]


@dataclass(slots=True)
class RespondentGroup:
    """A set of possible respondents, and what is published of it.

    `name` is the condition it was first met by; a rest that no publication names has one that
    says so. `is_one_answer` is true of a rest that is one answer, not several together.
    """

    name: str
    key: Key
    statements: list[Statement] = field(default_factory=list)
    is_published: bool = True
    is_one_answer: bool = False


@dataclass(slots=True)
class Web:
    """All groups with their relations, and totals as sums of groups."""

    groups: list[RespondentGroup]
    relations: list[GroupRelation]
    totals: list[tuple[tuple[int, ...], int]]
    masks: NDArray[np.bool_]
    """One row a published group, in the order of `groups`; rests come after them."""
    places: Mapping[str, int]
    """The place in `groups` of each condition that something is said about."""


def relate_groups(population: AuditedPopulation, crowd: Crowd, publication: Publication) -> Web:
    """The groups of a publication and everything that holds between them."""
    return _Weaver(population, crowd, publication).weave()


class _Weaver:
    """Collects groups by key and finds relations between them."""

    def __init__(
        self, population: AuditedPopulation, crowd: Crowd, publication: Publication
    ) -> None:
        self._population, self._crowd, self._publication = population, crowd, publication
        random = np.random.default_rng(20)
        self._numbers = random.integers(1, 2**_BITS, (crowd.size, 2)).astype(np.float64)
        self._groups: list[RespondentGroup] = []
        self._by_key: dict[Key, int] = {}
        self._relations: dict[tuple[RelationKind, int, tuple[int, ...]], None] = {}

    def weave(self) -> Web:
        masks, by_condition = self._collect()
        self._split(csr_array(masks, dtype=np.float64))
        self._add_differences(len(masks))
        totals = [
            (tuple(by_condition[group] for group in total.groups), total.value)
            for total in self._publication.totals
            if all(group in by_condition for group in total.groups)
        ]
        relations = [GroupRelation(kind, whole, parts) for kind, whole, parts in self._relations]
        return Web(self._groups, relations, totals, masks, by_condition)

    def _collect(self) -> tuple[NDArray[np.bool_], Mapping[str, int]]:
        """The published groups with their masks, equal ones once."""
        conditions = [EVERYBODY, *list_conditions(self._publication)]
        masks: list[Mask] = []
        places: dict[str, int] = {}
        for condition in dict.fromkeys(conditions):
            try:
                mask = evaluate_condition(self._crowd, condition).true
            except UnknownCondition:
                continue
            index = self._place(condition, self._key(mask), published=True)
            places[condition] = index
            if index == len(masks):
                masks.append(mask)
        for statement in self._publication.statements:
            if statement.group in places:
                self._groups[places[statement.group]].statements.append(statement)
            else:
                self._publication.passed_over.append(statement.where)
        return np.stack(masks), places

    def _key(self, mask: Mask) -> Key:
        first, second = (mask @ self._numbers).tolist()
        return first, second

    def _place(self, name: str, key: Key, *, published: bool = False) -> int:
        # A group without members in the crowd may be impossible or only rare: it equals no other.
        place = None if key == _NOBODY else self._by_key.get(key)
        if place is None:
            place = self._by_key[key] = len(self._groups)
            self._groups.append(RespondentGroup(name, key, is_published=published))
        return place

    def _split(self, masks: Any) -> None:
        """Every published group by the codes of each variable that some condition names."""
        for variable in self._named():
            several = isinstance(variable, AskedVariable) and variable.several
            relate = self._relate_several if several else self._relate_single
            codes = list(self._crowd.chosen[variable.name])
            for whole, keys in enumerate(self._keys_by_code(masks, variable.name)):
                relate(whole, variable.name, codes, keys)

    def _named(self) -> Iterator[Variable]:
        """Other variables cut no published group from another."""
        conditions = list_conditions(self._publication)
        named = {name for text in conditions for name in list_names(text)}
        return (each for each in self._population.variables if each.name in named)

    def _keys_by_code(self, masks: Any, name: str) -> Iterator[list[Key]]:
        """For each group the keys of its parts, in the order of the variable's codes."""
        columns = np.stack(list(self._crowd.chosen[name].values())).T
        first = masks @ (columns * self._numbers[:, [0]])
        second = masks @ (columns * self._numbers[:, [1]])
        for one, other in zip(first.tolist(), second.tolist(), strict=True):
            yield list(zip(one, other, strict=True))

    def _relate_single(
        self, whole: int, name: str, codes: Sequence[str], keys: Sequence[Key]
    ) -> None:
        """The whole is its known parts and what is left of it."""
        mine = self._groups[whole].key
        if mine in keys:
            return
        known = {k: self._by_key[k] for k in keys if k != _NOBODY and k in self._by_key}
        if not known:
            return
        rest = _less(mine, known)
        parts = list(known.values())
        if rest != _NOBODY:
            missing = {k: c for c, k in zip(codes, keys, strict=True) if k not in (_NOBODY, *known)}
            parts.append(self._place_rest(whole, name, rest, missing))
        self._relations[RelationKind.SUM, whole, tuple(sorted(parts))] = None

    def _place_rest(self, whole: int, name: str, rest: Key, missing: Mapping[Key, str]) -> int:
        """The group of those in the whole whom no published part holds."""
        label = _rest_name(self._groups[whole].name, name, tuple(missing.values()))
        is_answered = _less(rest, missing) == _NOBODY
        if not is_answered:
            label = f"{label}, or without an answer"
        index = self._place(label, rest)
        if is_answered and len(missing) == 1:
            self._groups[index].is_one_answer = True
        return index

    def _relate_several(
        self, whole: int, name: str, codes: Sequence[str], keys: Sequence[Key]
    ) -> None:
        """Each part lies within the whole; together they cover it where everybody ticks."""
        del name, codes
        mine = self._groups[whole].key
        known = [self._by_key.get(k) for k in dict.fromkeys(keys) if k not in (_NOBODY, mine)]
        for part in known:
            if part is not None:
                self._relations[RelationKind.PART, whole, (part,)] = None
        parts = tuple(sorted(part for part in known if part is not None))
        if parts and len(parts) == len(known) and self._is_covered(whole, parts):
            self._relations[RelationKind.COVER, whole, parts] = None

    def _is_covered(self, whole: int, parts: Iterable[int]) -> bool:
        names = [self._groups[part].name for part in parts]
        covered = np.logical_or.reduce([self._mask(name) for name in names])
        return bool(covered[self._mask(self._groups[whole].name)].all())

    def _mask(self, name: str) -> Mask:
        return evaluate_condition(self._crowd, name).true

    def _add_differences(self, published: int) -> None:
        """Every group that is another one less a third, whatever their conditions say."""
        for whole, part, rest in _differences([group.key for group in self._groups], published):
            self._relations[RelationKind.SUM, whole, tuple(sorted((part, rest)))] = None


def _differences(keys: Sequence[Key], published: int) -> Iterator[tuple[int, int, int]]:
    first = np.array([key[0] for key in keys])
    second = np.array([key[1] for key in keys])
    order = np.argsort(first)
    inner = first[order]
    for whole in range(published):
        wanted = first[whole] - first
        found = np.minimum(np.searchsorted(inner, wanted), len(inner) - 1)
        hits = np.nonzero(inner[found] == wanted)[0]
        for part in hits.tolist():
            rest = int(order[found[part]])
            are_parts = first[part] > 0 and first[rest] > 0
            if are_parts and part < rest and second[whole] == second[part] + second[rest]:
                yield whole, part, rest


def _less(key: Key, parts: Iterable[Key]) -> Key:
    """What is left of a key without those of its parts."""
    first, second = key
    for part in parts:
        first, second = first - part[0], second - part[1]
    return first, second


def _rest_name(whole: str, variable: str, missing: Sequence[str]) -> str:
    """A condition for what is left, where the variable's codes say who that is."""
    if not missing:
        return join_conditions(whole, f"not answered({variable})")
    codes = ", ".join(map(repr, missing))
    only = f"{variable} == {codes}" if len(missing) == 1 else f"{variable} in ({codes})"
    return join_conditions(whole, only)
