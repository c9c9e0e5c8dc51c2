"""The tutorial, typed as it is printed: each command is run, each block put where the text says."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest

TUTORIAL = Path(__file__).parents[2] / "docs" / "tutorial.md"
COMMAND = ".venv/bin/blikveld"


@dataclass(frozen=True)
class Block:
    """What stands between two fences, and the last file that the text before it names."""

    text: str
    file: str

    @property
    def is_command(self) -> bool:
        return self.text.startswith(COMMAND)


def blocks() -> Iterator[Block]:
    """Every fenced block in its order."""
    file = ""
    for prose, fenced in re.findall(r"(.*?)\n```\w*\n(.*?)```", TUTORIAL.read_text("utf-8"), re.S):
        named = re.findall(r"at the end of\s+`(my-study/[^`]+)`", prose)
        file = named[-1] if named else file
        yield Block(fenced, file)


def run(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    words = shlex.split(line)[1:]
    command = [sys.executable, "-c", "from blikveld.cli import main; main()", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=240)


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of somebody who typed the whole page."""
    folder = tmp_path_factory.mktemp("newcomer")
    for block in blocks():
        if block.is_command:
            done = run(block.text, folder)
            assert done.returncode == 0, done.stderr
        else:
            path = folder / block.file
            path.write_text(path.read_text("utf-8") + "\n" + block.text, encoding="utf-8")
    return folder


def test_the_page_holds_what_it_teaches() -> None:
    found = list(blocks())
    commands = [block.text.split()[1] for block in found if block.is_command]
    assert commands == ["study", "study", "demo"]
    assert len(found) == 10


def test_the_new_question_was_answered_and_its_table_stands_in_both_languages(typed: Path) -> None:
    for language, title in (
        ("nl", "Op de fiets, per gemeente"),
        ("en", "Cycling, by municipality"),
    ):
        page = (typed / f"my-out/report/report-{language}.html").read_text("utf-8")
        assert title in page
        book = openpyxl.load_workbook(typed / f"my-out/report/tables-{language}.xlsx")
        assert any(
            title in str(row[0].value) for sheet in book for row in sheet.iter_rows(max_row=3)
        )


def test_no_two_tables_of_the_report_have_one_number(typed: Path) -> None:
    page = (typed / "my-out/report/report-en.html").read_text("utf-8")
    for number in (1, 2, 3):
        assert len(re.findall(rf"<caption[^>]*>.{{0,80}}Table {number}\b", page, re.S)) <= 1
    assert "Table 3" in page


def test_the_sentence_prints_a_percentage_with_its_count(typed: Path) -> None:
    page = (typed / "my-out/report/report-en.html").read_text("utf-8")
    said = re.sub(r"<[^>]+>", "", page)
    assert re.search(r"Of all participants \d+%\D*\d* ?cycle to work", said)
