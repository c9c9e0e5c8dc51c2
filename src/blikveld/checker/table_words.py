"""What names of rows and heads of columns say about the numbers they stand with."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

_LETTER_N = re.compile(r"(?:\(?[nN]\)?|\#|[nN]\s?=)\s*")
_SHARE_OF = re.compile(r"\d\s?%")
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class TableWords:
    """Patterns of all languages together; each tells one thing about a name or a head."""

    total: re.Pattern[str]
    base: re.Pattern[str]
    percent: re.Pattern[str]
    measure: re.Pattern[str]
    lone: re.Pattern[str]
    lower: re.Pattern[str]
    upper: re.Pattern[str]

    def is_total(self, name: str) -> bool:
        """Whether a row or column adds up others."""
        return len(name) <= _LONGEST and bool(self.total.search(_bare(name)))

    def is_base(self, name: str) -> bool:
        """Whether a row or column holds bases: 'N', 'Unweighted base', 'Respondents'."""
        plain = _bare(name)
        return bool(_LETTER_N.fullmatch(plain) or self.base.fullmatch(plain))

    def says_percent(self, name: str) -> bool:
        """Whether the numbers are percentages: '%', 'Yes %', 'per cent', but not '95% CI'."""
        if self.is_measure(name):
            return False
        return "%" in _SHARE_OF.sub("", name) or bool(self.percent.search(name))

    def is_measure(self, head: str) -> bool:
        """Whether a column holds limits, errors, means, years and the like."""
        plain = _SHARE_OF.sub("", head)
        return bool(self.measure.search(plain) or self.lone.fullmatch(_bare(plain)))

    def is_measure_row(self, name: str) -> bool:
        """The same for a row, where the word begins its name: answers may hold any word."""
        plain = _bare(_SHARE_OF.sub("", name))
        return bool(self.measure.match(plain) or self.lone.fullmatch(plain))


def _bare(name: str) -> str:
    return re.sub(r"[()\[\]:.,%*]", " ", name).strip()


@lru_cache(maxsize=1)
def table_words() -> TableWords:
    """The words of every language that stands in `languages/tables.toml`."""
    content = files("blikveld.checker").joinpath("languages", "tables.toml").read_text("utf-8")
    languages: Mapping[str, Mapping[str, list[str]]] = tomllib.loads(content)

    def any_of(sort: str, form: str) -> re.Pattern[str]:
        words = "|".join(word for each in languages.values() for word in each[sort])
        return re.compile(form.format(words=words), re.IGNORECASE)

    word = r"(?<![\w-])(?:{words})(?![\w-])"
    return TableWords(
        any_of("total", r"^(?:{words})(?![\w-])|(?<![\w-])(?:{words})$"),
        any_of("base", r"(?:(?:{words})(?:\s+\(?n\)?)?)"),
        any_of("percent", word),
        any_of("measure", word),
        any_of("lone", "(?:{words})"),
        any_of("lower", word),
        any_of("upper", word),
    )
