"""From sealed offers in a fieldwork's database to a list of whom to invite."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from blikveld.cli import interviews
from blikveld.cli.interviews import select
from blikveld.contacts import SealedContact, make_keys, seal, write_private
from blikveld.errors import BlikveldError
from blikveld.study.model import Study


@pytest.fixture
def contacts(flagship: Study, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Two offers from each municipality, and the file with the private key."""
    keys = make_keys()
    path = tmp_path / "private.key"
    write_private(keys, path)
    domains = [domain.code for domain in flagship.items_at("domain")]
    offered = [
        SealedContact(
            number,
            seal(f"a{number}@voorbeeld.example", keys.public),
            {
                "municipality": town.key,
                "domain": domains[number % len(domains)],
                "suspected": "yes",
            },
        )
        for number, town in enumerate((*flagship.sites, *flagship.sites), 1)
    ]
    monkeypatch.setattr(interviews.fieldwork, "contacts", lambda data, study: iter(offered))
    return path


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_addresses_are_opened_of_those_who_are_invited_now_only(
    contacts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "invite.csv"
    assert select(tmp_path, private_key=contacts, out=out) == 0
    first = rows(out)
    assert len(first) == 20
    assert all(row["address"] == f"a{row['key']}@voorbeeld.example" for row in first)
    assert out.stat().st_mode & 0o077 == 0
    said = capsys.readouterr().out
    assert "The fewest that cover all that can be covered: 13 (proven)" in " ".join(said.split())
    assert "@" not in said

    invited, refused = tmp_path / "invited.txt", tmp_path / "refused.txt"
    invited.write_text("\n".join(row["key"] for row in first), encoding="utf-8")
    refused.write_text(f"{first[0]['key']}  # no time\n", encoding="utf-8")
    assert select(tmp_path, invited=invited, refused=refused, private_key=contacts, out=out) == 0
    second = rows(out)
    assert len(second) == 20
    assert [row["invited"] for row in second].count("now") == 1
    assert sum(bool(row["address"]) for row in second) == 1


def test_what_could_not_be_covered_is_told(
    contacts: Path, flagship: Study, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    town = flagship.sites.every[0]
    refused = tmp_path / "refused.txt"
    refused.write_text("1\n14\n", encoding="utf-8")
    assert select(tmp_path, refused=refused) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert f"Not covered: {town.name}: all who offered refused." in said


def test_a_file_of_keys_with_a_slip_is_refused(contacts: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "keys.txt"
    wrong.write_text("een\n", encoding="utf-8")
    with pytest.raises(BlikveldError, match="no key"):
        select(tmp_path, refused=wrong)
