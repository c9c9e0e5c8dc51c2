"""Reference respondents through the real pages: what comes out is what went in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
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
from blikveld.rules import Missing, Person
from blikveld.study.model import Mode, Study
from blikveld.synthetic.records import ReferenceRecord
from blikveld.web import fieldwork


@pytest.fixture(
    scope="module", params=["each way", pytest.param("everybody", marks=pytest.mark.long)]
)
def records(request: pytest.FixtureRequest, flagship: Study) -> Sequence[ReferenceRecord]:
    """The reference respondents, or of each way through the pages and each link the first."""
    everybody = sources.load_reference(flagship)
    if request.param == "everybody":
        return everybody
    routing, names = Routing(flagship), raw_names(flagship)
    ways: dict[object, ReferenceRecord] = {}
    for record in everybody:
        person = record.person(routing)
        without = tuple(name for name in names if isinstance(person[name], Missing))
        ways.setdefault((record.mode, record.language, record.completed, without), record)
        ways.setdefault(_link(record), record)
    some = list({record.respondent: record for record in ways.values()}.values())
    assert 200 < len(some) < 400
    return some


@pytest.fixture(scope="module")
def collected(
    flagship: Study, records: Sequence[ReferenceRecord], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The data folder after they filled in the pages over HTTP."""
    data = tmp_path_factory.mktemp("travel") / "fieldwork"
    with Progress() as progress:
        demo.collect(flagship, data, progress, records)
    return data


@pytest.fixture(scope="module")
def snapshot(
    flagship: Study, collected: Path, tmp_path_factory: pytest.TempPathFactory
) -> Snapshot:
    answers = fieldwork.responses(collected, flagship)
    folder = tmp_path_factory.mktemp("travel") / "snapshot"
    return write(flagship, answers, folder, origin=DataOrigin.REFERENCE)


def test_the_snapshot_made_through_the_pages_equals_the_reference_records(
    flagship: Study, records: Sequence[ReferenceRecord], snapshot: Snapshot
) -> None:
    names = raw_names(flagship)
    routing = Routing(flagship)
    wanted = Counter(_fields(r.person(routing), names) for r in records)
    found = Counter(_fields(person, names) for person in snapshot.persons())
    assert found == wanted


def test_the_reference_respondents_are_as_many_as_opened_the_questionnaire(
    flagship: Study,
) -> None:
    everybody = sources.load_reference(flagship)
    assert len(everybody) == 2095
    assert sum(r.completed and Mode(r.mode) is Mode.PHONE for r in everybody) == 153


def test_the_server_counted_what_the_respondents_did(
    flagship: Study, records: Sequence[ReferenceRecord], collected: Path, tally: Any
) -> None:
    counts = tally(collected, flagship)
    assert counts.keys() == {_link(record) for record in records}
    for link, seen in counts.items():
        own = [record for record in records if _link(record) == link]
        assert seen.started == len(own)
        assert seen.completed == sum(r.completed for r in own)


def test_the_database_of_answers_holds_no_address_and_the_other_no_answer(
    flagship: Study, records: Sequence[ReferenceRecord], collected: Path
) -> None:
    addresses = [record.address for record in records if record.address]
    assert len(list(fieldwork.contacts(collected, flagship))) == len(addresses) > 0
    everything = b"".join(path.read_bytes() for path in collected.iterdir() if path.is_file())
    assert [a for a in addresses if a.encode() in everything] == []


def _link(record: ReferenceRecord) -> SurveyLink:
    return SurveyLink(record.site, Mode(record.mode))


def _fields(person: Person, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{name}={person[name]}" for name in names)
