"""Which code a text is thought to want. The words are invented."""

from __future__ import annotations

from dataclasses import replace

import pytest

from blikveld.desk.open_answers.coding import MOST, suggestions
from blikveld.study.model import Coded, Study


def _variable(study: Study) -> Coded:
    return next(coded for coded in study.coded if coded.texts and coded.map)


def _codes(study: Study, text: str, **decided: str) -> list[str]:
    return [found.code for found in suggestions(study, _variable(study), decided, text)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Leraar op een BASISSCHOOL", "primary"),
        ("jongerencoach in de wijk", "youth_work"),
        ("ambulant jongerenwerkster", "youth_work"),
        ("schulphulpverlener", "debt"),
        ("Community police officer", "community_officer"),
    ],
)
def test_the_likeliest_code_is_first(flagship: Study, text: str, code: str) -> None:
    found = _codes(flagship, text)
    assert found[0] == code
    assert len(found) == len(set(found)) <= MOST


def test_what_is_like_nothing_gets_no_suggestion(flagship: Study) -> None:
    assert _codes(flagship, "xq") == _codes(flagship, "!") == []


def test_what_was_coded_before_is_learned_from(flagship: Study) -> None:
    assert _codes(flagship, "buurtvaders", buurtvader="other_support")[0] == "other_support"


def test_most_texts_of_the_coding_file_find_their_code_from_the_others(flagship: Study) -> None:
    variable = _variable(flagship)
    found = []
    for text, code in variable.texts.items():
        others = {other: its for other, its in variable.texts.items() if other != text}
        given = suggestions(flagship, replace(variable, texts=others), {}, text)
        codes = [suggestion.code for suggestion in given]
        found.append(codes.index(code) if code in codes else MOST)
    assert len(found) == 141
    assert found.count(0) >= 75
    assert sum(index < MOST for index in found) >= 105
