"""One small document for each way in which the checker was wrong about the world.

Every document is invented. The name of a test says what is right.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import pytest
import typst
from openpyxl import Workbook

from blikveld.checker.check import check
from blikveld.checker.document import Language, Notice, NoticeKind, ReportDocument
from blikveld.checker.extract import read
from blikveld.checker.findings import ReportedClaim, Verdict
from blikveld.checker.output.lines import data, sarif
from blikveld.checker.output.page import page
from blikveld.checker.phrases import Phrases

WRONG = "Of the 50 members, 20 (30%) sing."


def findings(
    folder: Path, name: str, text: str, language: Language | None = None
) -> list[ReportedClaim]:
    """What cannot be right in a text, written to a file of this name."""
    return list(check(_written(folder, name, text), language).findings)


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("a.md", f"# Choir\n\n\n\nEvery member answered.\n\n\n\n{WRONG}\n", 9),
        ("a.md", f"# Choir\r\n\r\n\r\nSome words.\r\n\r\n{WRONG}\r\n", 6),
        ("a.md", f"# Choir\n\nMost sing.[^1]\n\n- one\n- two\n\n[^1]: {WRONG}\n", 8),
        ("a.txt", f"Page one.\nMore.\f{WRONG}\n", 2),
        ("a.html", f"<h1>Choir</h1>\n\n<p>Words.\nMore\nwords.</p>\n\n<p>{WRONG}</p>\n", 7),
        ("a.csv", f'Choir\n\nWho,"What\nthey say"\nAnna,nothing\n"{WRONG}"\n', 6),
    ],
)
def test_a_finding_is_told_on_the_line_of_the_file(
    name: str, text: str, line: int, tmp_path: Path
) -> None:
    assert [c.shown_line for c in findings(tmp_path, name, text)] == [line]


def test_a_finding_in_a_markdown_table_is_told_on_the_line_of_its_row(tmp_path: Path) -> None:
    rows = [f"| {n} (20%) | {4 * n} (80%) | {5 * n} (100%) |" for n in (10, 20, 30, 40)]
    rows.append("| 10 (30%) | 40 (80%) | 50 (100%) |")
    head = "# Choir\n\n\nBy part.\n\n\n| Part | Alone | Together | Total |\n|--|--|--|--|\n"
    text = head + "\n".join(f"| Part {index} {row}" for index, row in enumerate(rows))
    assert [(c.shown_line, c.percent) for c in findings(tmp_path, "a.md", text)] == [(13, "30")]


@pytest.mark.parametrize(
    "word", ["bidirectional", "non-directional", "omnidirectional", "a directional antenna and"]
)
def test_a_word_that_only_holds_directional_makes_no_test_one_sided(
    word: str, tmp_path: Path
) -> None:
    text = f"# Choir\n\nWe used {word} microphones. Groups differed, t(28) = 2.20, p = .018.\n"
    assert [c.shown_line for c in findings(tmp_path, "a.md", text)] == [3]


def test_a_pdf_with_half_a_surrogate_pair_is_read_and_printed(tmp_path: Path) -> None:
    path = _pdf_whose_font_maps_a_to(tmp_path, "D800", "Of the 50 members a, 20 (30%) sing.")
    done = _run(str(path))
    assert done.returncode == 1
    assert "\N{REPLACEMENT CHARACTER}" in done.stdout or "20 of 50 is 40.00%" in done.stdout
    assert "Traceback" not in done.stderr


def test_a_terminal_that_knows_no_such_letters_gets_question_marks(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("# Koor\n\nVan de 50 leden zingen er 20 één keer (30%).\n", encoding="utf-8")
    done = _run(str(path), encoding="ascii")
    assert (done.returncode, done.stderr) == (1, "")


def test_a_document_gives_the_terminal_no_orders(tmp_path: Path) -> None:
    text = "Of the 50 members \x1b]0;owned\x07, 20 (30%) sing.\x9b2J"
    shown = "".join(c.text for c in findings(tmp_path, "a.md", text))
    assert shown
    assert not set(shown) & set("\x1b\x07\x9b")


def test_percentages_under_a_row_of_bases_are_of_those_bases(tmp_path: Path) -> None:
    rows = ["Voice,Everyone,Young,Old,North,South", "Base,640,210,430,300,340"]
    rows += ["High,31%,35%,29%,30%,32%", "Middle,44%,40%,46%,45%,43%", "Low,25%,25%,25%,25%,25%"]
    assert findings(tmp_path, "voices.csv", "\n".join(rows), Language.ENGLISH) == []
    rows[2] = "High,31%,35%,29%,50%,32%"
    found = findings(tmp_path, "voices.csv", "\n".join(rows), Language.ENGLISH)
    assert [(c.verdict, c.column) for c in found] == [(Verdict.SUM, "North")]


def test_page_numbers_and_dates_are_no_shares(tmp_path: Path) -> None:
    text = (
        "# The choir\n\nYearbook of 9 June, page 4/71 Spain 14%\n\nSent 6/28/19; read 11/30/19.\n"
    )
    assert findings(tmp_path, "a.md", text) == []


@pytest.mark.parametrize(
    "text",
    [
        "More than a third of the members like old songs, and only 9% like new ones.",
        "Half never practise; 28% do so daily.",
        "Of the 92,400 visitors, 71.2% (65,789) came by train and 28.8% (26,611) walked.",
        "It held (b = -0.11, 95% CI = [-0.15, -0.07]; in 5/8 models) for all (95% CI [0, 1]).",
        "Women answer at about half the rate of men (12% vs 25%).",
        "Seven in ten halls that flooded were mended; 24% of the halls had a new roof.",
        "It grew from 45% to 48% of 40 of the members.",
        "Twenty-three of the 25 basses (92%) came.",
    ],
)
def test_a_number_is_bound_to_its_own_percentage_only(text: str, tmp_path: Path) -> None:
    assert findings(tmp_path, "a.md", f"# What the choir said of the songs\n\n{text}\n") == []


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Of the 92,400 visitors, 71.2% (65,789) came by train and 28.8% (36,611) walked.", "28.8"),
        ("Of the 92,400 visitors, 65,789 came by train (72.1%).", "72.1"),
        ("In all 30 of the 40 members sing (57%).", "57"),
        ("They sing (30 of 40, 57%).", "57"),
        ("Half of the members sing (57%).", "57"),
    ],
)
def test_a_bound_percentage_that_is_wrong_is_found(text: str, printed: str, tmp_path: Path) -> None:
    found = findings(tmp_path, "a.md", f"# What the choir said of the songs\n\n{text}\n")
    assert [c.percent for c in found] == [printed]


def test_two_facts_in_one_dutch_sentence(tmp_path: Path) -> None:
    text = "Acht op de tien zalen die lekten, zijn hersteld; 21% van de zalen kreeg een nieuw dak."
    assert findings(tmp_path, "a.md", f"# Het koor\n\n{text}\n", Language.DUTCH) == []


def test_a_table_of_counts_is_held_to_its_sums(tmp_path: Path) -> None:
    head = "| Season | Men | Women | Total |\n|---|--:|--:|--:|\n"
    body = "| 2018 | 41 | 153 | 194 |\n| 2019 | 62 | 183 | 254 |\n| 2020 | 71 | 167 | 238 |\n"
    text = f"# Members of the choir\n\n{head}{body}| Total | 174 | 503 | 686 |\n"
    found = findings(tmp_path, "a.md", text)
    assert [(c.row, c.column, c.verdict) for c in found] == [
        ("2019", "Total", Verdict.SUM),
        ("Total", "Total", Verdict.SUM),
    ]
    right = text.replace("254", "245").replace("686", "677")
    assert findings(tmp_path, "a.md", right) == []


def test_a_total_that_adds_up_nothing_is_left_alone(tmp_path: Path) -> None:
    """Several answers were allowed: the total counts people."""
    head = "| Instrument | North | South | East |\n|---|--:|--:|--:|\n"
    body = "| Flute | 41 | 53 | 94 |\n| Drum | 62 | 83 | 145 |\n| Harp | 9 | 12 | 21 |\n"
    text = f"# Members of the choir\n\n{head}{body}| Total | 80 | 90 | 170 |\n"
    assert findings(tmp_path, "a.md", text) == []


def test_a_total_column_may_be_a_share_of_all(tmp_path: Path) -> None:
    """Each percentage of a column is of the column's people, those of 'Total' too."""
    counts = {"Sings": (30, 70), "Plays": (45, 65), "Listens": (20, 30), "Dances": (5, 35)}
    lines = ["Answer,Men,Men %,Women,Women %,Total,Total %"]
    for name, (men, women) in counts.items():
        total = men + women
        lines.append(f"{name},{men},{men}%,{women},{women / 2:.1f}%,{total},{total / 3:.1f}%")
    assert findings(tmp_path, "a.csv", "\n".join(lines), Language.ENGLISH) == []
    lines[2] = lines[2].replace("32.5%", "35.2%")
    found = findings(tmp_path, "a.csv", "\n".join(lines), Language.ENGLISH)
    assert [(c.row, c.column, c.percent) for c in found] == [("Plays", "Women %", "35.2")]


def test_a_table_that_proves_nothing_is_not_judged(tmp_path: Path) -> None:
    lines = ["Song,n,%", "Old,57,13%", "New,84,88%", "Own,20,71%", "None,31,40%", "All,12,9%"]
    document = check(_written(tmp_path, "a.csv", "\n".join(lines)), Language.ENGLISH)
    assert document.findings == ()
    assert {c.verdict for c in document.claims} == {Verdict.UNCHECKED}


def test_formulas_that_were_never_calculated_are_told(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Voice", "n", "%"], ["High", 20, "=B2/50"], ["Low", 30, "=B3/50"], ["All", 50, 1]):
        sheet.append(row)
    path = tmp_path / "voices.xlsx"
    book.save(path)
    result = check(read(path))
    assert [(n.kind, n.numbers) for n in result.notices] == [
        (NoticeKind.FORMULAS_WITHOUT_VALUE, (2,))
    ]
    assert result.findings == ()
    assert "Not read: 2 formulas without a value." in _run(str(path), "--language", "en").stdout


def _paper(folder: Path, source: str) -> Path:
    """A typeset PDF."""
    path = folder / "paper.typ"
    path.write_text(source, encoding="utf-8")
    typst.compile(path, output=path.with_suffix(".pdf"))
    return path.with_suffix(".pdf")


def test_a_pdf_that_only_its_owner_may_change_is_read(tmp_path: Path) -> None:
    paper = _paper(tmp_path, f"What the members said of the songs.\n\n{WRONG}")
    with pikepdf.open(paper) as pdf:
        pdf.save(tmp_path / "owned.pdf", encryption=pikepdf.Encryption(owner="x", user=""))
    assert [c.percent for c in check(read(tmp_path / "owned.pdf")).findings] == ["30"]


def test_pages_that_are_pictures_are_told(tmp_path: Path) -> None:
    picture = "#pagebreak() #rect(width: 9cm, height: 9cm, fill: blue)"
    paper = _paper(tmp_path, f"Of the 50 members, 20 (40%) sing.\n{picture}\n{picture}")
    assert check(read(paper)).notices == (Notice(NoticeKind.PAGES_WITHOUT_TEXT, (2, 3)),)
    done = _run(str(paper), "--language", "en")
    assert done.returncode == 0
    assert "Not read: page 2-3." in done.stdout


TABLE = """#table(columns: 4, stroke: none, [Part], [Yes], [No], [Total],
[Basses], [12 (40%)], [18 (60%)], [30], [Tenors], [20 (50%)], [20 (50%)], [40],
[Altos], [33 (55%)], [27 (45%)], [{altos}], [Total], [65 (50%)], [65 (50%)], [130])"""


def test_a_table_in_a_pdf_is_read_by_where_its_numbers_stand(tmp_path: Path) -> None:
    text = "The members were asked whether they would sing in the street.\n\n"
    right = check(read(_paper(tmp_path, text + TABLE.format(altos=60))))
    assert right.findings == ()
    assert sum(c.verdict is Verdict.RIGHT for c in right.claims) >= 8
    wrong = check(read(_paper(tmp_path, text + TABLE.format(altos=66))))
    sums = [(c.row, c.column) for c in wrong.findings if c.verdict is Verdict.SUM]
    assert sums == [("Altos", "Total")]


def test_a_finding_in_a_pdf_tells_its_place_on_the_page(tmp_path: Path) -> None:
    """The place of a cell, held against the words PDFium finds there; of a line of text too."""
    text = "Of the 50 members 20 (30%) sing.\n\n" + TABLE.format(altos=66)
    path = _paper(tmp_path, text)
    document = read(path)
    result = check(document)
    page = pdfium.PdfDocument(path)[0]
    told = []
    for claim in result.findings:
        assert claim.box is not None
        left, top, right, bottom = claim.box
        words = page.get_textpage().get_text_bounded(
            left, page.get_height() - bottom, right, page.get_height() - top
        )
        told.append(" ".join(words.split()))
    assert told == ["Of the 50 members 20 (30%) sing.", "66"]
    first, second = (claim["rectangle"] for claim in data(result)["findings"])
    assert second["left"] > first["left"]
    assert list(second) == ["left", "top", "right", "bottom"]
    run = sarif(result, document, "a.pdf", Phrases(Language.ENGLISH))["runs"][0]
    place = run["results"][1]["locations"][0]["properties"]
    assert place == {"page": 1, "rectangle": list(second.values())}


def test_the_page_shows_where_on_a_pdfs_page_a_finding_stands(tmp_path: Path) -> None:
    document = read(_paper(tmp_path, "The members were asked.\n\n" + TABLE.format(altos=66)))
    html = page(document, check(document), Phrases(Language.ENGLISH))
    assert html.count("<svg") == 1
    assert 'aria-label="Page 1 with finding 1 marked"' in html
    right = read(_paper(tmp_path, "The members were asked.\n\n" + TABLE.format(altos=60)))
    assert "<svg" not in page(right, check(right), Phrases(Language.ENGLISH))


def test_a_table_that_goes_on_overleaf_is_one_table(tmp_path: Path) -> None:
    text = "#set page(height: 4.6cm)\nThe members were asked.\n\n" + TABLE.format(altos=60)
    document = read(_paper(tmp_path, text))
    assert len(document.grids) == 1
    assert {line.page for line in document.lines} == {1, 2}
    assert check(document).findings == ()


def test_running_heads_and_page_numbers_of_a_pdf_are_no_text(tmp_path: Path) -> None:
    head = '#set page(height: 6cm, header: [Choir 12 of 4 voices], numbering: "1/1")\n'
    pages = "#pagebreak()\n".join(f"Page {n} tells what the members said. 14%\n" for n in range(4))
    document = read(_paper(tmp_path, head + pages))
    assert [line.text for line in document.lines] == [
        f"Page {n} tells what the members said. 14%" for n in range(4)
    ]


def test_a_module_beside_a_report_is_never_run(tmp_path: Path) -> None:
    paper = _paper(tmp_path, "The members sing.")
    (tmp_path / "json.py").write_text("raise SystemExit('run')", encoding="utf-8")
    command = [sys.executable, "-P", "-c", "from blikveld.cli import main; main()"]
    done = subprocess.run(
        [*command, "check", paper.name], capture_output=True, text=True, cwd=tmp_path, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_base_that_is_not_printed_needs_cells_that_tell(tmp_path: Path) -> None:
    """Whole percentages under ten fit many bases: that five of them share one proves nothing."""
    small = ["Song,n,%", "Old,4,5%", "New,5,6%", "Own,6,7%", "Sad,7,8%", "Gay,3,4%", "Odd,9,4%"]
    assert findings(tmp_path, "a.csv", "\n".join(small), Language.ENGLISH) == []
    large = ["Song,n,%", "Old,93,48%", "New,57,29%", "Own,121,62%", "Sad,78,40%", "Gay,31,16%"]
    found = findings(tmp_path, "a.csv", "\n".join([*large, "Odd,64,23%"]), Language.ENGLISH)
    assert [(c.row, c.percent) for c in found] == [("Odd", "23")]


def test_a_table_of_another_make_is_not_proven_by_its_neighbours(tmp_path: Path) -> None:
    """Exports of one survey: in the last question several answers were allowed."""
    single = "Answer,n,%\nYes,{0},{0}.00%\nNo,{1},{1}.00%\nNone,{2},{2}.00%\n"
    several = "Answer,n,%\nSongs,17,50.00%\nFriends,21,61.76%\nTea,9,26.47%\nOther,3,8.82%\n"
    parts = [single.format(n, 90 - n, 10) for n in (20, 30, 40, 25)]
    text = "\n\n".join(f"Q{n}\n{part}" for n, part in enumerate([*parts, several]))
    assert findings(tmp_path, "a.csv", text, Language.ENGLISH) == []


def test_a_number_word_is_read_to_its_end(tmp_path: Path) -> None:
    text = "Twenty-three out of 34 members (68%) sang, and seventy-one of 80 (89%) listened."
    assert findings(tmp_path, "a.md", f"# What the members of the choir did\n\n{text}\n") == []
    wrong = text.replace("89%", "98%")
    found = findings(tmp_path, "a.md", f"# What the members of the choir did\n\n{wrong}\n")
    assert [(c.count, c.base, c.percent) for c in found] == [(71, 80, "98")]
    dutch = "Van de 80 leden zongen er eenenzeventig (98%)."
    found = findings(tmp_path, "b.md", f"# Het koor van de stad\n\n{dutch}\n", Language.DUTCH)
    assert [(c.count, c.base) for c in found] == [(71, 80)]


def _written(folder: Path, name: str, text: str) -> ReportDocument:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read(path)


def _run(*arguments: str, encoding: str = "utf-8") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from blikveld.cli import main; main()", "check", *arguments]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=120,
        env={"PATH": "", "PYTHONIOENCODING": encoding},
    )


def _pdf_whose_font_maps_a_to(folder: Path, unicode: str, text: str) -> Path:
    """A page whose font says that its letter 'a' stands for a certain code unit."""
    path = folder / "font.pdf"
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(400, 200))
        codes = [(code, f"{code:04X}") for code in range(32, 127)]
        codes = [(code, unicode if chr(code) == "a" else target) for code, target in codes]
        lines = "\n".join(f"<{code:02X}> <{target}>" for code, target in codes)
        table = (
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap "
            "/CMapName /X def /CMapType 2 def 1 begincodespacerange <00> <FF> endcodespacerange\n"
            f"{len(codes)} beginbfchar\n{lines}\nendbfchar endcmap end end"
        )
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type1,
            BaseFont=pikepdf.Name.Helvetica,
            ToUnicode=pdf.make_stream(table.encode()),
        )
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=pdf.make_indirect(font)))
        escaped = text.replace("(", r"\(").replace(")", r"\)")
        page.Contents = pdf.make_stream(f"BT /F1 11 Tf 20 100 Td ({escaped}) Tj ET".encode())
        pdf.save(path)
    return path


PLAIN = """#table(columns: 4, stroke: none, [Part], [Yes], [No], [Total],
[Basses], [12], [18], [30], [Tenors], [20], [25], [45], [Altos], [33], [27], [60])"""
ROWS = (
    ("Part", "Yes", "No", "Total"),
    ("Basses", "12", "18", "30"),
    ("Tenors", "20", "25", "45"),
    ("Altos", "33", "27", "60"),
)


@pytest.mark.parametrize("angle", ["-90deg", "90deg"])
def test_a_turned_table_is_read_as_it_stands(angle: str, tmp_path: Path) -> None:
    document = read(_paper(tmp_path, f"#rotate({angle}, reflow: true)[{PLAIN}]"))
    assert [grid.rows for grid in document.grids] == [ROWS]


def test_the_last_row_of_short_tables_is_no_running_foot(tmp_path: Path) -> None:
    total = PLAIN.rstrip(")") + ", [Together], [65], [70], [135])"
    text = "#pagebreak()\n".join([f"What they said of song.\n\n{total}\n"] * 4)
    document = read(_paper(tmp_path, text))
    last = [row for grid in document.grids for row in grid.rows if row[0] == "Together"]
    assert last == [("Together", "65", "70", "135")] * 4


def test_a_name_that_stands_lower_than_its_numbers_parts_no_table(tmp_path: Path) -> None:
    low = PLAIN.replace("[Basses]", "[#move(dy: 3pt)[Basses]]")
    low = low.replace("[Altos]", "[#move(dy: 3pt)[Altos]]")
    document = read(_paper(tmp_path, f"What they said of song.\n\n{low}"))
    assert [len(grid.rows) for grid in document.grids] == [4]


def test_heads_may_stand_an_empty_line_above_their_table(tmp_path: Path) -> None:
    gap = PLAIN.replace("stroke: none,", "stroke: none, row-gutter: (12pt, 0pt),")
    document = read(_paper(tmp_path, f"What they said of song.\n\n{gap}"))
    assert [grid.rows for grid in document.grids] == [ROWS]


def test_an_interval_is_a_number_of_its_own_column(tmp_path: Path) -> None:
    source = """Means of song.\n
#table(columns: 3, stroke: none, column-gutter: 0pt, inset: (x: 2pt), [Part], [g], [95% CI],
[Basses], [-0.08], [-0.3;0.14], [Tenors], [0.05], [-0.17;0.27], [Altos], [0.20], [-0.42;0.82])"""
    [grid] = read(_paper(tmp_path, source)).grids
    assert ("Basses", "−0.08", "−0.3;0.14") in grid.rows


def test_a_note_up_the_side_of_a_page_is_no_table(tmp_path: Path) -> None:
    note = "#place(right, dx: 2cm, rotate(-90deg, reflow: true)[Fetched 14 April 2017 at 9 18 27])"
    lines = " \\\n".join(f"What the members of part {part} said of song." for part in "abcdefghi")
    document = read(_paper(tmp_path, f"{note}\n{lines}"))
    assert document.grids == ()
    assert [line.text for line in document.lines] == lines.split(" \\\n")


def test_intervals_close_together_stand_each_in_its_column(tmp_path: Path) -> None:
    source = """Links between parts of song.\n
#table(columns: 4, stroke: none, inset: (x: 1.5pt), [Part], [1], [2], [3],
[Basses], [1.0], [.43], [.11], [Tenors], [\\[.30, .55\\]], [1.0], [.95],
[Altos], [\\[.01, .21\\]], [\\[.94, .96\\]], [1.0])"""
    [grid] = read(_paper(tmp_path, source)).grids
    assert grid.rows[-1] == ("Altos", "[.01, .21]", "[.94, .96]", "1.0")


def test_a_sign_from_a_taller_font_parts_no_table(tmp_path: Path) -> None:
    minus = '#text(font: "DejaVu Sans Mono", size: 14pt)[−]'
    rows = f"[Tenors], [0.21], [0.33], [Altos], [{minus}0.42], [0.47], [Sopranos], [0.5], [0.6]"
    source = f"""Means of song.\n
#table(columns: 3, stroke: none, [Part], [First], [Second], [Basses], [0.28], [0.32], {rows})"""
    [grid] = read(_paper(tmp_path, source)).grids
    assert [row[0] for row in grid.rows] == ["Part", "Basses", "Tenors", "Altos", "Sopranos"]


def test_a_table_of_long_names_goes_on_across_two_columns_of_print(tmp_path: Path) -> None:
    long = "Sings in a choir that meets more than once a month"
    names = (long, "Sings alone", "Hums", f"{long} or two", "Whistles", long)
    rows = ", ".join(f"[{name}], [v{at}x], [0.4{at}]" for at, name in enumerate(names))
    table = f"#table(columns: (1fr, 2cm, 2cm), stroke: none, [Item], [Name], [Loss], {rows})"
    prose = "What the members of every part of the choir said of song in those days. " * 30
    source = f"""#set page(width: 18cm, height: 24cm, columns: 2)
#place(top, scope: "parent", float: true)[Table 1. What counts when members of every part of
the choir are asked

{table}]

{prose}"""
    [grid] = read(_paper(tmp_path, source)).grids
    assert [row[-1] for row in grid.rows] == ["Loss", *(f"0.4{at}" for at in range(6))]


def test_a_running_head_beside_a_turned_table_is_no_part_of_it(tmp_path: Path) -> None:
    more = PLAIN.rstrip(")") + ", [Lower altos], [10], [20], [30]" * 12 + ")"
    source = f"""#set page(width: 16cm, height: 20cm, margin: (top: 2cm, rest: 1cm),
header: align(center)[Song])
#rotate(90deg, reflow: true)[{more}]"""
    document = read(_paper(tmp_path, source))
    assert [grid.rows[:4] for grid in document.grids] == [ROWS]
    assert not any("S" in cell for cell in document.grids[0].rows[-1])


def test_a_name_as_long_as_a_sentence_ends_no_table(tmp_path: Path) -> None:
    long = (
        "Sings, for the others, songs that were learned as a child or of late, at home or elsewhere"
    )
    source = f"""#set page(width: 24cm)
#set text(size: 9pt)
Means of song.\n
#table(columns: 3, stroke: none, column-gutter: 1cm, [What], [First], [Second],
[Hums], [0.28], [0.32], [Whistles], [0.21], [0.33], [Plays], [0.5], [0.6],
[{long} too], [0.11], [0.22])"""
    [grid] = read(_paper(tmp_path, source)).grids
    assert grid.rows[-1] == (f"{long} too", "0.11", "0.22")


def test_a_key_figure_in_large_type_is_read_with_its_label(tmp_path: Path) -> None:
    page = tmp_path / "choir.html"
    cards = "<span class=n>19%</span><span class=l>Sings alone (n=5/27)</span>"
    page.write_text(f"<p>Songs of the choir.</p><div>{cards}</div>", encoding="utf-8")
    document = read(page)
    assert [line.text for line in document.lines if "%" in line.text] == [
        "19% Sings alone (n=5/27)"
    ]
    page.write_text(f"<p>{cards.replace('5/27', '5/37')}</p>", encoding="utf-8")
    assert [c.verdict for c in check(read(page)).findings] == [Verdict.WRONG]
