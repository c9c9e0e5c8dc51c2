"""Which code a text is thought to want. The words are invented."""

from __future__ import annotations

import pytest

from blikveld.desk.texts.suggesting import MOST, suggestions
from blikveld.study.model import Study


def _codes(study: Study, text: str, **decided: str) -> list[str]:
    variable = next(coded for coded in study.coded if coded.texts and coded.map)
    return [found.code for found in suggestions(study, variable, decided, text)]


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
    assert _codes(flagship, "xq") == []


def test_what_was_coded_before_is_learned_from(flagship: Study) -> None:
    assert _codes(flagship, "buurtvaders", buurtvader="other_support")[0] == "other_support"
