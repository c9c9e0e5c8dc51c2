"""A study in an older format is refused, and `study upgrade` turns it into one of today."""

from __future__ import annotations

from pathlib import Path

import pytest

from blikveld.cli.study import upgrade_
from blikveld.errors import BlikveldError, Faults
from blikveld.rules import parse
from blikveld.study.load import find_faults, load
from blikveld.study.upgrade import upgrade

# Invented, in the format of before sites had words of their own.
STUDY = """\
# Invented. What stands above the first line is about the whole file.
study: old
version: "1"
languages: [nl, en]
title: {nl: "Oud", en: "Old"}
period: {from: 2026-01-01, to: 2026-12-31}
fieldwork: {from: 2027-02-01, to: 2027-02-28}
modes: [web]
# Where it is held.
municipalities:
  - key: veen
    name: Veen
    districts:
      - {key: veen_noord, name: "Noord"}  # on the other side
  - {key: zand, name: Zand, districts: []}
groups:
  - {key: both, label: {nl: "Beide", en: "Both"}, members: [veen, zand]}
# What people do.
domains:
  - key: food
    label: {nl: "Eten", en: "Food"}
    functions:
      - {key: bakery, label: {nl: "Bakkerij", en: "Bakery"}}  # bread
"""
QUESTIONNAIRE = """\
sections:
  - key: all
    title: {nl: "Alles", en: "All"}
    items:
      - question: place
        kind: single
        text: {nl: "Waar in {municipality}?", en: "Where in {municipality}?"}
        short: {nl: "Plek", en: "Place"}
        options_from: districts  # of one's own
        options: [{code: elsewhere, label: {nl: "Elders", en: "Elsewhere"}}]
      - question: job
        kind: single
        text: {nl: "Wat doet u?", en: "What do you do?"}
        options: [{code: baker, label: {nl: "Bakker", en: "Baker"}}]
      - question: seen
        kind: single
        text: {nl: "Gezien?", en: "Seen?"}
        options:
          - {code: "yes", label: {nl: "Ja", en: "Yes"}}
          - {code: "no", label: {nl: "Nee", en: "No"}}
      - contact: talk
        text: {nl: "Wilt u praten?", en: "Would you talk?"}
        label: {nl: "E-mail", en: "E-mail"}
"""
DERIVED = """\
coded:
  - key: row
    label: {nl: "Beroep", en: "Job"}
    from: job
    values_from: functions  # the nearest level
    map: {baker: bakery}
  - {key: domain, label: {nl: "Domein", en: "Domain"}, from: row, values_from: domains}
derived:
  - key: suspected
    label: {nl: "Gezien", en: "Seen"}
    cases: [{code: "yes", label: {nl: "Ja", en: "Yes"}, when: "seen == 'yes'"}]
"""
INTERVIEWS = """\
attribution:
  - {function: bakery, label: {nl: "Bakker", en: "Baker"}}
domain_labels: [{domain: food, label: {nl: "Eten", en: "Food"}}]
interviews: [{key: g1, function: bakery, municipality: veen, file: g1.txt}]
"""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    (tmp_path / "interviews").mkdir()
    (tmp_path / "study.yaml").write_text(STUDY, encoding="utf-8")
    (tmp_path / "questionnaire.yaml").write_text(QUESTIONNAIRE, encoding="utf-8")
    (tmp_path / "derived.yaml").write_text(DERIVED, encoding="utf-8")
    (tmp_path / "interviews" / "interviews.yaml").write_text(INTERVIEWS, encoding="utf-8")
    return tmp_path


def test_an_older_format_is_refused_with_the_command_that_mends_it(old: Path) -> None:
    with pytest.raises(Faults) as caught:
        load(old)
    (fault,) = caught.value.faults
    assert (fault.code, fault.file) == ("study-format", "study.yaml")
    assert f"blikveld study upgrade {old}" in fault.mend
    assert find_faults(old) == (fault,)


@pytest.mark.parametrize(("written", "told"), [("1", "study upgrade"), ("3", "newer Blikveld")])
def test_another_number_is_refused_too(old: Path, written: str, told: str) -> None:
    text = (old / "study.yaml").read_text("utf-8")
    (old / "study.yaml").write_text(f"format: {written}\n{text}", encoding="utf-8")
    with pytest.raises(Faults, match=told):
        load(old)


def test_what_was_held_fast_becomes_words_of_the_study(old: Path) -> None:
    assert [path.name for path in upgrade(old)] == [
        *("study.yaml", "questionnaire.yaml", "derived.yaml", "interviews.yaml"),
    ]
    assert find_faults(old) == ()
    study = load(old)
    sites = study.sites
    assert (sites.name, sites.plural_name, sites.keys) == (
        *("municipality", "municipalities"),
        ("veen", "zand"),
    )
    assert (sites.label["nl"], sites.many("en")) == ("Gemeente", "municipalities")
    assert [group.key for group in sites.groups] == ["both"]
    assert [o.code for o in study.options(study.questions["place"], "veen")] == [
        *("veen_noord", "elsewhere")
    ]
    assert [level.name for level in study.levels] == ["domain", "row"]
    assert study.collecting.monitor_by == ("domain",)
    assert study.collecting.call_column == "domain"
    assert study.collecting.offer_facts == ("municipality", "domain", "suspected")
    assert study.interviews is not None
    assert study.interviews.eligible == parse("suspected == 'yes'")
    assert study.interviews.cover == ("municipality", "domain")
    assert study.roles is not None
    assert study.roles.category_of == {"bakery": "food"}
    written = (old / "interviews" / "interviews.yaml").read_text("utf-8")
    assert "{key: g1, role: bakery, site: veen, file: g1.txt}" in written
    assert "category_labels: [{category: food," in written


def test_comments_stay_where_they_were(old: Path) -> None:
    upgrade(old)
    text = (old / "study.yaml").read_text("utf-8")
    assert text.startswith("# Invented. What stands above the first line")
    assert "# Where it is held.\nsites:" in text
    for comment in ("# on the other side", "# What people do.", "# bread"):
        assert comment in text
    assert "{site: districts}  # of one's own" in (old / "questionnaire.yaml").read_text("utf-8")
    assert "values_from: row  # the nearest level" in (old / "derived.yaml").read_text("utf-8")


def test_a_study_of_today_is_left_alone(old: Path) -> None:
    upgrade(old)
    before = {path: path.read_bytes() for path in old.rglob("*.yaml")}
    with pytest.raises(BlikveldError, match="has format 2 already"):
        upgrade(old)
    assert before == {path: path.read_bytes() for path in old.rglob("*.yaml")}


def test_nothing_is_written_where_a_file_cannot_be_read(old: Path) -> None:
    (old / "derived.yaml").write_text("coded: [", encoding="utf-8")
    with pytest.raises(BlikveldError, match="cannot be read"):
        upgrade(old)
    assert (old / "study.yaml").read_text("utf-8") == STUDY


def test_the_command_says_what_was_rewritten(old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert upgrade_(old) == 0
    said = capsys.readouterr().out
    assert "study.yaml was rewritten" in said
    assert "study check" in said


def test_a_study_without_classification_or_offers_gets_none(old: Path) -> None:
    (old / "derived.yaml").unlink()
    text = STUDY.partition("# What people do.")[0] + "domains: []\n"
    (old / "study.yaml").write_text(text, encoding="utf-8")
    asked = QUESTIONNAIRE.partition("      - contact:")[0]
    (old / "questionnaire.yaml").write_text(asked, encoding="utf-8")
    upgrade(old)
    study = load(old)
    assert study.classifications == ()
    assert study.interviews is None
    assert study.collecting.offer_facts == ()
