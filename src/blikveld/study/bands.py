"""Bands of a number, as a derived variable: tables, reports and exports know those already."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from blikveld.kinds.base import NumberBand
from blikveld.rules import parse
from blikveld.study.items import Question, Text
from blikveld.study.model import Derived, DerivedCase, Study

WITHOUT_NUMBER = "no_number"
"""The code of an answer that is no number, such as 'don't know'."""


def band_key(question: str) -> str:
    """The variable that holds in which band a number lies."""
    return f"{question}_band"


def band_variables(study: Study) -> Iterator[Derived]:
    """Yield a derived variable for each number with bands, with a case a band from low to high.

    Who gave an answer that is no number has the last case. Labels stand in every language.
    """
    for question in study.questions.values():
        cases = tuple(_cases(question, study.folder))
        if question.kind.divide():
            yield Derived(band_key(question.key), question.short, cases)


def _cases(question: Question, folder: Path) -> Iterator[DerivedCase]:
    for band in question.kind.divide():
        words = {language: band.label.say(language, folder) for language in question.short}
        yield _case(question, _code(band), _rule(question.key, band), words)
    if special := question.kind.specials():
        words = {
            language: " / ".join(option.short[language] for option in special)
            for language in question.short
        }
        yield _case(question, WITHOUT_NUMBER, f"answered({question.key})", words)


def _case(question: Question, code: str, rule: str, label: Text) -> DerivedCase:
    return DerivedCase(code, label, parse(rule), question.line)


def _rule(key: str, band: NumberBand) -> str:
    # Earlier bands took what is lower.
    return f"{key} >= {band.low}" if band.high is None else f"{key} < {band.high}"


def _code(band: NumberBand) -> str:
    if band.low is None:
        return f"under_{_plain(band.high)}"
    return f"{_plain(band.low)}_or_more" if band.high is None else f"from_{_plain(band.low)}"


def _plain(number: Decimal | None) -> str:
    return f"{number or Decimal(0):f}".replace("-", "minus_")
