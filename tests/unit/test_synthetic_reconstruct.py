"""A tiny study reconstructed from start to end: nothing here is about the shipped one."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from blikveld.study import published_figures as published_
from blikveld.study.load import load
from blikveld.study.model import Study
from blikveld.synthetic import records
from blikveld.synthetic.plan import PlanError
from blikveld.synthetic.plan import load as load_plan
from blikveld.synthetic.reconstruct import FILE, reconstruct
from blikveld.synthetic.solve import Infeasible
from blikveld.synthetic.verify import verify

STUDY = """
format: 2
study: pets
version: "1"
languages: [en]
title: {en: "Pets"}
period: {from: 2020-01-01, to: 2020-12-31}
fieldwork: {from: 2021-01-01, to: 2021-01-31}
modes: [web, phone]
sites:
  name: municipality
  plural_name: municipalities
  label: {en: Municipality}
  plural: {en: Municipalities}
  list:
    - {key: here, name: Here, lists: {districts: [{code: here_north, label: North}]}}
    - {key: there, name: There, lists: {districts: [{code: there_south, label: South}]}}
"""
QUESTIONNAIRE = """
option_lists:
  scale:
    - {code: low, label: {en: "Low"}}
    - {code: middle, label: {en: "Middle"}}
    - {code: high, label: {en: "High"}}
sections:
  - key: all
    title: {en: "Pets"}
    items:
      - question: pet
        number: "1"
        kind: single
        text: {en: "Do you have a pet?"}
        short: {en: "Pet"}
        options: [{code: "yes", label: {en: "Yes"}}, {code: "no", label: {en: "No"}}]
      - question: kinds
        number: "2"
        kind: multiple
        ask_if: "pet == 'yes'"
        text: {en: "Which animals?"}
        short: {en: "Animals"}
        options:
          - {code: cat, label: {en: "Cat"}}
          - {code: dog, label: {en: "Dog"}}
          - {code: secret, label: {en: "I keep it to myself"}, exclusive: true}
      - question: favourite
        number: "3"
        kind: single
        ask_if: "pet == 'yes'"
        text: {en: "Which animal most?"}
        short: {en: "Favourite"}
        options:
          - {code: cat, label: {en: "Cat"}}
          - {code: dog, label: {en: "Dog"}}
          - {code: secret, label: {en: "I keep it to myself"}}
      - question: joy
        number: "4"
        kind: single
        text: {en: "How happy are you?"}
        short: {en: "Joy"}
        options: scale
      - question: hope
        number: "5"
        kind: single
        text: {en: "How hopeful are you?"}
        short: {en: "Hope"}
        options: scale
"""
DERIVED = """
coded: []
derived: []
scores:
  - {key: joy_score, label: {en: "Joy"}, from: joy, values: {low: 1, middle: 2, high: 3}}
  - {key: hope_score, label: {en: "Hope"}, from: hope, values: {low: 1, middle: 2, high: 3}}
"""
INCLUSION = """
inclusion:
  - {key: completed, keep: "completed", label: {en: "did not complete"}}
"""
PLAN = """
seed: 7
respondents: 200
start: {completed: true, mode: web, language: en}
steps:
  - new: [municipality]
  - new: [pet]
  - new: [favourite]
  - allocate: kinds
  - new: [joy, hope]
within:
  - {many: kinds, one: favourite}
copies:
  - {count: 20, source: "True", cut: {"": 1, pet: 1}}
"""
HEADER = (
    "id,kind,where,annex,footnote,base_rule,population,condition_rule,count,base,base_kind,"
    "percent,value,df,status,contradicts,followed,reason"
)
COUNTS = {
    ("True", "pet == 'yes'"): (120, 200),
    ("municipality == 'here'", "pet == 'yes'"): (70, 90),
    ("pet == 'yes'", "'cat' in kinds"): (66, 120),
    ("pet == 'yes'", "'dog' in kinds"): (50, 120),
    ("pet == 'yes'", "'secret' in kinds"): (13, 120),
    ("municipality == 'here' and pet == 'yes'", "favourite == 'cat'"): (41, 70),
}
STATISTICS = {
    ("chi_square", "pet * joy"): "12.3",
    ("mean", "joy_score"): "2.04",
    ("sd", "joy_score"): "0.80",
    ("mean", "hope_score"): "1.97",
    ("t_paired", "joy_score * hope_score"): "1.732",
}


def _published(extra: dict[tuple[str, str], tuple[int, int]] | None = None) -> str:
    lines = [HEADER]
    for number, ((base, what), (count, total)) in enumerate({**COUNTS, **(extra or {})}.items()):
        cells = [f"c{number}", "count", "somewhere", "", "", base, "included", what]
        lines.append(",".join([*cells, f"{count},{total},respondents,,,,reproduce,,,"]))
    for number, ((kind, what), value) in enumerate(STATISTICS.items()):
        cells = [f"s{number}", kind, "somewhere", "", "", "True", "included", what]
        lines.append(",".join([*cells, f",200,respondents,,{value},,reproduce,,,"]))
    return "\n".join(lines) + "\n"


@pytest.fixture
def study(tmp_path: Path) -> Study:
    files = {
        "study.yaml": STUDY,
        "questionnaire.yaml": QUESTIONNAIRE,
        "derived.yaml": DERIVED,
        "inclusion.yaml": INCLUSION,
        "tables.yaml": "tables: []\n",
        "published.csv": _published(),
        FILE: PLAN,
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return load(tmp_path)


def _quietly(what: str, done: int, total: int) -> None:
    assert what
    assert 0 <= done <= total


def test_every_figure_comes_out_whatever_its_kind(study: Study) -> None:
    figures = published_.load(study.folder)
    found = reconstruct(study, figures, _quietly)
    assert len(found) == 220
    assert verify(study, figures, found) == []


def test_the_same_study_gives_the_same_respondents(study: Study) -> None:
    figures = published_.load(study.folder)
    assert reconstruct(study, figures, _quietly) == reconstruct(study, figures, _quietly)


def test_chosen_options_hold_the_favourite_and_exclusive_ones_stand_alone(study: Study) -> None:
    for record in reconstruct(study, published_.load(study.folder), _quietly):
        kinds = record.answers.get("kinds", ())
        if record.answers.get("pet") == "yes" and record.completed:
            assert record.answers["favourite"] in kinds
            assert kinds == ("secret",) or "secret" not in kinds


def test_who_breaks_off_has_no_later_answers(study: Study) -> None:
    found = reconstruct(study, published_.load(study.folder), _quietly)
    left = [record for record in found if not record.completed]
    assert Counter(record.last_question for record in left).keys() == {None, "pet"}
    assert all(set(record.answers) <= {"pet"} for record in left)


def test_figures_that_exclude_each_other_are_named(study: Study) -> None:
    wrong = {("municipality == 'there'", "pet == 'yes'"): (51, 110)}
    (study.folder / "published.csv").write_text(_published(wrong), encoding="utf-8")
    with pytest.raises(Infeasible) as caught:
        reconstruct(study, published_.load(study.folder), _quietly)
    assert set(caught.value.labels) & {"c0", "c1", "c6"}


def test_a_record_file_is_read_as_it_was_written(study: Study) -> None:
    found = reconstruct(study, published_.load(study.folder), _quietly)
    path = study.folder / records.FILE
    records.write(study, found, path)
    first = path.read_bytes()
    assert records.load(study) == tuple(found)
    records.write(study, found, path)
    assert path.read_bytes() == first


def test_a_record_file_of_another_questionnaire_is_refused(study: Study) -> None:
    path = study.folder / records.FILE
    records.write(study, [], path)
    changed = QUESTIONNAIRE.replace("question: hope", "question: trust")
    (study.folder / "questionnaire.yaml").write_text(changed, encoding="utf-8")
    (study.folder / "derived.yaml").write_text(
        DERIVED.replace("from: hope", "from: trust"), encoding="utf-8"
    )
    with pytest.raises(records.RecordError):
        records.load(load(study.folder))


@pytest.mark.parametrize(
    ("old", "new"),
    [("seed: 7", "sede: 7"), ("allocate: kinds", "handout: kinds"), ("count: 20", "number: 20")],
)
def test_an_unknown_key_in_the_plan_is_an_error(study: Study, old: str, new: str) -> None:
    path = study.folder / FILE
    path.write_text(PLAN.replace(old, new), encoding="utf-8")
    with pytest.raises(PlanError):
        load_plan(path)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("- new: [pet]", "- new: [pets]", "pets"),
        ("one: favourite", "one: favorite", "favorite"),
        ('cut: {"": 1, pet: 1}', 'cut: {"": 1, cat: 1}', "cat"),
        ("copies:", "shares: {pet: {yes_: 1}}\ncopies:", "yes_"),
        ("copies:", "implausible: [{rule: \"joi == 'low'\", weight: 0.1}]\ncopies:", "joi"),
    ],
)
def test_what_the_study_does_not_have_is_an_error(
    study: Study, old: str, new: str, told: str
) -> None:
    assert old in PLAN
    (study.folder / FILE).write_text(PLAN.replace(old, new), encoding="utf-8")
    with pytest.raises(PlanError, match=told):
        reconstruct(study, published_.load(study.folder), _quietly)
