"""Half a file never takes the place of a whole one."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from blikveld.atomic_files import private, whole, whole_folder


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


def test_a_private_file_is_the_owners_alone_from_its_first_byte(tmp_path: Path) -> None:
    target = tmp_path / "a.csv"
    for left in (target, target.with_name("a.csv.part")):
        left.write_text("before")
        left.chmod(0o666)
    with target.open() as earlier:
        with private(target) as half:
            assert stat.S_IMODE(half.stat().st_mode) == 0o600
            half.write_text("secret")
        assert earlier.read() == "before"
    assert (stat.S_IMODE(target.stat().st_mode), target.read_text()) == (0o600, "secret")
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_takes_the_place_of_another_and_only_its_owner_looks_inside(
    tmp_path: Path,
) -> None:
    target = tmp_path / "taken"
    for text in ("first", "second"):
        with whole_folder(target) as fresh:
            (fresh / "a.csv").write_text(text)
            (fresh / "a.csv").chmod(0o666)
    assert (target / "a.csv").read_text() == "second"
    assert stat.S_IMODE(target.stat().st_mode) == 0o700
    assert stat.S_IMODE((target / "a.csv").stat().st_mode) == 0o600
    with pytest.raises(KeyboardInterrupt), whole_folder(target) as fresh:
        raise KeyboardInterrupt
    assert (target / "a.csv").read_text() == "second"
    assert list(tmp_path.iterdir()) == [target]
