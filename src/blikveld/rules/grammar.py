"""The phrases with which rules become sentences, from the respondents' catalogues (`rule.…`).

Plain words (B1). Every phrase can stand after 'respondents'. A label stands between quotes, since
it is a heading and not a part of the sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

from blikveld.locale import respondents_or_source
from blikveld.locale.conventions import decimal_sign
from blikveld.rules.nodes import ComparisonOperator


@dataclass(frozen=True, slots=True)
class RulePhrases:
    """Phrases with {label} for a variable, {code} for a value (or several) and {number}."""

    everybody: str
    nobody: str
    who: str
    quoted: str
    is_: str
    is_not: str
    chosen: str
    not_chosen: str
    flag: str
    not_flag: str
    asked: str
    not_asked: str
    answered: str
    not_answered: str
    count: str
    number: str
    and_: str
    or_: str
    either: str
    or_either: str
    besides: str
    nothing: str
    empty: str
    not_empty: str
    matches: str
    not_matches: str
    rank: str
    is_true: str
    not_true: str
    count_true: str


@dataclass(frozen=True, slots=True)
class TermPhrases:
    """Phrases for sums and days, with {a} and {b} for terms, {label} and {parts}."""

    answers: str
    characters: str
    plus: str
    minus: str
    times: str
    total: str
    total_of_known: str
    coalesce: str
    days_between: str
    years_between: str


@dataclass(frozen=True, slots=True)
class Grammar:
    """How a language says a rule.

    `amounts` and `counts` have a phrase a comparison: a number on a scale, a number of answers.
    `numbers` and `days` compare two terms, `places` those of a ranking. `answers` is so many
    answers, in words. `point` is the decimal sign.
    """

    language: str
    phrases: RulePhrases
    terms: TermPhrases
    numbers: Mapping[ComparisonOperator, str]
    days: Mapping[ComparisonOperator, str]
    places: Mapping[ComparisonOperator, str]
    amounts: Mapping[ComparisonOperator, str]
    counts: Mapping[ComparisonOperator, str]
    answers: Callable[[int], str]
    point: str


@lru_cache(maxsize=100)
def grammar(language: str, study: Path | None = None) -> Grammar:
    """The grammar of a language; `study` is the folder of a study with words of its own.

    Readers of a study in a language without words get English.
    """
    words = respondents_or_source(language, study)
    return Grammar(
        words.language,
        words.fill(RulePhrases, "rule"),
        words.fill(TermPhrases, "rule.term"),
        words.by_member(ComparisonOperator, "rule.numbers"),
        words.by_member(ComparisonOperator, "rule.days"),
        words.by_member(ComparisonOperator, "rule.place"),
        words.by_member(ComparisonOperator, "rule.amount"),
        words.by_member(ComparisonOperator, "rule.count"),
        partial(words.counted, "rule.answers"),
        decimal_sign(words.language),
    )
