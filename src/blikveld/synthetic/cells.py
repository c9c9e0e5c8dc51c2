"""Persons in groups, the answers that each group may still give, and who of it gives which.

A pass decides variables for all persons at once. Persons who do not differ in anything that
matters to the pass form a group; a group and a combination of new values form a cell. The solver
finds how many persons are in a cell (see `solve`); with a fixed seed it is then drawn who they are.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, MutableSequence, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from blikveld.rules import EVERYBODY, Missing, Person, Rule, Value, names
from blikveld.rules.nodes import And, Not, Or
from blikveld.study.model import Study, VariableKind
from blikveld.synthetic.lookup import Lookup, NotDecided
from blikveld.synthetic.plan import Pass, PlanError
from blikveld.synthetic.solve import Floats, Ints

People: TypeAlias = Sequence[dict[str, Value]]
Combination: TypeAlias = tuple[Value, ...]
Mask: TypeAlias = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class CellGroup:
    """Persons (their places in the list) who share every value that matters now."""

    members: tuple[int, ...]
    values: Mapping[str, Value]

    @property
    def size(self) -> int:
        """How many persons."""
        return len(self.members)


@dataclass(frozen=True, eq=False)
class Cells:
    """All cells of a pass, as parallel columns.

    `group_of` and `combination_of` give for each column the place of its group and combination.
    """

    new: tuple[str, ...]
    groups: tuple[CellGroup, ...]
    combinations: tuple[Combination, ...]
    group_of: Ints
    combination_of: Ints
    lookup: Lookup

    @cached_property
    def inside(self) -> Lookup:
        """Works values out from what a cell knows: its group's values and its new ones."""
        known = self.groups[0].values if self.groups else {}
        return Lookup(self.lookup.study, {*known, *self.new})

    @property
    def size(self) -> int:
        """How many columns."""
        return len(self.group_of)

    @property
    def sizes(self) -> Floats:
        """How many persons each group has."""
        return np.array([group.size for group in self.groups], dtype=np.float64)

    def person(self, group: int, combination: int) -> dict[str, Value]:
        """Return a person of this group with these new values, as far as decided."""
        new = zip(self.new, self.combinations[combination], strict=True)
        return {**self.groups[group].values, **dict(new)}

    def where(self, rule: Rule) -> Ints:
        """Return the columns where the rule is true."""
        return np.flatnonzero(self._truth(rule)[0])

    def holds(self, rule: Rule) -> Floats:
        """For each column 1 where the rule is true, else 0."""
        return self._truth(rule)[0].astype(np.float64)

    def values(self, name: str) -> list[Value]:
        """For each column, the variable's value."""
        case_of, cases = self._cases([name])
        answers = [self.inside.value(name, self.person(*case)) for case in cases]
        return [answers[case] for case in case_of]

    @cached_property
    def without_options(self) -> Cells:
        """One column a group, for persons who got none of the options that are handed out."""
        count = len(self.groups)
        places, none = np.arange(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
        return replace(self, combinations=(((),),), group_of=places, combination_of=none)

    def with_only(self, many: str, one: str) -> Cells:
        """Return the same cells with a multiple answer added, of just the value of a single one."""
        index = self.new.index(one)
        wrapped = (
            (*c, c[index] if isinstance(c[index], Missing) else (str(c[index]),))
            for c in self.combinations
        )
        lookup = Lookup(self.lookup.study, {*self.lookup.decided, many})
        return replace(self, new=(*self.new, many), combinations=tuple(wrapped), lookup=lookup)

    def _truth(self, rule: Rule) -> tuple[Mask, Mask]:
        """Where the rule is true and where it is false, by Kleene's logic; unknown is neither."""
        match rule:
            case Not(part):
                yes, no = self._truth(part)
                return no, yes
            case And(parts) | Or(parts):
                trues, falses = zip(*(self._truth(part) for part in parts), strict=True)
                every, some = np.logical_and.reduce, np.logical_or.reduce
                if isinstance(rule, And):
                    return every(trues), some(falses)
                return some(trues), every(falses)
            case _:
                if rule not in self._leaves:
                    self._leaves[rule] = self._leaf(rule)
                return self._leaves[rule]

    @cached_property
    def _leaves(self) -> dict[Rule, tuple[Mask, Mask]]:
        # Many rules share their parts: each part is evaluated once.
        return {}

    def _leaf(self, rule: Rule) -> tuple[Mask, Mask]:
        case_of, cases = self._cases(names(rule))
        truths = [self.inside.truth(rule, self.person(*case)) for case in cases]
        yes = np.array([truth is True for truth in truths], dtype=bool)
        no = np.array([truth is False for truth in truths], dtype=bool)
        return yes[case_of], no[case_of]

    def _cases(self, wanted: Iterable[str]) -> tuple[Ints, list[tuple[int, int]]]:
        kept = set(keys(self.lookup, self.new, wanted))
        needed = [self.lookup.needs(name) or frozenset() for name in wanted]
        fresh = [i for i, name in enumerate(self.new) if any(name in n for n in needed)]
        by_group = _numbered([tuple(g.values[k] for k in sorted(kept)) for g in self.groups])
        by_new = _numbered([tuple(c[i] for i in fresh) for c in self.combinations])
        both = by_group[self.group_of] * (by_new.max(initial=0) + 1) + by_new[self.combination_of]
        _, first, case_of = np.unique(both, return_index=True, return_inverse=True)
        cases = [(int(self.group_of[i]), int(self.combination_of[i])) for i in first]
        return case_of.astype(np.int64), cases


def keys(lookup: Lookup, new: Sequence[str], wanted: Iterable[str]) -> tuple[str, ...]:
    """Return what groups must share so that the wanted variables can be worked out in every cell.

    A variable that rests on nothing new is a key itself, however many answers lie behind it.
    """
    found: set[str] = set()
    for name in wanted:
        needs = lookup.needs(name)
        if needs is None:
            raise NotDecided(name)
        found |= {name} if needs.isdisjoint(new) else needs - set(new)
    return tuple(sorted(found))


def build(
    people: People, step: Pass, lookup: Lookup, wanted: Iterable[str], never: Iterable[Rule]
) -> Cells:
    """Return the cells of a pass. `wanted` are the variables its constraints look at.

    Groups of whom the routing does not ask anything new have one cell, with NOT_ASKED.
    Raises NotDecided when a rule needs what no earlier pass decided.
    """
    routing = [rule for name in step.new for rule in _routes(lookup.study, step, name)]
    routing += [rule for rule, _ in step.only]
    places = [lookup.study.sites.name] if any(_is_local(lookup.study, n) for n in step.new) else []
    seen = {*wanted, *places, *(name for rule in routing for name in names(rule))}
    groups = _groups(people, lookup, keys(lookup, step.new, sorted(seen)), step.new)
    combinations: dict[Combination, int] = {}
    group_of: list[int] = []
    combination_of: list[int] = []
    for index, group in enumerate(groups):
        for combination in _combinations(step, lookup, group):
            group_of.append(index)
            combination_of.append(combinations.setdefault(combination, len(combinations)))
    cells = Cells(
        step.new,
        groups,
        tuple(combinations),
        np.array(group_of, dtype=np.int64),
        np.array(combination_of, dtype=np.int64),
        lookup,
    )
    return _without(cells, never)


def _groups(
    people: People, lookup: Lookup, by: Sequence[str], new: Sequence[str]
) -> tuple[CellGroup, ...]:
    before = Lookup(lookup.study, lookup.decided - set(new))
    found: dict[tuple[Value, ...], list[int]] = defaultdict(list)
    for index, person in enumerate(people):
        found[tuple(before.value(name, person) for name in by)].append(index)
    ordered = sorted(found.items(), key=lambda item: tuple(map(repr, item[0])))
    return tuple(
        CellGroup(tuple(members), dict(zip(by, values, strict=True))) for values, members in ordered
    )


def _routes(study: Study, step: Pass, name: str) -> Iterator[Rule]:
    yield step.when
    question = study.questions.get(name)
    yield question.ask_if if question is not None else EVERYBODY


def _is_local(study: Study, name: str) -> bool:
    return name in study.questions and study.questions[name].site_list is not None


def _combinations(step: Pass, lookup: Lookup, group: CellGroup) -> Iterator[Combination]:
    def extend(chosen: dict[str, Value], left: tuple[str, ...]) -> Iterator[Combination]:
        if not left:
            yield tuple(chosen[name] for name in step.new)
            return
        for value in _offered(step, lookup, left[0], {**group.values, **chosen}):
            yield from extend({**chosen, left[0]: value}, left[1:])

    yield from extend({}, step.new)


def _offered(step: Pass, lookup: Lookup, name: str, person: Person) -> Iterator[Value]:
    so_far = Lookup(lookup.study, person)
    asked = [so_far.truth(rule, person) for rule in _routes(lookup.study, step, name)]
    if not all(asked):
        yield Missing.NOT_ASKED
        return
    open_to = _open_to(step, so_far, person)
    for code in _codes(lookup.study, name, person):
        if open_to is None or code in open_to:
            yield (code,) if step.allocate else code


def _open_to(step: Pass, lookup: Lookup, person: Person) -> tuple[str, ...] | None:
    for rule, options in step.only:
        if lookup.truth(rule, person) is True:
            return options
    return None


def _codes(study: Study, name: str, person: Person) -> Iterator[str]:
    question = study.questions.get(name)
    if question is not None and question.variable_kind is not VariableKind.TEXT:
        site = str(person.get(study.sites.name, ""))
        offered = study.options(question, site) if question.site_list else question.options
        yield from (option.code for option in offered)
    elif name in study.variables and study.variables[name].codes:
        yield from (code.code for code in study.variables[name].codes)
    else:
        raise PlanError(f"step {name!r}", "It has no list of answers.", "Name another variable.")


def _without(cells: Cells, never: Iterable[Rule]) -> Cells:
    keep = np.ones(cells.size, dtype=bool)
    for rule in never:
        keep[cells.where(rule)] = False
    return replace(cells, group_of=cells.group_of[keep], combination_of=cells.combination_of[keep])


def _numbered(values: Sequence[tuple[Value, ...]]) -> Ints:
    numbers: dict[tuple[Value, ...], int] = {}
    return np.array([numbers.setdefault(v, len(numbers)) for v in values], dtype=np.int64)


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
    """Return one set of options for each of `size` persons; `wanted` tells how often each is given.

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
