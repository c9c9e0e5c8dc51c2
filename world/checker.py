"""How many findings in strangers' reports are true, and how many planted errors are found.

python world/checker.py DIR

DIR/checker holds the files that `checker_sources.csv` beside this file names, each with its
repository, path, commit and checksum. Results go to `checker.md`; every finding goes to
`checker_findings.csv`, whose labels a person wrote: 'true', 'defensible' or 'false'. What has no
label counts as false. The planted errors are typing errors in numbers that stand in a table, in a
bound pair or in a test; where they are sown is chance, seeded by the file's checksum.
"""

from __future__ import annotations

import csv
import platform
import random
import re
import shutil
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from blikveld.checker.check import check
from blikveld.checker.document import ParsedGrid, ReportDocument
from blikveld.checker.extract import read
from blikveld.checker.findings import ClaimKind, ReportedClaim, Result, Verdict
from blikveld.errors import BlikveldError

TABLE = Path(__file__).with_suffix(".md")
FINDINGS = Path(__file__).with_name("checker_findings.csv")
_COLUMNS = ("file", "kind", "verdict", "grade", "fingerprint", "printed", "label", "remark")
SOURCES = Path(__file__).with_name("checker_sources.csv")
_PLANTED = 2
"""Errors sown in one document at most, each alone."""
_SLOW = 0.8
"""CPU-seconds: in documents that take longer nothing is sown."""
_IN_TABLES = (ClaimKind.CELL, ClaimKind.SUM, ClaimKind.ROW)
_BOUND = (ClaimKind.PAIR, ClaimKind.SHARE, ClaimKind.REPEAT)


@dataclass(frozen=True)
class Source:
    """A foreign document and where it comes from."""

    file: str
    repository: str
    path: str
    commit: str
    sha256: str


@dataclass(frozen=True)
class Reading:
    """A document with what was found in it; neither where it was refused, then `error` says why."""

    source: Source
    seconds: float
    document: ReportDocument | None = None
    result: Result | None = None
    error: str = ""


@dataclass(frozen=True)
class Planted:
    """A changed number: where it stands, and whether a finding came of it."""

    where: str
    judged: bool
    found: bool
    document: str


Changer = Callable[[str], ReportDocument]
"""A document with another number in one place."""
Place = tuple[str, bool, set[int], str, Changer]
"""Where a number stands, whether it is judged, lines of a finding, the number, the change."""


def read_all(folder: Path) -> list[tuple[Reading, list[Planted]]]:
    """Every document that is what its checksum says, with the errors sown in it."""
    with SOURCES.open(newline="", encoding="utf-8") as file:
        sources = [Source(**row) for row in csv.DictReader(file)]
    with ProcessPoolExecutor() as pool:
        return list(pool.map(measure, [folder] * len(sources), sources))


def measure(folder: Path, source: Source) -> tuple[Reading, list[Planted]]:
    """Read one document, check it, and sow errors in it."""
    content = (folder / source.file).read_bytes()
    if sha256(content).hexdigest() != source.sha256:
        raise ValueError(f"{source.file} is another file than the table was made of.")
    begin = time.process_time()
    try:
        document = read(folder / source.file)
        result = check(document)
    except BlikveldError as error:
        return Reading(source, time.process_time() - begin, error=error.code), []
    reading = Reading(source, time.process_time() - begin, document, result)
    return reading, list(plant(reading))


def labels() -> dict[tuple[str, str], tuple[str, str]]:
    """What a person called each finding, by file and fingerprint."""
    if not FINDINGS.exists():
        return {}
    with FINDINGS.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {(row["file"], row["fingerprint"]): (row["label"], row["remark"]) for row in rows}


def labelled(readings: Sequence[Reading]) -> list[dict[str, str]]:
    """Every finding with its label."""
    known = labels()
    rows: list[dict[str, str]] = []
    for reading in readings:
        for claim in reading.result.findings if reading.result else ():
            label, remark = known.get((reading.source.file, claim.fingerprint), ("", ""))
            grade = claim.grade.value if claim.grade else ""
            values = (reading.source.file, claim.kind.value, claim.verdict.value, grade)
            printed = " ".join(claim.text.split())[:160]
            row = (*values, claim.fingerprint, printed, label, remark)
            rows.append(dict(zip(_COLUMNS, row, strict=True)))
    return rows


def plant(reading: Reading) -> Iterator[Planted]:
    """Typing errors in numbers of a document, one at a time."""
    document, result = reading.document, reading.result
    if document is None or result is None or reading.seconds > _SLOW:
        return
    chance = random.Random(reading.source.sha256)
    places = [*_cells(document, result), *_texts(document, result)]
    chance.shuffle(places)
    before = {(c.kind, c.line, c.fingerprint) for c in result.findings}
    sown = 0
    for where, judged, lines, number, change in places:
        other = mistyped(number, chance)
        if sown == _PLANTED or other is None:
            continue
        sown += 1
        changed = check(change(other))
        new = [c for c in changed.findings if (c.kind, c.line, c.fingerprint) not in before]
        found = any(c.line in lines for c in new)
        yield Planted(where, judged, found, reading.source.file)


def mistyped(number: str, chance: random.Random) -> str | None:
    """A number with two figures swapped, one changed or one dropped; None when it has too few."""
    figures = [i for i, sign in enumerate(number) if sign.isdigit()]
    if len(figures) < 2:
        return None
    sort = chance.choice(("swapped", "changed", "dropped"))
    index = chance.randrange(len(figures) - 1)
    one, two = figures[index], figures[index + 1]
    if sort == "swapped":
        signs = list(number)
        signs[one], signs[two] = signs[two], signs[one]
        other = "".join(signs)
    elif sort == "changed":
        other = number[:one] + chance.choice("0123456789") + number[one + 1 :]
    else:
        other = number[:two] + number[two + 1 :]
    return other if other != number and not re.match(r"0\d", other) else None


def _cells(document: ReportDocument, result: Result) -> Iterator[Place]:
    """Numbers in tables; judged where the table has a percentage or a sum that was right."""
    judged = {
        c.line for c in result.claims if c.kind in _IN_TABLES and c.verdict is not Verdict.UNCHECKED
    }
    told = {c.line for c in result.claims if c.kind in _IN_TABLES}
    for index, grid in enumerate(document.grids):
        lines = range(grid.line, grid.line + len(grid.rows))
        if not told & set(lines):
            continue
        for row, cells in enumerate(grid.rows):
            for column, cell in enumerate(cells):
                match = re.search(r"\d[\d.,]*\d|\d", cell)
                if match and column and len(cell) < 25 and grid.line + row in told:
                    change = _cell_changer(document, index, row, column, match)
                    inside = grid.line + row in judged
                    yield "table", inside, set(lines), match[0], change


def _cell_changer(
    document: ReportDocument, index: int, row: int, column: int, match: re.Match[str]
) -> Changer:
    def change(number: str) -> ReportDocument:
        grid = document.grids[index]
        rows = [list(cells) for cells in grid.rows]
        text = rows[row][column]
        rows[row][column] = text[: match.start()] + number + text[match.end() :]
        grids = list(document.grids)
        grids[index] = ParsedGrid(grid.title, tuple(map(tuple, rows)), grid.line, grid.page)
        return replace(document, grids=tuple(grids))

    return change


def _texts(document: ReportDocument, result: Result) -> Iterator[Place]:
    """Numbers of bound pairs and tests that were right."""
    lines = {line.number: line for line in document.lines}
    for claim in result.claims:
        kind = "test" if claim.kind is ClaimKind.STATISTIC else "pair"
        if claim.verdict is not Verdict.RIGHT or claim.kind not in (*_BOUND, ClaimKind.STATISTIC):
            continue
        text = lines[claim.line].text if claim.line in lines else ""
        for number in _numbers(claim):
            if text.count(number) == 1:
                change = _text_changer(document, claim.line, number)
                yield kind, True, set(range(claim.line - 2, claim.line + 3)), number, change


def _numbers(claim: ReportedClaim) -> Iterator[str]:
    if claim.kind is ClaimKind.STATISTIC:
        yield from re.findall(r"\d*[.,]\d+|\d{2,}", claim.text)
        return
    yield from (str(n) for n in (claim.count, claim.base) if n is not None)
    if claim.percent:
        yield claim.percent


def _text_changer(document: ReportDocument, line: int, number: str) -> Changer:
    def change(other: str) -> ReportDocument:
        lines = tuple(
            replace(each, text=each.text.replace(number, other)) if each.number == line else each
            for each in document.lines
        )
        return replace(document, lines=lines)

    return change


def precision(rows: Iterable[dict[str, str]]) -> Iterator[str]:
    """A line for each class of findings: how many, and how many of them hold."""
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        counted[row["kind"]][row["label"] or "unlabelled"] += 1
    yield "| class | findings | true | defensible | false or unlabelled | precision |"
    yield "|---|--:|--:|--:|--:|--:|"
    for kind, found in sorted(counted.items()):
        total = sum(found.values())
        held = found["true"] + found["defensible"]
        yield (
            f"| {kind} | {total} | {found['true']} | {found['defensible']} | {total - held} "
            f"| {held / total:.1%} |"
        )


def recall(planted: Sequence[Planted]) -> Iterator[str]:
    """A line for each place where errors were sown."""
    yield "| planted in | errors | documents | found | share |"
    yield "|---|--:|--:|--:|--:|"
    groups = {
        "rows of tables that are judged": [p for p in planted if p.where == "table" and p.judged],
        "rows of tables that are not": [p for p in planted if p.where == "table" and not p.judged],
        "bound pairs": [p for p in planted if p.where == "pair"],
        "tests": [p for p in planted if p.where == "test"],
        "all": list(planted),
    }
    for name, group in groups.items():
        found = sum(p.found for p in group)
        share = f"{found / len(group):.1%}" if group else "–"
        documents = len({p.document for p in group})
        yield f"| {name} | {len(group)} | {documents} | {found} | {share} |"


def tables(readings: Sequence[Reading]) -> str:
    """How many tables with numbers are judged: a percentage or a sum in them has a verdict."""
    counted = judged = 0
    for reading in readings:
        if reading.document is None or reading.result is None:
            continue
        told = {c.line: c.checked for c in reading.result.claims if c.kind in _IN_TABLES}
        checked = {line for line in told if told[line]} | {
            c.line for c in reading.result.claims if c.kind in _IN_TABLES and c.checked
        }
        for grid in reading.document.grids:
            lines = set(range(grid.line, grid.line + len(grid.rows)))
            if len(lines & told.keys()) >= 2:
                counted += 1
                judged += bool(lines & checked)
    return f"Tables with counts and percentages, or with totals: {counted}, judged: {judged}."


def main() -> None:
    """Measure, write the tables, and print the two that count."""
    folder = Path(sys.argv[1]) / "checker"
    if not folder.is_dir():
        print(f"checker: {folder} is not there, left out")
        return
    measured = read_all(folder)
    readings = [reading for reading, _ in measured]
    rows = labelled(readings)
    planted = [each for _, sown in measured for each in sown]
    with FINDINGS.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, _COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    TABLE.write_text("\n".join(_report(readings, rows, planted)) + "\n", encoding="utf-8")
    print("\n".join([*precision(rows), *recall(planted), tables(readings)]))


def _report(
    readings: Sequence[Reading], rows: Sequence[dict[str, str]], planted: Sequence[Planted]
) -> Iterator[str]:
    commit = subprocess.run(  # noqa: S603
        [shutil.which("git") or "git", "rev-parse", "--short", "HEAD"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    false = {row["file"] for row in rows if row["label"] not in ("true", "defensible")}
    read_ones = [r for r in readings if r.result]
    yield "# The checker on strangers' reports"
    yield ""
    yield f"{datetime.now(UTC):%Y-%m-%d}, commit {commit}, Python {platform.python_version()}, "
    yield f"{platform.machine()}. {len(readings)} documents, {len(read_ones)} read, "
    yield f"{len(false)} with a finding that is not true. Their sources: checker_sources.csv."
    yield "Every finding with its label: checker_findings.csv."
    yield ""
    yield from precision(rows)
    yield ""
    yield from recall(planted)
    yield ""
    yield tables(readings)
    yield ""
    yield "| file | found | checked | findings | CPU s |"
    yield "|---|--:|--:|--:|--:|"
    for r in readings:
        counted = (
            (r.result.coverage.found, r.result.coverage.checked, len(r.result.findings))
            if r.result
            else ("–", "–", r.error)
        )
        numbers = " | ".join(map(str, counted))
        yield f"| {r.source.file} | {numbers} | {r.seconds:.1f} |"


if __name__ == "__main__":
    main()
