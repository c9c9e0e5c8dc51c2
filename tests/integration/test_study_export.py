"""A questionnaire in an XLSForm: pyxform accepts it, and its rules mean there what they mean here.

lxml evaluates the XPath, with the two functions that XForms add. All answers are invented.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import combinations, product
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from lxml import etree
from pyxform.xls2xform import convert

from blikveld.cli.study import export
from blikveld.errors import BlikveldError
from blikveld.exchange.xlsform import build_xlsform, write_xlsform
from blikveld.exchange.xpath import XPath
from blikveld.kinds import TextEntry
from blikveld.publish import sources
from blikveld.responses.derive import code_and_derive
from blikveld.rules import Missing, Person, Value, evaluate, parse
from blikveld.study.load import load
from blikveld.study.model import Item, Question, Study, VariableKind

STUDIES = Path(__file__).parents[1] / "studies"
SCHEMA = Path(__file__).parents[1] / "schemas/ddi-codebook-2.5/schemas/codebook.xsd"
ASKED = ("municipality", "mode", "job", "job_other", "liking", "bread", "bread_other", "baked")


def _selected(_: Any, nodes: list[Any], code: str) -> bool:
    return code in (nodes[0].text or "").split()


def _count(_: Any, nodes: list[Any]) -> float:
    return float(len((nodes[0].text or "").split()))


FUNCTIONS = {(None, "selected"): _selected, (None, "count-selected"): _count}


def holds(expression: str, person: Person) -> bool:
    """What an XPath of a form says of somebody; who gave no answer has an empty node."""
    root = etree.Element("data")
    for name, value in person.items():
        etree.SubElement(root, name).text = _as_text(value)
    return bool(root.xpath(re.sub(r"\$\{(\w+)\}", r"/data/\1", expression), extensions=FUNCTIONS))


def _as_text(value: Value) -> str:
    if isinstance(value, Missing):
        return ""
    return " ".join(value) if isinstance(value, tuple) else str(value)


def people() -> Iterable[Person]:
    """Everybody there can be by two questions of the study `made`, unanswered ones too."""
    codes = ("white", "brown", "other")
    sets = [chosen for size in (1, 2, 3) for chosen in combinations(codes, size)]
    study = load(STUDIES / "made")
    likings = ("much", "little", "dont_know", Missing.NOT_ASKED, Missing.SKIPPED)
    for liking, bread in product(likings, (*sets, Missing.NOT_ASKED, Missing.SKIPPED)):
        person: dict[str, Value] = {
            "municipality": "veen",
            "mode": "web",
            "language": "nl",
            "completed": True,
            "job": "baker",
            "job_other": Missing.NOT_ASKED,
            "liking": liking,
            "bread": bread,
            "bread_other": Missing.NOT_ASKED,
            "baked": "yes" if liking == "much" else Missing.NOT_ASKED,
        }
        yield code_and_derive(study, person)


@pytest.mark.parametrize(
    "rule",
    [
        "liking == 'much'",
        "liking != 'much'",
        "not (liking == 'much')",
        "liking in ('much', 'little')",
        "not (liking in ('much', 'little'))",
        "'brown' in bread",
        "not ('brown' in bread)",
        "count(bread) >= 2",
        "not (count(bread) >= 2)",
        "liking != 'much' and not ('brown' in bread)",
        "liking != 'much' or not ('brown' in bread)",
        "not (liking == 'much' or 'brown' in bread)",
        "not (liking == 'much' and 'brown' in bread)",
        "liking_score >= 2",
        "liking_score != 2",
        "not (liking_score < 2)",
        "likes == 'no'",
        "likes != 'no'",
        "likes_brown != 'yes'",
        "asked(baked)",
        "not asked(baked)",
        "answered(bread)",
        "not answered(liking)",
        "True",
        "False",
    ],
)
def test_a_rule_means_in_a_form_what_it_means_here(rule: str) -> None:
    study = load(STUDIES / "made")
    written = XPath(study, ASKED).relevant(parse(rule))
    for person in people():
        assert holds(written, person) is (evaluate(parse(rule), person) is True), (rule, person)


@pytest.mark.parametrize("rule", ["completed", "subject == 'cake'", "language == 'nl'"])
def test_what_a_form_cannot_know_is_refused(rule: str) -> None:
    with pytest.raises(BlikveldError, match="not-in-xpath"):
        XPath(load(STUDIES / "made"), ASKED).relevant(parse(rule))


def test_everybody_is_asked_the_same_in_the_form(flagship: Study) -> None:
    form = build_xlsform(flagship)
    relevant = {row["name"]: row.get("relevant", "true()") for row in form.survey if "name" in row}
    responses = list(sources.complete_records(flagship, sources.load_reference(flagship)))[::40]
    compared = 0
    for response in responses:
        person = code_and_derive(flagship, response.values)
        for key in flagship.questions:
            rule = flagship.questions[key].ask_if
            expected = evaluate(rule, person) is True
            assert holds(relevant[key], person) is expected, key
            compared += 1
    assert compared == len(responses) * len(flagship.questions)


@pytest.mark.parametrize("name", ["flagship", "made", "routing"])
def test_pyxform_accepts_the_form(name: str, flagship: Study, tmp_path: Path) -> None:
    study = flagship if name == "flagship" else load(STUDIES / name)
    form = build_xlsform(study)
    write_xlsform(form, tmp_path / "form.xlsx")
    made = convert(xlsform=tmp_path / "form.xlsx", validate=False)
    assert made.warnings == []
    asked = {row["name"] for row in form.survey if row["type"].split()[0] in _ASKING}
    others = {key for q in study.questions.values() for key in q.other_keys}
    assert asked == {"municipality", "mode", *study.questions, *others}
    assert all(f"/{key}" in made.xform for key in asked)


_ASKING = ("select_one", "select_multiple", "text")


def test_what_a_form_does_not_have_is_told(flagship: Study) -> None:
    told = {loss.place: loss.feature for loss in build_xlsform(flagship).losses}
    assert told["interview"] == "An address is asked, which a form would keep among the answers"
    assert "telephone" in told["district"]
    assert not [place for place, feature in told.items() if "Its rule" in feature]


def test_a_rule_that_no_form_can_follow_is_told() -> None:
    study = load(STUDIES / "made")
    (part,) = study.sections
    *others, last = part.items
    changed = replace(last, ask_if=parse("subject == 'cake'"))
    form = build_xlsform(replace(study, sections=(replace(part, items=(*others, changed)),)))
    (loss,) = (loss for loss in form.losses if loss.place == "baked")
    assert str(loss) == (
        "baked: Its rule looks at variable 'subject'. Its code follows from a text that is coded "
        "afterwards. It is asked of everybody."
    )


def test_an_option_that_stands_alone_and_the_districts_of_a_place(flagship: Study) -> None:
    form = build_xlsform(flagship)
    rows: Mapping[str, dict[str, str]] = {r["name"]: r for r in form.survey if "name" in r}
    alone = next(
        q
        for q in flagship.questions.values()
        if q.variable_kind is VariableKind.MULTIPLE and any(o.exclusive for o in q.options)
    )
    code = next(option.code for option in alone.options if option.exclusive)
    constraint = rows[alone.key]["constraint"].replace("selected(.", "selected(/data/x")
    for answer, allowed in ((code, True), (f"{code} another", False), ("another more", True)):
        assert holds(constraint, {"x": answer}) is allowed
    filtered = rows["district"]["choice_filter"]
    assert filtered == "municipality = '' or municipality = ${municipality}"
    somewhere = flagship.sites.every[0]
    own = {c["name"] for c in form.choices if c.get("municipality") == somewhere.key}
    assert own == {district.code for district in somewhere.options("districts")}


def test_a_text_has_to_fit_its_pattern_in_the_form(tmp_path: Path) -> None:
    form = build_xlsform(load(STUDIES / "days"))
    (row,) = (row for row in form.survey if row.get("name") == "postcode")
    assert row["constraint"] == "regex(., '^([1-9][0-9]{3,3}[ ]{0,1}[A-Z]{2,2})$')"
    write_xlsform(form, tmp_path / "form.xlsx")
    made = convert(xlsform=tmp_path / "form.xlsx", validate=False)
    assert f'constraint="{row["constraint"]}"' in made.xform


def _with_quotes(item: Item) -> Item:
    if isinstance(item, Question) and isinstance(item.kind, TextEntry) and item.kind.pattern:
        return replace(item, kind=replace(item.kind, pattern="['\"]+"))
    return item


def test_a_pattern_that_no_form_can_hold_is_told() -> None:
    study = load(STUDIES / "days")
    sections = tuple(
        replace(part, items=tuple(map(_with_quotes, part.items))) for part in study.sections
    )
    form = build_xlsform(replace(study, sections=sections))
    (row,) = (row for row in form.survey if row.get("name") == "postcode")
    assert "constraint" not in row
    told = [str(loss) for loss in form.losses if "pattern" in loss.feature]
    assert told == [
        "postcode: Its pattern has no equal. A form cannot hold a text with both kinds of quotes. "
        "Every text is accepted."
    ]


def test_units_and_the_words_of_a_scale_are_told() -> None:
    losses = build_xlsform(load(STUDIES / "numbers")).losses
    told = {(loss.place, loss.feature) for loss in losses}
    assert {place for place, feature in told if "unit" in feature} == {"rent", "cold"}
    assert {place for place, feature in told if "ends" in feature} == {"liking"}


def test_the_command_writes_a_form_and_a_codebook_or_nothing(tmp_path: Path) -> None:
    made = str(STUDIES / "made")
    assert export(made, out=tmp_path / "out", language="en") == 0
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["made-en-ddi.xml", "made.xlsx"]
    schema = etree.XMLSchema(etree.parse(SCHEMA))
    found = etree.parse(tmp_path / "out" / "made-en-ddi.xml")
    assert schema.validate(found), schema.error_log
    sheets = openpyxl.load_workbook(tmp_path / "out" / "made.xlsx").sheetnames
    assert sheets == ["survey", "choices", "settings"]
    with pytest.raises(BlikveldError, match="no-such-format"):
        export(made, out=tmp_path / "other", formats=("docx",))
    with pytest.raises(BlikveldError, match="language"):
        export(made, out=tmp_path / "other", language="fr")
    assert not (tmp_path / "other").exists()
