"""Reference respondents through the real pages: what comes out is what went in."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from blikveld.cli import demo
from blikveld.cli.terminal import Progress
from blikveld.fieldwork.sessions import SurveyLink
from blikveld.publish import sources
from blikveld.questionnaire.routing import Routing
from blikveld.responses.schema import raw_names
from blikveld.responses.snapshot import Snapshot, write
from blikveld.results.cell import DataOrigin
from blikveld.rules import Person
from blikveld.study.model import Mode, Study
from blikveld.web import fieldwork


@pytest.fixture(scope="module")
def collected(flagship: Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder after everybody filled in the pages over HTTP."""
    data = tmp_path_factory.mktemp("travel") / "fieldwork"
    with Progress() as progress:
        demo.collect(flagship, data, progress)
    return data


@pytest.fixture(scope="module")
def snapshot(
    flagship: Study, collected: Path, tmp_path_factory: pytest.TempPathFactory
) -> Snapshot:
    answers = fieldwork.responses(collected, flagship)
    folder = tmp_path_factory.mktemp("travel") / "snapshot"
    return write(flagship, answers, folder, origin=DataOrigin.REFERENCE)


def test_the_snapshot_made_through_the_pages_equals_the_reference_records(
    flagship: Study, snapshot: Snapshot
) -> None:
    names = raw_names(flagship)
    routing = Routing(flagship)
    wanted = Counter(_fields(r.person(routing), names) for r in sources.load_reference(flagship))
    found = Counter(_fields(person, names) for person in snapshot.persons())
    assert sum(found.values()) == 2095
    assert found == wanted


def test_the_server_counted_what_the_respondents_did(
    flagship: Study, collected: Path, tally: Any
) -> None:
    counts = tally(collected, flagship)
    records = sources.load_reference(flagship)
    for link, seen in counts.items():
        own = [r for r in records if (r.site, Mode(r.mode)) == _place(link)]
        assert seen.started == len(own)
        assert seen.completed == sum(r.completed for r in own)
    assert sum(c.completed for link, c in counts.items() if link.mode is Mode.PHONE) == 153


def test_the_database_of_answers_holds_no_address_and_the_other_no_answer(
    flagship: Study, collected: Path
) -> None:
    addresses = [r.address for r in sources.load_reference(flagship) if r.address]
    assert len(list(fieldwork.contacts(collected, flagship))) == len(addresses) > 0
    everything = b"".join(path.read_bytes() for path in collected.iterdir() if path.is_file())
    assert [a for a in addresses if a.encode() in everything] == []


def _place(link: SurveyLink) -> tuple[str, Mode]:
    return link.site, link.mode


def _fields(person: Person, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{name}={person[name]}" for name in names)
