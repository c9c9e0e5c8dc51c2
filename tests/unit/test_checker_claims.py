"""Claims in running text: how they are printed, and what they are tied to."""

from __future__ import annotations

import pytest

from blikveld.checker.check import check
from blikveld.checker.document import Language, ParsedGrid, ReportDocument, TextLine
from blikveld.checker.findings import ClaimKind, ReportedClaim, Verdict
from blikveld.checker.numbers import Hedge, fits
from blikveld.checker.rounding import slip
from blikveld.checker.shares import pairs


def claims(text: str, language: Language = Language.ENGLISH) -> tuple[ReportedClaim, ...]:
    """What is found in a text of several lines."""
    lines = tuple(TextLine(n, line) for n, line in enumerate(text.split("\n"), start=1))
    return check(ReportDocument("made-up", lines), language).claims


def ties(text: str, language: Language = Language.ENGLISH) -> list[tuple[object, ...]]:
    """Percent, count and base of every percentage that was tied."""
    found = claims(text, language)
    return [(c.percent, c.count, c.base) for c in found if c.kind is ClaimKind.PAIR and c.base]


@pytest.mark.parametrize(
    "text",
    [
        "Totaal n=821, 48% staat gelijk aan n=393.",
        "Totaal n=821, 48% staat gelijk aan 393.",
        "Totaal n= =821, 48% staat gelijk aan n= =393.",
        "Totaal n=821 48% staat gelijk aan, n=393.",
        "Totaal n=821, 48% staat gelijk n=393",
        "Total n=821, 48% equals n=393.",
        "Total: N = 821; 48% corresponds to n = 393.",
        "Base: 821, 48% is n=393.",
    ],
)
def test_pairs_however_badly_printed(text: str) -> None:
    found = list(pairs(text, Language.DUTCH))
    assert [(p.percent, p.count, p.base) for p in found] == [("48", 393, 821)]


def test_several_pairs_after_one_base_and_a_second_base() -> None:
    text = "Totaal n=1.637, 57% is n=931 en 43% is n=706. Totaal n=821, 50% is n=410."
    found = [(p.count, p.base) for p in pairs(text, Language.DUTCH)]
    assert found == [(931, 1637), (706, 1637), (410, 821)]


def test_a_base_is_not_carried_over_other_words() -> None:
    text = "Totaal n=821. Elders, in een ander onderzoek, 48% staat gelijk aan n=393."
    assert [p.base for p in pairs(text, Language.DUTCH)] == [None]


@pytest.mark.parametrize(
    ("text", "tie"),
    [
        ("Of the 821 people, 393 (48%) agreed.", ("48", 393, 821)),
        ("Of the 821 people, 48% (n=393) agreed.", ("48", 393, 821)),
        ("At last 48% (n = 393/821) agreed.", ("48", 393, 821)),
        ("In the end 48% agreed with it (n=393/821).", ("48", 393, 821)),
        ("In the end 48% (n=393 of 821) agreed.", ("48", 393, 821)),
        ("393 of the 821 agreed (48%).", ("48", 393, 821)),
        ("Some agreed (393 of 821, 48%).", ("48", 393, 821)),
        ("Some agreed: 48% (393/821).", ("48", 393, 821)),
        ("Ten of the 12 agreed (83%).", ("83", 10, 12)),
        ("A total of 821 people answered. Of these, 393 agreed (48%).", ("48", 393, 821)),
        ("Figure 2. Answers (n=821)\n\nMost agreed: 48% (n=393).", ("48", 393, 821)),
    ],
)
def test_english_ties(text: str, tie: tuple[object, ...]) -> None:
    assert ties(text) == [tie]


@pytest.mark.parametrize(
    ("text", "tie"),
    [
        ("Van de 821 mensen zijn 393 het eens (48%).", ("48", 393, 821)),
        ("In totaal zijn 821 van de 1.637 het eens (50%).", ("50", 821, 1637)),
        ("Van de 21 mensen zien zeven mannen (33%).", ("33", 7, 21)),
        ("10 van de 12 zijn het eens (83%).", ("83", 10, 12)),
        ("Het waren 41 van de 954 zaken (4,3%).", ("4.3", 41, 954)),
        ("Voor 169 mensen ging het om één ding (21%).3\n\n3 Totaal n=821.", ("21", 169, 821)),
    ],
)
def test_dutch_ties(text: str, tie: tuple[object, ...]) -> None:
    assert ties(text, Language.DUTCH) == [tie]


@pytest.mark.parametrize(
    "text",
    [
        "Most people agreed (48%).",
        "In 2021, 48% agreed.",
        "We asked 393 people in 2020. Elsewhere 12% agreed.",
        "Of the mechanics (10 of 12), those at the market agreed (73%).",
        "See https://example.org/a%20b%20c for 48%20of the rest.",
    ],
)
def test_no_base_is_made_up(text: str) -> None:
    assert ties(text) == []
    assert not any(claim.finding for claim in claims(text))


def test_a_percentage_in_the_text_is_held_against_its_footnote() -> None:
    text = "Many agreed (60%).7\n\n7 Total n=581, 59% equals n=345."
    found = [c for c in claims(text) if c.finding]
    assert [(c.verdict, c.percent, c.line) for c in found] == [(Verdict.CONTRADICTION, "60", 1)]


def test_a_footnote_in_the_middle_of_a_sentence_does_not_break_it() -> None:
    text = "Of the 821 people\n4 Total n=821, 48% equals n=393.\nasked, 393 agreed (48%).4"
    found = claims(text)
    assert not any(c.finding for c in found)
    assert ClaimKind.REPEAT in {c.kind for c in found}


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Total n=3495, 39% equals n=136. Total n=345, 50% equals n=171.", Verdict.MISPRINT),
        ("Total n=900, 60% equals n=345. Total n=577, 34% equals n=196.", Verdict.WRONG_BASE),
        ("Total n=63, 42% equals n=25.", Verdict.IMPOSSIBLE),
        ("Total n=12, 117% equals n=14.", Verdict.IMPOSSIBLE),
        ("Total n=821, 20% equals n=169.", Verdict.TRUNCATED),
        ("Total n=302, 29% equals n=86.", Verdict.ROUNDED_TWICE),
        ("Total n=0, 10% equals n=0.", Verdict.IMPOSSIBLE),
    ],
)
def test_classes_of_wrong_percentages(text: str, verdict: Verdict) -> None:
    assert claims(text)[0].verdict is verdict


def test_a_right_percentage_names_the_rounding_rules_it_is_right_under() -> None:
    assert claims("Total n=8, 12.5% equals n=1.")[0].rules == (
        "half up",
        "half to even",
        "half down",
        "half up, twice",
        "cut off",
        "always up",
    )
    assert claims("Total n=8, 13% equals n=1.")[0].rules == (
        "half up",
        "half up, twice",
        "always up",
    )


@pytest.mark.parametrize(
    ("hedge", "said", "value", "holds"),
    [
        (Hedge.ALMOST, 50, 48, True),
        (Hedge.ALMOST, 50, 39, False),
        (Hedge.ALMOST, 50, 52, False),
        (Hedge.JUST_OVER, 50, 53, True),
        (Hedge.JUST_OVER, 50, 47, False),
        (Hedge.AT_LEAST, 33.3, 21, False),
        (Hedge.UNDER, 20, 33, False),
        (Hedge.ABOUT, 25, 27, True),
        (Hedge.EXACT, 25, 30, False),
        (Hedge.EXACT, 33.3, 33, True),
    ],
)
def test_words_reach_only_so_far(hedge: Hedge, said: float, value: float, holds: bool) -> None:
    assert fits(hedge, said, value) is holds


def test_two_percentages_may_share_their_words() -> None:
    text = "Nearly half say there are none (17%) or do not know (32%)."
    assert not any(claim.finding for claim in claims(text))


@pytest.mark.parametrize(
    ("one", "other", "slipped"),
    [("345", "3495", True), ("345", "354", True), ("345", "346", False), ("345", "345", False)],
)
def test_one_keystroke(one: str, other: str, slipped: bool) -> None:
    assert slip(one, other) is slipped


def table(*rows: tuple[str, ...], title: str = "Table 1") -> list[tuple[Verdict, str | None]]:
    """The findings in a table of known cells: verdict and row."""
    document = ReportDocument(
        "made-up", tuple(TextLine(n, "") for n in range(1, 40)), (ParsedGrid(title, rows, 1),)
    )
    return [(c.verdict, c.row) for c in check(document, Language.ENGLISH).findings]


HEAD = ("Town", "Yes", "No", "Total")


def test_rows_of_counts_above_rows_of_percentages() -> None:
    rows = [HEAD, ("A", "57", "84", "141"), ("", "40%", "60%", "100%")]
    rows += [("B", "29", "53", "82"), ("", "35%", "65%", "100%")]
    rows += [("C", "30", "90", "120"), ("", "25%", "75%", "100%")]
    rows += [("D", "11", "39", "50"), ("", "22%", "78%", "100%")]
    rows += [("E", "18", "82", "100"), ("", "18%", "82%", "100%")]
    assert table(*rows) == []
    rows[4] = ("", "65%", "35%", "100%")
    assert table(*rows) == [(Verdict.WRONG, "B"), (Verdict.WRONG, "B")]


def test_a_row_of_which_nothing_fits_is_one_remark() -> None:
    rows = [("Town", "Yes", "No", "Maybe", "Total")]
    rows += [
        (f"T{n}", f"{n} ({n}%)", f"{2 * n} ({2 * n}%)", f"{100 - 3 * n} ({100 - 3 * n}%)", "100")
        for n in (11, 12, 13, 14, 15)
    ]
    assert table(*rows) == []
    rows[3] = ("T13", "13 (31%)", "26 (44%)", "61 (25%)", "100")
    assert table(*rows) == [(Verdict.MISMATCH, "T13")]


def test_subtotals_add_up_and_so_does_the_whole() -> None:
    rows = [
        HEAD,
        ("A", "57 (40%)", "84 (60%)", "141 (100%)"),
        ("B", "29 (35%)", "53 (65%)", "82 (100%)"),
        ("Total north", "86 (39%)", "137 (61%)", "223 (100%)"),
        ("C", "10 (50%)", "10 (50%)", "20 (100%)"),
        ("Total south", "10 (50%)", "10 (50%)", "20 (100%)"),
        ("Total", "96 (40%)", "147 (60%)", "243 (100%)"),
    ]
    assert table(*rows) == []
    rows[3] = ("Total north", "87 (39%)", "137 (61%)", "223 (100%)")
    assert table(*rows) == [(Verdict.SUM, "Total north")]


def test_a_table_without_a_base_is_listed_and_not_guessed() -> None:
    rows = [("Form", "n", "%"), ("A", "57", "13%"), ("B", "84", "88%"), ("C", "20", "71%")]
    assert table(*rows) == []


def test_rows_whose_cells_a_pdf_put_under_each_other() -> None:
    rows = ["Men 57", "40%", "84", "60%", "141", "Women 29", "35%", "53", "65%", "82"]
    rows += ["Others x", "9", "45%", "7 35%", "20"]
    found = claims("\n".join(["Table 1. Feels safe", *rows]))
    cells = [c for c in found if c.kind is ClaimKind.CELL]
    assert {(c.row, c.percent, c.base) for c in cells} == {
        ("Men", "40", 141),
        ("Men", "60", 141),
        ("Women", "35", 82),
        ("Women", "65", 82),
        ("Others", "45", 20),
        ("Others", "35", 20),
    }
    assert not any(c.finding for c in found)
    rows[3] = "61%"
    assert [c.percent for c in claims("\n".join(["Table 1.", *rows])) if c.finding] == ["61"]


def test_the_labels_of_a_chart_are_not_the_words_above_it() -> None:
    assert not any(c.finding for c in claims("Half of them had seen it\nYes\nNo\n26%\n74%"))


@pytest.mark.parametrize(
    "text",
    [
        # A footnote's number glued to a mark, and a number that is a limit: neither is a share.
        "Ten per cent think of 10%*202 of six victims.",
        "The others saw 7 of six or more.",
    ],
)
def test_what_only_looks_like_a_count_of_a_base(text: str) -> None:
    assert [c.verdict for c in claims(text) if c.verdict is Verdict.IMPOSSIBLE] == []


def of_table(*rows: tuple[str, ...]) -> list[tuple[object, ...]]:
    """Row, base and verdict of every cell of a table, in the order of the page."""
    grid = ParsedGrid("", rows, 1)
    found = check(ReportDocument("made-up", (), grids=(grid,)), Language.ENGLISH).claims
    return [(c.row, c.base, c.verdict) for c in found if c.kind is ClaimKind.CELL]


def test_the_n_in_the_head_of_a_column_is_the_base_of_its_cells() -> None:
    right, wrong = Verdict.RIGHT, Verdict.WRONG
    assert of_table(
        ("", "Men (n=200)", "Women (n=100)"),
        ("Drugs", "100 50%", "50* 50%*"),
        ("Theft", "x", "20 20%"),
        ("Begging", "40 20%", "30 10%"),
    ) == [
        ("Drugs", 200, right),
        ("Drugs", 100, right),
        ("Theft", 100, right),
        ("Begging", 200, right),
        ("Begging", 100, wrong),
    ]


def test_a_column_from_which_a_number_was_left_out_is_divided_by_the_base_its_cells_share() -> None:
    rows = [("Drugs", "30 30.0%", "50 25.0%"), ("Theft", "40 40.0%", "x")]
    rows += [("Begging", "10 10.0%", "30 15.0%"), ("Noise", "12 12.0%", "24 12.0%")]
    rows += [("Fire", "8 8.0%", "44 22.0%"), ("Lies", "x", "62 31.0%")]
    found = of_table(("", "Men", "Women"), *rows)
    assert [base for _, base, _ in found] == [100, 200, 100, 100, 200, 100, 200, 100, 200, 200]
