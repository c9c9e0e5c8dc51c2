"""Half a file never takes the place of a whole one."""

from __future__ import annotations

from pathlib import Path

import pytest

from blikveld.atomic_files import whole


def test_a_file_takes_its_place_when_it_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "a.csv"
    target.write_text("before")
    with whole(target) as half:
        half.write_text("after")
        assert target.read_text() == "before"
    assert target.read_text() == "after"
    assert list(tmp_path.iterdir()) == [target]


def test_an_error_leaves_what_was_there_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "a.csv"
    target.write_text("before")
    with pytest.raises(KeyboardInterrupt):
        _stopped_half_way(target)
    assert target.read_text() == "before"
    assert list(tmp_path.iterdir()) == [target]


def _stopped_half_way(target: Path) -> None:
    with whole(target) as half:
        half.write_text("af")
        raise KeyboardInterrupt
