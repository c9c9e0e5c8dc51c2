"""What is wrong with the text of a rule, and what was probably meant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

from blikveld.errors import BlikveldError

EXAMPLE = "Write for example: age != 'child' and 'tea' in drinks."


class RuleError(BlikveldError):
    """A rule that cannot be read. `column` counts from 1 in the rule's own text."""

    def __init__(self, text: str, column: int, problem: str, mend: str) -> None:
        self.text, self.column = text, column
        super().__init__("rule", f"rule {text[:200]!r}, column {column}", problem, mend)


FUNCTIONS = {
    "asked": "asked(question)",
    "answered": "answered(question)",
    "empty": "empty(question)",
    "is_true": "is_true(age > 17)",
    "matches": "matches(postcode, '[0-9]{4}')",
    "count": "count(question) >= 2 or count(rule, rule) >= 1",
    "rank": "rank(wishes, 'quiet') <= 2",
    "sum": "sum(a, b) > 10",
    "coalesce": "coalesce(a, 0) > 10",
    "days": "days(first, last) > 30",
    "years": "years(born, today) >= 18",
    "length": "length(remark) > 10",
    "date": "date('2026-11-02')",
}
"""Every function of the rule language, as it is written."""

_ELSEWHERE = {
    "selected": "'code' in question",
    "count_selected": "count(question)",
    "regex": "matches(question, 'pattern')",
    "regexmatch": "matches(question, 'pattern')",
    "len": "length(question)",
    "strlen": "length(question)",
    "string_length": "length(question)",
    "isnull": "empty(question)",
    "is_empty": "empty(question)",
    "is_na": "empty(question)",
    "any": "or, or count(rule, rule) >= 1",
    "all": "and",
    "iif": "and, or, or a derived variable",
    "number": "the name alone",
    "int": "the name alone",
    "datediff": "days(first, last)",
    "age": "years(born, today)",
}
"""Functions of other programs, by what they are called here."""


def meant(function: str) -> str:
    """A sentence that helps to write a function the way it is written here."""
    if function in FUNCTIONS:
        return f"Write {FUNCTIONS[function]}."
    if function.casefold() in _ELSEWHERE:
        return f"Here it is written: {_ELSEWHERE[function.casefold()]}."
    near = nearest_of(function, FUNCTIONS)
    return f"Did you mean {FUNCTIONS[near]}?" if near else EXAMPLE


def nearest_of(word: str, known: Iterable[str]) -> str | None:
    """The known word that is most like this one; None when none is."""
    return next(iter(get_close_matches(word.casefold(), list(known), n=1, cutoff=0.6)), None)


_SIGNS = (
    (r"(?<![=!<>])=(?!=)", "=", "=="),
    (r"&&|&", "&", "and"),
    (r"[|]{1,2}", "|", "or"),
    (r"!(?!=)", "!", "not"),
    (r"<>", "<>", "!="),
    (r"=<", "=<", "<="),
    (r"=>", "=>", ">="),
    ("\u2264", "\u2264", "<="),
    ("\u2265", "\u2265", ">="),
    ("\u2260", "\u2260", "!="),
    ("[\u2018\u2019]", "\u2018", "'"),
    ("[\u201c\u201d]", "\u201c", '"'),
    (r"\bAND\b", "AND", "and"),
    (r"\bOR\b", "OR", "or"),
    (r"\bNOT\b", "NOT", "not"),
    (r"[$][{]?", "${name}", "the name alone"),
)
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")


def misspelled(text: str, column: int) -> RuleError:
    """The error for a rule that Python's grammar does not know, at the sign that another has."""
    open_text = _QUOTED.sub(lambda quoted: "_" * len(quoted[0]), text)
    found = [
        (match.start(), sign, here)
        for pattern, sign, here in _SIGNS
        if (match := re.search(pattern, open_text))
    ]
    if not found:
        return RuleError(text, column, "This cannot be read.", "Check quotes, brackets and ==.")
    place, sign, here = min(found, key=lambda at: (at[0], -len(at[1])))
    return RuleError(text, place + 1, f"{sign} is not part of the rule language.", f"Write {here}.")
