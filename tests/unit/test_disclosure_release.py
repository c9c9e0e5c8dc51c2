"""What may leave: small counts are suppressed, and nobody can add or subtract their way to them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blikveld.disclosure import NotReleased, Policy, SafeCell, SafeTable, Zeros, release_tables
from blikveld.disclosure.audit import AuditFailed, audit_release
from blikveld.disclosure.bands import bands
from blikveld.disclosure.linear_system import InconsistentCounts, LinearSystem, build, families
from blikveld.disclosure.people import People, RuleGroup, imagined
from blikveld.disclosure.policy import needs
from blikveld.disclosure.relations import GroupIndex
from blikveld.disclosure.secondary import hide
from blikveld.results.cell import (
    Band,
    Cell,
    CellRequest,
    CellSource,
    Column,
    EmptyRow,
    Row,
    Table,
)
from blikveld.rules import EVERYBODY, Person, evaluate, parse
from blikveld.study.disclosure import ProtectionMethod
from blikveld.study.model import Code, Variable, VariableKind

# Every count here is made up.
SOURCE = CellSource("made_up", "1", "0" * 64)
ALL = "True"


def people_in(cells: Iterable[Cell]) -> People:
    """Respondents of whom no more is known than what the rules of these cells name."""
    return imagined(rule for c in cells for rule in (c.base_rule, c.rule))


def cell(count: int, base: int, base_rule: str, rule: str) -> Cell:
    return Cell(count, base, parse(base_rule), parse(rule), SOURCE)


def ask(base_rule: str, rule: str) -> CellRequest:
    return CellRequest(parse(base_rule), parse(rule))


def table(
    counts: Sequence[Sequence[int]],
    key: str = "made",
    column: str = "answer",
    base: str = ALL,
) -> Table:
    """Invented counts by group and answer, with totals of both."""
    rows = [*counts, [sum(line) for line in zip(*counts, strict=True)]]
    names = [f"g{i}" for i in range(len(counts))] + ["total"]
    codes = [f"c{i}" for i in range(len(counts[0]))]
    made = []
    for name, line in zip(names, rows, strict=True):
        group = base if name == "total" else f"team == '{name}'"
        if base != ALL and name != "total":
            group = f"{base} and {group}"
        cells = [
            cell(n, sum(line), group, f"{column} == '{code}'")
            for n, code in zip(line, codes, strict=True)
        ]
        level = 0 if name == "total" else 2
        made.append(
            Row(name, {"en": name}, level, (*cells, cell(sum(line), sum(line), group, "True")))
        )
    columns = (
        *(Column(code, {"en": code}) for code in codes),
        Column("total", {"en": "All"}, True),
    )
    label = {"en": key}
    return Table(key, label, label, parse(base), (label,), label, columns, tuple(made))


def printed(found: SafeTable) -> list[list[int | None]]:
    return [[c.count for c in row.cells] for row in found.rows]


def test_a_safe_value_is_made_by_release_only() -> None:
    values = ("x", 1, 2, EVERYBODY, EVERYBODY, SOURCE, "", "", False, True, True, None, None)
    with pytest.raises(NotReleased):
        SafeCell(*values, key=object())
    safe = release_tables([table([[9, 9], [9, 9]])], {}, Policy()).tables["made"].rows[0].cells[0]
    with pytest.raises((NotReleased, TypeError, ValueError)):
        dataclasses.replace(safe, count=4)


@pytest.mark.parametrize("threshold", [-1, 0, 1])
def test_a_threshold_that_keeps_nothing_back_is_refused(threshold: int) -> None:
    with pytest.raises(ValueError, match="protects nobody"):
        Policy(threshold)


def test_a_lone_small_count_takes_a_neighbour_in_its_row_and_its_column_along() -> None:
    found = printed(
        release_tables([table([[3, 20], [20, 30], [30, 40]])], {}, Policy()).tables["made"]
    )
    assert found[0][0] is None
    assert found[0].count(None) >= 2
    assert [row[0] for row in found].count(None) >= 2
    assert found[-1] == [53, 90, 143]


def test_a_table_without_small_counts_is_left_alone() -> None:
    assert release_tables([table([[5, 20], [20, 30]])], {}, Policy()).tables["made"].suppressed == 0


def test_zero_is_printed_by_default_and_kept_back_where_zeros_are_hidden() -> None:
    counts = [[0, 20], [20, 30], [20, 30]]
    assert release_tables([table(counts)], {}, Policy()).tables["made"].rows[0].cells[0].count == 0
    hidden = release_tables([table(counts)], {}, Policy(zeros=Zeros.HIDDEN)).tables["made"]
    assert hidden.rows[0].cells[0].suppressed
    assert hidden.suppressed > 1


def test_the_percentage_of_a_kept_back_count_has_no_base_or_no_count_to_be_made_from() -> None:
    found = release_tables([table([[1, 2], [20, 30], [30, 40]])], {}, Policy()).tables["made"]
    for safe in found.rows[0].cells:
        assert safe.count is None
    assert found.rows[0].cells[0].base is None


def test_the_total_of_one_table_does_not_give_away_a_count_of_another() -> None:
    first = table([[2, 30, 40], [50, 60, 70], [80, 90, 95]], column="answer")
    # Those who did not answer c0: their total would tell how many did.
    second = table(
        [[35, 35], [60, 70], [85, 100]], key="next", column="more", base="answer != 'c0'"
    )
    together = release_tables([first, second], {}, Policy())
    assert together.tables["made"].rows[0].cells[0].suppressed
    totals = (together.tables["made"].rows[0].cells[-1], together.tables["next"].rows[0].cells[-1])
    assert any(total.suppressed for total in totals) or (
        together.tables["made"].rows[0].cells[1].suppressed
        and together.tables["made"].rows[0].cells[2].suppressed
    )


def test_a_sentence_may_not_say_a_small_count_nor_its_complement() -> None:
    asks = {
        ask("True", "answer == 'c0'"): cell(3, 100, "True", "answer == 'c0'"),
        ask("True", "answer == 'c1'"): cell(97, 100, "True", "answer == 'c1'"),
        ask("True", "other == 'a'"): cell(40, 100, "True", "other == 'a'"),
    }
    assert [c.count for c in release_tables([], asks, Policy()).cells.values()] == [None, None, 40]


def test_a_sentence_keeps_its_number_where_something_else_can_be_kept_back() -> None:
    made = table([[3, 20, 30], [20, 30, 40], [30, 40, 50]])
    one = ask("team == 'g0'", "answer == 'c1'")
    said = {one: cell(20, 53, "team == 'g0'", "answer == 'c1'")}
    assert release_tables([made], said, Policy()).cells[one].count == 20


def test_counts_that_contradict_each_other_are_refused() -> None:
    asks = {ask("True", "answer == 'c0'"): cell(4, 100, "True", "answer == 'c0'")}
    with pytest.raises(InconsistentCounts):
        release_tables([table([[9, 9], [9, 9]])], asks, Policy())


def test_the_audit_finds_what_was_left_open() -> None:
    made = table([[3, 20], [20, 30], [30, 40]])
    cells = [c for row in made.rows for c in row.cells]
    system = build(people_in(cells), [made], [])
    wanted = needs(system, cells, Policy())
    small = [i for i, value in enumerate(system.values) if value == 3]
    with pytest.raises(AuditFailed):
        audit_release(system, {i: Band(0, 4) for i in small}, wanted)
    prices = dict.fromkeys(range(len(system.values)), 1.0)
    found = hide(system, wanted, prices)
    audit_release(system, bands(system, found), found.met)


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ([0, 1, 2, 2, 1, 2], {0: (1, 4), 1: (2, 3), 4: (5,)}),
        ([2, 2, 1, 2, 1, 0], {5: (2, 4), 2: (0, 1), 4: (3,)}),
        ([0], {}),
        ([0, 1, 1], {0: (1, 2)}),
    ],
)
def test_totals_may_stand_first_or_last(
    levels: list[int], expected: Mapping[int, tuple[int, ...]]
) -> None:
    assert dict(families(levels)) == expected


counts = st.lists(
    st.lists(st.sampled_from([0, 1, 2, 3, 4, 6, 9]), min_size=2, max_size=2),
    min_size=3,
    max_size=4,
)


@given(counts, st.sampled_from([3, 5]))
@settings(max_examples=12, deadline=None, derandomize=True)
def test_every_small_count_could_be_any_small_number(made: list[list[int]], threshold: int) -> None:
    policy = Policy(threshold)
    found = printed(release_tables([table(made)], {}, policy).tables["made"])
    truth = [[*row, sum(row)] for row in made]
    truth.append([sum(column) for column in zip(*truth, strict=True)])
    seen = possible(found, sum(map(sum, made)) + threshold)
    for row, column in product(range(len(truth)), range(3)):
        if policy.small(truth[row][column]):
            assert found[row][column] is None
            assert set(range(1, threshold)) <= seen[row, column]


def possible(found: list[list[int | None]], ceiling: int) -> dict[tuple[int, int], set[int]]:
    """Every value of every kept-back number in every table that agrees with what is printed.

    The slow and obvious way: one row after the other, with the column sums as the state.
    """
    lines = [list(_lines(row, ceiling)) for row in found]
    last = len(found) - 1
    seen: dict[tuple[int, int], set[int]] = {
        (r, c): set() for r in range(len(found)) for c in range(len(found[0]))
    }
    totals = {line[:-1] for line in lines[last]}
    for at in range(last):
        others: set[tuple[int, ...]] = {(0,) * (len(found[0]) - 1)}
        for number in (n for n in range(last) if n != at):
            others = {
                tuple(a + b for a, b in zip(state, line[:-1], strict=True))
                for state in others
                for line in lines[number]
            }
        for line in lines[at]:
            ends = {
                tuple(a + b for a, b in zip(state, line[:-1], strict=True)) for state in others
            } & totals
            for c in range(len(line)) if ends else ():
                seen[at, c].add(line[c])
            for end in ends:
                for c, value in enumerate((*end, sum(end))):
                    seen[last, c].add(value)
    return seen


def _lines(row: Sequence[int | None], ceiling: int) -> Iterator[tuple[int, ...]]:
    top = min(ceiling, 16)
    choices = [range(top + 1) if n is None else (n,) for n in row[:-1]]
    for line in product(*choices):
        total = sum(line)
        if row[-1] is None or row[-1] == total:
            yield (*line, total)


def test_a_group_is_one_number_however_its_rule_is_written() -> None:
    first = cell(20, 60, "True", "answer != 'no' and team in ('g0',)")
    second = cell(20, 40, "team == 'g0'", "not (answer == 'no')")
    system = build(people_in([first, second]), [], [first, second])
    assert system.count(first) == system.count(second)


def test_a_row_under_one_subtotal_only_is_known_without_the_subtotal() -> None:
    nested = nested_table()
    alone = cell(20, 70, "team == 'a'", "answer == 'c0'")
    # Whoever is in team a or b works in part x, and nobody else does.
    persons = [
        {"part": "x" if team in "ab" else "y", "team": team, "answer": answer}
        for team, answer in product("abc", ("c0", "c1"))
    ]
    system = build(People(persons, {}), [nested], [alone])
    assert system.count(nested.rows[0].cells[0]) == system.count(alone)


def partly_known(persons: Sequence[Person], everybody: Sequence[Person]) -> People:
    """Some of those who answered; the others are found where groups hang on them."""

    def find(one: RuleGroup, other: RuleGroup | None) -> Sequence[Person]:
        def is_in(group: RuleGroup | None, person: Person) -> bool:
            return group is not None and all(evaluate(rule, person) for rule in group)

        return [p for p in everybody if is_in(one, p) != is_in(other, p)][:1]

    return People(persons, {}, [1] * len(persons), find)


def test_groups_that_differ_by_somebody_who_is_not_looked_at_are_two_numbers() -> None:
    persons = [{"team": "a", "late": False}] * 8 + [{"team": "b", "late": False}] * 7
    everybody = [*persons, {"team": "a", "late": True}]
    cells = [cell(9, 16, "True", "team == 'a'"), cell(8, 16, "True", "team == 'a' and not late")]
    people = partly_known(persons, everybody).tell_apart(cells)
    system = build(people, [], cells)
    assert system.count(cells[0]) != system.count(cells[1])
    # Nobody prints who was late in team a, and everybody can subtract.
    assert 1 in {system.values[need.index] for need in needs(system, cells, Policy())}


def test_a_group_of_whom_nobody_is_looked_at_is_a_group_all_the_same() -> None:
    persons = [{"team": "b", "late": False}] * 7
    everybody = [*persons, {"team": "a", "late": True}]
    cells = [cell(1, 8, "True", "late"), cell(1, 8, "True", "team == 'a'")]
    people = partly_known(persons, everybody).tell_apart(cells)
    system = build(people, [], cells)
    assert system.count(cells[0]) == system.count(cells[1])
    assert system.members[system.count(cells[0])]


def test_bases_that_differ_by_somebody_who_is_not_looked_at_are_two_numbers() -> None:
    persons = [{"team": "a", "late": False, "glad": n < 5} for n in range(8)]
    everybody = [*persons, {"team": "a", "late": True, "glad": False}]
    cells = [cell(5, 9, "team == 'a'", "glad"), cell(5, 8, "team == 'a' and not late", "glad")]
    people = partly_known(persons, everybody).tell_apart(cells)
    system = build(people, [], cells)
    assert system.base(cells[0]) != system.base(cells[1])
    assert system.count(cells[0]) == system.count(cells[1])


def test_rests_that_differ_by_somebody_who_is_not_looked_at_are_two_numbers() -> None:
    persons = [{"team": "a"}] * 3
    part, whole = LinearSystem(partly_known(persons, persons)), LinearSystem(People(persons, {}))
    assert part.rest(7, 3) == part.rest(7, 3)
    assert part.values[part.rest(7, 2)] == 2
    assert whole.rest(7, 3) == whole.rest(7, 2)


def test_groups_that_are_alike_where_they_are_looked_at_first_are_not_taken_for_one() -> None:
    # Bits 32 to 127 are not among those that are looked at first.
    whole, part, who = 1 << 40 | 1 << 200, 1 << 41, 1 << 40 | 1 << 41
    assert list(GroupIndex([whole, part]).cuts([who])) == []
    assert list(GroupIndex([whole, 1 << 40]).cuts([who])) == [(0, 1)]


def nested_table() -> Table:
    def row(key: str, level: int, rule: str, counts: tuple[int, int]) -> Row:
        codes = zip(("c0", "c1"), counts, strict=True)
        cells = tuple(cell(n, sum(counts), rule, f"answer == '{code}'") for code, n in codes)
        return Row(key, {"en": key}, level, cells)

    rows = (
        row("x.a", 2, "part == 'x' and team == 'a'", (20, 50)),
        row("x.b", 2, "part == 'x' and team == 'b'", (30, 40)),
        row("x", 1, "part == 'x'", (50, 90)),
        row("all", 0, "True", (50, 90)),
    )
    label = {"en": "made"}
    columns = (Column("c0", label), Column("c1", label))
    return Table("nested", label, label, ALL, (label, label), label, columns, rows)


def coarse(fine: Sequence[int]) -> tuple[Table, Table]:
    """The same invented people by an answer in full, and with its first two answers together."""

    def one(key: str, counts: Mapping[str, int], name: str) -> Table:
        total = sum(counts.values())
        cells = [cell(n, total, "team == 'g0'", f"{name} == '{c}'") for c, n in counts.items()]
        row = Row("g0", {"en": "g0"}, 0, (*cells, cell(total, total, "team == 'g0'", "True")))
        columns = [*(Column(c, {"en": c}) for c in counts), Column("total", {"en": ""}, True)]
        label = {"en": key}
        return Table(key, label, label, ALL, (label,), label, tuple(columns), (row,))

    full = one("full", dict(zip(("c0", "c1", "c2"), fine, strict=True)), "answer")
    both = one("both", {"low": fine[0] + fine[1], "high": fine[2]}, "derived")
    return full, both


def people_with_derived() -> People:
    """`derived` is low for the answers c0 and c1 and high for c2: other words for the same."""
    persons = [
        {"team": team, "answer": answer, "derived": "high" if answer == "c2" else "low"}
        for team, answer in product(("g0", "g1"), ("c0", "c1", "c2"))
    ]
    label = {"en": ""}
    variables = {
        name: Variable(name, VariableKind.SINGLE, label, tuple(Code(c, label) for c in codes))
        for name, codes in {
            "team": ("g0", "g1"),
            "answer": ("c0", "c1", "c2"),
            "derived": ("low", "high"),
        }.items()
    }
    return People(persons, variables)


def test_a_group_in_other_words_is_kept_back_or_printed_in_both_places() -> None:
    tables = coarse((40, 30, 3))
    found = release_tables(tables, {}, Policy(), people=people_with_derived).tables
    full, both = (printed(found[name])[0] for name in ("full", "both"))
    assert full[2] is None
    assert both[1] is None
    # Nor does it follow from who is left: the others are not all printed beside their total.
    assert None in (both[0], both[2])
    assert None in (*full[:2], full[3])


ROUNDED = Policy(method=ProtectionMethod.ROUNDED, rounding_base=5)


def one_team_left(counts: Sequence[int]) -> Table:
    """Everybody is in team g0; nobody is in g1, and nobody can be in a team g9."""

    def row(team: str, numbers: Sequence[int]) -> Row:
        rule = ALL if team == "all" else f"team == '{team}'"
        cells = (cell(n, sum(numbers), rule, f"answer == 'c{i}'") for i, n in enumerate(numbers))
        level = 0 if team == "all" else 1
        return Row(team, {"en": team}, level, (*cells, cell(sum(numbers), sum(numbers), rule, ALL)))

    empty = tuple(
        EmptyRow(1, row(team, [0] * len(counts)), cell(0, 0, f"team == '{team}'", ALL))
        for team in ("g1", "g9")
    )
    columns = (*(Column(f"c{i}", {"en": ""}) for i in range(len(counts))), Column("n", {}, True))
    rows = (row("g0", counts), row("all", counts))
    return Table("left", {}, {}, parse(ALL), ({},), {}, columns, rows, empty=empty)


def names_of(found: SafeTable) -> list[str]:
    return [row.name for row in found.rows]


def test_rows_that_are_left_out_do_not_tell_that_a_small_group_is_in_the_one_row_left() -> None:
    found = release_tables([one_team_left([7, 5, 0])], {}, Policy(), people=people_with_derived)
    first, second, whole = found.tables["left"].rows
    assert [row.name for row in (first, second, whole)] == ["g0", "g1", "all"]
    assert whole.cells[-1].count == 12
    assert first.cells[-1].count_band == Band(5, 14)
    assert second.cells[-1].count_band == Band(0, 4)
    again = release_tables([one_team_left([7, 5, 0])], {}, Policy(), before=found.fresh)
    assert names_of(again.tables["left"]) == ["g0", "g1", "all"]
    assert not again.fresh


def test_a_row_of_nobody_is_left_out_where_its_zeros_may_be_printed() -> None:
    found = release_tables([one_team_left([20, 30, 16])], {}, Policy(), people=people_with_derived)
    assert names_of(found.tables["left"]) == ["g0", "all"]
    assert found.tables["left"].suppressed == 0
    again = release_tables([one_team_left([20, 30, 16])], {}, Policy(), before=found.fresh)
    assert names_of(again.tables["left"]) == ["g0", "all"]
    assert not again.fresh


def test_a_rounded_table_prints_every_row_that_somebody_can_be_in() -> None:
    left = one_team_left([20, 30, 12])
    found = release_tables([left], {}, ROUNDED, people=people_with_derived)
    assert names_of(found.tables["left"]) == ["g0", "g1", "all"]
    assert found.tables["left"].rows[1].cells[-1].count == 0
    again = release_tables([left], {}, ROUNDED, before=found.fresh)
    assert names_of(again.tables["left"]) == ["g0", "g1", "all"]


def test_hidden_zeros_hide_in_which_rows_nobody_is() -> None:
    policy = Policy(zeros=Zeros.HIDDEN)
    left = one_team_left([20, 30, 12])
    found = release_tables([left], {}, policy, people=people_with_derived)
    assert names_of(found.tables["left"]) == ["g0", "g1", "all"]
    assert found.tables["left"].rows[1].cells[-1].count_band == Band(0, 4)


@pytest.mark.parametrize("others", [1, 2, 4])
def test_how_few_gave_another_answer_than_the_one_that_is_printed_is_not_told(others: int) -> None:
    shown = cell(20, 20 + others, "team == 'g0'", "answer == 'c0'")
    asks = {ask("team == 'g0'", "answer == 'c0'"): shown}
    (told,) = release_tables([], asks, Policy(), people=people_with_derived).cells.values()
    assert None in (told.count, told.base)


def test_nobody_sees_that_all_gave_the_one_answer_that_is_left() -> None:
    # Of seven nobody said c2, so all are 'low', which no table prints.
    asks = {ask("team == 'g0'", "answer == 'c2'"): cell(0, 7, "team == 'g0'", "answer == 'c2'")}
    (told,) = release_tables([], asks, Policy(), people=people_with_derived).cells.values()
    assert told.count is None or told.base is None
    large = {ask("team == 'g0'", "answer == 'c2'"): cell(0, 40, "team == 'g0'", "answer == 'c2'")}
    (told,) = release_tables([], large, Policy(), people=people_with_derived).cells.values()
    assert (told.count, told.base) == (0, 40)


def test_counts_in_finer_answers_do_not_add_up_to_one_that_is_kept_back() -> None:
    full, both = coarse((3, 30, 40))
    found = release_tables((full, both), {}, Policy(), people=people_with_derived).tables
    fine, together = printed(found["full"])[0], printed(found["both"])[0]
    assert fine[0] is None
    # c0 is low less c1: one of these two is suppressed as well.
    assert None in (fine[1], together[0])
    # And it is the total less the other two.
    assert None in (fine[1], fine[2], fine[3])


def test_a_difference_of_a_few_between_two_printed_groups_is_kept_from_readers() -> None:
    asks = {
        CellRequest(parse("team == 'g0'"), parse("answer == 'c0'")): cell(
            57, 60, "team == 'g0'", "answer == 'c0'"
        )
    }
    (found,) = release_tables([], asks, Policy()).cells.values()
    assert None in (found.count, found.base)


def test_that_everybody_in_a_small_group_gave_one_answer_is_kept_from_readers() -> None:
    made = table([[9, 0], [20, 30], [30, 40]])
    (count, none, total) = printed(release_tables([made], {}, Policy()).tables["made"])[0]
    assert none is None
    assert None in (count, total)


def test_that_everybody_in_a_large_group_gave_one_answer_is_printed() -> None:
    made = table([[40, 0], [20, 30], [30, 40]])
    assert printed(release_tables([made], {}, Policy()).tables["made"])[0] == [40, 0, 40]
