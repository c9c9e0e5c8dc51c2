"""What may be filled in, in words: below a question, in the annex of a report, in a script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import TypeAlias

from blikveld.locale import respondents_or_source
from blikveld.locale.conventions import day, plain_number
from blikveld.yaml_reading.yaml_node import Text

WrittenValue: TypeAlias = str | Text | Decimal | date
"""What stands between the braces of a message, before it is written in a language."""


class DescriptionCode(Enum):
    """The messages `describe.…` of the catalogues."""

    ONE_ANSWER = "one_answer"
    SEVERAL_ANSWERS = "several_answers"
    CHOOSE_LEAST = "choose_least"
    CHOOSE_MOST = "choose_most"
    CHOOSE_BETWEEN = "choose_between"
    CHOOSE_EXACTLY = "choose_exactly"
    OPEN_ANSWER = "open_answer"
    WHOLE = "whole"
    WHOLE_LEAST = "whole_least"
    WHOLE_MOST = "whole_most"
    WHOLE_BETWEEN = "whole_between"
    DECIMAL = "decimal"
    DECIMAL_LEAST = "decimal_least"
    DECIMAL_MOST = "decimal_most"
    DECIMAL_BETWEEN = "decimal_between"
    YEAR = "year"
    YEAR_BETWEEN = "year_between"
    SCALE = "scale"
    DATE = "date"
    DATE_LEAST = "date_least"
    DATE_MOST = "date_most"
    DATE_BETWEEN = "date_between"
    DAY = "day"
    MONTH = "month"
    YEAR_OF_DATE = "year_of_date"
    TEXT = "text"
    TEXT_LIKE = "text_like"
    RANKING = "ranking"
    RANKING_MOST = "ranking_most"
    PLACE = "place"
    NOTHING_CHOSEN = "nothing_chosen"
    BAND_UNDER = "band_under"
    BAND_FROM = "band_from"
    BAND_YEAR_UNDER = "band_year_under"
    BAND_YEAR_FROM = "band_year_from"
    BAND_BETWEEN = "band_between"
    BAND_WHOLE = "band_whole"
    BAND_ONE = "band_one"


@dataclass(frozen=True, slots=True)
class Description:
    """What may be filled in: a message of the catalogues, and what stands between its braces."""

    code: DescriptionCode
    values: Mapping[str, WrittenValue] = field(default_factory=dict)

    def say(self, language: str, study: Path | None = None) -> str:
        """Return it in a language, which a study in this folder may bring itself; in English where
        there are no words in it."""
        words = respondents_or_source(language, study).text(f"describe.{self.code.value}")
        values = {name: write_value(value, language) for name, value in self.values.items()}
        return words.format(**values)


def write_value(value: WrittenValue, language: str) -> str:
    """Return a value as people of a language write it."""
    match value:
        case str():
            return value
        case Decimal():
            return plain_number(value, language)
        case date():
            return day(value, language)
        case _:
            return value.get(language, "")


def shorten(number: Decimal) -> Decimal:
    """Return the number without noughts at the end of its decimals."""
    return number.quantize(Decimal(1)) if number == number.to_integral() else number.normalize()
