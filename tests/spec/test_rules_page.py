"""docs/rules.md is true: each example of a rule is run, and no form is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import blikveld
from blikveld.rules import Missing, Person, RuleError, Special, Truth, evaluate, names, parse
from blikveld.rules.check import misfits
from blikveld.rules.mistakes import FUNCTIONS
from blikveld.rules.nodes import ComparisonOperator, innermost
from blikveld.rules.parse import RuleContext
from blikveld.rules.types import (
    CalendarDate,
    CodeSet,
    DecimalNumber,
    FreeText,
    RankOrder,
    SingleCode,
    TrueOrFalse,
    ValueType,
)

PAGE = Path(blikveld.__file__).parents[2] / "docs" / "rules.md"
CONTEXT = RuleContext(date(2026, 11, 2), (("large", ("utrecht", "rotterdam")),))
HOURS = DecimalNumber(1, Decimal(0), Decimal(168))
TYPES: Mapping[str, ValueType] = {
    "city": SingleCode(("utrecht", "rotterdam", "veen")),
    "job": SingleCode(("nurse", "officer", "other")),
    "forms": CodeSet(("drugs", "theft", "fraud")),
    "wishes": RankOrder(("quiet", "light", "near")),
    "paid": HOURS,
    "care": HOURS,
    "born": CalendarDate(),
    "moved": CalendarDate(),
    "remark": FreeText(),
    "postcode": FreeText(),
    "keen": TrueOrFalse(),
}
ANNA: Person = {
    "city": "utrecht",
    "job": "nurse",
    "forms": ("drugs", "theft"),
    "wishes": ("quiet", "light"),
    "paid": Decimal(32),
    "care": Decimal("8.5"),
    "born": date(2000, 2, 29),
    "moved": date(2018, 2, 28),
    "remark": "Never again",
    "postcode": "1234 AB",
    "keen": True,
}
BRAM: Person = {
    "city": "veen",
    "job": "other",
    "forms": (),
    "wishes": ("near",),
    "paid": Special("dont_know"),
    "care": Decimal(4),
    "born": Missing.SKIPPED,
    "moved": date(2020, 1, 31),
    "remark": Missing.SKIPPED,
    "postcode": "12",
    "keen": False,
}
CEES: Person = {
    **dict.fromkeys(TYPES, Missing.NOT_ASKED),
    "city": "rotterdam",
    "job": "officer",
    "paid": Decimal(40),
    "born": date(1980, 5, 1),
    "keen": True,
}
TRUTHS: Mapping[str, Truth] = {"yes": True, "no": False, "unknown": None}


def _rows(columns: int) -> Iterator[tuple[str, ...]]:
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        # A bar inside a pattern is no border of the table.
        found = re.fullmatch(r"\| `([^`]+)` \| (.*) \|", line)
        cells = found[2].split(" | ") if found else []
        if found and len(cells) == columns:
            yield (found[1], *cells)


MEANINGS = [row for row in _rows(4) if row[1] in TRUTHS]
REFUSED = list(_rows(1))


@pytest.mark.parametrize("row", MEANINGS, ids=[row[0] for row in MEANINGS])
def test_each_rule_on_the_page_means_what_stands_beside_it(row: tuple[str, ...]) -> None:
    rule, *truths = row
    read = parse(rule, CONTEXT)
    assert [misfit for leaf in innermost(read) for misfit in misfits(leaf, TYPES.__getitem__)] == []
    told = [TRUTHS[truth] for truth in truths[:3]]
    assert [evaluate(read, person) for person in (ANNA, BRAM, CEES)] == told
    # 'Never' is promised of everybody: somebody of whom nothing at all is known too.
    nobody: Person = dict.fromkeys(TYPES, Missing.NOT_ASKED)
    if truths[3] == "never":
        assert evaluate(read, nobody) is not None


@pytest.mark.parametrize("row", REFUSED, ids=[row[0] for row in REFUSED])
def test_each_rule_that_is_refused_is_refused_in_these_words(row: tuple[str, str]) -> None:
    rule, words = row
    assert words in _refusal(rule)


def _refusal(rule: str) -> str:
    try:
        read = parse(rule, CONTEXT)
    except RuleError as error:
        return f"{error.problem} {error.mend}"
    unknown = names(read) - TYPES.keys()
    if unknown:
        return f"Nothing here is called {unknown.pop()!r}."
    found = [m for leaf in innermost(read) for m in misfits(leaf, TYPES.__getitem__)]
    return " ".join(f"{misfit.problem} {misfit.mend}" for misfit in found)


def test_no_form_is_left_out() -> None:
    shown = " ".join(row[0] for row in MEANINGS)
    assert [name for name in FUNCTIONS if f"{name}(" not in shown] == []
    signs = (*(f" {sign.value} " for sign in ComparisonOperator), " + ", " - ", " * ", " in ")
    words = (" not in ", " and ", " or ", "not ", "least=", "today", "group.", "True", "False")
    assert [sign for sign in (*signs, *words) if sign not in shown] == []
    assert len(MEANINGS) > 40
    assert len(REFUSED) > 12
