"""All numbers to be printed as one system of sums, as a reader with pencil and paper sees it.

A number is known by who can be counted in it (see `people`). So a row total of one table, the same
group in another table, in other words, and the base of a sentence are one number: keeping a count
back in one place and printing it in another cannot happen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from blikveld.disclosure import relations
from blikveld.disclosure.people import Members, People
from blikveld.disclosure.relations import GroupIndex, Relation
from blikveld.errors import BlikveldError
from blikveld.results.cell import Cell, Influence, Table
from blikveld.rules import Rule, format_rule


@dataclass(frozen=True, slots=True)
class SumConstraint:
    """`whole` is the sum of `parts`; with `at_most` the parts may add up to less.

    With `at_least` they may add up to more.
    """

    whole: int
    parts: tuple[int, ...]
    at_most: bool = False
    at_least: bool = False


class InconsistentCounts(BlikveldError):
    """The same people were counted twice with different results."""

    def __init__(self, cell: Cell, found: int, before: int) -> None:
        super().__init__(
            "two-numbers",
            f"{format_rule(cell.rule)} of {format_rule(cell.base_rule)}",
            f"This was counted as {found} and elsewhere as {before}.",
            "Make all tables and cells from one snapshot.",
        )


@dataclass(slots=True)
class LinearSystem:
    """Every number once, and the sums between them.

    `printed` are the numbers that tables, sentences or charts want to print. The others are rests:
    nobody prints them, and a reader may still work them out. `certain` is what everybody knows
    whatever is suppressed.
    """

    people: People
    values: list[int] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    members: list[Members] = field(default_factory=list)
    where: dict[Hashable, int] = field(default_factory=dict)
    sums: dict[SumConstraint, None] = field(default_factory=dict)
    printed: set[int] = field(default_factory=set)
    answers: set[int] = field(default_factory=set)
    """Rests that are one answer of a variable: nobody prints it, and everybody can name it."""
    kinds: set[int] = field(default_factory=set)
    """Rests of people of whom the same is printed: no difference of printed numbers."""
    certain: frozenset[int] = frozenset()
    _known: dict[tuple[Rule, Rule | None, bool], int] = field(default_factory=dict)
    """By the words of a cell its count, and its base under no rule: the members of a group are
    slow to look up."""

    def count(self, cell: Cell) -> int:
        """The index of a cell's count."""
        known = self._known.get((cell.base_rule, cell.rule, cell.mentions))
        if known is not None and self.values[known] == cell.count:
            return known
        base, who = self._base(cell), self.people.members(cell.base_rule, cell.rule)
        # All answers of a base that counts answers are that base, and not its people.
        mentions = cell.mentions and who == base
        name = f"{format_rule(cell.rule)} of {format_rule(cell.base_rule)}"
        index = self._cell(cell, who, mentions, name, cell.count)
        self._known[cell.base_rule, cell.rule, cell.mentions] = index
        return index

    def base(self, cell: Cell) -> int:
        """The index of a cell's base."""
        known = self._known.get((cell.base_rule, None, cell.mentions))
        if known is not None and self.values[known] == cell.base:
            return known
        name = format_rule(cell.base_rule)
        index = self._cell(cell, self._base(cell), cell.mentions, name, cell.base)
        self._known[cell.base_rule, None, cell.mentions] = index
        return index

    def rest(self, who: Members, value: int) -> int:
        """The index of people whom nobody prints; a new one has this value."""
        key: Hashable = (who, False)
        there = self.where.get(key)
        if there is not None and self.values[there] != value and not self.people.is_whole:
            # Who tells the two apart is somebody who is not among these people.
            key = ("a rest", who, value)
        return self._index(key, who, "a rest", value)

    def add(self, found: SumConstraint) -> None:
        """Note a sum if it holds in the numbers; what only looks like a sum is left out."""
        total = sum(self.values[part] for part in found.parts)
        whole = self.values[found.whole]
        holds = (
            total == whole
            or (found.at_most and total < whole)
            or (found.at_least and total > whole)
        )
        if holds and found.whole not in found.parts:
            self.sums[found] = None

    def drop_needless(self) -> None:
        """Forget that a part is at most its whole where it is known as one of its parts."""
        equal = {
            (found.whole, part)
            for found in self.sums
            if not (found.at_most or found.at_least)
            for part in found.parts
        }
        needless = [s for s in self.sums if s.at_most and (s.whole, *s.parts) in equal]
        for found in needless:
            del self.sums[found]

    def _base(self, cell: Cell) -> Members:
        return self.people.members(cell.base_rule)

    def _cell(self, cell: Cell, who: Members, mentions: bool, name: str, value: int) -> int:
        # Whom nobody can think of is nobody, wherever it stands; a count of some is known by name.
        key: Hashable = (who, mentions) if who or not value else name
        index = self._index(key, who, name, value)
        if self.values[index] != value:
            raise InconsistentCounts(cell, value, self.values[index])
        self.printed.add(index)
        return index

    def _index(self, key: Hashable, who: Members, name: str, value: int) -> int:
        index = self.where.setdefault(key, len(self.values))
        if index == len(self.values):
            self.values.append(value)
            self.names.append(name)
            self.members.append(who)
        return index


def build(
    people: People,
    tables: Sequence[Table],
    cells: Iterable[Cell],
    influences: Iterable[Influence] = (),
) -> LinearSystem:
    """The system of everything in these tables and cells, and of these influences."""
    system = LinearSystem(people)
    _number(system, (c for table in tables for row in table.rows for c in row.cells))
    _number(system, cells)
    for found in influences:
        _number(system, (found.whole, found.without))
    for table in tables:
        _nested(system, table)
    _related(system)
    system.drop_needless()
    return system


def add_kinds(system: LinearSystem) -> None:
    """Add each group as the sum of the kinds of people in it: whatever follows, follows from that.

    Left out where there are too many kinds, and where those who answered are not known.
    """
    counts = _counts(system)
    groups = list(counts)
    are_known = bool(groups) and system.people.is_whole
    kinds = list(system.people.kinds(groups, _MEMBERSHIPS)) if are_known else []
    inside: list[list[int]] = [[] for _ in groups]
    answered = [0] * len(groups)
    for kind in kinds:
        for group in kind.groups:
            answered[group] += kind.answered
    if answered != list(counts.values()):
        return
    for kind in kinds:
        index = system.rest(kind.members, kind.answered)
        if kind.members not in counts:
            system.kinds.add(index)
        for group in kind.groups:
            inside[group].append(index)
    for who, parts in zip(groups, inside, strict=True):
        system.add(SumConstraint(system.where[who, False], tuple(parts)))


_MEMBERSHIPS = 200_000
"""With more memberships of kinds in groups a program would take seconds, and there are hundreds."""


def settle(system: LinearSystem, least: int) -> None:
    """Note what everybody knows: that nobody is 0, and as the funnel says how many count at all.

    Of fewer than `least` there is no report, and nothing is certain.
    """
    everybody = system.where.get((system.people.members(), False))
    published = () if everybody is None or system.values[everybody] < least else (everybody,)
    system.certain = nobody(system).union(published)


def nobody(system: LinearSystem) -> frozenset[int]:
    """The numbers of groups in which nobody can be."""
    return frozenset(i for i, who in enumerate(system.members) if not who and not system.values[i])


def add_near(
    system: LinearSystem, apart: range, sizes: range, also: Collection[int] = frozenset()
) -> Iterator[int]:
    """Add the difference of two numbers, of which one holds the other, and give its index.

    The larger one is printed; the smaller one too, or it is among `also`. `apart` says by how many
    they differ, `sizes` how large the larger one is.
    """
    printed = [i for i in sorted(system.printed.union(also)) if system.members[i]]
    counts = {system.members[i]: system.values[i] for i in printed if _of_people(system, i)}
    for whole, part in relations.nearly_equal(list(counts), counts, apart):
        if counts[whole] in sizes and system.where[whole, False] in system.printed:
            left = system.rest(whole & ~part, counts[whole] - counts[part])
            system.add(SumConstraint(system.where[whole, False], (system.where[part, False], left)))
            yield left


def _of_people(system: LinearSystem, index: int) -> bool:
    return system.where.get((system.members[index], False)) == index


def _number(system: LinearSystem, cells: Iterable[Cell]) -> None:
    for cell in cells:
        count, base = system.count(cell), system.base(cell)
        if count != base:
            system.add(SumConstraint(base, (count,), at_most=True))


def _counts(system: LinearSystem) -> dict[Members, int]:
    """The groups of people and how many they are; what counts answers is left out."""
    return {
        key[0]: system.values[index]
        for key, index in system.where.items()
        if isinstance(key, tuple) and not key[1] and key[0]
    }


def _related(system: LinearSystem) -> None:
    groups = GroupIndex(list(_counts(system)))
    for found in (
        *relations.divided(system.people, groups),
        *relations.chosen(system.people, groups),
    ):
        _relate(system, found)
    together = GroupIndex(list(_counts(system)))
    for found in relations.divided(system.people, together, closed=True):
        _relate(system, found)
    for found in relations.added(together):
        _relate(system, found)


def _relate(system: LinearSystem, found: Relation) -> None:
    """Note a relation; its one part that nobody prints is what the others leave of the whole."""
    whole, known = system.where[found.whole, False], []
    rest: list[Members] = []
    for part in found.parts:
        index = system.where.get((part, False))
        if index is None:
            rest.append(part)
        else:
            known.append(index)
    left = system.values[whole] - sum(system.values[index] for index in known)
    if rest and left >= 0:
        known.append(system.rest(rest[0], left))
    if (answer := system.where.get((found.answer, False))) is not None:
        system.answers.add(answer)
    system.add(SumConstraint(whole, tuple(known), at_least=found.at_least))


def _nested(system: LinearSystem, table: Table) -> None:
    """What a table says by its form: rows under their totals, and columns beside theirs."""
    nested = tuple(families([row.level for row in table.rows]))
    for column in range(len(table.columns)):
        for whole, parts in nested:
            indices = [system.count(table.rows[row].cells[column]) for row in (whole, *parts)]
            system.add(SumConstraint(indices[0], tuple(indices[1:])))
    totals = [at for at, column in enumerate(table.columns) if column.total]
    for row in table.rows if len(totals) == 1 and not table.multiple else ():
        indices = [system.count(cell) for cell in row.cells]
        whole = indices.pop(totals[0])
        system.add(SumConstraint(whole, tuple(indices)))


def families(levels: Sequence[int]) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Each total with the rows right under it, by position; totals may stand first or last.

    `levels` holds 0 for the grand total, 1 for subtotals, 2 for rows under them. A deepest row
    at the beginning means that totals stand last.
    """
    last = bool(levels) and levels[0] == max(levels)
    order = range(len(levels) - 1, -1, -1) if last else range(len(levels))
    children: dict[int, list[int]] = defaultdict(list)
    above: dict[int, int] = {}
    for row in order:
        above = {level: at for level, at in above.items() if level < levels[row]}
        if above:
            children[above[max(above)]].append(row)
        above[levels[row]] = row
    for whole, parts in children.items():
        yield whole, tuple(sorted(parts))
