"""A study in which every name, key, code and label is another behaves as the study it was.

So nothing in the program knows what the shipped study calls its sites, its classification, or what
makes somebody eligible for an interview. The respondents are those of the shipped study.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from blikveld.desk.roles import Role
from blikveld.fieldwork import Session, SessionState, SurveyLink
from blikveld.fieldwork.counters import finished_by
from blikveld.interviews.selection import Offer, Sample, Selection, select
from blikveld.interviews.study_files import load_shipped
from blikveld.publish import sources
from blikveld.publish.interview_material import material_of_study
from blikveld.questionnaire import Routing
from blikveld.responses.derive import code_and_derive
from blikveld.rules import Value
from blikveld.study.load import load
from blikveld.study.model import Mode, Study
from blikveld.synthetic.records import ReferenceRecord
from blikveld.synthetic.records import load as load_records
from blikveld.tabulation.by_stratum import shifts, stratify
from blikveld.tabulation.tables import count_tables
from blikveld.web.served_study import offer_facts

sys.path.insert(0, str(Path(__file__).parents[1]))
from rename_study import Renaming, rename


@dataclass(frozen=True)
class Pair:
    """The study and its renamed self, with what became what."""

    before: Study
    after: Study
    new: Renaming

    def each(self) -> tuple[Study, Study]:
        return self.before, self.after


@pytest.fixture(scope="module")
def pair(flagship: Study, tmp_path_factory: pytest.TempPathFactory) -> Pair:
    out = tmp_path_factory.mktemp("renamed") / "study"
    new = rename(flagship.folder, out)
    return Pair(flagship, load(out), new)


def test_hardly_a_name_is_what_it_was(pair: Pair) -> None:
    """What every study has keeps its name: mode, language, completed, and the codes of both."""
    shared = pair.before.variables.keys() & pair.after.variables.keys()
    assert shared == {"mode", "language", "completed"}
    texts = [{v.label["en"] for v in study.variables.values()} for study in pair.each()]
    assert texts[0] & texts[1] <= {pair.before.variables[name].label["en"] for name in shared}
    assert pair.before.key != pair.after.key


def test_pages_hold_the_same_questions_in_the_same_order(pair: Pair) -> None:
    held = [[[q.key for q in page.questions] for page in Routing(s).pages] for s in pair.each()]
    assert [[pair.new.name(key) for key in page] for page in held[0]] == held[1]


def test_everybody_is_asked_the_same_and_coded_alike(pair: Pair) -> None:
    people = [_people(study) for study in pair.each()]
    for before, after in zip(*people, strict=True):
        assert {pair.new.name(k): _renamed(pair, k, v) for k, v in before.items()} == after


def _people(study: Study) -> Iterator[Mapping[str, Value]]:
    routing = Routing(study)
    for record in load_records(study):
        yield code_and_derive(study, record.person(routing))


def _renamed(pair: Pair, name: str, value: Value) -> Value:
    coded = pair.before.variables[name].codes
    if isinstance(value, tuple):
        return tuple(map(pair.new.name, value))
    return pair.new.name(value) if coded and isinstance(value, str) else value


def test_every_count_of_every_table_is_the_same(pair: Pair) -> None:
    found = [_counts(study) for study in pair.each()]
    assert len(found[0]) == len(pair.before.tables)
    assert found[0] == found[1]


def _counts(study: Study) -> list[object]:
    with sources.snapshot_or_reference(study, None) as snapshot:
        tables = count_tables(study, snapshot)
        moved = shifts(stratify(study, snapshot, list(tables)[:20]))
    counts = [[[(c.count, c.base) for c in row.cells] for row in t.rows] for t in tables.values()]
    return [(one, len(moved), [(m.share, m.without) for m in moved]) for one in counts]


def test_the_desk_counts_the_same_groups(pair: Pair) -> None:
    found = [list(_groups(study)) for study in pair.each()]
    assert found[0] == found[1]
    assert len(found[0]) == 13
    assert all(len(groups) == 5 for groups in found[0])
    assert any(number for groups in found[0] for number in groups)


def _groups(study: Study) -> Iterator[list[int]]:
    routing, sessions = Routing(study), _sessions(study)
    (name,) = study.collecting.monitor_by
    for site in study.sites:
        own = [one for one in sessions.values() if one.link.site == site.key]
        yield [number for _, number in finished_by(routing, own, name)]


def _sessions(study: Study) -> dict[int, Session]:
    return {record.respondent: _session(study, record) for record in load_records(study)}


def _session(study: Study, record: ReferenceRecord) -> Session:
    return Session(
        key=record.respondent,
        token_hash="",
        study=study.key,
        version=study.version,
        link=SurveyLink(record.site, Mode(record.mode)),
        language=record.language,
        answers=record.answers,
        state=SessionState.COMPLETED if record.completed else SessionState.OPEN,
    )


def test_the_same_people_are_invited(pair: Pair) -> None:
    first, second = (_selected(study) for study in pair.each())
    assert [offer.key for offer in first.invited] == [offer.key for offer in second.invited]
    assert len(first.invited) == 20
    assert (first.smallest_cover, first.unevenness) == (second.smallest_cover, second.unevenness)
    tables = [[list(counts.values()) for counts in found.by.values()] for found in (first, second)]
    assert tables[0] == tables[1]


def _selected(study: Study) -> Selection:
    routing, sessions = Routing(study), _sessions(study)
    offering = [record.respondent for record in load_records(study) if record.address]
    offers = [Offer(number, offer_facts(routing, sessions[number])) for number in offering]
    return select(offers, Sample.of(study, 20))


def test_interviews_are_counted_and_called_alike(pair: Pair) -> None:
    shipped = [load_shipped(study) for study in pair.each()]
    levels = [[label.level for label in one.labels.values()] for one in shipped]
    letters = [[label.letter for label in one.labels.values()] for one in shipped]
    assert levels[0] == levels[1]
    assert letters[0] == letters[1]
    covered = [material_of_study(study).covered for study in pair.each()]
    counts = [[[g.interviews for g in one.groups] for one in each.values()] for each in covered]
    assert counts[0] == counts[1]
    assert sum(counts[0][0]) == 6


PAGES = {
    "/nl/monitoring/": Role.RESEARCHER,
    "/nl/monitoring/zand/": Role.RESEARCHER,
    "/nl/call-list/import/": Role.RESEARCHER,
    "/nl/call-list/": Role.RESEARCHER,
    "/nl/phone/": Role.INTERVIEWER,
    "/nl/interviews/new/": Role.RESEARCHER,
    "/nl/fieldwork/": Role.RESEARCHER,
}
SAID = {"/nl/monitoring/", "/nl/monitoring/zand/", "/nl/call-list/import/", "/nl/interviews/new/"}
"""Where the desk has a word for a site, or for all of them."""


@pytest.mark.parametrize("path", PAGES)
def test_the_desk_says_the_word_of_the_study(
    path: str, small: Study, desk_of: Callable[[Study], Any]
) -> None:
    label, plural = {"nl": "Afdeling", "en": "Unit"}, {"nl": "Afdelingen", "en": "Units"}
    sites = replace(small.sites, name="afdeling", label=label, plural=plural)
    desk = desk_of(replace(small, sites=sites))
    found = desk.signed_in(PAGES[path]).get(path).content.decode().casefold()
    assert "gemeente" not in found
    assert ("afdeling" in found) is (path in SAID)
