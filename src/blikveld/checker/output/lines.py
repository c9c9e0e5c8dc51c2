"""A result as text: for the terminal, and for programs as JSON, SARIF 2.1.0 for editors and JUnit
XML for build servers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, assert_never
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from blikveld.checker.document import Notice, NoticeKind, ReportDocument
from blikveld.checker.findings import Grade, ReportedClaim, Result, Verdict, unused
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


def data(result: Result) -> dict[str, Any]:
    """`claims`, all of them; `findings`, those that cannot be right; `coverage`."""
    counted = result.coverage
    return {
        "file": result.name,
        "claims": [claim_data(claim) for claim in result.claims],
        "findings": [claim_data(claim) for claim in result.findings],
        "not_read": [
            {"kind": notice.kind.value, "numbers": list(notice.numbers)}
            for notice in result.notices
        ],
        "coverage": {
            "found": counted.found,
            "checked": counted.checked,
            "unchecked": counted.unchecked,
        },
    }


def claim_data(claim: ReportedClaim) -> dict[str, Any]:
    """One claim. Table, row and column only where it stands in a table."""
    found: dict[str, Any] = {
        "kind": claim.kind.value,
        "text": claim.text,
        "line": claim.shown_line,
        "page": claim.page,
        "rectangle": None if claim.box is None else dict(zip(_SIDES, claim.box, strict=True)),
        "footnote": claim.note,
        "base": claim.base,
        "count": claim.count,
        "percent": claim.percent,
        "verdict": claim.verdict.value,
        "grade": None if claim.grade is None else claim.grade.value,
        "fingerprint": claim.fingerprint,
        "rules": list(claim.rules),
        "explanation": claim.explanation,
    }
    if claim.table is not None:
        found |= {"table": claim.table, "row": claim.row, "column": claim.column}
    return found


_SIDES = ("left", "top", "right", "bottom")
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Grade.IMPOSSIBLE: "error", Grade.MISPRINT: "warning", Grade.NOTE: "note"}


def sarif(result: Result, document: ReportDocument, uri: str, phrases: Phrases) -> dict[str, Any]:
    """Every finding at its line and column. `uri` is relative to where the command was given."""
    found = sorted({claim.verdict for claim in result.findings}, key=lambda verdict: verdict.name)
    lines = {line.number: line.text for line in document.lines}
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "blikveld-check",
                        "rules": [_rule(verdict, phrases) for verdict in found],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [
                    _result(claim, uri, lines.get(claim.line, ""), phrases)
                    for claim in result.findings
                ],
            }
        ],
    }


def relative_uri(path: Path, base: Path) -> str:
    """A path as a relative URI reference; only its name when it lies outside of `base`."""
    whole = path.absolute()
    inside = whole.is_relative_to(base.absolute())
    return quote((whole.relative_to(base.absolute()) if inside else Path(whole.name)).as_posix())


def _rule(verdict: Verdict, phrases: Phrases) -> dict[str, Any]:
    return {"id": _rule_id(verdict), "shortDescription": {"text": phrases.name(verdict)}}


def _rule_id(verdict: Verdict) -> str:
    return verdict.name.lower().replace("_", "-")


def _result(claim: ReportedClaim, uri: str, line: str, phrases: Phrases) -> dict[str, Any]:
    message = f"{said(claim)}: {phrases.name(claim.verdict)}. {claim.explanation}".strip()
    return {
        "ruleId": _rule_id(claim.verdict),
        "level": _LEVELS[claim.grade or Grade.NOTE],
        "message": {"text": message},
        "partialFingerprints": {"blikveldFinding/v1": claim.fingerprint},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": uri},
                    "region": {"startLine": claim.shown_line, **_columns(claim, line)},
                },
                **_on_page(claim),
            }
        ],
    }


def _on_page(claim: ReportedClaim) -> dict[str, Any]:
    """The page and the rectangle on it in points, in a property bag: SARIF knows lines only."""
    if claim.box is None:
        return {}
    return {"properties": {"page": claim.page, "rectangle": list(claim.box)}}


def _columns(claim: ReportedClaim, line: str) -> dict[str, int]:
    """Where the end of a claim stands in its line, as far as the line has it; counted from 1."""
    words = said(claim).split()
    for start in range(len(words)):
        tail = " ".join(words[start:])
        index = line.find(tail)
        if index >= 0:
            return {"startColumn": index + 1, "endColumn": index + 1 + len(tail)}
    return {}


def junit(result: Result, phrases: Phrases) -> str:
    """The whole file. A document without findings has one test, which passes."""
    cases = [_failed(result, claim, phrases) for claim in result.findings]
    count = len(cases)
    cases.append(
        f"  <testcase classname={quoteattr(result.name)} name={_checked(result, phrases)}/>"
    )
    head = f'<testsuite name={quoteattr(result.name)} tests="{count + 1}" failures="{count}">'
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', head, *cases, "</testsuite>"])


def _checked(result: Result, phrases: Phrases) -> str:
    return quoteattr(coverage(result, phrases))


def _failed(result: Result, claim: ReportedClaim, phrases: Phrases) -> str:
    where = place(result.name, claim, phrases)
    name = f"{where}: {said(claim)} [{claim.fingerprint}]"
    grade = "" if claim.grade is None else phrases.grade(claim.grade)
    return (
        f"  <testcase classname={quoteattr(result.name)} name={quoteattr(name)}>\n"
        f"    <failure type={quoteattr(grade)} message={quoteattr(phrases.name(claim.verdict))}>"
        f"{escape(claim.explanation)}</failure>\n  </testcase>"
    )
