"""Who is counted in a number, said in one way however a rule writes it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from blikveld.figures.cell import Cell, Table
from blikveld.rules import Rule, evaluate, names, plain
from blikveld.rules.evaluate import WrongKind
from blikveld.rules.nodes import And, Chosen, Compare, Comparison, Constant, OneOf

Parts = frozenset[Rule]


@dataclass(frozen=True, slots=True)
class Key:
    """Which people, or with `mentions` which answers, are counted: those that meet every part."""

    parts: Parts
    mentions: bool = False


@dataclass(frozen=True, slots=True)
class Keys:
    """Makes keys. `implied` holds what need not be said beside a part: a youth worker works in
    the youth domain, so 'youth worker in the youth domain' is the same group."""

    implied: Mapping[Rule, Parts] = field(default_factory=dict)
    _seen: dict[tuple[Rule, ...], Parts] = field(default_factory=dict, compare=False, repr=False)

    def base(self, cell: Cell) -> Key:
        """Who is in the base of a cell."""
        return Key(self._parts(cell.base_rule), cell.mentions)

    def count(self, cell: Cell) -> Key:
        """Who is counted in a cell."""
        base, parts = self.base(cell), self._parts(cell.base_rule, cell.rule)
        return base if parts == base.parts else Key(parts)

    def _parts(self, *rules: Rule) -> Parts:
        if rules not in self._seen:
            parts = _fewer(part for rule in rules for part in _split(rule))
            needless = frozenset().union(*(self.implied.get(part, frozenset()) for part in parts))
            self._seen[rules] = parts - needless
        return self._seen[rules]


def keys_of(tables: Sequence[Table]) -> Keys:
    """Keys that know which rows of these tables stand under one subtotal only."""
    found: dict[Rule, set[Parts]] = defaultdict(set)
    for table in tables:
        whole = frozenset(_split(table.base_rule))
        for outer, inner in _nests(table):
            above, below = (_fewer(_split(_row_rule(table, row))) for row in (outer, inner))
            own = below - above
            if len(own) == 1 and above < below:
                found[next(iter(own))].add(above - whole)
    return Keys({part: next(iter(above)) for part, above in found.items() if len(above) == 1})


def _nests(table: Table) -> Iterator[tuple[int, int]]:
    for outer, inner in families([row.level for row in table.rows]):
        if table.rows[outer].level > 0:
            yield from ((outer, row) for row in inner)


def _row_rule(table: Table, row: int) -> Rule:
    return table.rows[row].cells[0].base_rule if table.rows[row].cells else table.base_rule


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


# A report asks these some hundred thousand times, of a few thousand parts.
@lru_cache(maxsize=20_000)
def meets(part: Rule, name: str, code: str) -> bool:
    """Whether somebody with this single answer meets a part that looks at nothing else."""
    try:
        return evaluate(part, {name: code}) is True
    except WrongKind:
        return False


@lru_cache(maxsize=20_000)
def looks_at(part: Rule) -> str | None:
    """The one single-choice variable that a part looks at; None where it is anything else."""
    named = names(part)
    return next(iter(named)) if len(named) == 1 and not isinstance(part, Chosen) else None


@lru_cache(maxsize=20_000)
def _split(whole: Rule) -> tuple[Rule, ...]:
    rule = plain(whole)
    parts = rule.parts if isinstance(rule, And) else (rule,)
    return tuple(_sorted(part) for part in parts if part != Constant(True))


def _sorted(part: Rule) -> Rule:
    return _one_of(part.name, part.values) if isinstance(part, OneOf) else part


def _fewer(parts: Iterable[Rule]) -> Parts:
    """'Direct or observed, and not observed' is 'direct': parts about one variable become one."""
    found = frozenset(parts)
    for name in {name for part in found if (name := looks_at(part))}:
        same = frozenset(part for part in found if looks_at(part) == name)
        codes = _codes(same)
        if len(same) > 1 and codes is not None:
            left = tuple(c for c in codes if all(meets(part, name, c) for part in same))
            found = (found - same) | {_one_of(name, left)}
    return found


def _codes(parts: Iterable[Rule]) -> tuple[str, ...] | None:
    for part in parts:
        match part:
            case Compare(_, Comparison.EQUAL, str() as code):
                return (code,)
            case OneOf(_, values):
                return values
    return None


def _one_of(name: str, codes: tuple[str, ...]) -> Rule:
    if len(codes) == 1:
        return Compare(name, Comparison.EQUAL, codes[0])
    return OneOf(name, tuple(sorted(set(codes))))
