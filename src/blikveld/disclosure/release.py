"""The one door between computing and printing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType

from blikveld.disclosure import safe_values
from blikveld.disclosure.audit import audit_release
from blikveld.disclosure.bands import bands
from blikveld.disclosure.ledger import (
    EarlierReleases,
    LedgerRefused,
    NumberKey,
    Numbers,
    base_key,
    count_key,
    is_shown,
)
from blikveld.disclosure.linear_system import add_kinds, build, nobody
from blikveld.disclosure.people import People, imagined
from blikveld.disclosure.policy import Need, Policy, needs
from blikveld.disclosure.prices import prices_of
from blikveld.disclosure.rounding import narrow_increments, range_of, round_counts
from blikveld.disclosure.safe_values import (
    Release,
    SafeCell,
    SafeInfluence,
    SafeRow,
    SafeStatistic,
    SafeTable,
)
from blikveld.disclosure.secondary import hide
from blikveld.disclosure.tests_and_influences import (
    RestsOn,
    check_printed_tests,
    may_print_test,
    may_stand_alone,
)
from blikveld.results.cell import (
    Band,
    Cell,
    CellRequest,
    EmptyRow,
    Influence,
    Row,
    Statistic,
    StatisticRequest,
    Table,
)
from blikveld.rules import Rule, names, parse
from blikveld.study.disclosure import ProtectionMethod


def release_tables(
    tables: Iterable[Table],
    cells: Mapping[CellRequest, Cell],
    policy: Policy,
    statistics: Mapping[StatisticRequest, Statistic] = MappingProxyType({}),
    high_cost: Collection[CellRequest] | None = None,
    influences: Mapping[CellRequest, Sequence[Influence]] = MappingProxyType({}),
    people: Callable[[], People] | None = None,
    before: EarlierReleases | Numbers = MappingProxyType({}),
    earlier: Callable[[], Iterable[Cell]] = tuple,
    rests_on: RestsOn = names,
) -> Release:
    """Clear tables, cells and statistics for print: what one tells, another may not give away.

    Groups are known by who can be in them, of `people`; without it no more is known of anybody than
    what the rules name, which is right only for numbers outside a study's variables. Counts under
    the policy's threshold are suppressed, and so are the counts they could be computed from; where
    a number is suppressed, its band says between which values it lies. An audit with its own linear
    programs has the last word. Percentages of suppressed counts or bases are nowhere in the result.

    A test is cleared where all counts that it is made of are among `cells` and none of them is
    suppressed: with its margins, the statistic of a small table gives away the counts. `rests_on`
    tells from which variables those of a rule are made.

    Cells that are `high_cost`, or all where it is None, are suppressed last: a sentence cannot do
    without its number, where a chart or a table shows a band. `influences` of shares (see
    `tabulation.by_stratum`) are given up first.

    `before` is what was released before and stays as it was; `earlier` counts it again, so that
    new numbers are held against it. Where everything was, nobody needs to be looked at again.

    Raises SuppressionInfeasible, AuditFailed, and InconsistentCounts where counts disagree.
    """
    together = tuple(tables)
    # Sort, so that the caller's order does not change which cells are suppressed.
    ordered = [cells[ask] for ask in sorted(cells, key=CellRequest.as_text)]
    moved = (
        each for ask in sorted(influences, key=CellRequest.as_text) for each in influences[ask]
    )
    candidates = [each for each in moved if may_stand_alone(each, policy)]
    wanted = _Wanted(together, ordered, candidates)
    known = before if isinstance(before, EarlierReleases) else EarlierReleases(before)
    numbers = dict(known.numbers)
    shown = wanted.with_empty(partial(is_shown, numbers, policy))
    _check_meaning(shown, numbers, policy)
    if any(key not in numbers for c in shown.printed for key in (count_key(c), base_key(c))):
        old = tuple(earlier())
        named = (rule for cell in old for rule in (cell.base_rule, cell.rule))
        who = people() if people else imagined((*wanted.with_empty(bool).rules, *named))
        said = ordered if high_cost is None else [cells[ask] for ask in high_cost]
        numbers |= _Decision(who, wanted, said, policy, known, old).numbers()
        tested = statistics.values()
        check_printed_tests(tested, cells, known.numbers, numbers, policy, rests_on)
    printer = _Releaser(numbers, policy, rests_on)
    return Release(
        {
            table.key: printer.table(table.with_empty(partial(is_shown, numbers, policy)))
            for table in together
        },
        {ask: printer.cell(cell) for ask, cell in cells.items()},
        policy,
        {ask: printer.statistic(found, cells) for ask, found in statistics.items()},
        printer.influences(candidates),
        {key: band for key, band in numbers.items() if key not in known.numbers},
        safe_values._KEY,
    )


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Everything that is to be printed together."""

    tables: tuple[Table, ...]
    cells: Sequence[Cell]
    influences: Sequence[Influence]
    told: Sequence[Cell] = ()
    """What is printed of nobody and yet told: that nobody is in a row that tables leave out."""

    def with_empty(self, keep: Callable[[EmptyRow], bool]) -> _Wanted:
        """The same with these of its empty rows printed, and of all of them whether they are."""
        tables = tuple(table.with_empty(keep) for table in self.tables)
        told = tuple(row.everybody for table in self.tables for row in table.empty)
        return replace(self, tables=tables, told=told)

    @property
    def printed(self) -> Iterator[Cell]:
        """Every cell of which a number would be printed, or told by not being there."""
        yield from self.cells
        yield from self.told
        yield from (cell for table in self.tables for row in table.rows for cell in row.cells)
        yield from (cell for each in self.influences for cell in (each.whole, each.without))

    @property
    def rules(self) -> Iterator[Rule]:
        """Every rule that says who is counted."""
        yield from (rule for cell in self.printed for rule in (cell.base_rule, cell.rule))
        yield from (each.own.base_rule for each in self.influences)


def _check_meaning(wanted: _Wanted, before: Numbers, policy: Policy) -> None:
    """The same words still mean the same people: else an old number would stand for new ones.

    Raises LedgerRefused.
    """
    base = policy.rounding_base
    for cell in wanted.printed:
        for key, value in ((count_key(cell), cell.count), (base_key(cell), cell.base)):
            band = before.get(key)
            told = range_of(band.low, base) if band and base else band
            if told and not told.low <= value <= told.high:
                raise LedgerRefused(
                    "other-meaning",
                    f"{key[1]} of {key[0]}",
                    "This was released before with another number, from the same answers.",
                    "Put the study back as it was; what was wrong in it can be corrected once.",
                )


class _Decision:
    """What is printed of every number of one release, given what was printed before."""

    def __init__(
        self,
        people: People,
        wanted: _Wanted,
        said: Collection[Cell],
        policy: Policy,
        before: EarlierReleases,
        earlier: tuple[Cell, ...],
    ) -> None:
        people = people.tell_apart((*wanted.with_empty(bool).printed, *earlier))
        wanted = wanted.with_empty(lambda e: bool(people.members(e.everybody.base_rule)))
        self._wanted, self._said, self._policy, self._before = wanted, said, policy, before
        single = (*wanted.cells, *wanted.told, *earlier)
        self._system = build(people, wanted.tables, single, wanted.influences)
        every = (*wanted.printed, *earlier)
        self._keys = {count_key(cell): self._system.count(cell) for cell in every}
        self._keys |= {base_key(cell): self._system.base(cell) for cell in every}
        self._settled = {
            self._keys[key]: band for key, band in before.numbers.items() if key in self._keys
        }
        self._interim = self._of_interim(people)

    def numbers(self) -> Numbers:
        """What is printed, in the order in which it is wanted."""
        if self._policy.method is ProtectionMethod.ROUNDED:
            decided = self._rounded()
        else:
            values = self._system.values
            exact = {index: Band(value, value) for index, value in enumerate(values)}
            decided = {**exact, **self._settled, **self._suppressed()}
        return {key: decided[index] for key, index in self._keys.items()}

    def _of_interim(self, people: People) -> Mapping[int, int]:
        """Numbers of an earlier snapshot that are numbers of this one too, however worded."""
        places = {
            self._system.where.get((people.members(parse(base), parse(rule)), mentions)): multiple
            for (base, rule, mentions), multiple in self._before.interim.items()
        }
        return {index: multiple for index, multiple in places.items() if index is not None}

    def _prices(self) -> Mapping[int, float]:
        return prices_of(self._system, self._wanted.tables, self._wanted.cells, self._said)

    def _rounded(self) -> dict[int, Band]:
        self._system.certain = nobody(self._system)
        settled = {index: band.low for index, band in self._settled.items()}
        chosen = round_counts(self._system, self._policy, self._prices(), settled, self._interim)
        return {index: Band(multiple, multiple) for index, multiple in chosen.items()}

    def _suppressed(self) -> Mapping[int, Band]:
        add_kinds(self._system)
        wanted = tuple(self._kept_open(needs(self._system, self._wanted.printed, self._policy)))
        found = self._protected(wanted)
        for _ in range(_ROUNDS if self._interim else 0):
            grown = self._grown(found, wanted)
            if not grown:
                return found
            wanted = (*wanted, *grown)
            found = self._protected(wanted)
        if self._interim and (grown := self._grown(found, wanted)):
            raise LedgerRefused(
                "too-few-new",
                self._system.names[grown[0].index],
                "What the few said who came since the interim release would follow from this.",
                "Wait until more have answered, or set method: rounded in the study.",
            )
        return found

    def _kept_open(self, found: Sequence[Need]) -> Iterator[Need]:
        """These, and every 0 that was printed as a range before: nothing new may make that shorter.

        A 0 that was printed as it is cannot be taken back.
        """
        exact = {index for index, band in self._settled.items() if band.low == band.high}
        yield from (need for need in found if need.index not in exact)
        known = {need.index for need in found}
        for index in sorted(self._settled.keys() - exact - known):
            if not self._system.values[index]:
                yield Need(index, 0, self._policy.highest)

    def _protected(self, open_needs: Sequence[Need]) -> Mapping[int, Band]:
        if not open_needs:
            return {}
        system, settled = self._system, self._settled
        dear = {i for cell in self._said for i in (system.count(cell), system.base(cell))}
        highest = self._policy.highest
        suppressed = hide(system, open_needs, self._prices(), dear, settled, highest)
        found = bands(system, suppressed, settled, highest)
        audit_release(system, found, suppressed.met)
        return found

    def _grown(self, found: Mapping[int, Band], wanted: Sequence[Need]) -> tuple[Need, ...]:
        """What must stay open so that nobody sees what the few said who came since the interim."""
        then = {i: range_of(m, self._before.width) for i, m in self._interim.items()}
        everybody = self._system.certain - nobody(self._system)
        counted = self._before.respondents
        then |= dict.fromkeys(everybody, Band(counted, counted))
        now = {**found, **self._settled}
        known = {need.index for need in wanted}
        grown = narrow_increments(self._system, now, then, self._policy.threshold)
        values = self._system.values
        return tuple(
            Need(index, max(0, values[index] - growth), values[index] + 1)
            for index, growth in grown
            if index in self._system.printed - self._system.certain - known
        )


_ROUNDS = 5
"""How often numbers are taken along that tell how few came since the interim release."""


_LEAST_ROUNDED = 20
"""Percentages of a rounded base under this could be off by more than twenty points."""


class _Releaser:
    """Makes safe values, knowing what may be printed of every number."""

    def __init__(self, numbers: Numbers, policy: Policy, rests_on: RestsOn) -> None:
        self._numbers, self._policy, self._rests_on = numbers, policy, rests_on

    def _range(self, key: NumberKey) -> Band | None:
        """Between which values a number lies that is suppressed; None where it is printed."""
        band = self._numbers[key]
        return None if band.low == band.high else band

    def _ends(self, key: NumberKey) -> Band | None:
        """The range as readers see it; none where the study prints a sign alone."""
        return None if self._policy.method is ProtectionMethod.HIDDEN else self._range(key)

    def table(self, table: Table) -> SafeTable:
        return SafeTable(
            table.key,
            table.number,
            table.title,
            table.base_rule,
            table.row_labels,
            table.column_label,
            table.columns,
            tuple(self._row(row) for row in table.rows),
            table.multiple,
            table.notes,
            safe_values._KEY,
        )

    def _row(self, row: Row) -> SafeRow:
        cells = tuple(self.cell(cell) for cell in row.cells)
        return SafeRow(row.key, row.label, row.level, cells, safe_values._KEY)

    def statistic(self, found: Statistic, cells: Mapping[CellRequest, Cell]) -> SafeStatistic:
        """The outcome of a test, where none of what it is made of is suppressed."""
        shown = may_print_test(found, cells, self._numbers, self._policy, self._rests_on)
        return SafeStatistic(
            id=found.id,
            ask=found.ask,
            method=found.method,
            value=found.value if shown else None,
            df=found.df if shown else None,
            p=found.p if shown else None,
            base=found.base if shown else None,
            source=found.source,
            fixed=found.fixed,
            key=safe_values._KEY,
        )

    def influences(
        self, found: Iterable[Influence]
    ) -> dict[CellRequest, tuple[SafeInfluence, ...]]:
        """Those of which neither share is suppressed, by the share."""
        made: dict[CellRequest, tuple[SafeInfluence, ...]] = {}
        for each in found:
            share, without = self.cell(each.whole), self.cell(each.without)
            if None not in (share.count, share.base, without.count, without.base):
                safe_one = SafeInfluence(
                    each.stratum, each.label, share, without, key=safe_values._KEY
                )
                made[each.ask] = (*made.get(each.ask, ()), safe_one)
        return made

    def cell(self, cell: Cell) -> SafeCell:
        """A cell with its numbers, or their bands where they are suppressed."""
        count, base = count_key(cell), base_key(cell)
        return SafeCell(
            id=cell.id,
            count=self._shown(count),
            base=self._shown_base(base),
            base_rule=cell.base_rule,
            rule=cell.rule,
            source=cell.source,
            variable=cell.variable,
            category=cell.category,
            mentions=cell.mentions,
            fixed=cell.fixed,
            share_fixed=cell.fixed or cell.share_fixed,
            count_band=self._ends(count),
            base_band=self._ends(base),
            key=safe_values._KEY,
        )

    def _shown(self, key: NumberKey) -> int | None:
        band = self._numbers[key]
        return band.low if band.low == band.high else None

    def _shown_base(self, key: NumberKey) -> int | None:
        """A base to take percentages of: of a small rounded one they would be far off."""
        base = self._shown(key)
        is_rounded = self._policy.method is ProtectionMethod.ROUNDED
        return None if is_rounded and base is not None and base < _LEAST_ROUNDED else base
