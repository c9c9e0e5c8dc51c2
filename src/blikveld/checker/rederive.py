"""Closes the circle: counts every number of our own manifest again, person by person.

No table engine is asked and nothing is rounded by the report's own rules: each entry's rules are
read again and evaluated for one respondent after the other.
"""

from __future__ import annotations

import json
import re
from collections import Counter as Tally
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from blikveld.checker import numbers, rounding
from blikveld.checker.document import Language
from blikveld.checker.findings import ClaimKind, ReportedClaim, Verdict
from blikveld.checker.phrases import Phrases
from blikveld.errors import BlikveldError
from blikveld.rules.evaluate import evaluate
from blikveld.rules.nodes import Rule
from blikveld.rules.parse import parse
from blikveld.rules.types import Person

_NEEDED = ("location", "printed", "count", "base", "base_rule", "rule")
_SHARE = re.compile(rf"({numbers.PERCENT})\s?%")
_WHOLE = re.compile(rf"({numbers.COUNT})(?=\s|$)")


def entries(path: Path) -> list[dict[str, Any]]:
    """The entries of a manifest, one JSON object a line. BlikveldError when it is none."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        found = [json.loads(line) for line in lines]
        complete = all(name in entry for entry in found for name in _NEEDED)
    except (OSError, ValueError, TypeError) as error:
        raise _unusable(path) from error
    if not complete:
        raise _unusable(path)
    return found


def _unusable(path: Path) -> BlikveldError:
    return BlikveldError(
        "check-manifest",
        str(path),
        "This is no list of printed numbers.",
        "Write the report again with `blikveld report`; the list comes with it.",
    )


class RowCounter:
    """Counts rules over respondents; each rule is evaluated once for each of them."""

    def __init__(self, persons: Iterable[Person], included: Sequence[Rule]) -> None:
        """`included` are the rules a respondent must pass to be counted at all."""
        self._persons = [p for p in persons if all(evaluate(step, p) is True for step in included)]
        self._held: dict[str, frozenset[int]] = {}

    def held(self, rule: str) -> frozenset[int]:
        """Which respondents a rule holds for; unknown is not true."""
        if rule not in self._held:
            read = parse(rule)
            self._held[rule] = frozenset(
                number for number, p in enumerate(self._persons) if evaluate(read, p) is True
            )
        return self._held[rule]


def rederive(
    found: Iterable[dict[str, Any]], counter: RowCounter, phrases: Phrases
) -> Iterator[ReportedClaim]:
    """Every number of a manifest with a verdict.

    What is suppressed cannot be checked; of a number made from several cells only the cells are.
    """
    listed = list(found)
    shared = Tally((entry["location"], entry["printed"]) for entry in listed)
    for line, entry in enumerate(listed, start=1):
        text = f"{entry['location']}: {entry['printed']}"
        claim = ReportedClaim(ClaimKind.MANIFEST, text, line, Verdict.UNCHECKED)
        if entry["count"] is None or entry.get("mentions"):
            why = phrases.say("Dit getal is weggelaten.", "This number is suppressed.")
            yield replace(claim, explanation=why)
            continue
        base = counter.held(entry["base_rule"])
        count = base & counter.held(entry["rule"])
        claim = replace(claim, count=len(count), base=len(base))
        wrong = _wrong(entry, len(count), len(base), phrases)
        if not wrong and shared[entry["location"], entry["printed"]] == 1:
            wrong = _misprinted(entry["printed"], len(count), len(base), phrases)
        verdict = Verdict.CONTRADICTION if wrong else Verdict.RIGHT
        yield replace(claim, verdict=verdict, explanation=wrong)


def _wrong(entry: dict[str, Any], count: int, base: int, phrases: Phrases) -> str:
    """What is wrong with an entry, or nothing."""
    if entry["count"] != count or entry["base"] not in (None, base):
        return phrases.say(
            f"Opnieuw geteld: {count} van {base}.", f"Counted again: {count} of {base}."
        )
    return ""


def _misprinted(printed: str, count: int, base: int, phrases: Phrases) -> str:
    """Whether the figures a reader sees differ from what was counted. Words are not read."""
    share = _SHARE.search(printed)
    if share and rounding.verdict(numbers.percent(share[1]), count, base) is not _RIGHT:
        return phrases.sums(count, base, numbers.percent(share[1]))
    whole = _WHOLE.match(printed)
    if whole and numbers.whole(whole[1], Language.DUTCH) not in (count, base):
        return phrases.say(f"Opnieuw geteld: {count}.", f"Counted again: {count}.")
    return ""


_RIGHT = rounding.RoundingVerdict.RIGHT
