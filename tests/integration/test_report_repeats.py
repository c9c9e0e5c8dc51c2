"""What the report repeats of the published study: each number is the one `reproduce` counts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import lxml.html
import pytest

from blikveld.publish import sources
from blikveld.publish.clearing import people_of
from blikveld.report import model
from blikveld.report.claims.shares import Claim
from blikveld.report.model import ManifestEntry
from blikveld.report.text.run import record
from blikveld.results.formatting import percentage
from blikveld.rules import format_rule, parse
from blikveld.rules.nodes import And, Compare, ComparisonOperator, Constant, OneOf, Rule
from blikveld.study.model import Study
from blikveld.study.published_figures import Measure, Population, Status, load
from blikveld.tabulation.reproduce import FigureCheck, Reproduction, reproduce_figures

Question = tuple[frozenset[Rule], frozenset[Rule]]
LANGUAGES = ("nl", "en")
OF_ALL = {
    Measure.CHI_SQUARE: ("independence", re.compile(r"χ²\(\d+\) = ([\d.,]+)")),
    Measure.T_PAIRED: ("paired_means", re.compile(r"t\([\d.,]+\) = ([\d.,]+)")),
}
SHARES = re.compile(r"(?:(\d+)–)?(\d+)%")


@pytest.fixture(scope="module")
def again(flagship: Study) -> Reproduction:
    """Every published figure, counted again."""
    with sources.snapshot_or_reference(flagship, None) as snapshot:
        return reproduce_figures(flagship, snapshot, load(flagship.folder))


@pytest.fixture(scope="module", params=LANGUAGES)
def entries(request: pytest.FixtureRequest, published: Path) -> tuple[ManifestEntry, ...]:
    """Every number that the report prints in one language."""
    return model.read_manifest(published / f"numbers-{request.param}.jsonl")


def question(study: Study, base: str, rule: str) -> Question:
    """Who is counted and what for, however it was written down.

    A job has one domain, and a city group of one member is that municipality, so naming both
    says nothing more. What a derived variable is made of is the same said in full.
    """
    whole = frozenset(_plain(study, parse(base)))
    return whole, frozenset(_plain(study, parse(rule))) - whole


def _plain(study: Study, rule: Rule) -> Iterator[Rule]:
    match rule:
        case And(parts):
            found = [part for inner in parts for part in _plain(study, inner)]
            jobs = [part for part in found if _is(part, "function_row")]
            domains = {
                d.code for d in study.items_at("domain") for f in d.items if _names(jobs, f.code)
            }
            for part in found:
                if not (
                    isinstance(part, Compare) and _is(part, "domain") and part.value in domains
                ):
                    yield part
        case Constant(True):
            pass
        case Compare(name, ComparisonOperator.EQUAL, code) if (name, code) in _cases(study):
            yield from _plain(study, _cases(study)[name, code])
        case OneOf(name, values):
            yield OneOf(name, tuple(sorted(values)))
        case _:
            yield rule


def _cases(study: Study) -> dict[tuple[str, object], Rule]:
    return {(made.key, case.code): case.when for made in study.derived for case in made.cases}


def _is(part: Rule, name: str) -> bool:
    same = isinstance(part, Compare) and part.operator is ComparisonOperator.EQUAL
    return same and part.name == name  # type: ignore[union-attr]


def _names(jobs: list[Rule], key: str) -> bool:
    return any(isinstance(job, Compare) and job.value == key for job in jobs)


def repeated(
    study: Study, again: Reproduction, entries: tuple[ManifestEntry, ...]
) -> Iterator[tuple[FigureCheck, ManifestEntry]]:
    """Each published number with each place of the report that repeats it."""
    asked: dict[Question, list[ManifestEntry]] = defaultdict(list)
    for entry in entries:
        if "*" not in entry.rule:
            asked[question(study, entry.base_rule, entry.rule)].append(entry)
    for outcome in again.outcomes:
        row = outcome.published
        if row.measure is Measure.COUNT and row.population is Population.INCLUDED:
            rules = (format_rule(row.base_rule), format_rule(row.condition_rule))
            for entry in asked[question(study, *rules)]:
                yield outcome, entry


def test_every_published_number_in_the_report_is_the_one_reproduce_counts(
    flagship: Study, again: Reproduction, entries: tuple[ManifestEntry, ...]
) -> None:
    joined = list(repeated(flagship, again, entries))
    shown = [(o, e) for o, e in joined if e.count is not None and e.base is not None]
    assert len({e.cell for _, e in shown}) > 800
    assert len({o.published.id for o, _ in shown}) > 1000
    wrong = [(o.published.location, e.location) for o, e in shown if o.count != e.count]
    assert not wrong
    of_people = [(o, e) for o, e in shown if not o.published.mentions]
    assert not [(o.published.location, e.location) for o, e in of_people if o.base != e.base]


def test_what_the_report_prints_is_what_was_published(
    flagship: Study, again: Reproduction, entries: tuple[ManifestEntry, ...]
) -> None:
    """The printed text itself, so that a wrong sign or a wrong rounding shows as well."""
    compared = ranged = 0
    for outcome, entry in repeated(flagship, again, entries):
        row = outcome.published
        shares = SHARES.findall(entry.printed)
        if row.status is not Status.REPRODUCE or row.mentions or not row.percent or not shares:
            continue
        assert entry.base
        if entry.count is not None:
            assert row.count in (entry.count, None), (row.location, entry.location)
            printed_then = {row.percent, str(percentage(entry.count, entry.base))}
            assert {last for _, last in shares} <= printed_then, (row.location, entry)
            assert not any(first for first, _ in shares), (row.location, entry)
            compared += 1
            continue
        # The count would tell of somebody. A reader gets the range of it, rounded outwards.
        assert entry.low is not None
        assert entry.high is not None
        assert row.count is None or entry.low <= row.count <= entry.high, (row.location, entry)
        ends = str(100 * entry.low // entry.base), str(-(-100 * entry.high // entry.base))
        assert shares == [ends], (row.location, entry)
        assert int(ends[0]) <= int(row.percent) <= int(ends[1]), (row.location, entry)
        ranged += 1
    assert ranged
    assert compared > 1000


def test_every_published_test_in_the_report_has_the_published_outcome(
    flagship: Study, again: Reproduction, published: Path
) -> None:
    for language in LANGUAGES:
        entries = model.read_manifest(published / f"numbers-{language}.jsonl")
        tested = {(e.base_rule, e.rule) for e in entries if "*" in e.rule}
        page = lxml.html.parse(str(published / f"report-{language}.html")).getroot()
        notes = " ".join(page.text_content().split())
        joined = 0
        for outcome in again.outcomes:
            row = outcome.published
            if row.measure not in OF_ALL or row.status is not Status.REPRODUCE:
                continue
            kind, pattern = OF_ALL[row.measure]
            if (format_rule(row.base_rule), f"{kind}: {' * '.join(row.variables)}") in tested:
                text = f"{float(outcome.computed):.2f}"
                told = {found.replace(",", ".") for found in pattern.findall(notes)}
                assert text in told, (row.location, text, told)
                joined += 1
        assert joined == 6


def test_one_group_of_people_has_one_mark(
    flagship: Study, entries: tuple[ManifestEntry, ...]
) -> None:
    """Whether a number is invented follows from who is counted, however the rule is written."""
    with sources.snapshot_or_reference(flagship, None) as snapshot:
        people = people_of(flagship, snapshot)
    marks: dict[tuple[int, int], set[bool]] = defaultdict(set)
    for entry in entries:
        if "*" not in entry.rule:
            base, rule = parse(entry.base_rule), parse(entry.rule)
            marks[people.members(base), people.members(base, rule)].add(entry.fixed)
    assert {len(fixed) for fixed in marks.values()} == {1}
    assert {True, False} <= {mark for fixed in marks.values() for mark in fixed}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_texts_say_a_group_by_the_variable_that_names_it(
    flagship: Study, language: str
) -> None:
    """Answers taken together in two ways of writing would be two groups to a reader."""
    written = {when for when in _cases(flagship).values() if isinstance(when, OneOf)}
    files = tuple(sorted((flagship.folder / "report" / language).glob("*.md")))
    claims = (call.called for call in record(flagship, language, files).calls)
    asks = [ask for claim in claims if isinstance(claim, Claim) for ask in claim.asks]
    said = {part for ask in asks for rule in (ask.base_rule, ask.rule) for part in _parts(rule)}
    assert len(said) > 100
    assert not said & written


def _parts(rule: Rule) -> Iterator[Rule]:
    yield rule
    for part in getattr(rule, "parts", ()):
        yield from _parts(part)
