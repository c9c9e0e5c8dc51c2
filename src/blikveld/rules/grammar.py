"""The words around a study's own words, in each language in which rules become sentences.

Plain words (B1). Every phrase can stand after 'respondents'. A label stands between quotes, since
it is a heading and not a part of the sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from blikveld.rules.nodes import ComparisonOperator


@dataclass(frozen=True, slots=True)
class Grammar:
    """Phrases with {label} for a variable, {code} for a value (or several) and {number}.

    `amounts` and `counts` have a phrase a comparison: a number on a scale, a number of answers.
    `answers` is one answer and more of them. `point` is the decimal sign.
    """

    everybody: str
    nobody: str
    who: str
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
    answers: tuple[str, str]
    amounts: Mapping[ComparisonOperator, str]
    counts: Mapping[ComparisonOperator, str]
    and_: str
    or_: str
    either: str
    or_either: str
    besides: str
    point: str
    nothing: str


_DUTCH_AMOUNTS = {
    ComparisonOperator.EQUAL: "precies {number}",
    ComparisonOperator.NOT_EQUAL: "meer of minder dan {number}",
    ComparisonOperator.LESS: "minder dan {number}",
    ComparisonOperator.AT_MOST: "hoogstens {number}",
    ComparisonOperator.MORE: "meer dan {number}",
    ComparisonOperator.AT_LEAST: "minstens {number}",
}
_ENGLISH_AMOUNTS = {
    ComparisonOperator.EQUAL: "exactly {number}",
    ComparisonOperator.NOT_EQUAL: "more or less than {number}",
    ComparisonOperator.LESS: "less than {number}",
    ComparisonOperator.AT_MOST: "at most {number}",
    ComparisonOperator.MORE: "more than {number}",
    ComparisonOperator.AT_LEAST: "at least {number}",
}
_ENGLISH_COUNTS = _ENGLISH_AMOUNTS | {
    ComparisonOperator.NOT_EQUAL: "more or fewer than {number}",
    ComparisonOperator.LESS: "fewer than {number}",
}

DUTCH = Grammar(
    everybody="alle respondenten",
    nobody="geen enkele respondent",
    who="respondenten {phrase}",
    is_="met {code} bij ‘{label}’",
    is_not="met iets anders dan {code} bij ‘{label}’",
    chosen="met {code} als een van de antwoorden bij ‘{label}’",
    not_chosen="met een antwoord zonder {code} bij ‘{label}’",
    flag="met ‘ja’ bij ‘{label}’",
    not_flag="met ‘nee’ bij ‘{label}’",
    asked="aan wie ‘{label}’ is gevraagd",
    not_asked="aan wie ‘{label}’ niet is gevraagd",
    answered="met een antwoord bij ‘{label}’",
    not_answered="zonder antwoord bij ‘{label}’",
    count="met {number} bij ‘{label}’",
    number="met {number} bij ‘{label}’",
    answers=("antwoord", "antwoorden"),
    amounts=_DUTCH_AMOUNTS,
    counts=_DUTCH_AMOUNTS,
    and_="en",
    or_="of",
    either="ofwel",
    or_either="ofwel",
    besides="en daarbij",
    point=",",
    nothing="niets",
)

ENGLISH = Grammar(
    everybody="all respondents",
    nobody="no respondents",
    who="respondents {phrase}",
    is_="with {code} for ‘{label}’",
    is_not="with something other than {code} for ‘{label}’",
    chosen="with {code} as one of the answers to ‘{label}’",
    not_chosen="with an answer without {code} to ‘{label}’",
    flag="with ‘yes’ for ‘{label}’",
    not_flag="with ‘no’ for ‘{label}’",
    asked="who were asked ‘{label}’",
    not_asked="who were not asked ‘{label}’",
    answered="with an answer to ‘{label}’",
    not_answered="without an answer to ‘{label}’",
    count="with {number} to ‘{label}’",
    number="with {number} for ‘{label}’",
    answers=("answer", "answers"),
    amounts=_ENGLISH_AMOUNTS,
    counts=_ENGLISH_COUNTS,
    and_="and",
    or_="or",
    either="either",
    or_either="or",
    besides="and besides",
    point=".",
    nothing="nothing",
)


def grammar(language: str) -> Grammar:
    """The phrases of a language; a study in a language not known here gets English."""
    return DUTCH if language == "nl" else ENGLISH
