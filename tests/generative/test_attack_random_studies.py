"""Studies made at random, published in every way, and attacked by code of its own.

Each has derived variables, groups in two wordings, routing and crossed groupings; a report in two
languages with tests and averages, all its tables, one table at a time, what a municipality does to
a share and a second draft are one publication. It is attacked by the auditor, which shares no code
with what protects. It is told besides what a reader sees and no file says: that nobody is in a row
that is missing. Of every test it is told all that a test could tell at the very most: each pair of
answers of a test of independence, the sum of the products of two scores. Everything is invented.
"""

from __future__ import annotations

import csv
import json
import random
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pytest

from blikveld.auditor.bounds import find_bounds
from blikveld.auditor.conditions import Mask, evaluate_condition
from blikveld.auditor.findings import Audit, Finding, FindingKind, audit_publication
from blikveld.auditor.imagining import imagine_crowd
from blikveld.auditor.population import AuditedPopulation, read_population
from blikveld.auditor.reading import read_cells
from blikveld.auditor.relations import relate_groups
from blikveld.auditor.statements import Publication, Statement, Total, Where, list_conditions
from blikveld.cli.tables import tables
from blikveld.disclosure.ledger import Ledger
from blikveld.disclosure.secondary import SuppressionInfeasible
from blikveld.publish.clearing import clear, ledger_of
from blikveld.publish.pipeline import write_report
from blikveld.questionnaire.routing import Routing
from blikveld.report.text.run import ClaimError
from blikveld.responses.schema import ResponseRecord
from blikveld.responses.snapshot import Snapshot, read, write
from blikveld.results.cell import CellRequest, DataOrigin
from blikveld.rules import format_rule, parse
from blikveld.study.load import load
from blikveld.study.model import Study
from blikveld.tabulation.cell_counts import count_cells

MANY, BATCH = 150, 15
QUICK = (130, 85, 46, 2, 24, 27)
"""Of each threshold one at least. In 130 the last look took a number for known that two worlds left
open, and refused; in 85 a paired test told one person's two answers; in 46 a range for nobody
could be narrowed; in the last two a table left out all jobs of a domain but one."""
NONE = "none9"
FIGURE = "{{ figure('qa', by='domain') }}"
MET = ("qa != 'none9'", "anyq == 'yes'", "ga in ('hi', 'lo')")
"""Those who are asked on, in three wordings."""
TESTED, CROWD = 5, 4
"""Every fifth study prints tests and averages, and has so many times the people."""
TESTS = (
    "test('gb', 'gc', of=\"qa != 'none9'\")",
    "test('ga', 'gb', of=\"anyq == 'yes'\")",
    "test('anyq', 'gc')",
    "test('sa', 'sb')",
    "mean('sb')",
    "mean_answers('qk')",
)
COLUMNS = {"True": ("qa", "ga", "anyq", "qc"), "met": ("qb", "gb", "qk", "qc", "ga")}
ROWS = ((), ("job",), ("domain",), ("domain", "job"), ("qc",), ("ga",))


@dataclass(frozen=True, slots=True)
class _Shape:
    """How many answers each question has; jobs by domain."""

    jobs: Mapping[str, str]
    answers: Mapping[str, tuple[str, ...]]


def _text(words: str) -> dict[str, str]:
    return {"nl": words, "en": words}


def _shape(dice: random.Random) -> _Shape:
    domains = range(dice.randint(2, 3))
    jobs = {f"j{d}{n}": f"d{d}" for d in domains for n in range(dice.randint(1, 4))}
    lengths = {"qa": (2, 4), "qb": (3, 4), "qc": (2, 4), "qk": (3, 5)}
    answers = {
        name: tuple(f"{name[1]}{n}" for n in range(dice.randint(*ends)))
        for name, ends in lengths.items()
    }
    answers["qa"] = (*answers["qa"], NONE)
    return _Shape(jobs, answers)


def _question(key: str, codes: tuple[str, ...], number: int, **more: Any) -> dict[str, Any]:
    options = [{"code": code, "label": _text(f"antwoord {code}")} for code in codes]
    words = _text(f"Vraag {key}?")
    kind = "multiple" if key == "qk" else "single"
    return {
        "question": key,
        "number": str(number),
        "kind": kind,
        "text": words,
        "short": _text(f"Vraag {key}"),
        "options": options,
        **more,
    }


def _derived(shape: _Shape) -> dict[str, Any]:
    def case(code: str, when: str) -> dict[str, Any]:
        return {"code": code, "label": _text(code), "when": when}

    *met, _ = shape.answers["qa"]
    first, *others = shape.answers["qb"]
    variables = {
        "ga": [
            case("hi", f"qa == '{met[0]}'"),
            case("lo", f"qa != '{NONE}' and qa != '{met[0]}'"),
            case("no", f"qa == '{NONE}'"),
        ],
        "anyq": [case("yes", f"qa in {tuple(met)}"), case("no", f"qa == '{NONE}'")],
        "gb": [case("one", f"qb == '{first}'"), case("more", f"qb in {tuple(others)}")],
        "gc": [case("one", "qc == 'c0'"), case("more", "qc != 'c0'")],
        "gx": [
            case("both", f"qa == '{met[0]}' and qb == '{first}'"),
            case("not", f"qa in {tuple(met)} and not (qa == '{met[0]}' and qb == '{first}')"),
        ],
    }
    scored = {"qa": met, "qb": (first, *others[:-1])}
    domain = {"key": "domain", "label": _text("Domein"), "from": "job", "values_from": "domain"}
    return {
        "coded": [domain | {"map": dict(shape.jobs)}],
        "derived": [{"key": k, "label": _text(k), "cases": c} for k, c in variables.items()],
        "scores": [
            {
                "key": f"s{source[1]}",
                "label": _text(f"s{source[1]}"),
                "from": source,
                "values": {code: n for n, code in enumerate(codes, start=1)},
            }
            for source, codes in scored.items()
        ],
    }


def _tables(dice: random.Random, number: int) -> list[dict[str, Any]]:
    found = []
    for at in range(number):
        everybody = dice.random() < 0.4
        base = "True" if everybody else dice.choice(MET)
        column = dice.choice(COLUMNS["True" if everybody else "met"])
        rows = [row for row in dice.choice(ROWS) if row != column]
        words = _text(f"Tabel {at}")
        found.append(
            {"key": f"t{at}", "number": words, "title": words, "base": base}
            | {"rows": rows, "columns": column}
        )
    return found


def _write_study(
    folder: Path, dice: random.Random, shape: _Shape, threshold: int, *, tested: bool
) -> Study:
    shutil.copytree(load("example").folder, folder)
    lines = (folder / "study.yaml").read_text(encoding="utf-8").partition("classifications:")[0]
    items = [
        {
            "code": domain,
            "label": _text(domain),
            "items": [
                {"code": job, "label": _text(job)} for job, at in shape.jobs.items() if at == domain
            ],
        }
        for domain in dict.fromkeys(shape.jobs.values())
    ]
    levels = [
        {"name": name, "plural_name": f"{name}s", "label": _text(name)}
        for name in ("domain", "level")
    ]
    jobs = {"key": "jobs", "levels": levels, "items": items}
    settings = {"classifications": [jobs], "disclosure": {"threshold": threshold}}
    more = "".join(f"{key}: {json.dumps(value)}\n" for key, value in settings.items())
    (folder / "study.yaml").write_text(lines + more, encoding="utf-8")
    met = {"ask_if": f"qa != '{NONE}'"}
    asked = [
        _question("job", tuple(shape.jobs), 1),
        _question("qc", shape.answers["qc"], 2),
        _question("qa", shape.answers["qa"], 3),
        _question("qb", shape.answers["qb"], 4, **met),
        _question("qk", shape.answers["qk"], 5, **met),
    ]
    section = {"key": "you", "title": _text("Uw werk"), "items": asked}
    _dump(folder / "questionnaire.yaml", {"sections": [section]})
    _dump(folder / "derived.yaml", _derived(shape))
    crossed = _text("Beide")
    of_both = {"key": "tx", "number": crossed, "title": crossed, "base": MET[0]}
    plans = _tables(dice, dice.randint(3, 5))
    # Of some a table crosses what a paired test compares.
    plans += [of_both | {"rows": [], "columns": "gx"}] if tested and len(shape.jobs) % 2 else []
    _dump(folder / "tables.yaml", {"tables": plans})
    _write_texts(folder, FIGURE, TESTS if tested else ())
    return load(folder)


def _dump(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=1), encoding="utf-8")


def _write_texts(folder: Path, figure: str, said: Iterable[str] = ()) -> None:
    claims = ("count(\"qa != 'none9'\")", *said, "tables()")
    text = "\n\n".join(("# Alles", figure, *(f"{{{{ {claim} }}}}" for claim in claims))) + "\n"
    for language in ("nl", "en"):
        for old in (folder / "report" / language).iterdir():
            old.unlink()
        (folder / "report" / language / "10.md").write_text(text, encoding="utf-8")


def _answers(dice: random.Random, shape: _Shape) -> Iterator[dict[str, Any]]:
    """Invented answers; jobs and answers are far from equally common."""
    weights = {
        name: [dice.random() ** 2 + 0.02 for _ in codes]
        for name, codes in {"job": tuple(shape.jobs), **shape.answers}.items()
    }
    while True:
        one: dict[str, Any] = {
            name: dice.choices(codes, weights[name])[0]
            for name, codes in {"job": tuple(shape.jobs), **shape.answers}.items()
        }
        ticked = [code for code in shape.answers["qk"] if dice.random() < 0.35]
        one["qk"] = tuple(ticked or shape.answers["qk"][:1])
        yield {k: v for k, v in one.items() if one["qa"] != NONE or k not in ("qb", "qk")}


def _snapshot(
    study: Study, folder: Path, dice: random.Random, shape: _Shape, times: int
) -> Snapshot:
    routing, drawn = Routing(study), _answers(dice, shape)
    places = [site.key for site in study.sites]
    people = (
        routing.complete(
            site=dice.choice(places),
            mode="web",
            language="nl",
            answers=next(drawn),
            completed=True,
            pages_done=len(routing.pages),
        )
        for _ in range(times * dice.randint(30, 160))
    )
    answers = (ResponseRecord(str(at), person) for at, person in enumerate(people))
    return write(study, answers, folder, origin=DataOrigin.MADE_UP)


def _publish(study: Study, taken: Snapshot, folder: Path, dice: random.Random) -> Iterator[Path]:
    """Everything that somebody can have: a draft, one table after another, then a second draft.

    A second draft is refused where what was printed before leaves no room for its numbers.
    """
    ledger = ledger_of(taken.folder, None)
    said = _report(study, taken, folder / "one", ledger)
    names = [plan.key for plan in study.tables]
    for name in dice.sample(names, len(names)):
        out = folder / name
        tables(taken.folder, out=out, study=str(study.folder), format=("csv",), table=(name,))
        yield out / "tables.csv"
    yield from (folder / "one" / f"numbers-{language}.jsonl" for language in study.languages)
    _write_texts(study.folder, "{{ figure('qc', by='domain') }}", said)
    try:
        _report(load(study.folder), taken, folder / "two", ledger)
    except SuppressionInfeasible:
        # Readers cannot see that anything was refused.
        assert not (folder / "two").exists()
        _write_texts(study.folder, FIGURE, said)
        return
    yield from (folder / "two" / f"numbers-{language}.jsonl" for language in study.languages)


def _report(study: Study, taken: Snapshot, out: Path, ledger: Ledger | None) -> Sequence[str]:
    """The report without the sentences that are refused. Returns those that stayed."""
    said = [claim for claim in TESTS if claim in _text_of(study)]
    while True:
        taken = read(load(study.folder), taken.folder)
        try:
            write_report(study, taken, out, study.languages, kinds=(), ledger=ledger)
        except ClaimError as error:
            lines = _text_of(study)
            refused = {lines.splitlines()[fault.line - 1][3:-3] for fault in error.faults}
            if not refused <= {*said}:
                raise
            said = [claim for claim in said if claim not in refused]
            figure = lines.split("\n\n")[1]
            _write_texts(study.folder, figure, said)
            study = load(study.folder)
        else:
            return said


def _text_of(study: Study) -> str:
    return (study.folder / "report" / "nl" / "10.md").read_text(encoding="utf-8")


Said: TypeAlias = tuple[str, int, int]
"""A condition, and between which numbers lies how many people it is true of."""


def attacked(folder: Path, seed: int) -> tuple[Audit, list[Finding]]:
    """What follows from all that one random study published, and from what it left out.

    That a 0 of the first draft said of people whom the second counts first that all are the same
    is left out: it cannot be taken back.
    """
    dice, threshold = random.Random(seed), (3, 5, 10)[seed % 3]
    shape = _shape(dice)
    tested = seed % TESTED == 0
    study = _write_study(folder / "study", dice, shape, threshold, tested=tested)
    taken = _snapshot(study, folder / "snapshot", dice, shape, CROWD if tested else 1)
    paths = tuple(_publish(study, taken, folder, dice))
    study = load(study.folder)
    first = _publication(study, shape, [path for path in paths if path.parent.name != "two"])
    every = _publication(study, shape, paths)
    every.statements += _stated(_moved(study, read(study, taken.folder)))
    every.extend(_tested(study, read(study, taken.folder), paths))
    population = read_population(study.folder)
    found = audit_publication(population, every, threshold)
    said = _Zeros(population, first, every)
    return found, [one for one in found.findings if not said.of(one)]


def _publication(study: Study, shape: _Shape, paths: Iterable[Path]) -> Publication:
    publication = Publication()
    for path in paths:
        publication.extend(read_cells(path))
    publication.statements += _stated(_said(study, shape, paths))
    return publication


def _stated(said: Iterable[Said]) -> list[Statement]:
    return [Statement(group, low, high, _READER, low < high) for group, low, high in said]


class _Zeros:
    """Of whom a publication says that nobody is there, by numbers and by what follows from them."""

    def __init__(
        self, population: AuditedPopulation, said: Publication, every: Publication
    ) -> None:
        self._crowd = imagine_crowd(population, list_conditions(every))
        web = relate_groups(population, self._crowd, said)
        bounds = find_bounds(web)
        named = [at for at, group in enumerate(web.groups) if "without an answer" not in group.name]
        nobody = [web.groups[at].name for at in named if not bounds.high[at]]
        self._nobody = np.logical_or.reduce([self._crowd.none(), *map(self._members, nobody)])

    def of(self, found: Finding) -> bool:
        """Whether these zeros say by themselves that all of a group gave one answer."""
        if found.kind is not FindingKind.SAME:
            return False
        part, whole = (text.rpartition("]")[0] for text in found.steps[0].text.split(" [")[1:])
        others = self._members(whole.partition("] of ")[0]) & ~self._members(
            part.partition("] of ")[0]
        )
        return not (others & ~self._nobody).any()

    def _members(self, condition: str) -> Mask:
        return evaluate_condition(self._crowd, condition).true


_TESTED = re.compile(r"(independence|paired_means): (\w+) \* (\w+)")
_READER = Where("what a reader sees beside the files' columns")


def _said(study: Study, shape: _Shape, paths: Iterable[Path]) -> Iterator[Said]:
    """What the files say of groups, by what is in them and by what is not."""
    for path in paths:
        if path.suffix == ".jsonl":
            entries = map(json.loads, path.read_text(encoding="utf-8").splitlines())
            for entry in entries:
                yield from () if _TESTED.fullmatch(entry["rule"]) else _entry(entry)
            continue
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            yield row["base_rule"], int(row["base_low"]), int(row["base_high"])
            yield _both(row), int(row["low"]), int(row["high"])
        yield from _missing(study, shape, path.parent.name, {row["row"] for row in rows})


def _entry(entry: Mapping[str, Any]) -> Iterator[Said]:
    count, base = entry["count"], entry["base"]
    low, high = (entry["low"], entry["high"]) if count is None else (count, count)
    if base is not None:
        yield entry["base_rule"], base, base
    yield _both(entry), low, high


def _both(row: Mapping[str, str]) -> str:
    return f"{row['base_rule']} and {row['rule']}"


def _missing(study: Study, shape: _Shape, table: str, printed: set[str]) -> Iterator[Said]:
    """In a row that is missing is nobody."""
    codes = {"job": tuple(shape.jobs), "domain": tuple(dict.fromkeys(shape.jobs.values()))}
    codes |= {"qc": shape.answers["qc"], "ga": ("hi", "lo", "no")}
    (plan,) = (plan for plan in study.tables if plan.key == table)
    variables, base = plan.rows, format_rule(plan.base)
    # A base that speaks of the rows says which rows the table is about.
    about = f"{base} and " if any(name in base for name in variables) else ""
    for depth in range(1, len(variables) + 1):
        for row in product(*(codes[name] for name in variables[:depth])):
            if ".".join(row) not in printed:
                equal = zip(variables, row, strict=False)
                row_rule = " and ".join(f"{name} == {code!r}" for name, code in equal)
                yield about + row_rule, 0, 0


def _moved(study: Study, taken: Snapshot) -> Iterator[Said]:
    """What shares are without one municipality, where that may be said."""
    cleared = clear(study, taken, ledger=ledger_of(taken.folder, None))
    for influences in cleared.influences.values():
        for without in (each.without for each in influences):
            base = format_rule(without.base_rule)
            assert without.count is not None
            assert without.base is not None
            yield base, without.base, without.base
            yield f"{base} and {format_rule(without.rule)}", without.count, without.count


def _tested(study: Study, taken: Snapshot, paths: Iterable[Path]) -> Publication:
    """The most that the printed tests could tell, for who can work back from their outcomes."""
    found = Publication()
    for path in paths:
        lines = path.read_text(encoding="utf-8").splitlines() if path.suffix == ".jsonl" else ()
        for entry in map(json.loads, lines):
            if (tested := _TESTED.fullmatch(entry["rule"])) is None:
                continue
            kind, *pair = tested.groups()
            if kind == "independence":
                counts = _pairs(study, taken, entry["base_rule"], *pair)
                found.statements += _stated((each, n, n) for each, n in counts.items())
                continue
            one, other = (next(s for s in study.scores if s.key == name) for name in pair)
            counts = _pairs(study, taken, entry["base_rule"], one.source, other.source)
            weights = [
                int(one.values.get(a, 0) * other.values.get(b, 0))
                for a, b in product(*(_codes(study, s.source) for s in (one, other)))
            ]
            repeated = zip(counts.items(), weights, strict=True)
            groups = [each for (each, _), weight in repeated for _ in range(weight)]
            total = sum(counts[each] for each in groups)
            found.totals.append(Total(tuple(groups), total, _READER))
    return found


def _codes(study: Study, name: str) -> list[str]:
    return [code.code for code in study.variables[name].codes]


def _pairs(study: Study, taken: Snapshot, base: str, *names: str) -> dict[str, int]:
    """How many gave each pair of answers, by condition."""
    asks = {
        f"({base}) and {names[0]} == {a!r} and {names[1]} == {b!r}": CellRequest(
            parse(base), parse(f"{names[0]} == {a!r} and {names[1]} == {b!r}")
        )
        for a, b in product(*(_codes(study, name) for name in names))
    }
    cells = count_cells(study, taken, set(asks.values()))
    return {text: cells[ask].count for text, ask in asks.items()}


@pytest.mark.parametrize("seed", QUICK)
def test_nothing_follows_from_all_that_a_random_study_published(tmp_path: Path, seed: int) -> None:
    audit, findings = attacked(tmp_path, seed)
    assert audit.groups > 10
    assert findings == []


@pytest.mark.long
@pytest.mark.parametrize("first", range(0, MANY, BATCH))
def test_nothing_follows_from_150_random_studies(tmp_path: Path, first: int) -> None:
    withheld, refused, leaks = 0, 0, []
    for seed in range(first, first + BATCH):
        audit, findings = attacked(tmp_path / str(seed), seed)
        withheld += audit.withheld
        leaks += [(seed, finding) for finding in findings]
        refused += not (tmp_path / str(seed) / "two").exists()
        shutil.rmtree(tmp_path / str(seed))
    assert withheld > BATCH
    assert refused == 0
    assert leaks == []
