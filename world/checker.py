"""How many findings in strangers' reports are true, and how many planted errors are found.

python world/checker.py DIR [--sow]

DIR/checker holds the files that `checker_sources.csv` beside this file names, each with its
repository, path, commit and checksum. Results go to `checker.md`; every finding goes to
`checker_findings.csv`, whose labels a person wrote: 'true', 'defensible' or 'false'. What has no
label counts as false. The planted errors of `checker_planted.csv` are typing errors in numbers of
tables, of percentages with their count and base, and of tests; chance chose them from the documents
alone (`--sow`), and a person wrote which of them a careful reader could verify.
"""

from __future__ import annotations

import csv
import random
import re
import sys
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import astuple, dataclass, replace
from hashlib import sha256
from pathlib import Path

from provenance import tell_when

from blikveld.checker.check import check
from blikveld.checker.document import ParsedGrid, ReportDocument
from blikveld.checker.extract import read
from blikveld.checker.findings import ClaimKind, Result
from blikveld.errors import BlikveldError

TABLE = Path(__file__).with_suffix(".md")
FINDINGS = Path(__file__).with_name("checker_findings.csv")
_COLUMNS = ("file", "kind", "verdict", "grade", "fingerprint", "printed", "label", "remark")
SOURCES = Path(__file__).with_name("checker_sources.csv")
PLANTED = Path(__file__).with_name("checker_planted.csv")
PDF_TABLES = Path(__file__).with_name("checker_pdf_tables.csv")
_PLANTED_COLUMNS = ("file", "where", "line", "row", "column", "old", "new", "verifiable", "remark")
_SOWN = {"table": 3, "pair": 5, "test": 4}
"""Errors sown in one document at most, by where they stand; each alone."""
_IN_TABLES = (ClaimKind.CELL, ClaimKind.SUM, ClaimKind.ROW)
_DATA_ROWS = 200
"""Rows from which on a table is a data set, whose numbers nobody adds up."""
_NUMBER = re.compile(r"(?<![\w.,])\d(?:[\d.,]*\d)?(?![\w])")
_CODE = re.compile(r"\(\d+\)$|0\d|.*\(\d{1,2}\)$|=>")
_PAIR = re.compile(
    r"\d(?:[.,]\d+)?\s?(?:%|percent|procent)[^.%;]{0,60}?\(?\b\d[\d.,]*\s?"
    r"(?:of|out of|van|/)\s?(?:the |de )?\d+"
    r"|\b\d[\d.,]*\s?(?:of|out of|van|/)\s?(?:the |de )?\d[^.;%]{0,60}?\d\s?"
    r"(?:%|percent|procent)"
)
_TEST = re.compile(
    r"\b[tFrzQ]\s?\([^()]{1,20}\)\s?[=<>]\s?[-−–]?[\d.,]+[^()]{0,30}?\bp\s?[=<>]\s?\d?[.,]\d+"
)


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
    """A changed number. `row` and `column` are those of a cell; empty in running text.

    `verifiable` was decided before the count, by somebody who knew the rules: whether a careful
    reader with a pocket calculator could tell that it cannot be right.
    """

    file: str
    where: str
    line: int
    row: str
    column: str
    old: str
    new: str
    verifiable: str = ""
    remark: str = ""


@dataclass(frozen=True)
class Outcome:
    """What came of a planted error: whether its table or sentence was judged, and it was found."""

    planted: Planted
    judged: bool
    found: bool


def read_all(folder: Path) -> list[tuple[Reading, list[Outcome]]]:
    """Every document that is what its checksum says, with what came of the errors sown in it."""
    with SOURCES.open(newline="", encoding="utf-8") as file:
        sources = [Source(**row) for row in csv.DictReader(file)]
    sown = planted_errors()
    with ProcessPoolExecutor() as pool:
        lists = [sown.get(source.file, []) for source in sources]
        return list(pool.map(measure, [folder] * len(sources), sources, lists))


def planted_errors() -> dict[str, list[Planted]]:
    """The planted errors of each document."""
    found: dict[str, list[Planted]] = defaultdict(list)
    if PLANTED.exists():
        with PLANTED.open(newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                line = int(row.pop("line"))
                found[row["file"]].append(Planted(line=line, **row))
    return found


def measure(folder: Path, source: Source, sown: Sequence[Planted]) -> tuple[Reading, list[Outcome]]:
    """Read one document, check it, and check it again with each of its planted errors."""
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
    return reading, [outcome(document, result, error) for error in sown]


def outcome(document: ReportDocument, result: Result, error: Planted) -> Outcome:
    """Whether a planted error is found: by a finding at its line that was not there before."""
    place = located(document, error)
    if place is None:
        return Outcome(error, judged=False, found=False)
    lines = set(range(place.line - 2, place.line + 3))
    if place.where == "table":
        grid = next(g for g in document.grids if place.line - int(place.row) == g.line)
        lines = set(range(grid.line, grid.line + len(grid.rows)))
    before = {(c.kind, c.line, c.fingerprint) for c in result.findings}
    after = check(with_error(document, place)).findings
    new = [c for c in after if (c.kind, c.line, c.fingerprint) not in before]
    judged = any(c.checked and c.line in lines for c in result.claims)
    return Outcome(error, judged, any(c.line in lines for c in new))


def located(document: ReportDocument, error: Planted) -> Planted | None:
    """A planted error where its number stands now: lines shift when documents are read better."""
    places = _cells(document) if error.where == "table" else _texts(document)
    alike = [p for p in places if p.where == error.where and p.old == error.old]
    nearest = min(alike, key=lambda p: abs(p.line - error.line), default=None)
    return None if nearest is None else replace(nearest, new=error.new)


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


def plant(document: ReportDocument, seed: str) -> Iterator[Planted]:
    """Typing errors in numbers of a document, chosen by chance and without a look at the rules."""
    chance = random.Random(seed)
    places = [*_cells(document), *_texts(document)]
    chance.shuffle(places)
    sown: Counter[str] = Counter()
    for place in places:
        other = mistyped(place.old, chance)
        if sown[place.where] < _SOWN[place.where] and other is not None:
            sown[place.where] += 1
            yield replace(place, new=other)


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


def is_numeric(grid: ParsedGrid) -> bool:
    """Whether a table holds mostly numbers, and is no data set and no list of answer codes."""
    cells = [cell for row in grid.rows for cell in row[1:] if cell.strip()]
    found = [cell for cell in cells if _NUMBER.search(cell) and len(cell) < 25]
    numbers = [cell for cell in found if not _CODE.match(cell.strip())]
    return len(numbers) >= 4 and 2 * len(numbers) >= len(cells) and len(grid.rows) <= _DATA_ROWS


def _cells(document: ReportDocument) -> Iterator[Planted]:
    """One number in each cell of the numeric tables."""
    for grid in filter(is_numeric, document.grids):
        for row, cells in enumerate(grid.rows):
            for column, cell in enumerate(cells):
                match = _NUMBER.search(cell)
                if match and column and len(cell) < 25:
                    line = grid.line + row
                    yield Planted("", "table", line, str(row), str(column), match[0], "")


def _texts(document: ReportDocument) -> Iterator[Planted]:
    """Numbers of lines that tell a percentage with its count and base, or a test with its p."""
    for line in document.lines:
        for where, pattern in (("pair", _PAIR), ("test", _TEST)):
            for match in pattern.finditer(line.text):
                for number in dict.fromkeys(_NUMBER.findall(match[0])):
                    if line.text.count(number) == 1:
                        yield Planted("", where, line.number, "", "", number, "")


def with_error(document: ReportDocument, error: Planted) -> ReportDocument:
    """A document with one number changed."""
    if error.where != "table":
        lines = tuple(
            replace(each, text=each.text.replace(error.old, error.new))
            if each.number == error.line
            else each
            for each in document.lines
        )
        return replace(document, lines=lines)
    row, column = int(error.row), int(error.column)
    grids = list(document.grids)
    index = next(i for i, g in enumerate(grids) if g.line == error.line - row)
    rows = [list(cells) for cells in grids[index].rows]
    rows[row][column] = _NUMBER.sub(error.new, rows[row][column], count=1)
    grids[index] = replace(grids[index], rows=tuple(map(tuple, rows)))
    return replace(document, grids=tuple(grids))


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


def recall(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """A line for each place where errors were sown, of all of them and of the verifiable ones."""
    yield "| planted in | errors | documents | found | verifiable | found of these |"
    yield "|---|--:|--:|--:|--:|--:|"
    groups = {
        "tables that are judged": [o for o in outcomes if o.planted.where == "table" and o.judged],
        "tables that are not": [o for o in outcomes if o.planted.where == "table" and not o.judged],
        "pairs": [o for o in outcomes if o.planted.where == "pair"],
        "tests": [o for o in outcomes if o.planted.where == "test"],
        "all": list(outcomes),
    }
    for name, group in groups.items():
        clear = [o for o in group if o.planted.verifiable == "yes"]
        found = sum(o.found for o in group)
        seen = sum(o.found for o in clear)
        share = f"{seen} ({seen / len(clear):.1%})" if clear else "–"
        documents = len({o.planted.file for o in group})
        yield f"| {name} | {len(group)} | {documents} | {found} | {len(clear)} | {share} |"


def tables(readings: Sequence[Reading]) -> str:
    """How many tables of numbers are judged: something in them has a verdict."""
    counted = judged = 0
    for reading in readings:
        if reading.document is None or reading.result is None:
            continue
        checked = {c.line for c in reading.result.claims if c.checked and c.table is not None}
        for grid in filter(is_numeric, reading.document.grids):
            counted += 1
            judged += bool(checked & set(range(grid.line, grid.line + len(grid.rows))))
    share = f" ({judged / counted:.1%})" if counted else ""
    return f"Tables of numbers with at most {_DATA_ROWS} rows: {counted}, judged: {judged}{share}."


def pdf_tables(readings: Sequence[Reading]) -> Iterator[str]:
    """How many of the tables that a person marked in PDFs are read right: rows, and heads.

    Of rows the number, the first and the last are held against what is printed; of heads the words
    over each column of numbers. A table without heads has them right when its rows are.
    """
    with PDF_TABLES.open(newline="", encoding="utf-8") as file:
        marked = list(csv.DictReader(file))
    documents = {r.source.file: r.document for r in readings if r.document}
    known = [row for row in marked if row["file"] in documents]
    rows, heads = Counter[str](), Counter[str]()
    for row in known:
        right = [g for g in _on_page(documents[row["file"]], int(row["page"])) if _rows_fit(g, row)]
        rows[row["file"]] += bool(right)
        heads[row["file"]] += any(_heads_fit(grid, row) for grid in right)
    if known:
        yield (
            f"Tables marked by eye in {len(rows)} PDFs: {len(known)}; rows and columns right: "
            f"{rows.total()} ({rows.total() / len(known):.1%}), heads too: {heads.total()} "
            f"({heads.total() / len(known):.1%})."
        )
        wrong = [f"{f} ({n - rows[f]})" for f, n in Counter(r["file"] for r in known).items()]
        yield "Not right: " + ", ".join(each for each in wrong if not each.endswith("(0)")) + "."


Cells = Sequence[Sequence[str]]
_MORE_HEADS = 90
"""Characters of heads above the one that is marked."""


def _on_page(document: ReportDocument, page: int) -> Iterator[tuple[Cells, Cells]]:
    """The rows of each table, and those with figures on a page."""
    pages = {line.number: line.page for line in document.lines}
    for grid in document.grids:
        body = [
            row
            for i, row in enumerate(grid.rows)
            if pages.get(grid.line + i) == page and any(map(_figures, row[1:]))
        ]
        if body:
            yield grid.rows, body


def _figures(text: str) -> bool:
    return any(sign.isdigit() for sign in text)


def _rows_fit(table: tuple[Cells, Cells], marked: dict[str, str]) -> bool:
    """Whether the marked rows stand in a table, each number in its own column."""
    body = ["|".join(row[1:]) for row in table[1]]
    if marked["first"] not in body or body[-1] != marked["last"]:
        return False
    return len(body) - body.index(marked["first"]) == int(marked["rows"])


def _heads_fit(table: tuple[Cells, Cells], marked: dict[str, str]) -> bool:
    """Whether the words over each column are those that are printed."""
    names = marked["heads"].split("|")
    if not marked["heads"]:
        return True
    printed = ["|".join(row[1:]) for row in table[0]]
    heads = [row[1:] for row in table[0][: printed.index(marked["first"])]]
    over = [" ".join(row[c] for row in heads if c < len(row)) for c in range(len(names))]
    plain = [unicodedata.normalize("NFKC", text) for text in over]
    return all(
        name in text and (not name or len(text) <= len(name) + _MORE_HEADS)
        for name, text in zip(names, plain, strict=True)
    )


def sow(folder: Path) -> None:
    """Write new planted errors, without a verdict on whether they can be verified."""
    with PLANTED.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_PLANTED_COLUMNS)
        with SOURCES.open(newline="", encoding="utf-8") as sources:
            for source in (Source(**row) for row in csv.DictReader(sources)):
                with suppress(BlikveldError):
                    for error in plant(read(folder / source.file), source.sha256):
                        writer.writerow(astuple(replace(error, file=source.file)))


def main() -> None:
    """Measure, write the tables, and print the two that count."""
    folder = Path(sys.argv[1]) / "checker"
    if not folder.is_dir():
        print(f"checker: {folder} is not there, left out")
        return
    if "--sow" in sys.argv:
        sow(folder)
    measured = read_all(folder)
    readings = [reading for reading, _ in measured]
    rows = labelled(readings)
    planted = [each for _, outcomes in measured for each in outcomes]
    with FINDINGS.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, _COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    TABLE.write_text("\n".join(_report(readings, rows, planted)) + "\n", encoding="utf-8")
    told = [*precision(rows), *recall(planted), tables(readings), *pdf_tables(readings)]
    print("\n".join(told))


def _report(
    readings: Sequence[Reading], rows: Sequence[dict[str, str]], planted: Sequence[Outcome]
) -> Iterator[str]:
    false = {row["file"] for row in rows if row["label"] not in ("true", "defensible")}
    read_ones = [r for r in readings if r.result]
    yield "# The checker on strangers' reports"
    yield ""
    yield tell_when()
    yield f"{len(readings)} documents, {len(read_ones)} read, "
    yield f"{len(false)} with a finding that is not true. Their sources: checker_sources.csv."
    yield "Every finding with its label: checker_findings.csv."
    yield ""
    yield from precision(rows)
    yield ""
    yield from recall(planted)
    yield ""
    yield tables(readings)
    yield ""
    yield from pdf_tables(readings)
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
