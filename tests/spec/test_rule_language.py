"""The rule language as a specification. Every line is read by both: evaluator and table engine.

Five people answer an invented questionnaire about gulls. `seen` is a single choice, `places` was
asked of those who saw one, `age` is a number, `keen` is true or false.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from blikveld.responses import duckdb_io
from blikveld.responses.rule_sql import condition
from blikveld.responses.schema import cells, columns
from blikveld.rules import (
    Missing,
    Person,
    RuleError,
    Truth,
    UnknownVariable,
    WrongKind,
    evaluate,
    parse,
)
from blikveld.study.model import Code, Variable, VariableKind

YES, NO, UNKNOWN = True, False, None


def _codes(*codes: str) -> tuple[Code, ...]:
    return tuple(Code(code, {"en": code}) for code in codes)


VARIABLES: Mapping[str, Variable] = {
    v.name: v
    for v in (
        Variable("seen", VariableKind.SINGLE, {"en": "Seen"}, _codes("often", "once", "no")),
        Variable("places", VariableKind.MULTIPLE, {"en": "Places"}, _codes("beach", "street")),
        Variable("age", VariableKind.NUMBER, {"en": "Age"}),
        Variable("keen", VariableKind.FLAG, {"en": "Keen"}),
    )
}
ANNA: Person = {"seen": "often", "places": ("beach", "street"), "age": 30.0, "keen": True}
BRAM: Person = {"seen": "once", "places": (), "age": 17.0, "keen": False}
CEES: Person = {"seen": "no", "places": Missing.NOT_ASKED, "age": 40.0, "keen": True}
DINA: Person = {"seen": "often", "places": Missing.SKIPPED, "age": Missing.REFUSED, "keen": True}
EVA: Person = {
    "seen": Missing.BROKEN_OFF,
    "places": Missing.BROKEN_OFF,
    "age": Missing.NOT_ASKED,
    "keen": Missing.UNCODED,
}
PEOPLE = (ANNA, BRAM, CEES, DINA, EVA)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb_io.Connection]:
    """The five as rows of the table engine."""
    path: Path = tmp_path_factory.mktemp("spec") / "people.parquet"
    rows = [
        tuple(cell for variable in VARIABLES.values() for cell in cells(variable, person))
        for person in PEOPLE
    ]
    duckdb_io.write(columns(VARIABLES), rows, path)
    with duckdb_io.load(path, len(rows)) as connection:
        yield connection


def _both(rule: str, table: duckdb_io.Connection) -> list[Truth]:
    """What the evaluator says of the five, once the engine has said the same."""
    plainly = [evaluate(parse(rule), person) for person in PEOPLE]
    sql = f"SELECT {condition(parse(rule), VARIABLES)} FROM respondents"  # noqa: S608
    assert [row[0] for row in table.execute(sql).fetchall()] == plainly
    return plainly


MEANINGS: Mapping[str, tuple[Truth, ...]] = {
    # rule                                       Anna     Bram     Cees     Dina     Eva
    "True": (YES, YES, YES, YES, YES),
    "False": (NO, NO, NO, NO, NO),
    # A single answer; the one who stopped before the question is neither.
    "seen == 'often'": (YES, NO, NO, YES, UNKNOWN),
    "seen != 'no'": (YES, YES, NO, YES, UNKNOWN),
    "seen in ('often', 'once')": (YES, YES, NO, YES, UNKNOWN),
    "seen not in ('often', 'once')": (NO, NO, YES, NO, UNKNOWN),
    "not (seen == 'often')": (NO, YES, YES, NO, UNKNOWN),
    # A code that is not offered is nobody's answer, and still unknown of who did not answer.
    "seen == 'never'": (NO, NO, NO, NO, UNKNOWN),
    # 'Asked, none ticked' is an answer: Bram did not choose the beach. Of Cees nobody knows.
    "'beach' in places": (YES, NO, UNKNOWN, UNKNOWN, UNKNOWN),
    "'beach' not in places": (NO, YES, UNKNOWN, UNKNOWN, UNKNOWN),
    "'roof' in places": (NO, NO, UNKNOWN, UNKNOWN, UNKNOWN),
    "count(places) == 0": (NO, YES, UNKNOWN, UNKNOWN, UNKNOWN),
    "count(places) >= 2": (YES, NO, UNKNOWN, UNKNOWN, UNKNOWN),
    # A number has an order; who refused to give an age is not younger than 18.
    "age < 18": (NO, YES, NO, UNKNOWN, UNKNOWN),
    "not (age >= 18)": (NO, YES, NO, UNKNOWN, UNKNOWN),
    "age <= 17.5": (NO, YES, NO, UNKNOWN, UNKNOWN),
    "age != 30": (NO, YES, YES, UNKNOWN, UNKNOWN),
    "age > -0.5": (YES, YES, YES, UNKNOWN, UNKNOWN),
    "age <= -2": (NO, NO, NO, UNKNOWN, UNKNOWN),
    "count(places) > -1": (YES, YES, UNKNOWN, UNKNOWN, UNKNOWN),
    # True or false.
    "keen": (YES, NO, YES, YES, UNKNOWN),
    "not keen": (NO, YES, NO, NO, UNKNOWN),
    # Whether somebody was asked is always known. Refused, skipped and broken off were asked.
    "asked(places)": (YES, YES, NO, YES, YES),
    "asked(age)": (YES, YES, YES, YES, NO),
    "answered(places)": (YES, YES, NO, NO, NO),
    "not answered(places)": (NO, NO, YES, YES, YES),
    # One false part decides an 'and', one true part an 'or', whatever is unknown beside it.
    "seen == 'often' and 'beach' in places": (YES, NO, NO, UNKNOWN, UNKNOWN),
    "seen != 'no' or 'beach' in places": (YES, YES, UNKNOWN, YES, UNKNOWN),
    "not (seen == 'often' and 'beach' in places)": (NO, YES, YES, UNKNOWN, UNKNOWN),
}


@pytest.mark.parametrize(("rule", "meaning"), MEANINGS.items(), ids=list(MEANINGS))
def test_meaning(rule: str, meaning: tuple[Truth, ...], table: duckdb_io.Connection) -> None:
    assert tuple(_both(rule, table)) == meaning


TRUTHS: Mapping[str, str] = {"yes": "True", "no": "False", "unknown": "'beach' in places"}
AND_TABLE = """
          yes      no       unknown
yes       yes      no       unknown
no        no       no       no
unknown   unknown  no       unknown
"""
OR_TABLE = """
          yes      no       unknown
yes       yes      yes      yes
no        yes      no       unknown
unknown   yes      unknown  unknown
"""
NOT_TABLE = """
yes       no
no        yes
unknown   unknown
"""
WORDS: Mapping[Truth, str] = {True: "yes", False: "no", None: "unknown"}


def _table(text: str) -> list[tuple[str, str, str]]:
    head, *lines = text.strip().splitlines()
    rows = [(line.split()[0], line.split()[1:]) for line in lines]
    return [
        (left, right, result)
        for left, results in rows
        for right, result in zip(head.split(), results, strict=True)
    ]


def _of_cees(rule: str, table: duckdb_io.Connection) -> str:
    """Cees was not asked about places, so that "'beach' in places" is unknown of him."""
    return WORDS[_both(rule, table)[2]]


@pytest.mark.parametrize(("left", "right", "result"), _table(AND_TABLE))
def test_and(left: str, right: str, result: str, table: duckdb_io.Connection) -> None:
    assert _of_cees(f"{TRUTHS[left]} and {TRUTHS[right]}", table) == result


@pytest.mark.parametrize(("left", "right", "result"), _table(OR_TABLE))
def test_or(left: str, right: str, result: str, table: duckdb_io.Connection) -> None:
    assert _of_cees(f"{TRUTHS[left]} or {TRUTHS[right]}", table) == result


@pytest.mark.parametrize(
    ("part", "result"), [tuple(line.split()) for line in NOT_TABLE.strip().splitlines()]
)
def test_not(part: str, result: str, table: duckdb_io.Connection) -> None:
    assert _of_cees(f"not ({TRUTHS[part]})", table) == result


@pytest.mark.parametrize("rule", ["sean == 'no'", "True or sean == 'no'", "asked(sean)"])
def test_a_name_nobody_has_is_refused_wherever_it_stands(rule: str) -> None:
    with pytest.raises(UnknownVariable, match="sean"):
        evaluate(parse(rule), ANNA)
    with pytest.raises(UnknownVariable, match="sean"):
        condition(parse(rule), VARIABLES)


@pytest.mark.parametrize(
    "rule",
    [
        "seen",
        "keen == 'yes'",
        "seen == 3",
        "seen > 3",
        "age == 'old'",
        "'no' in seen",
        "places == 'beach'",
        "places in ('beach', 'street')",
        "count(seen) >= 1",
        "age",
    ],
)
def test_a_wrong_kind_is_refused(rule: str) -> None:
    with pytest.raises(WrongKind):
        evaluate(parse(rule), ANNA)
    with pytest.raises(WrongKind):
        condition(parse(rule), VARIABLES)


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "seen = 'no'",
        "seen < 'no'",
        "seen in ()",
        "seen in ('no', 3)",
        "seen in 'no'",
        "seen == True",
        "seen == -True",
        "seen == --1",
        "age > 1e999",
        "age > -1e999",
        "count(places) > -1.5",
        "1 < age < 3",
        "len(places) > 1",
        "count(places)",
        "count(places) > 1.5",
        "asked('places')",
        "keen.real",
        "keen + keen",
        "__import__('os')",
        "(lambda: keen)()",
        "seen == 'a'; keen",
        "not " * 51 + "keen",
        "(" * 5_000 + "keen" + ")" * 5_000,
    ],
)
def test_what_is_not_in_the_language_is_refused_with_its_place(rule: str) -> None:
    with pytest.raises(RuleError) as refusal:
        parse(rule)
    assert refusal.value.column >= 1
