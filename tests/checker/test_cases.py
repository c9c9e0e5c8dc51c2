"""One small document for each way in which the checker was wrong about the world.

Every document is invented. The name of a test says what is right.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest

from blikveld.checker.check import check
from blikveld.checker.document import Language
from blikveld.checker.extract import read
from blikveld.checker.findings import ReportedClaim

WRONG = "Of the 50 members, 20 (30%) sing."


def findings(
    folder: Path, name: str, text: str, language: Language | None = None
) -> list[ReportedClaim]:
    """What cannot be right in a text, written to a file of this name."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return list(check(read(path), language).findings)


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
    text = head + "\n".join(f"| Part {place} {row}" for place, row in enumerate(rows))
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
