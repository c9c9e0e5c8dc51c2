"""A result as plain text, for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

from blikveld.checker.document import Notice, NoticeKind
from blikveld.checker.findings import Grade, ReportedClaim, Result, unused
from blikveld.checker.phrases import Phrases


def lines(result: Result, phrases: Phrases, *, everything: bool = False) -> Iterator[str]:
    """Findings, the surest first, each with why; then what was not read; at the end coverage.

    With `everything` also what could not be checked.
    """
    for grade in Grade:
        found = [claim for claim in result.findings if claim.grade is grade]
        if found:
            yield phrases.grade(grade).capitalize()
        for claim in found:
            yield from _told(result, claim, phrases)
    if everything:
        for claim in result.claims:
            if not claim.checked:
                yield from _told(result, claim, phrases, mark=False)
    yield from (_old(mark, phrases) for mark in sorted(unused(result)))
    yield from (notice_text(notice, phrases) for notice in result.notices)
    yield coverage(result, phrases)


def _told(
    result: Result, claim: ReportedClaim, phrases: Phrases, *, mark: bool = True
) -> Iterator[str]:
    name = phrases.name(claim.verdict)
    sign = f" [{claim.fingerprint}]" if mark else ""
    yield f"  {place(result.name, claim, phrases)}: {name}: {said(claim)}{sign}"
    if claim.explanation:
        yield f"      {claim.explanation}"


def _old(mark: str, phrases: Phrases) -> str:
    return phrases.say(
        f"Afgewezen bevinding {mark} komt niet meer voor; haal de regel weg.",
        f"Dismissed finding {mark} is no longer there; remove its line.",
    )


def notice_text(notice: Notice, phrases: Phrases) -> str:
    """What was not read, and what to do about it."""
    match notice.kind:
        case NoticeKind.PAGES_WITHOUT_TEXT:
            pages = ranges(notice.numbers)
            return phrases.say(
                f"Niet gelezen: bladzijde {pages}. Daar staat alleen beeld; haal er eerst "
                "tekstherkenning over.",
                f"Not read: page {pages}. They hold pictures only; run text recognition first.",
            )
        case NoticeKind.FORMULAS_WITHOUT_VALUE:
            count = phrases.number(notice.numbers[0])
            return phrases.say(
                f"Niet gelezen: {count} formules zonder waarde. Open het bestand in een "
                "rekenprogramma, bewaar het en controleer het opnieuw.",
                f"Not read: {count} formulas without a value. Open the file in a spreadsheet "
                "program, save it and check it again.",
            )
        case _ as never:
            assert_never(never)


def ranges(numbers: Sequence[int]) -> str:
    """'2-6, 9' for 2, 3, 4, 5, 6 and 9."""
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][-1] + 1:
            found[-1].append(number)
        else:
            found.append([number])
    return ", ".join(f"{r[0]}" if len(r) == 1 else f"{r[0]}-{r[-1]}" for r in found)


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
    put_aside = len({c.fingerprint for c in result.claims if c.finding} & result.dismissed)
    aside = phrases.say(f" Afgewezen: {put_aside}.", f" Dismissed: {put_aside}.")
    told = phrases.say(
        f"Getallen gevonden: {numbers[0]}, gecontroleerd: {numbers[1]}, niet te controleren: "
        f"{numbers[2]}; bevindingen: {findings}.",
        f"Numbers found: {numbers[0]}, checked: {numbers[1]}, unchecked: {numbers[2]}; "
        f"findings: {findings}.",
    )
    return told + (aside if put_aside else "")
