"""A report that is made again at every save, and that goes on after a fault."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from blikveld.cli.report import watch_study
from blikveld.report import asks
from blikveld.study.load import load


def saving(*saves: Callable[[], object]) -> Callable[[], bool]:
    """A pause in which somebody saves something, until there is nothing more to save."""
    left: Iterator[Callable[[], object]] = iter(saves)

    def pause() -> bool:
        save = next(left, None)
        if save is not None:
            save()
        return save is not None

    return pause


def test_it_is_made_at_the_start_and_at_every_save_and_goes_on_after_a_fault(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "study"
    shutil.copytree(load("example").folder, folder)
    text = folder / "report" / "nl" / "10-agressie.md"
    made: list[int] = []

    def make() -> None:
        made.append(len(asks(load(folder), "nl")))

    def nothing() -> None:
        """Somebody thinks."""

    watch_study(
        folder,
        make,
        saving(
            nothing,
            lambda: text.write_text("""Tekst.\n\n{{ share("jobb == 'nurse'") }}""", "utf-8"),
            nothing,
            lambda: text.write_text("""Tekst. {{ share("job == 'nurse'") }}""", "utf-8"),
            lambda: (folder / "notes.bak").write_text("no text of the study", "utf-8"),
            lambda: text.with_name("20-meer.md").write_text("{{ base() }}", "utf-8"),
            lambda: text.with_name("20-meer.md").unlink(),
        ),
    )
    assert made[1:] == [1, 2, 1]
    assert made[0] > 2
    told = capsys.readouterr()
    assert "nl/10-agressie.md:3: Nothing here is called 'jobb'. Did you mean 'job'?" in told.err
    assert told.out.count("Watching") == 5


def test_what_is_no_fault_of_a_text_stops_the_watching(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("Tekst.", "utf-8")

    def broken() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        watch_study(tmp_path, broken, saving())
