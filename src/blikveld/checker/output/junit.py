"""A result as JUnit XML, which build servers show: one test a finding, one for the rest."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from blikveld.checker.findings import ReportedClaim, Result
from blikveld.checker.output.lines import coverage, place, said
from blikveld.checker.phrases import Phrases


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
