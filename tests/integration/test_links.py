"""What a municipal contact gets: the right link as e-mail and QR code, and no other monitor."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from blikveld.cli.fieldwork import links
from blikveld.errors import BlikveldError
from blikveld.study.model import Study


def test_every_municipality_gets_its_own_link(flagship: Study, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    links(
        url="https://vragen.example/",
        data=tmp_path / "data",
        out=tmp_path / "out",
        study=flagship.key,
    )
    for municipality in flagship.sites:
        mail = (tmp_path / "out" / municipality.key / "e-mail-nl.txt").read_text(encoding="utf-8")
        assert f"https://vragen.example/nl/v/{municipality.key}/" in mail
        assert municipality.name in mail
        assert "{" not in mail
        assert "monitor" not in mail
        assert (tmp_path / "out" / municipality.key / "qr-nl.svg").stat().st_size > 1000
    with (tmp_path / "out" / "links.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len({row["monitor"] for row in rows}) == len(rows) == 26
    assert (tmp_path / "out" / "links.csv").stat().st_mode & 0o077 == 0


def test_the_monitors_stay_the_same_from_one_time_to_the_next(
    flagship: Study, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    written = []
    for out in ("first", "second"):
        links(
            url="https://vragen.example",
            data=tmp_path / "data",
            out=tmp_path / out,
            study=flagship.key,
        )
        written.append((tmp_path / out / "links.csv").read_bytes())
    assert written[0] == written[1]


def test_who_reads_an_earlier_list_does_not_read_the_new_monitors(
    flagship: Study, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    listed = tmp_path / "out" / "links.csv"
    listed.parent.mkdir()
    listed.write_text("an earlier list", encoding="utf-8")
    with listed.open(encoding="utf-8") as earlier:
        links(
            url="https://vragen.example",
            data=tmp_path / "data",
            out=tmp_path / "out",
            study=flagship.key,
        )
        assert earlier.read() == "an earlier list"
    assert listed.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("url", ["http://vragen.example", "vragen.example", "ftp://x"])
def test_a_link_that_others_can_read_along_with_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(BlikveldError, match="HTTPS"):
        links(url=url, data=tmp_path, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_without_a_fieldwork_there_are_no_links(tmp_path: Path) -> None:
    with pytest.raises(BlikveldError, match="no fieldwork"):
        links(url="https://vragen.example", data=tmp_path / "none", out=tmp_path / "out")
    assert not (tmp_path / "none").exists()
