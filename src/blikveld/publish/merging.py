"""What the rule for small counts costs a study, and what groups taken together would keep.

Nothing here is printed or written down as released: tables are cleared as if they were published,
and it is counted how many of their numbers would be exact. Small groups and rare answers cost most,
for each of them keeps numbers of its neighbours back. Taken together they are suggested, and never
taken together by themselves: which answers mean the same is the researcher's to say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from blikveld.disclosure import Policy, SafeCell, SafeTable, release_tables
from blikveld.errors import BlikveldError
from blikveld.publish.clearing import people_of, wanted_of
from blikveld.questionnaire.routing import Routing
from blikveld.report import asks, required_cells
from blikveld.responses.derive import code_and_derive
from blikveld.responses.schema import ResponseRecord
from blikveld.responses.snapshot import Snapshot, write
from blikveld.results.cell import Cell, CellRequest, DataOrigin, Row, Table
from blikveld.rules import Leaf, Rule, Value, any_of, evaluate, rewrite
from blikveld.rules.nodes import And
from blikveld.study.load import load
from blikveld.study.model import Study, TablePlan, VariableKind
from blikveld.study.variables import rule_of
from blikveld.synthetic.trial_respondents import draw_respondents
from blikveld.tabulation.cell_counts import CellCounter, count_cells, make_counter
from blikveld.tabulation.tables import count_tables

SMALL_ROW, RARE_ANSWER = 6, 8
"""Rows of fewer people than so many times the threshold, and answers of fewer, cost their
neighbours more numbers than they print themselves: 30 and 40 at the usual threshold of 5."""


@dataclass(frozen=True, slots=True)
class Merging:
    """Groups that could stand together: for each variable the codes, one tuple a group.

    `rows` are of the rows of tables, `answers` of their columns. Both are empty for the tables as
    they are planned.
    """

    rows: Mapping[str, tuple[tuple[str, ...], ...]]
    answers: Mapping[str, tuple[tuple[str, ...], ...]]


@dataclass(frozen=True, slots=True)
class PolicyCost:
    """How many numbers of the tables would be printed exactly, and how many in a range.

    `sentences` are the numbers that the report's texts need, `unsaid` those of them in a range.
    `rows` tells by table how many numbers of its rows under subtotals are exact, and of how many.
    """

    merging: Merging
    exact: int
    ranges: int
    sentences: int
    unsaid: int
    rows: Mapping[str, tuple[int, int]]

    @property
    def share(self) -> float:
        """How large a part of the numbers in tables is exact; 1 where there are none."""
        return self.exact / (self.exact + self.ranges) if self.exact + self.ranges else 1.0


class TrialTooLong(BlikveldError):
    """What the rule for small counts costs could not be worked out in the time that there was."""


def bounded_trial(folder: Path, respondents: int, seconds: float) -> Iterator[PolicyCost]:
    """The costs of `trial_costs`, as far as they are known within so many seconds.

    Raises TrialTooLong when that is not all of them, and BlikveldError as `trial_costs` does.
    """
    # A linear program cannot be told to stop, so that the time is kept by another process.
    context, until = get_context("spawn"), monotonic() + seconds
    here, there = context.Pipe(duplex=False)
    worker = context.Process(target=_send_costs, args=(folder, respondents, there), daemon=True)
    worker.start()
    there.close()
    try:
        while here.poll(max(0.0, until - monotonic())):
            found = here.recv()
            if found is None:
                return
            if isinstance(found, tuple):
                raise BlikveldError(*found)
            yield found
    except EOFError:
        pass
    finally:
        worker.terminate()
        worker.join()
    raise TrialTooLong(
        "trial-too-long",
        str(folder),
        f"What the rule for small counts costs was not all found in {seconds:.0f} seconds.",
        "Try with fewer respondents, or with fewer tables, rows and answers.",
    )


def _send_costs(folder: Path, respondents: int, there: Connection) -> None:
    try:
        for cost in trial_costs(load(folder), respondents):
            there.send(cost)
        there.send(None)
    except BlikveldError as error:
        there.send((error.code, error.location, error.problem, error.mend))


def trial_costs(study: Study, respondents: int) -> Iterator[PolicyCost]:
    """The costs for so many included respondents drawn at random, before anybody has answered.

    Raises BlikveldError where nobody is drawn who would be included, and SuppressionInfeasible
    where the tables cannot be protected.
    """
    with TemporaryDirectory(prefix="blikveld-") as apart:
        drawn = islice(_included(study, _DRAWN * respondents), respondents)
        answers = (ResponseRecord(str(number), person) for number, person in enumerate(drawn))
        made = write(study, answers, Path(apart) / "trial", origin=DataOrigin.MADE_UP)
        if not made.rows:
            problem = "Of all respondents drawn at random nobody would be included."
            raise BlikveldError("nobody", str(study.folder), problem, "Look at inclusion.yaml.")
        yield from policy_costs(study, made)


_DRAWN = 100
"""How many are drawn at most for one who comes to the end and is included."""


def _included(study: Study, number: int) -> Iterator[Mapping[str, Value]]:
    """Of so many random respondents those who come to the end and count."""
    routing = Routing(study)
    rule = And(tuple(step.keep for step in study.inclusion))
    for one in draw_respondents(study, number):
        if one.pages is None:
            person = routing.complete(
                site=one.site,
                mode=one.mode.value,
                language=one.language,
                answers=one.answers,
                completed=True,
                pages_done=len(routing.pages),
            )
            if evaluate(rule, code_and_derive(study, person)):
                yield person


def policy_costs(study: Study, snapshot: Snapshot) -> Iterator[PolicyCost]:
    """What the policy costs: the tables as planned, then small rows together, then rare answers.

    What would keep no larger part exact is not suggested. Raises SuppressionInfeasible.
    """
    trial = _Trial(study, snapshot)
    best = trial.cost(Merging({}, {}))
    yield best
    for step in (trial.with_small_rows, trial.with_rare_answers):
        wider = step(best.merging) if best.ranges else best.merging
        if wider != best.merging and (cost := trial.cost(wider)).share > best.share:
            yield cost
            best = cost


class _Trial:
    """Tables of one snapshot, cleared again and again with other groups taken together."""

    def __init__(self, study: Study, snapshot: Snapshot) -> None:
        self._study, self._policy = study, Policy.of(study)
        self._counter: CellCounter = make_counter(study, snapshot)
        self._tables = count_tables(study, snapshot)
        self._cells = count_cells(study, snapshot, wanted_of(asks, study), self._counter)
        self._sentences = wanted_of(required_cells, study)
        self._sizes = dict(self._row_sizes())
        self._people = cache(partial(people_of, study, snapshot))

    def cost(self, merging: Merging) -> PolicyCost:
        """How much of tables and sentences would be exact with these groups together."""
        tables = [self._merged(plan, merging) for plan in self._study.tables]
        single = dict(self._single(merging))
        cleared = release_tables(
            tables, single, self._policy, high_cost=self._sentences, people=self._people
        )
        cells = [c for t in cleared.tables.values() for row in t.rows for c in row.cells]
        exact = sum(map(_is_exact, cells))
        unsaid = sum(not _is_exact(cleared.cells[ask]) for ask in self._sentences)
        rows = {key: _exact_under_subtotals(table) for key, table in cleared.tables.items()}
        return PolicyCost(merging, exact, len(cells) - exact, len(self._sentences), unsaid, rows)

    def _single(self, merging: Merging) -> Iterator[tuple[CellRequest, Cell]]:
        """What sentences and charts need: a chart draws groups as they stand together."""
        mates = {
            rule_of(self._study.variables[name], code): codes
            for groups in (merging.rows, merging.answers)
            for name, found in groups.items()
            for codes in found
            for code in codes
        }

        def widen(leaf: Leaf) -> Rule:
            if leaf not in mates:
                return leaf
            variable = self._study.variables[leaf.name]
            return any_of(*(rule_of(variable, code) for code in mates[leaf]))

        for ask, cell in self._cells.items():
            if ask in self._sentences:
                yield ask, cell
            else:
                wide = CellRequest(rewrite(ask.base_rule, widen), rewrite(ask.rule, widen))
                yield wide, self._counter.cell(wide)

    def _row_sizes(self) -> Iterator[tuple[tuple[str, str], int]]:
        """By variable and code how many people its rows count, as tables of most people have it.

        A code may be large among everybody and small in each table, which counts some of them.
        """
        found: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
        for plan in self._study.tables:
            whole = max(row.cells[0].base for row in self._tables[plan.key].rows)
            for row in self._tables[plan.key].rows if plan.rows else ():
                if row.level == len(plan.rows):
                    code = row.key.rpartition(".")[2]
                    found[plan.rows[-1], code].append((row.cells[0].base, whole))
        for key, sizes in found.items():
            yield key, _weighted_median(sizes)

    def with_small_rows(self, merging: Merging) -> Merging:
        """The small codes of the last row variable of each table, those under one subtotal."""
        found: dict[str, dict[tuple[str, ...], None]] = defaultdict(dict)
        for plan in self._study.tables:
            if plan.rows:
                found[plan.rows[-1]].update(dict.fromkeys(self._small_in(plan)))
        rows = {name: tuple(groups) for name, groups in found.items() if groups}
        return replace(merging, rows=rows)

    def _small_in(self, plan: TablePlan) -> Iterator[tuple[str, ...]]:
        parents: dict[str, list[str]] = defaultdict(list)
        for row in self._tables[plan.key].rows:
            if row.level == len(plan.rows):
                parent, _, code = row.key.rpartition(".")
                parents[parent].append(code)
        for parent, codes in parents.items():
            sizes = {code: self._sizes[plan.rows[-1], code] for code in codes}
            group = _together(sizes, SMALL_ROW * self._policy.threshold)
            if group and (parent or len(group) < len(sizes)):
                yield group

    def with_rare_answers(self, merging: Merging) -> Merging:
        """The same and for each variable in columns its rare answers."""
        found, limit = {}, RARE_ANSWER * self._policy.threshold
        for plan in self._study.tables:
            variable = self._study.variables[plan.columns]
            sizes = {c.code: self._counter.count(rule_of(variable, c.code)) for c in variable.codes}
            rare = tuple(c for c, n in sizes.items() if 0 < n < limit)
            if 1 < len(rare) < len(sizes):
                found[plan.columns] = (rare,)
        return replace(merging, answers=found)

    def _merged(self, plan: TablePlan, merging: Merging) -> Table:
        """The table with groups together, under the first of them."""
        table = self._tables[plan.key]
        columns = merging.answers.get(plan.columns, ())
        several = self._study.variables[plan.columns].kind is VariableKind.MULTIPLE
        if columns:
            table = self._with_columns(table, plan, columns, several=several)
        rows = merging.rows.get(plan.rows[-1], ()) if plan.rows else ()
        return _with_rows(table, len(plan.rows), rows) if rows else table

    def _with_columns(
        self, table: Table, plan: TablePlan, groups: Sequence[tuple[str, ...]], *, several: bool
    ) -> Table:
        heads = {column.key: at for at, column in enumerate(table.columns)}
        joined = [group for group in groups if all(code in heads for code in group)]
        gone = {heads[code] for group in joined for code in group[1:]}
        # All mentions are no longer the sum of the columns when two of them stand together.
        gone |= {at for at, head in enumerate(table.columns) if several and joined and head.total}
        firsts = {heads[group[0]]: group for group in joined}

        def fit(row: Row) -> Row:
            cells = (
                self._joined(cell, plan, firsts[at]) if at in firsts else cell
                for at, cell in enumerate(row.cells)
                if at not in gone
            )
            return replace(row, cells=tuple(cells))

        return replace(
            table,
            columns=tuple(head for at, head in enumerate(table.columns) if at not in gone),
            rows=tuple(map(fit, table.rows)),
            empty=tuple(replace(empty, row=fit(empty.row)) for empty in table.empty),
        )

    def _joined(self, cell: Cell, plan: TablePlan, codes: Sequence[str]) -> Cell:
        """The number of people who gave one of several answers."""
        variable = self._study.variables[plan.columns]
        rule = any_of(*(rule_of(variable, code) for code in codes))
        return self._counter.cell(CellRequest(cell.base_rule, rule))


def _with_rows(table: Table, level: int, groups: Sequence[tuple[str, ...]]) -> Table:
    """The rows of a group under one subtotal as one row, in the place of the first."""
    mates = {code: group for group in groups for code in group}
    together: dict[object, list[Row]] = defaultdict(list)
    places = [0]
    for row in table.rows:
        parent, _, code = row.key.rpartition(".")
        is_small = row.level == level and code in mates
        together[(parent, mates[code]) if is_small else row.key].append(row)
        places.append(len(together))
    rows = (found[0] if len(found) == 1 else _one_row(found) for found in together.values())
    # An empty row of a group adds nothing to the one row of it; the others stand where they stood.
    empty = (
        replace(empty, place=places[empty.place])
        for empty in table.empty
        if empty.row.level != level or empty.row.key.rpartition(".")[2] not in mates
    )
    return replace(table, rows=tuple(rows), empty=tuple(empty))


def _one_row(rows: Sequence[Row]) -> Row:
    """Several rows of other people each, as one."""
    cells = tuple(_sum(cells) for cells in zip(*(row.cells for row in rows), strict=True))
    return replace(rows[0], key="+".join(row.key for row in rows), cells=cells)


def _sum(cells: Sequence[Cell]) -> Cell:
    return replace(
        cells[0],
        count=sum(cell.count for cell in cells),
        base=sum(cell.base for cell in cells),
        base_rule=any_of(*(cell.base_rule for cell in cells)),
    )


def _together(sizes: Mapping[str, int], limit: int) -> tuple[str, ...]:
    """The codes under a limit; one that is alone takes the next smallest along. Else none."""
    small = [code for code, size in sizes.items() if 0 < size < limit]
    others = sorted((c for c in sizes if c not in small and sizes[c]), key=lambda c: sizes[c])
    if len(small) == 1:
        small += others[:1]
    return tuple(small) if len(small) > 1 else ()


def _weighted_median(found: Sequence[tuple[int, int]]) -> int:
    """The smallest value that at least half of the weight does not exceed; values come first."""
    half, below = sum(weight for _, weight in found) / 2, 0
    for value, weight in sorted(found):
        below += weight
        if below >= half:
            return value
    return 0


def _exact_under_subtotals(table: SafeTable) -> tuple[int, int]:
    cells = [cell for row in table.rows if row.level > 1 for cell in row.cells]
    return sum(map(_is_exact, cells)), len(cells)


def _is_exact(cell: SafeCell) -> bool:
    return cell.count is not None
