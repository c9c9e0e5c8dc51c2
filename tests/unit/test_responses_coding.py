"""From answers to codes, derived values and scores, on an invented study about bread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from blikveld.responses.derive import CodingError, code_and_derive
from blikveld.responses.schema import raw_names
from blikveld.rules import Missing, Person, UnknownVariable, Value, parse
from blikveld.study.labels import fold_text
from blikveld.study.load import load
from blikveld.study.model import Coded, Derived, DerivedCase, Score

STUDIES = Path(__file__).parents[1] / "studies"
BREAD = load(STUDIES / "made")
GULLS = load(STUDIES / "small")
LABEL: Mapping[str, str] = {"nl": "x", "en": "x"}
EMPTY: Person = dict.fromkeys(raw_names(BREAD), Missing.SKIPPED)


def _made(**answers: Value) -> Person:
    return code_and_derive(BREAD, {**EMPTY, **answers})


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  Wijk\tverpleegkundige \n", "wijk verpleegkundige"),
        ("ＢＯＡ", "boa"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("cafe\u0301", "café"),
        ("CAFÉ", "café"),
        ("½ dag", "1⁄2 dag"),
        ("a\u00a0b\u2003c", "a b c"),
        ("", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold_text(text) == folded
    assert fold_text(folded) == folded


@pytest.mark.parametrize(
    ("job", "text", "row", "domain"),
    [
        # An offered answer is mapped.
        ("baker", Missing.NOT_ASKED, "bakery", "food"),
        # A text is looked up, however it was typed.
        ("other", " WIJKverpleegkundige ", "nursing", "care"),
        ("other", "iets,  ik zeg niet wat", "unclear", Missing.NOT_ASKED),
        # Nobody coded this text yet, or there is nothing to code it by.
        ("other", "imker", Missing.UNCODED, Missing.UNCODED),
        ("other", Missing.SKIPPED, Missing.UNCODED, Missing.UNCODED),
        # What is missing stays missing in the same way, all the way down.
        (Missing.BROKEN_OFF, Missing.BROKEN_OFF, Missing.BROKEN_OFF, Missing.BROKEN_OFF),
        (Missing.REFUSED, Missing.NOT_ASKED, Missing.REFUSED, Missing.REFUSED),
        (Missing.NOT_ASKED, Missing.NOT_ASKED, Missing.NOT_ASKED, Missing.NOT_ASKED),
    ],
)
def test_a_single_answer_is_coded(job: Value, text: Value, row: Value, domain: Value) -> None:
    person = _made(job=job, job_other=text)
    assert (person["function_row"], person["domain"]) == (row, domain)


@pytest.mark.parametrize(
    ("bread", "text", "subject"),
    [
        (("white",), Missing.NOT_ASKED, "bread"),
        (("white", "other"), "Appeltaart", "cake"),
        (("other",), "rogge", "bread"),
        ((), Missing.NOT_ASKED, "bread"),
        (Missing.SKIPPED, Missing.NOT_ASKED, Missing.SKIPPED),
    ],
)
def test_the_text_of_a_multiple_choice_is_coded(bread: Value, text: Value, subject: Value) -> None:
    assert _made(bread=bread, bread_other=text)["subject"] == subject


def test_a_coded_text_says_more_than_the_answer_it_belongs_to() -> None:
    coded = Coded("k", LABEL, "job", (), {"other": "rest"}, {"imker": "bees"})
    study = replace(BREAD, coded=(coded,), derived=(), scores=())
    answers = {**EMPTY, "job": "other"}
    assert code_and_derive(study, {**answers, "job_other": "Imker"})["k"] == "bees"
    assert code_and_derive(study, {**answers, "job_other": "slager"})["k"] == "rest"


def test_an_open_question_is_coded_by_its_own_text() -> None:
    coded = Coded("k", LABEL, "remarks", (), {}, {"te lang": "length"})
    study = replace(GULLS, coded=(coded,), derived=(), scores=())
    empty = dict.fromkeys(raw_names(study), Missing.NOT_ASKED)
    assert code_and_derive(study, {**empty, "remarks": "Te  lang"})["k"] == "length"
    assert code_and_derive(study, {**empty, "remarks": "Mooi"})["k"] is Missing.UNCODED


@pytest.mark.parametrize(
    ("liking", "bread", "likes", "likes_brown"),
    [
        ("much", ("brown",), "yes", "yes"),
        ("much", ("white",), "yes", Missing.NOT_ASKED),
        ("little", ("brown",), "no", Missing.NOT_ASKED),
        ("dont_know", ("brown",), Missing.NOT_ASKED, Missing.NOT_ASKED),
        ("much", Missing.BROKEN_OFF, "yes", Missing.BROKEN_OFF),
        ("dont_know", Missing.SKIPPED, Missing.NOT_ASKED, Missing.SKIPPED),
        (Missing.BROKEN_OFF, Missing.BROKEN_OFF, Missing.BROKEN_OFF, Missing.BROKEN_OFF),
        (Missing.SKIPPED, Missing.REFUSED, Missing.SKIPPED, Missing.REFUSED),
    ],
)
def test_derived(liking: Value, bread: Value, likes: Value, likes_brown: Value) -> None:
    person = _made(liking=liking, bread=bread)
    assert (person["likes"], person["likes_brown"]) == (likes, likes_brown)


@pytest.mark.parametrize(
    ("liking", "score"),
    [
        ("much", 2.0),
        ("little", 1.0),
        # 'Don't know' was asked and gives no number: neither 'not asked' nor 'still to code'.
        ("dont_know", Missing.SKIPPED),
        (Missing.REFUSED, Missing.REFUSED),
        (Missing.NOT_ASKED, Missing.NOT_ASKED),
    ],
)
def test_scores(liking: Value, score: Value) -> None:
    assert _made(liking=liking)["liking_score"] == score


def test_the_answers_stay_as_they_were() -> None:
    answers = dict(EMPTY)
    person = code_and_derive(BREAD, answers)
    assert answers == EMPTY
    assert {name: person[name] for name in raw_names(BREAD)} == EMPTY
    assert set(person) == {*raw_names(BREAD), *BREAD.recipes} == set(BREAD.variables)


def test_a_variable_may_rest_on_one_that_stands_later() -> None:
    first = Derived("first", LABEL, (DerivedCase("yes", LABEL, parse("second_score >= 2")),))
    second = Derived("second", LABEL, (DerivedCase("high", LABEL, parse("liking == 'much'")),))
    score = Score("second_score", LABEL, "second", {"high": 2})
    study = replace(BREAD, coded=(), derived=(first, second), scores=(score,))
    assert code_and_derive(study, {**EMPTY, "liking": "much"})["first"] == "yes"


def test_a_circle_is_refused() -> None:
    first = Derived("first", LABEL, (DerivedCase("yes", LABEL, parse("second == 'yes'")),))
    second = Derived("second", LABEL, (DerivedCase("yes", LABEL, parse("first == 'yes'")),))
    study = replace(BREAD, coded=(), derived=(first, second), scores=())
    with pytest.raises(CodingError, match="rests on itself"):
        code_and_derive(study, EMPTY)


def test_a_source_nobody_has_is_refused() -> None:
    study = replace(BREAD, coded=(), derived=(), scores=(Score("s", LABEL, "linking", {}),))
    with pytest.raises(UnknownVariable, match="linking"):
        code_and_derive(study, EMPTY)


def test_a_multiple_choice_has_no_score() -> None:
    study = replace(BREAD, coded=(), derived=(), scores=(Score("s", LABEL, "bread", {}),))
    with pytest.raises(CodingError, match="single-choice"):
        code_and_derive(study, {**EMPTY, "bread": ("white",)})
