"""A result as plain text, for the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from blikveld.checker.findings import ReportedClaim, Result
from blikveld.checker.phrases import Phrases


def lines(result: Result, phrases: Phrases) -> Iterator[str]:
    """What could not be checked, then every finding with why; the last line is coverage."""
    unchecked = (claim for claim in result.claims if not claim.checked)
    for claim in (*unchecked, *result.findings):
        where, what = place(result.name, claim, phrases), phrases.name(claim.verdict)
        yield f"{where}: {what}: {said(claim)}"
        if claim.explanation:
            yield f"    {claim.explanation}"
    yield coverage(result, phrases)


def place(name: str, claim: ReportedClaim, phrases: Phrases) -> str:
    """Where a claim stands: file, line, page, footnote, table, row and column."""
    parts = [f"{name}:{claim.shown_line}"]
    if claim.page is not None:
        parts.append(phrases.say(f"blz. {claim.page}", f"p. {claim.page}"))
    if claim.note is not None:
        parts.append(phrases.note(claim.note))
    if claim.table is not None:
        parts.append(phrases.say(f"tabel ‘{claim.table}’", f"table '{claim.table}'"))
    if claim.row:
        parts.append(phrases.say(f"rij ‘{claim.row}’", f"row '{claim.row}'"))
    if claim.column:
        parts.append(phrases.say(f"kolom {claim.column}", f"column {claim.column}"))
    return ", ".join(parts)


def said(claim: ReportedClaim) -> str:
    """What the report says, on one line."""
    return " ".join(claim.text.split())


def coverage(result: Result, phrases: Phrases) -> str:
    """How much of the report could be checked."""
    counted = result.coverage
    numbers = [phrases.number(n) for n in (counted.found, counted.checked, counted.unchecked)]
    findings = phrases.number(len(result.findings))
    return phrases.say(
        f"Getallen gevonden: {numbers[0]}, gecontroleerd: {numbers[1]}, niet te controleren: "
        f"{numbers[2]}; bevindingen: {findings}.",
        f"Numbers found: {numbers[0]}, checked: {numbers[1]}, unchecked: {numbers[2]}; "
        f"findings: {findings}.",
    )
