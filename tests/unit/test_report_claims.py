"""What a report text may say, and what stops it. Every count here is made up."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import MappingProxyType

import pytest
from lxml import etree

from blikveld.disclosure import Policy, Release, SafeCell, release_tables
from blikveld.disclosure.ledger import LedgerRefused, Numbers
from blikveld.errors import BlikveldError
from blikveld.report import (
    ClaimError,
    FunnelStep,
    Report,
    ReportFunnel,
    asks,
    build,
    statistics,
    tables,
)
from blikveld.report.charts import data, forms
from blikveld.report.charts.data import Bar, Form, plot
from blikveld.report.model import FigureBlock, Heading, Listing, Paragraph, TableBlock, plain
from blikveld.report.text.files import join_names
from blikveld.report.text.functions import vocabulary
from blikveld.results.cell import (
    Band,
    Cell,
    CellRequest,
    CellSource,
    Influence,
    PrintedMethod,
    Statistic,
)
from blikveld.rules import EVERYBODY, format_rule, parse
from blikveld.study.load import load
from blikveld.study.model import Study

Write = Callable[..., Study]
FUNNEL = ReportFunnel(
    1200, (FunnelStep("completed", {"nl": "is niet klaar", "en": "did not finish"}, 200, 1000),)
)
COUNTS = {
    "True": 1000,
    "aggression == 'often'": 120,
    "aggression == 'sometimes'": 360,
    "aggression == 'no'": 520,
    "aggression != 'no'": 480,
    "job == 'nurse'": 600,
    "job == 'officer'": 20,
    "job == 'ambulance'": 380,
    "'shouting' in kinds": 230,
    "'threats' in kinds": 96,
    "'violence' in kinds": 3,
    "'other' in kinds": 50,
}


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """A copy of the example study with one report text."""

    def made(text: str, language: str = "nl", name: str = "10-tekst.md") -> Study:
        folder = tmp_path / "study"
        if not folder.exists():
            shutil.copytree(load("example").folder, folder, ignore=shutil.ignore_patterns("report"))
        (folder / "report" / language).mkdir(parents=True, exist_ok=True)
        (folder / "report" / language / name).write_text(text, encoding="utf-8")
        return load(folder)

    return made


def counted(ask: CellRequest, counts: Mapping[str, int] = COUNTS, *, fixed: bool = True) -> Cell:
    base = counts[format_rule(ask.base_rule)]
    count = base if ask.rule == EVERYBODY else min(base, counts[format_rule(ask.rule)])
    return Cell(
        count, base, ask.base_rule, ask.rule, CellSource("example", "1", "0" * 64), fixed=fixed
    )


def cleared(study: Study, language: str = "nl", policy: Policy = Policy(2)) -> Release:  # noqa: B008 (a value)
    return release_tables([], {ask: counted(ask) for ask in asks(study, language)}, policy)


def report(study: Study, language: str = "nl", **given: Policy) -> Report:
    return build(study, cleared(study, language, **given), FUNNEL, language)


def said(study: Study, language: str = "nl") -> str:
    (block,) = report(study, language).blocks
    assert isinstance(block, Paragraph)
    return plain(block.parts)


def test_the_same_text_first_tells_what_to_count(write: Write) -> None:
    study = write("""{{ share("aggression == 'often'", of="aggression != 'no'") }} {{ base() }}""")
    assert asks(study, "nl") == {
        CellRequest(parse("aggression != 'no'"), parse("aggression == 'often'")),
        CellRequest(EVERYBODY, EVERYBODY),
    }


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("""{{ share("aggression == 'often'") }}""", "12%"),
        ("""{{ share("aggression == 'often'", of="aggression != 'no'") }}""", "25%"),
        ("""{{ share("aggression != 'no'", of="job == 'officer'") }}""", "100% (20 van 20)"),
        ("""{{ count("aggression != 'no'") }}""", "480"),
        ("""{{ base() }} en {{ started() }}""", "1.000 en 1.200"),
        ("""{{ fraction("aggression != 'no'") }}""", "bijna de helft"),
        ("""{{ says("Bijna de helft", "aggression != 'no'") }}""", "Bijna de helft"),
        ("""{{ at_least("aggression == 'no'") }}""", "ten minste 50%"),
        (
            """de {{ rank('shouting', 'kinds', 1, of="aggression != 'no'") }} genoemde""",
            "de meest genoemde",
        ),
        ("""{{ top('aggression') }}: {{ top_share('aggression') }}""", "nee: 52%"),
        ("""{{ more("vaker", "job == 'nurse'", than="job == 'ambulance'") }}""", "vaker"),
        ("""{{ less("minder", "job == 'ambulance'", than="job == 'nurse'") }}""", "minder"),
        ("""{{ same("even vaak", "job == 'nurse'", than="job == 'nurse'") }}""", "even vaak"),
        (
            """{{ how_many('municipalities') }}: {{ names('municipalities') }}""",
            "twee: Alkmaar en Tilburg",
        ),
        ("""{{ period() }}""", "januari 2026 tot en met december 2026"),
        ("""{{ fieldwork() }}""", "11 januari 2027 tot en met 26 februari 2027"),
        (
            """{{ left('completed') }} weg, {{ completed('completed') }} over""",
            "200 weg, 1.000 over",
        ),
        ("""{{ mean_answers('kinds', of="aggression != 'no'") }}""", "0,8"),
        ("""{{ mean_answers('kinds', of="aggression != 'no'", between=True) }}""", "nul tot een"),
        (
            """{{ difference("aggression == 'often'", than="aggression == 'no'") }}""",
            "40 procentpunt",
        ),
        ("""{{ label('aggression', 'often') }} {{ threshold() }}""", "Ja, vaak 2"),
        ("""*{{ share("aggression == 'often'") }}* <b>geen HTML</b>""", "12% <b>geen HTML</b>"),
    ],
)
def test_what_a_claim_prints(write: Write, text: str, printed: str) -> None:
    assert said(write(text)) == printed


def with_test(study: Study, p: float, policy: Policy, count: int) -> Report:
    """A report whose only test found this p; every cell of its table holds `count` people."""
    (ask,) = statistics(study, "nl")
    source = CellSource("example", "1", "0" * 64)
    found = Statistic(ask, PrintedMethod.CHI_SQUARE, 12.345, 4, p, 1000, source)
    cells = {a: Cell(count, 1000, a.base_rule, a.rule, source) for a in asks(study, "nl")}
    cells[ask.everybody] = Cell(1000, 1000, EVERYBODY, EVERYBODY, source)
    return build(study, release_tables([], cells, policy, {ask: found}), FUNNEL, "nl")


@pytest.mark.parametrize(
    ("text", "p", "printed"),
    [
        ("{{ test('job', 'aggression') }}", 0.0151, "χ²(4) = 12,35; p = 0,015"),
        ("{{ test('job', 'aggression') }}", 0.0001, "χ²(4) = 12,35; p < 0,001"),
        ("{{ related('hangt samen', 'job', 'aggression') }}", 0.0151, "hangt samen"),
        ("{{ unrelated('geen verschil', 'job', 'aggression') }}", 0.051, "geen verschil"),
    ],
)
def test_a_test_is_printed_with_its_name_and_its_people(
    write: Write, text: str, p: float, printed: str
) -> None:
    made = with_test(write(text), p, Policy(2), 100)
    (block,) = made.blocks
    assert isinstance(block, Paragraph)
    assert plain(block.parts) == printed
    assert "Chi-kwadraattoets, n=1.000" in plain(made.notes[0].parts)


def test_words_about_a_test_must_fit_it(write: Write) -> None:
    with pytest.raises(ClaimError, match=r"it is 0\.051"):
        with_test(write("{{ related('hangt samen', 'job', 'aggression') }}"), 0.051, Policy(2), 100)


def test_a_test_of_a_table_with_a_small_count_is_kept_back(write: Write) -> None:
    with pytest.raises(ClaimError, match="may not be printed"):
        with_test(write("{{ test('job', 'aggression') }}"), 0.01, Policy(), 3)


def test_a_test_of_a_table_with_one_small_count_is_kept_back(write: Write) -> None:
    study = write("{{ test('met_aggression', 'reported', of=\"aggression != 'no'\") }}")
    (ask,) = statistics(study, "nl")
    source = CellSource("example", "1", "0" * 64)
    found = Statistic(ask, PrintedMethod.CHI_SQUARE, 12.3, 2, 0.01, 480, source)
    asked = sorted(asks(study, "nl"), key=CellRequest.as_text)
    counts = dict.fromkeys(asked, 60) | {ask.cells[0][0]: 3, ask.everybody: 480}
    cells = {a: Cell(counts[a], 480, a.base_rule, a.rule, source) for a in asked}
    with pytest.raises(ClaimError, match="may not be printed"):
        build(study, release_tables([], cells, Policy(), {ask: found}), FUNNEL, "nl")


SCORES = """
scores:
  - key: met
    label: {nl: "Hoe vaak", en: "How often"}
    from: aggression
    values: {often: 2, sometimes: 1}
  - key: told
    label: {nl: "Verteld", en: "Told"}
    from: reported
    values: {"yes": 1, "no": 0}
"""
BOTH = "aggression in ('often', 'sometimes') and reported in ('yes', 'no')"
PAIRED = "{{ test('met', 'told') }}"


def with_paired_test(
    write: Write,
    counts: Mapping[str, int],
    policy: Policy,
    before: Numbers = MappingProxyType({}),
    of: str = "True",
) -> Report:
    """A report whose paired test was made of so many; `counts` are of the groups it counts."""
    folder = write(PAIRED).folder
    derived = (load("example").folder / "derived.yaml").read_text(encoding="utf-8")
    (folder / "derived.yaml").write_text(derived + SCORES, encoding="utf-8")
    sentences = " en ".join(
        f'{{{{ count("{rule}", of="{of}") }}}}' for rule in counts if rule not in (BOTH, of)
    )
    study = write(f"{PAIRED} {sentences}")
    (ask,) = statistics(study, "nl")
    source = CellSource("example", "1", "0" * 64)
    both = counts[BOTH]
    found = Statistic(ask, PrintedMethod.T_PAIRED, 2.5, both - 1.0, 0.01, both, source)
    known = counts | {format_rule(EVERYBODY): 1000}
    cells = {a: counted(a, known) for a in asks(study, "nl")}
    cleared = release_tables(
        [], cells, policy, {ask: found}, before=before, rests_on=study.rests_on
    )
    return build(study, cleared, FUNNEL, "nl")


@pytest.mark.parametrize("rule", ["aggression == 'often'", "met_aggression == 'no'"])
def test_a_paired_test_is_printed_beside_what_looks_at_one_of_its_scores(
    write: Write, rule: str
) -> None:
    (block,) = with_paired_test(write, {BOTH: 700, rule: 3}, Policy()).blocks
    assert isinstance(block, Paragraph)
    assert plain(block.parts) == "t(699) = 2,50; p = 0,010 tussen 0 en 4"


@pytest.mark.parametrize("both", [997, 3])
def test_how_few_have_both_scores_is_not_told_by_the_test(write: Write, both: int) -> None:
    """Of the test its people are printed, 997 of 1,000, and its degrees of freedom."""
    with pytest.raises(ClaimError, match="may not be printed"):
        with_paired_test(write, {BOTH: both}, Policy())


@pytest.mark.parametrize(
    "rule", ["aggression == 'often' and reported == 'yes'", "met_aggression == 'no' and told == 1"]
)
def test_a_paired_test_does_not_tell_a_range_of_who_has_which_two_scores(
    write: Write, rule: str
) -> None:
    with pytest.raises(ClaimError, match="may not be printed"):
        with_paired_test(write, {BOTH: 700, rule: 3}, Policy())


def test_nor_where_one_score_stands_in_the_base_of_the_range(write: Write) -> None:
    base = "aggression == 'often'"
    counts = {BOTH: 700, base: 300, "reported == 'yes'": 3}
    with pytest.raises(ClaimError, match="test of met and told may not be printed"):
        with_paired_test(write, counts, Policy(), of=base)


def test_a_paired_test_that_was_printed_does_not_tell_a_later_range(write: Write) -> None:
    printed = Band(700, 700)
    before = {
        ("True", format_rule(parse(BOTH)), False): printed,
        ("True", "True", False): Band(1000, 1000),
    }
    new = {BOTH: 700, "aggression == 'often' and reported == 'yes'": 3}
    with pytest.raises(LedgerRefused, match="would tell a count"):
        with_paired_test(write, new, Policy(), before)
    assert with_paired_test(write, {BOTH: 700, "aggression == 'often'": 3}, Policy(), before)


@pytest.mark.parametrize(("threshold", "told"), [(40, True), (41, False)])
def test_a_paired_test_is_of_many(write: Write, threshold: int, told: bool) -> None:
    made = partial(with_paired_test, write, {BOTH: 800}, Policy(threshold))
    if told:
        assert made().blocks
    else:
        with pytest.raises(ClaimError, match="may not be printed"):
            made()


def test_english_speaks_english(write: Write) -> None:
    study = write("""{{ base() }}: {{ says("almost half", "aggression != 'no'") }}""", "en")
    assert said(study, "en") == "1,000: almost half"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            """{{ says("meer dan de helft", "aggression != 'no'") }}""",
            "is not true of 480 out of 1000",
        ),
        ("""{{ says("best veel", "aggression != 'no'") }}""", "does not have 'best veel'"),
        ("""{{ rank('threats', 'kinds', 1, of="aggression != 'no'") }}""", "has place 2"),
        (
            """{{ more("vaker", "job == 'ambulance'", than="job == 'nurse'") }}""",
            "38% stands against 60%",
        ),
        ("""{{ same("even", "job == 'ambulance'", than="job == 'nurse'") }}""", "the same"),
        ("""{{ left('nobody') }}""", "no inclusion rule"),
        ("""{{ table('nothing') }}""", "no table 'nothing'"),
        ("""Een {{ figure('aggression') }} in een zin.""", "inside a sentence"),
    ],
)
def test_a_claim_that_is_not_true_stops_the_report_with_its_place(
    write: Write, text: str, problem: str
) -> None:
    study = write(f"Eerste regel.\n\n{text}\n")
    with pytest.raises(ClaimError, match=problem) as stopped:
        report(study)
    assert [(fault.file, fault.line) for fault in stopped.value.faults] == [("nl/10-tekst.md", 3)]


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("Een.\n\nEr waren 821 mensen.", 3, "A number is typed here"),
        ("Een.\n{{ share('agression') ", 2, "unexpected"),
        ("Een.\n{{ shares('x') }}", 2, "shares"),
        ("Een.\n\n\n{{ share(\"aggression = 'no'\") }}", 4, "Write =="),
        ("Een.\n{{ share() }}", 2, "rule"),
        ("{{ top('nothing') }}", 1, "no variable 'nothing'"),
        ("Een.\n{{ figure('job', form='pie') }}", 2, "no form 'pie'"),
        ("Een.\n{{ ''.__class__.__mro__ }}", 2, "unsafe|undefined"),
    ],
)
def test_a_text_that_cannot_be_read_is_told_before_anything_is_counted(
    write: Write, text: str, line: int, problem: str
) -> None:
    with pytest.raises(ClaimError, match=problem) as stopped:
        asks(write(text), "nl")
    assert stopped.value.faults[0].line == line


def test_all_faults_of_all_texts_come_at_once(write: Write) -> None:
    write("Er waren 12 mensen.\n\nEn 13.", name="10-a.md")
    study = write("{{ top('nothing') }}", name="20-b.md")
    with pytest.raises(ClaimError) as stopped:
        asks(study, "nl")
    places = [(fault.file, fault.line) for fault in stopped.value.faults]
    assert places == [("nl/10-a.md", 1), ("nl/10-a.md", 3), ("nl/20-b.md", 1)]


def test_a_count_that_may_not_be_printed_stops_the_report(write: Write) -> None:
    study = write("""{{ fraction("'violence' in kinds", of="aggression != 'no'") }}""")
    with pytest.raises(ClaimError, match="may not be printed"):
        report(study, policy=Policy())


@pytest.mark.parametrize(("claim", "printed"), [("share", "0–1%"), ("count", "tussen 0 en 4")])
def test_words_follow_the_range_of_a_count_that_may_not_be_printed(
    write: Write, claim: str, printed: str
) -> None:
    study = write(f"""{{{{ {claim}("'violence' in kinds", of="aggression != 'no'") }}}}""")
    (block,) = report(study, policy=Policy()).blocks
    assert isinstance(block, Paragraph)
    assert plain(block.parts) == printed


def test_percentages_of_one_base_in_one_sentence_share_a_footnote(write: Write) -> None:
    study = write(
        """{{ share("aggression == 'often'") }} en {{ share("aggression == 'no'") }}. """
        """{{ share("job == 'nurse'") }} en """
        """{{ share("aggression == 'often'", of="aggression != 'no'") }}."""
    )
    assert [plain(note.parts) for note in report(study).notes] == [
        "Totaal n=1.000: 12% is n=120, 52% is n=520.",
        "Totaal n=1.000: 60% is n=600.",
        "Totaal n=480: 25% is n=120.",
    ]


def test_an_invented_value_is_marked_wherever_it_stands(write: Write) -> None:
    study = write("""{{ share("aggression == 'often'") }}\n\n{{ figure('aggression') }}""")
    cells = {ask: counted(ask, fixed=False) for ask in asks(study, "nl")}
    made = build(study, release_tables([], cells, Policy()), FUNNEL, "nl")
    paragraph, figure = made.blocks
    assert isinstance(paragraph, Paragraph)
    assert plain(paragraph.parts) == "12%*"
    assert "verzonnen" in plain(made.notes[0].parts)
    assert isinstance(figure, FigureBlock)
    assert "12%*" in figure.wide
    assert "12%*" in figure.description
    assert any("verzonnen" in note for note in figure.notes)


def test_a_figure_shows_tells_and_lists_the_same_numbers(write: Write) -> None:
    study = write(
        """{% call figure('kinds', of="aggression != 'no'", order='size') %}"""
        """{{ says("Bijna de helft", "'shouting' in kinds", of="aggression != 'no'") }} kent """
        """schelden{% endcall %}"""
    )
    made = report(study, policy=Policy())
    (figure,) = made.blocks
    assert isinstance(figure, FigureBlock)
    assert plain(figure.title) == "Bijna de helft kent schelden"
    assert figure.label == "Figuur 1"
    assert not made.notes
    rows = [line.label for group in figure.data.groups for line in group.lines]
    assert rows == ["Schelden of schreeuwen", "Bedreiging", "Geweld", "Iets anders"]
    for text in (figure.wide, figure.narrow, figure.description):
        assert "48%" in text
    assert "Geweld: 0–1% (tussen 0 en 4 van 480)." in figure.description
    assert any("waar een precies aantal iets zou kunnen vertellen" in n for n in figure.notes)
    printed = {entry.printed for entry in made.entries if entry.location.startswith("Figuur 1")}
    assert printed == {"48%", "20%", "10%", "0–1%"}


def test_grouped_and_stacked_figures_and_shares_by_group(write: Write) -> None:
    counts = COUNTS | {f"job == '{job}'": n for job, n in (("nurse", 600), ("officer", 200))}
    text = (
        "{{ figure('aggression', by='job', called={'nurse': 'Zorg'}) }}\n\n"
        "{{ figure('aggression', by='job', form='stacked') }}\n\n"
        """{{ figure('job', rule="aggression != 'no'") }}"""
    )
    study = write(text)
    cells = {ask: counted(ask, counts) for ask in asks(study, "nl")}
    blocks = build(study, release_tables([], cells, Policy(2)), FUNNEL, "nl").blocks
    assert [type(block) for block in blocks] == [FigureBlock] * 3
    grouped, stacked, shares = (b for b in blocks if isinstance(b, FigureBlock))
    assert "Zorg (n=600)" in grouped.wide
    assert len({grouped.anchor, stacked.anchor, shares.anchor}) == 3
    assert "Verpleegkundige (n=600)" in shares.description


def test_one_text_is_repeated_for_each_municipality_with_a_table_of_its_own(write: Write) -> None:
    text = (
        "{% for city in municipalities %}## {{ city.name }}"
        "{{ invented(': verzonnen', \"'shouting' in kinds\", not_asked=True) }}\n\n"
        "{% call figure_table('kinds', of=\"aggression != 'no'\", order='size', signs=false) %}Wat"
        "{% endcall %}\n\n{% endfor %}"
    )
    study = write(text)
    cells = {ask: counted(ask, fixed=False) for ask in asks(study, "nl")}
    made = build(study, release_tables([], cells, Policy(2)), FUNNEL, "nl")
    heads = [plain(b.parts) for b in made.blocks if isinstance(b, Heading)]
    assert heads == [f"{city.name}: verzonnen" for city in study.sites]
    grids = [b for b in made.blocks if isinstance(b, TableBlock)]
    assert len(grids) == len(heads) > 1
    assert [line.cells[0].count for line in grids[0].groups[0].lines][:2] == ["230*", "96*"]
    assert grids[0].notes == ()


def test_a_footnote_says_what_a_share_becomes_without_a_municipality(write: Write) -> None:
    rule, base, place = "'shouting' in kinds", "True", "noord"
    study = write(
        'Vaak schreeuwen zij ({{ share("'
        + rule
        + '", not_asked=True) }}).\n\n{{ influence_table() }}'
    )
    ask = CellRequest(parse(base), parse(rule))

    def cell(count: int, all_: int, base_rule: str) -> Cell:
        return Cell(
            count, all_, parse(base_rule), parse(rule), CellSource("example", "1", "0" * 64)
        )

    moved = Influence(
        ask,
        place,
        {"nl": "Noord", "en": "North"},
        cell(230, 1000, base),
        cell(110, 600, f"municipality != '{place}'"),
        cell(120, 400, f"municipality == '{place}'"),
    )
    cells = {asked: counted(asked) for asked in asks(study, "nl")}
    made = build(
        study,
        release_tables([], cells, Policy(2), influences={ask: [moved]}),
        FUNNEL,
        "nl",
    )
    (note,) = made.notes
    assert plain(note.parts) == (
        "Totaal n=1.000: 23% is n=230. Zonder Noord 18% (110 van 600) in plaats van 23%."
    )
    assert {"18%", "110 van 600 18%"} <= {entry.printed for entry in made.entries}
    grid = next(block for block in made.blocks if isinstance(block, TableBlock))
    head, line = grid.groups[0].lines
    assert head.label == "Zonder Noord"
    assert [c.count for c in line.cells] == ["230 van 1.000", "110 van 600"]


def test_names_that_hold_a_comma_are_kept_apart() -> None:
    assert join_names(("a", "b", "c"), "en") == "a, b and c"
    assert join_names(("Work, debts", "Order and safety"), "en") == "Work, debts; Order and safety"


def test_a_group_can_be_left_out_of_a_figure(write: Write) -> None:
    study = write("tekst")
    made = plot(study, "kinds", by="job", without=["other"], without_groups=["officer"])
    assert made.groups == ("nurse", "ambulance")
    assert "other" not in made.codes


def cell_of(share: float) -> SafeCell:
    """A cleared cell, of a hundred made-up respondents."""
    source = CellSource("made_up", "1", "0" * 64)
    cell = Cell(round(100 * share), 100, EVERYBODY, parse("job == 'nurse'"), source)
    ask = CellRequest(EVERYBODY, EVERYBODY)
    return release_tables([], {ask: cell}, Policy(2)).cells[ask]


def test_statements_stand_around_the_middle_of_their_scale(flagship: Study) -> None:
    wanted = plot(flagship, "statements", of="suspicion != 'no'")
    assert len(wanted.grid) == len(wanted.groups) == 10
    scale = {"scale": (0.1, 0.2, 0.3, 0.2, 0.1, 0.1)}
    made = [
        Bar(code, line, cell_of(share), f"{share:.0%}", code == "dont_know")
        for line, shares in scale.items()
        for code, share in zip(wanted.codes, shares, strict=True)
    ]
    other = [replace(bar, series="other", cell=cell_of(0.2), printed="20%") for bar in made]
    drawn = etree.fromstring(forms.draw([*made, *other], Form.DIVERGING, data.WIDE).encode())
    boxes = [
        (float(r.get("x")), float(r.get("width")) + 1, r.get("fill")) for r in drawn.iter("{*}rect")
    ]
    # Those in the key are of one size; the middle of the scale has a colour of its own.
    middles = [x + w / 2 for x, w, fill in boxes if fill == forms.MIDDLE and w > 11]
    assert len(middles) == 2
    assert middles[0] == pytest.approx(middles[1], abs=0.2)


def test_chapters_are_numbered_and_the_summary_is_not(write: Write) -> None:
    study = write(
        "# Samenvatting {-}\n\n# Eerste\n\n## Deel\n\n## Ander deel\n\n# Tweede\n\n## Slot"
    )
    found = [b for b in report(study).blocks if isinstance(b, Heading)]
    assert [(b.number, plain(b.parts)) for b in found] == [
        ("", "Samenvatting"),
        ("1", "Eerste"),
        ("1.1", "Deel"),
        ("1.2", "Ander deel"),
        ("2", "Tweede"),
        ("2.1", "Slot"),
    ]
    assert len({b.anchor for b in found}) == len(found)


def test_the_funnel_comes_from_the_data(write: Write) -> None:
    (found,) = report(write("{{ funnel() }}")).blocks
    assert isinstance(found, TableBlock)
    shown = [[c.count for c in line.cells] for g in found.groups for line in g.lines]
    assert shown == [["", "1.200"], ["200", "1.000"], ["", "1.000"]]


def test_the_questionnaire_says_who_is_asked_what(write: Write) -> None:
    blocks = report(write("# Vragen\n\n{{ questionnaire() }}")).blocks
    texts = [plain(b.parts) for b in blocks if isinstance(b, Heading | Paragraph)]
    asked = next(at for at, text in enumerate(texts) if text.startswith("4. "))
    assert texts[asked + 1].startswith("Alleen voor respondenten")
    assert "Meer antwoorden mogelijk." in texts
    assert not any("{municipality}" in text for text in texts)
    anchors = [b.anchor for b in blocks if isinstance(b, Heading)]
    assert len(set(anchors)) == len(anchors)


def test_a_study_without_texts_gets_a_plain_report(write: Write) -> None:
    folder = write("").folder
    shutil.rmtree(folder / "report")
    study = load(folder)
    assert not asks(study, "nl")
    assert tables(study, "nl") == {plan.key for plan in study.tables}
    made = build(study, release_tables([], {}, Policy()), FUNNEL, "nl")
    assert any(isinstance(block, TableBlock) for block in made.blocks)


def test_nobody_to_take_a_share_of_is_said_and_not_divided_by(write: Write) -> None:
    study = write("""{{ share("aggression == 'no'") }}""")
    (ask,) = asks(study, "nl")
    empty = replace(counted(ask), count=0, base=0)
    with pytest.raises(ClaimError, match="Nobody meets"):
        build(study, release_tables([], {ask: empty}, Policy()), FUNNEL, "nl")


def test_the_manual_knows_every_word_a_text_may_call() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "report.md").read_text(encoding="utf-8")
    words = vocabulary(load("example"), "nl")
    assert not [name for name in words if f"{name}(" not in manual and f"`{name}`" not in manual]


def test_a_list_of_influences_without_any_is_a_line_and_no_empty_table(write: Write) -> None:
    (found,) = report(write("{{ influence_table() }}")).blocks
    assert isinstance(found, Paragraph)
    assert plain(found.parts).startswith("Er zijn geen percentages die zo veranderen")


SOURCES = """
bos: {author: {nl: "Bos e.a.", en: "Bos et al."}, year: "2016", address: "https://example.org/bos"}
ckm: {author: "CKM", year: "2021", title: {nl: "Een titel", en: "A title"}}
unused: {author: "Nobody", year: "1900"}
"""


def with_sources(write: Write, text: str, sources: str = SOURCES) -> Study:
    study = write(text)
    (study.folder / "report" / "sources.yaml").write_text(sources, encoding="utf-8")
    return load(study.folder)


def test_a_number_from_elsewhere_comes_with_its_source_and_in_the_list(write: Write) -> None:
    study = with_sources(
        write,
        "Er waren {{ cited('672', 'bos') }} meldingen ({{ source('bos', 'ckm') }})."
        "\n\n{{ sources() }}",
    )
    paragraph, listing = report(study).blocks
    assert isinstance(paragraph, Paragraph)
    assert plain(paragraph.parts) == "Er waren 672 meldingen (Bos e.a., 2016; CKM, 2021)."
    assert isinstance(listing, Listing)
    lines = [plain(block.parts) for (block,) in listing.items if isinstance(block, Paragraph)]
    assert lines == ["Bos e.a. (2016). https://example.org/bos", "CKM (2021). Een titel."]


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ('Eén.\n\n{{ "672" }} meldingen.', 3, "A number is typed here"),
        ('{% set n = "672" %}\n{{ n }} meldingen.', 2, "A number is typed here"),
        ('{{ "meer dan " ~ "600" }} meldingen.', 1, "A number is typed here"),
        ("{{ cited('672', 'bos') }} meldingen.", 1, "does not name that source"),
        ("{{ cited('672') }} meldingen.", 1, "No source is named"),
        ("{{ cited('672', 'bosh') }} ({{ source('bos') }})", 1, "Did you mean 'bos'"),
        ("{{ numeral('672') }} meldingen.", 1, "is no name"),
    ],
)
def test_a_number_between_quotes_is_typed_like_any_other(
    write: Write, text: str, line: int, told: str
) -> None:
    with pytest.raises(ClaimError) as stopped:
        asks(with_sources(write, text), "nl")
    (fault,) = stopped.value.faults
    assert fault.line == line
    assert told in str(fault)


@pytest.mark.parametrize(
    "sources", ["- a list", "bos: {author: Bos}", "bos: {author: {nl: Bos}, year: '1'}", "a: [1"]
)
def test_a_list_of_sources_that_cannot_be_read_is_refused(write: Write, sources: str) -> None:
    with pytest.raises(BlikveldError, match=r"sources\.yaml"):
        asks(with_sources(write, "Tekst.", sources), "nl")


def test_loops_count_and_recommendations_have_numerals(write: Write) -> None:
    study = write("{% for c in municipalities %}{{ loop.index }} {% endfor %}{{ numeral('1a') }}")
    assert said(study) == "1 2 1a"


MAP = "subtitle: {nl: a, en: b}\nmap:\n  alkmaar: [30, 76]\n"


def mapped(write: Write, settings: str) -> Report:
    study = write("{% call dot_map() %}Waar{% endcall %}")
    (study.folder / "report" / "report.yaml").write_text(settings, encoding="utf-8")
    study = load(study.folder)
    counts = {f"municipality == '{m.key}'": 500 for m in study.sites} | {"True": 1000}
    cells = {ask: counted(ask, counts) for ask in asks(study, "nl")}
    return build(study, release_tables([], cells, Policy(2)), FUNNEL, "nl")


def test_a_map_has_a_named_dot_for_each_municipality_and_their_numbers_beside_it(
    write: Write,
) -> None:
    (figure,) = mapped(write, MAP + "  tilburg: [42, 32]\n").blocks
    assert isinstance(figure, FigureBlock)
    for name in ("Alkmaar", "Tilburg"):
        assert all(name in text for text in (figure.wide, figure.narrow, figure.description))
    rows = [(line.label, line.cells[0].count) for g in figure.data.groups for line in g.lines]
    assert rows == [("Alkmaar", "500"), ("Tilburg", "500")]
    dots = etree.fromstring(figure.wide.encode()).findall("{*}circle")
    (x, y), (x2, y2) = ((float(dot.get("cx")), float(dot.get("cy"))) for dot in dots)
    # To the east and the south, on one scale: (30, 76) and (42, 32).
    assert x < x2
    assert y < y2
    assert (y2 - y) / (x2 - x) == pytest.approx((76 - 32) / (42 - 30), 0.01)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (MAP, r"10-tekst\.md:1: Tilburg has no place.*tilburg: \[x, y\]"),
        (MAP + "  tilburg: noord\n", r"report\.yaml: 'noord' is no place"),
        ("map: [1, 2]\n", r"report\.yaml: `map` goes from sites"),
    ],
)
def test_a_municipality_without_a_place_on_the_map_is_named(
    write: Write, settings: str, told: str
) -> None:
    with pytest.raises(BlikveldError, match=told):
        mapped(write, settings)
