"""The published report: every claim found, exactly the wrong ones reported, mutations caught.

The report's text is not part of this repository: it stands in `shared/source` beside it. Without
it these tests are left out, except where everything must be tested; there they fail. What should
be found stands in `checker_published.csv`, filled in by reading the report.
"""

from __future__ import annotations

import csv
import os
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from blikveld.checker import text_tables
from blikveld.checker.check import check
from blikveld.checker.document import Language, ReportDocument, TextLine
from blikveld.checker.extract import read
from blikveld.checker.findings import ClaimKind, Result
from blikveld.checker.rounding import RoundingVerdict, verdict
from blikveld.checker.text_tables import ParsedRow

SOURCE = Path(__file__).parents[2].parent / "shared" / "source"
EXPECTED = Path(__file__).with_name("checker_published.csv")
FOOTNOTE = re.compile(r"(\s*\d{3}\s+Totaal n=)([\d.]+)(, )(\d+)(% staat gelijk aan n=)(\d+)\.?\s*")
PAIR = re.compile(r"(\d+)%\s+staat\s+gelijk(?:\s+aan)?,?\s+(?:n=\s*=?)?(\d+)")
MUTATIONS, TOGETHER = 200, 20


@pytest.fixture(scope="module")
def document() -> ReportDocument:
    """The report as text."""
    found = sorted(SOURCE.glob("000_*.txt"))
    if not found and not os.environ.get("BLIKVELD_TESTS_COMPLETE"):
        pytest.skip("needs the published report's text in ../shared/source")
    return read(found[0])


@pytest.fixture(scope="module")
def result(document: ReportDocument) -> Result:
    """What the checker makes of it."""
    return check(document)


def test_every_percentage_claim_is_found_with_its_base(
    document: ReportDocument, result: Result
) -> None:
    text = "\n".join(line.text for line in document.lines)
    printed = Counter((int(p), int(n)) for p, n in PAIR.findall(text))
    pairs = [c for c in result.claims if c.kind is ClaimKind.PAIR and "staat gelijk" in c.text]
    found = Counter((int(c.percent or 0), c.count or 0) for c in pairs)
    assert sum(printed.values()) == 222
    assert found == printed
    assert all(c.base for c in pairs)
    # Footnote 277 stands twice in the text, once in a sentence.
    assert sum(c.note is not None for c in pairs) == 220


def test_exactly_what_a_reader_found_is_reported(result: Result) -> None:
    with EXPECTED.open(newline="") as file:
        expected = Counter(
            tuple(row[name] for name in ("line", "percent", "count", "base", "class"))
            for row in csv.DictReader(file)
        )
    found = Counter(
        (
            str(claim.line),
            claim.percent or "",
            "" if claim.count is None else str(claim.count),
            "" if claim.base is None else str(claim.base),
            claim.verdict.value,
        )
        for claim in result.findings
    )
    assert found == expected


def test_every_finding_says_why(result: Result) -> None:
    assert all(claim.explanation for claim in result.findings)


@dataclass(frozen=True)
class Mutation:
    """One number of one line changed; `lines` are where a finding about it may stand."""

    sort: str
    line: int
    text: str
    lines: frozenset[int]


def test_mutations_of_right_claims_are_caught(document: ReportDocument, result: Result) -> None:
    """Mutations that leave the rounding interval; twenty that do not touch each other at a time."""
    known = {(c.line, c.text, c.verdict) for c in result.findings}
    source = _mutations(document, result, random.Random(20220531))
    caught = missed = 0
    while caught + missed < MUTATIONS:
        batch: list[Mutation] = []
        while len(batch) < TOGETHER:
            mutation = next(source)
            if not any(mutation.lines & other.lines for other in batch):
                batch.append(mutation)
        changed = {m.line: m.text for m in batch}
        lines = tuple(TextLine(n.number, changed.get(n.number, n.text)) for n in document.lines)
        mutated = check(ReportDocument("mutated", lines, (), document.paragraphs), Language.DUTCH)
        new = {c.line for c in mutated.findings if (c.line, c.text, c.verdict) not in known}
        hits = sum(bool(m.lines & new) for m in batch)
        caught, missed = caught + hits, missed + len(batch) - hits
    assert caught >= 0.99 * (caught + missed)


def _mutations(
    document: ReportDocument, result: Result, chance: random.Random
) -> Iterator[Mutation]:
    wrong = {claim.line for claim in result.findings}
    notes = [n for n in document.lines if FOOTNOTE.fullmatch(n.text) and n.number not in wrong]
    tables = [t for t in text_tables.torn(document, Language.DUTCH) if len(t.columns) != 9]
    bases = sorted({c.base for c in result.claims if c.kind is ClaimKind.PAIR and c.base})
    usable = [
        row
        for table in tables
        for row in table.rows
        if row.paired and not wrong & {row.line, row.percent_line}
    ]
    while True:
        if chance.random() < 0.5:
            mutation = _in_note(chance.choice(notes), bases, chance)
        else:
            mutation = _in_row(document, chance.choice(usable), chance)
        if mutation is not None:
            yield mutation


def _in_note(line: TextLine, bases: list[int], chance: random.Random) -> Mutation | None:
    parts = FOOTNOTE.fullmatch(line.text)
    assert parts is not None
    values = [int(parts[2].replace(".", "")), int(parts[4]), int(parts[6])]
    sort = chance.choice(("swapped digits", "one more or less", "wrong base"))
    index = 0 if sort == "wrong base" else chance.randrange(3)
    other = chance.choice(bases) if sort == "wrong base" else _other(values[index], sort, chance)
    values[index] = other
    base, percent, count = values
    if base <= 0 or verdict(str(percent), count, base) is RoundingVerdict.RIGHT:
        return None
    text = f"{parts[1]}{base}{parts[3]}{percent}{parts[5]}{count}."
    return Mutation(sort, line.number, text, frozenset({line.number}))


def _in_row(document: ReportDocument, row: ParsedRow, chance: random.Random) -> Mutation | None:
    counts = [count for count in row.counts if count is not None]
    percents = [int(percent) for percent in row.percents]
    in_counts = chance.random() < 0.5
    values = counts if in_counts else percents
    sort = chance.choice(("swapped digits", "one more or less", "swapped columns"))
    one, two = chance.sample(range(len(values)), 2)
    if sort == "swapped columns":
        values[one], values[two] = values[two], values[one]
    else:
        values[one] = _other(values[one], sort, chance)
    if min(values) < 0 or _holds(counts, percents):
        return None
    line = row.line if in_counts else row.percent_line or row.line
    original = document.lines[line - 1].text
    numbers = re.search(r"[\d% ]+$", original)
    assert numbers is not None
    shown = " ".join(f"{value}" if in_counts else f"{value}%" for value in values)
    places = frozenset({row.line, row.percent_line or row.line})
    return Mutation(sort, line, original[: numbers.start()] + shown, places)


def _holds(counts: list[int], percents: list[int]) -> bool:
    base = counts[-1]
    right = all(
        verdict(str(percent), count, base) is RoundingVerdict.RIGHT
        for count, percent in zip(counts, percents, strict=True)
    )
    return right and sum(counts[:-1]) == base


def _other(value: int, sort: str, chance: random.Random) -> int:
    if sort == "one more or less":
        return value + chance.choice((1, -1))
    digits = str(value)
    places = [i for i in range(len(digits) - 1) if digits[i] != digits[i + 1]]
    if not places:
        return value
    index = chance.choice(places)
    return int(digits[:index] + digits[index + 1] + digits[index] + digits[index + 2 :])
