"""The reference respondents that ship with the study, held against everything published."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from blikveld.questionnaire.answers import keep, read
from blikveld.questionnaire.routing import Routing
from blikveld.responses.derive import code_and_derive
from blikveld.rules import Missing, Person, Value, names
from blikveld.study import published_figures as published_
from blikveld.study.load import load
from blikveld.study.model import Study, VariableKind
from blikveld.study.published_figures import Measure, PublishedFigure, Status
from blikveld.synthetic import plan, records
from blikveld.synthetic.reconstruct import FILE, reconstruct
from blikveld.synthetic.records import ReferenceRecord
from blikveld.synthetic.verify import verify

STUDY = "criminele_uitbuiting"


@cache
def study() -> Study:
    return load(STUDY)


@cache
def shipped() -> tuple[ReferenceRecord, ...]:
    return records.load(study())


@cache
def figures() -> tuple[PublishedFigure, ...]:
    return published_.load(study().folder)


@cache
def persons() -> tuple[Person, ...]:
    routing = Routing(study())
    return tuple(code_and_derive(study(), record.person(routing)) for record in shipped())


def test_every_published_figure_comes_out() -> None:
    assert verify(study(), figures(), shipped()) == []


def test_the_figures_that_are_held_to_are_the_published_ones() -> None:
    held = [row for row in figures() if row.status is Status.REPRODUCE]
    assert sum(bool(row.annex) for row in held) == 1564
    statistics = {row.value for row in held if row.measure is Measure.CHI_SQUARE}
    assert statistics == {"97.683", "316.759", "105.337", "92.8519", "23.069"}
    assert "1.312" in {row.value for row in held if row.measure is Measure.T_PAIRED}


def test_one_changed_answer_is_seen() -> None:
    """The check is not blind: somebody who saw another age makes exactly those counts wrong."""
    index, record = next(
        (i, r) for i, r in enumerate(shipped()) if r.completed and r.answers.get("age") == "27+"
    )
    changed = replace(record, answers={**record.answers, "age": "dont_know"})
    found = verify(study(), figures(), [*shipped()[:index], changed, *shipped()[index + 1 :]])
    assert found
    rows = {row.id: row for row in figures()}
    for miss in found:
        looked_at = names(rows[miss.key].base_rule) | _condition_names(rows[miss.key])
        assert not looked_at.isdisjoint({"age", "age_group"}), miss


def _condition_names(row: PublishedFigure) -> frozenset[str]:
    return names(row.condition_rule) if row.measure is Measure.COUNT else frozenset()


def test_the_funnel() -> None:
    assert len(shipped()) == 2095
    assert sum(record.completed for record in shipped()) == 1771
    left = Counter(str(p["function_row"]) for p in persons() if p["completed"])
    assert (left["not_front_line"], left["unclear"]) == (65, 45)
    assert sum(p["subject"] == "other_exploitation" for p in persons() if p["completed"]) == 24


def test_answers_obey_the_routing() -> None:
    routing = Routing(study())
    for record in shipped():
        person = record.person(routing)
        asked = {key for key in study().questions if person[key] is not Missing.NOT_ASKED}
        assert set(record.answers) & set(study().questions) <= asked, record.respondent
        if record.completed:
            assert routing.first_open({**record.answers}) is None, record.respondent


def test_answers_are_ones_that_were_offered() -> None:
    for record in shipped():
        for key, answer in record.answers.items():
            if key in study().questions:
                _check_offered(record, key, answer)


def _check_offered(record: ReferenceRecord, key: str, answer: str | tuple[str, ...]) -> None:
    question = study().questions[key]
    if question.variable_kind is VariableKind.TEXT:
        assert answer
        return
    options = {o.code: o for o in study().options(question, record.site)}
    chosen = answer if isinstance(answer, tuple) else (answer,)
    assert isinstance(answer, tuple) == (question.variable_kind is VariableKind.MULTIPLE)
    assert chosen, (record.respondent, key)
    assert set(chosen) <= set(options), (record.respondent, key)
    assert list(chosen) == [code for code in options if code in chosen]
    assert len(chosen) == 1 or not any(options[code].exclusive for code in chosen)
    writes = any(options[code].text for code in chosen)
    assert writes == bool(record.answers.get(f"{key}_other")), (record.respondent, key)


def test_every_record_can_be_filled_in_on_the_pages() -> None:
    """Page by page, the forms accept the answers and give exactly the record back."""
    routing = Routing(study())
    for record in shipped():
        given, done = _filled_in(routing, record)
        assert given == dict(record.answers), record.respondent
        assert done == record.completed, record.respondent


def _filled_in(routing: Routing, record: ReferenceRecord) -> tuple[dict[str, Value], bool]:
    system: dict[str, Value] = {"municipality": record.site, "mode": record.mode}
    form = {k: (v,) if isinstance(v, str) else v for k, v in record.answers.items()}
    given, sent = dict(system), 0
    page = routing.next_page(0, given)
    while page is not None:
        if page.questions and not record.completed and sent == record.pages(routing):
            break
        sent += bool(page.questions)
        reading = read(routing, page, record.site, given, form)
        assert not reading.messages, (record.respondent, reading.messages)
        given = keep(given, reading)
        page = routing.next_page(page.number, given)
    return {key: value for key, value in given.items() if key not in system}, page is None


def test_whoever_broke_off_stopped_at_the_end_of_a_page() -> None:
    routing = Routing(study())
    for record in shipped():
        if record.completed:
            assert record.last_question is None
            continue
        last = record.last_page(routing)
        person = record.person(routing)
        for key, page in routing.page_of.items():
            if page <= last:
                assert person[key] is not Missing.BROKEN_OFF, (record.respondent, key)
            else:
                assert key not in record.answers, (record.respondent, key)


def test_school_interviews_were_by_telephone() -> None:
    phoned = Counter(
        (str(p["function_row"]), str(p["function"])) for p in persons() if p["mode"] == "phone"
    )
    assert sum(phoned.values()) == 153
    assert sum(n for (row, _), n in phoned.items() if row == "primary") == 96
    assert sum(n for (row, _), n in phoned.items() if row == "secondary") == 57


def test_the_main_form_is_among_the_forms() -> None:
    for record in shipped():
        if "main_form" in record.answers and "forms" in record.answers:
            assert record.answers["main_form"] in record.answers["forms"]


def test_what_is_said_to_be_invented_is_what_no_published_figure_names() -> None:
    sources = _sources(study())
    named: set[str] = set()
    for row in figures():
        if row.status in (Status.REPRODUCE, Status.PERCENT_ONLY):
            looked_at = {*names(row.base_rule), *_condition_variables(row)}
            named |= {source for name in looked_at for source in sources.get(name, {name})}
    everything = set(records.columns(study())) - {"respondent", "completed", "last_question"}
    texts = {key for q in study().questions.values() for key in q.other_keys}
    assert set(plan.load(study().folder / FILE).invented) == (everything - named) | texts


def _condition_variables(row: PublishedFigure) -> Sequence[str]:
    if row.measure is Measure.COUNT:
        return sorted(names(row.condition_rule))
    return [name.removeprefix("count(").removesuffix(")") for name in row.variables]


def _sources(study: Study) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {c.key: {c.source} for c in study.coded}
    found |= {s.key: {s.source} for s in study.scores}
    found |= {d.key: set().union(*(names(c.when) for c in d.cases)) for d in study.derived}
    for _ in found:
        for key, sources in found.items():
            found[key] = set().union(*(found.get(source, {source}) for source in sources))
    return found


def test_addresses_lead_nowhere() -> None:
    addresses = [r.address for r in shipped() if r.address]
    assert len(addresses) == len(set(addresses)) > 100
    assert all(address.endswith(".invalid") for address in addresses)
    assert all(r.completed for r in shipped() if r.address)


def test_days_lie_in_the_fieldwork() -> None:
    period = study().fieldwork
    assert all(period.first <= record.day <= period.last for record in shipped())


def test_the_command_finds_the_shipped_file_again(tmp_path: Path) -> None:
    """Byte for byte on the machine type that the versions are pinned for."""
    found = reconstruct(study(), figures(), lambda what, done, total: None)
    assert verify(study(), figures(), found) == []
    records.write(study(), found, tmp_path / records.FILE)
    if platform.machine() == "x86_64":
        shipped_bytes = (study().folder / records.FILE).read_bytes()
        assert (tmp_path / records.FILE).read_bytes() == shipped_bytes
