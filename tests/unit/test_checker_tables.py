"""What the cells of a table prove about each other, and what they do not. All of it made up."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from blikveld.checker.check import check
from blikveld.checker.document import Language, ParsedGrid, ReportDocument, TextLine
from blikveld.checker.findings import ClaimKind, ReportedClaim, Verdict

Rows = Sequence[Sequence[str]]


def claims(*tables: Rows) -> tuple[ReportedClaim, ...]:
    """The claims of a report with nothing but tables."""
    grids, line = [], 1
    for rows in tables:
        grids.append(ParsedGrid("", tuple(map(tuple, rows)), line))
        line += len(rows) + 1
    lines = tuple(TextLine(number, "") for number in range(1, line))
    return check(ReportDocument("made-up", lines, tuple(grids)), Language.ENGLISH).claims


def found(*tables: Rows) -> list[tuple[ClaimKind, Verdict, str | None]]:
    """What is told as wrong: the kind, the verdict and the row."""
    return [(c.kind, c.verdict, c.row) for c in claims(*tables) if c.finding]


def with_cell(rows: Rows, row: int, column: int, text: str) -> Rows:
    """The table with another text in one cell."""
    changed = [list(cells) for cells in rows]
    changed[row][column] = text
    return changed


CUT_OFF = [
    ("Hall", "Good", "Fair", "Poor", "Bad"),
    ("North", "16.02%", "43.55%", "29.61%", "10.80%"),
    ("South", "12.93%", "38.46%", "34.61%", "13.98%"),
    ("East", "14.33%", "42.65%", "32.16%", "10.83%"),
    ("West", "17.77%", "39.72%", "34.84%", "7.65%"),
    ("Old", "18.40%", "36.11%", "31.59%", "13.87%"),
]


def test_percentages_that_were_cut_off_still_share_out_a_hundred() -> None:
    assert found(CUT_OFF) == []
    told = [(ClaimKind.SUM, Verdict.SUM, "South")]
    assert found(with_cell(CUT_OFF, 2, 2, "38.6%")) == told


def test_two_lines_may_miss_the_hundred_where_six_make_it() -> None:
    table = [*CUT_OFF, ("Mill", "8.99%", "21.94%", "57.91%", "11.14%"),
             ("Dyke", "10.00%", "20.00%", "30.00%", "40.00%"),
             ("Weir", "11.00%", "21.00%", "31.00%", "37.00%")]  # fmt: skip
    two = with_cell(with_cell(table, 1, 1, "61.02%"), 3, 1, "41.33%")
    assert {row for _, _, row in found(two)} == {"North", "East"}


def test_each_block_of_a_table_shares_out_its_own_hundred() -> None:
    block = [
        ("18%", "22%", "30%", "26%", "11%"),
        ("32%", "28%", "40%", "34%", "31%"),
        ("50%", "50%", "30%", "40%", "58%"),
    ]
    rows = [("", "Men", "Women", "Young", "Old", "All ages")]
    for question in ("Safe on foot?", "Safe by bike?"):
        rows.append((question, "410", "390", "210", "590", "800"))
        rows += [(name, *cells) for name, cells in zip(("Yes", "No", "Other"), block, strict=True)]
    assert found(rows) == []
    wrong = with_cell(rows, 6, 3, "48%")
    assert [(kind, verdict) for kind, verdict, _ in found(wrong)] == [(ClaimKind.SUM, Verdict.SUM)]


def test_so_many_parts_that_rounding_explains_all_prove_nothing() -> None:
    rows = [("", "A", "B", "C", "D", "E", "F", "G", "H")]
    rows += [(f"Part {n}", *(["1%"] * 8)) for n in range(99)]
    assert not [c for c in claims(with_cell(rows, 5, 3, "40%")) if c.checked]


LIMITS = [
    ("Level", "Number", "SE", "LL", "UL"),
    ("Young", "118", "14", "93", "149"),
    ("Adult", "310", "23", "267", "359"),
    ("Older", "207", "14", "180", "237"),
    ("Oldest", "167", "15", "140", "200"),
]


def test_an_estimate_in_a_table_lies_between_its_limits() -> None:
    assert found(LIMITS) == []
    told = [(ClaimKind.INTERVAL, Verdict.INTERVAL, "Adult")]
    assert found(*[LIMITS] * 3, with_cell(LIMITS, 2, 1, "130")) == told
    assert found(*[LIMITS] * 3, with_cell(LIMITS, 2, 4, "259")) == told


def test_limits_of_something_else_are_left_alone() -> None:
    other = [("Level", "Number", "Lower", "Upper"), *((f"L{n}", "5", str(90 + n), str(99 + n))
             for n in range(6))]  # fmt: skip
    assert not [c for c in claims(other) if c.kind is ClaimKind.INTERVAL]


NET = [
    ("Plan", "For", "Against", "Net"),
    ("Bridge", "634", "78", "556"),
    ("Tunnel", "135", "545", "-410"),
    ("Ferry", "21", "92", "-71"),
    ("Tram", "470", "166", "304"),
    ("Bus", "500", "69", "431"),
    ("Lane", "29", "253", "-224"),
    ("Park", "300", "219", "81"),
]


def test_a_column_that_is_the_difference_of_two_others() -> None:
    assert found(NET) == []
    told = [(ClaimKind.RELATION, Verdict.SUM, "Tram")]
    assert found(with_cell(NET, 4, 2, "16")) == told
    [finding] = [c for c in claims(with_cell(NET, 4, 2, "16")) if c.finding]
    assert "printed is 470" in finding.explanation
    assert "is 320" in finding.explanation


def test_a_column_that_is_the_ratio_of_two_others() -> None:
    values = (("3.54", "1.21", "2.93"), ("-1.81", "0.67", "-2.70"), ("10.08", "2.25", "4.48"),
              ("1.51", "0.79", "1.91"), ("0.80", "0.33", "2.42"), ("1.20", "0.36", "3.33"),
              ("6.20", "1.36", "4.56"))  # fmt: skip
    table = [("Term", "Weight", "Spread", "Strength")]
    table += [(f"x{n}", *cells) for n, cells in enumerate(values)]
    assert found(table) == []
    told = [(ClaimKind.RELATION, Verdict.SUM, "x3")]
    assert found(with_cell(table, 4, 1, "1.15")) == told


def test_numbers_that_fit_by_chance_are_no_relation() -> None:
    table = [("Item", "A", "B", "C")]
    table += [(f"x{n}", str(n), str(2 * n), str(3 * n)) for n in range(1, 4)]
    table += [("x9", "4", "1", "9"), ("x8", "2", "7", "6")]
    assert not [c for c in claims(table) if c.kind is ClaimKind.RELATION]


def test_a_column_adds_up_to_the_n_below_its_table() -> None:
    def table(*counts: int, n: int) -> Rows:
        rows = [("Level", "n", "Mean score")]
        rows += [(f"L{i}", str(count), f"{i}.25") for i, count in enumerate(counts)]
        return [*rows, (f"N = {n}.", "", "")]

    right = [table(118, 86, 96, n=300), table(44, 51, n=95), table(70, 81, 3, n=154)]
    assert found(*right) == []
    told = [(ClaimKind.SUM, Verdict.SUM, "N = 212.")]
    assert found(*right, *right, table(148, 86, 8, n=212)) == told
    assert not [c for c in claims(right[0]) if c.checked]


def shares(base: int, *counts: int) -> Rows:
    """A table of counts with their percentages of a base that is not printed."""
    rows = [("Answer", "n", "%")]
    return [*rows, *((f"A{i}", str(n), f"{100 * n / base:.1f}") for i, n in enumerate(counts))]


LONG = shares(562, 98, 141, 57, 44, 121, 62, 38, 29)


def test_a_small_table_is_read_with_the_base_of_the_others() -> None:
    small = shares(562, 305, 214, 43)
    assert found(LONG, small) == []
    told = [(ClaimKind.CELL, "A1")]
    wrong = with_cell(small, 2, 2, "83.1")
    assert [(kind, row) for kind, _, row in found(LONG, wrong)] == told
    assert found(wrong) == []


def test_a_small_table_of_other_people_is_left_alone() -> None:
    assert found(LONG, shares(911, 305, 214, 43)[:3]) == []


@pytest.mark.parametrize(("count", "percent"), [("2", "4.3"), ("0", "9.0")])
def test_a_small_count_is_judged_where_its_column_is_settled(count: str, percent: str) -> None:
    many = [*LONG, ("B1", "66", "11.7"), ("B2", "71", "12.6"), ("B3", "81", "14.4")]
    assert found([*many, ("C", "2", "0.4")]) == []
    told = [(ClaimKind.CELL, "C")]
    assert [(kind, row) for kind, _, row in found([*many, ("C", count, percent)])] == told
    few = shares(562, 98, 141, 57, 44, 121)
    assert found([*few, ("C", count, percent)]) == []


def test_an_estimate_is_in_the_middle_of_its_limits_where_the_other_rows_have_it_so() -> None:
    told = [(ClaimKind.INTERVAL, Verdict.OFF_CENTRE, "Y3")]
    rows = [("Year", "Mean", "Lower", "Upper")]
    rows += [(f"Y{n}", f"{n}.50", f"{n}.20", f"{n}.80") for n in range(1, 9)]
    assert found(rows) == []
    assert found(with_cell(rows, 3, 3, "5.80")) == told


def test_a_title_in_the_first_cell_is_no_head_of_every_column() -> None:
    def table(title: str, high: str) -> Rows:
        return [(title, "", "", ""), ("Level", "Share", "LL", "UL"),
                ("No", "91.6", "91.0", "92.1"), ("Yes", "8.4", "7.9", high)]  # fmt: skip

    tables = [table(f"Trouble with {what}", "9.0") for what in ("seeing", "hearing", "walking")]
    assert found(*tables) == []
    told = [(ClaimKind.INTERVAL, Verdict.INTERVAL, "Yes")]
    assert found(*tables, table("Trouble with stairs", "0.9")) == told
    [finding] = [c for c in claims(*tables, table("Trouble with stairs", "0.9")) if c.finding]
    assert (finding.table, finding.column) == ("Trouble with stairs", "Share")


def test_thousands_are_parted_as_in_the_rest_of_the_column() -> None:
    rows = [
        ("Town", "People", "Rain"),
        ("Ash", "27,310", "1.2"),
        ("Elm", "114,202", "3.4"),
        ("Oak", "9,118", "2.2"),
        ("Yew", "14,77,203", "0.8"),
    ]
    assert found(rows[:-1]) == []
    assert found(rows) == [(ClaimKind.CELL, Verdict.MISPRINT, "Yew")]
    assert found(with_cell(rows, 4, 1, "147,72")) == [(ClaimKind.CELL, Verdict.MISPRINT, "Yew")]
    assert found(with_cell(with_cell(rows, 4, 1, "147,72"), 2, 1, "31,20")) == []


def test_decimals_without_a_percent_sign_are_percentages_where_the_counts_prove_it() -> None:
    rows = [list(row) for row in LONG[1:]]
    bare = [("Answer", "N", "Valid"), *rows]
    assert found(bare) == []
    assert sum(c.checked for c in claims(bare)) == len(rows)
    wrong = with_cell(bare, 3, 2, "11.0")
    assert [(kind, row) for kind, _, row in found(wrong)] == [(ClaimKind.CELL, "A2")]


def test_decimals_that_are_no_percentages_stay_numbers() -> None:
    rows = [("Town", "N", "Weight")]
    rows += [(f"T{n}", str(40 + 7 * n), f"{3.1 * n:.1f}") for n in range(1, 9)]
    assert not claims(rows)


KEPT_BACK = [
    ("Domain", "Job", "None", "Some", "Many", "Total"),
    ("Care", "Nurse", "0–4", "12 52%", "0–14", "23"),
    ("", "Doctor", "0–4", "8 50%", "0–9", "16"),
    ("", "Porter", "0–4", "40 67%", "15 25%", "60"),
    ("", "Cook", "0", "21 70%", "9 30%", "30"),
    ("", "Clerk", "0–4", "0–9", "0–4", "9"),
    ("", "All of care", "18 8%", "150 65%", "63 27%", "231"),
]


def test_a_column_of_which_most_is_kept_back_is_no_column_of_names() -> None:
    """Its one count belongs to the row's sum: without it the others would be shares of less."""
    assert found(KEPT_BACK) == []
    judged = {c.count for c in claims(KEPT_BACK) if c.row == "All of care"}
    assert {18, 150, 63} <= judged


def test_decimals_are_not_taken_for_thousands() -> None:
    rows = [
        ("Model", "Share of best", "Ratio"),
        ("First", "0.696", "1.00"),
        ("Second", "0.138", "5.033"),
        ("Third", "0.093", "7.455"),
        ("Fourth", "0.072", "9.655"),
    ]
    assert found(rows) == []
