"""What the terminal shows is what was said: no number or bracket becomes something else."""

from __future__ import annotations

import pytest
from rich.table import Table

from blikveld.cli import terminal

WORDS = ("questionnaire.yaml:100: nothing", "tables.yaml:1234: nothing", "[b]old[/b] :100:")


@pytest.mark.parametrize("words", WORDS)
def test_a_line_is_printed_as_it_is(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    terminal.console.print(words)
    terminal.errors.print(words)
    terminal.say(words)
    shown = capsys.readouterr()
    assert shown.out == f"{words}\n{words}\n"
    assert shown.err == f"{words}\n"


@pytest.mark.parametrize("words", WORDS)
def test_a_cell_of_a_table_is_printed_as_it_is(
    words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    grid = Table("where")
    grid.add_row(words)
    terminal.console.print(grid)
    assert words in capsys.readouterr().out
