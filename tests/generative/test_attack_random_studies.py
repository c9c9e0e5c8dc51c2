"""Studies made at random, published in every way, and attacked by code of its own.

Each has derived variables, groups in two wordings, routing and crossed groupings; a report in two
languages, all its tables, one table at a time, what a municipality does to a share and a second
draft are one publication. It is attacked by the auditor, which shares no code with what protects.
It is told besides what a reader sees and no file says: that nobody is in a row that is missing,
and what the printed percentages leave of a count. Everything here is invented.
"""

from __future__ import annotations

import csv
import json
import random
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import ceil, floor
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from blikveld.auditor.findings import Audit, Finding, FindingKind, audit_publication
from blikveld.auditor.population import read_population
from blikveld.auditor.reading import read_cells
from blikveld.auditor.statements import Publication, Statement, Where
from blikveld.cli.tables import tables
from blikveld.disclosure.secondary import SuppressionInfeasible
from blikveld.publish.clearing import clear, ledger_of
from blikveld.publish.pipeline import write_report
from blikveld.questionnaire.routing import Routing
from blikveld.responses.schema import ResponseRecord
from blikveld.responses.snapshot import Snapshot, read, write
from blikveld.results.cell import DataOrigin
from blikveld.rules import format_rule
from blikveld.study.load import load
from blikveld.study.model import Study

MANY, BATCH = 150, 15
QUICK = (2, 7, 46, 68, 24, 27)
"""Of each threshold two. In 46 and 68 a range for nobody could be narrowed; in the last two a table
left out all jobs of a domain but one."""
NONE = "none9"
FIGURE = "{{ figure('qa', by='domain') }}"
MET = ("qa != 'none9'", "anyq == 'yes'", "ga in ('hi', 'lo')")
"""Those who are asked on, in three wordings."""
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
    }
    domain = {"key": "domain", "label": _text("Domein"), "from": "job", "values_from": "domain"}
    return {
        "coded": [domain | {"map": dict(shape.jobs)}],
        "derived": [{"key": k, "label": _text(k), "cases": c} for k, c in variables.items()],
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


def _write_study(folder: Path, dice: random.Random, shape: _Shape, threshold: int) -> Study:
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
    _dump(folder / "tables.yaml", {"tables": _tables(dice, dice.randint(3, 5))})
    _write_texts(folder, FIGURE)
    return load(folder)


def _dump(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=1), encoding="utf-8")


def _write_texts(folder: Path, figure: str) -> None:
    text = f"# Alles\n\n{figure}\n\n{{{{ count(\"qa != 'none9'\") }}}}\n\n{{{{ tables() }}}}\n"
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


def _snapshot(study: Study, folder: Path, dice: random.Random, shape: _Shape) -> Snapshot:
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
        for _ in range(dice.randint(30, 160))
    )
    answers = (ResponseRecord(str(at), person) for at, person in enumerate(people))
    return write(study, answers, folder, origin=DataOrigin.MADE_UP)


def _publish(study: Study, taken: Snapshot, folder: Path, dice: random.Random) -> Iterator[Path]:
    """Everything that somebody can have: a draft, one table after another, then a second draft.

    A second draft is refused where what was printed before leaves no room for its numbers.
    """
    ledger = ledger_of(taken.folder, None)
    write_report(study, taken, folder / "one", study.languages, kinds=(), ledger=ledger)
    names = [plan.key for plan in study.tables]
    for name in dice.sample(names, len(names)):
        out = folder / name
        tables(taken.folder, out=out, study=str(study.folder), format=("csv",), table=(name,))
        yield out / "tables.csv"
    yield from (folder / "one" / f"numbers-{language}.jsonl" for language in study.languages)
    _write_texts(study.folder, "{{ figure('qc', by='domain') }}")
    again = read(load(study.folder), taken.folder)
    try:
        write_report(study, again, folder / "two", study.languages, kinds=(), ledger=ledger)
    except SuppressionInfeasible:
        _write_texts(study.folder, FIGURE)
        return
    yield from (folder / "two" / f"numbers-{language}.jsonl" for language in study.languages)


Said: TypeAlias = tuple[str, int, int]
"""A condition, and between which numbers lies how many people it is true of."""


def attacked(folder: Path, seed: int) -> tuple[Audit, list[Finding]]:
    """What follows from all that one random study published, and from what it left out.

    Of the second draft it is not asked whether all of a small group are the same: of one that it
    counts first, an older 0 of a larger group may have said so, and cannot be taken back.
    """
    dice, threshold = random.Random(seed), (3, 5, 10)[seed % 3]
    shape = _shape(dice)
    study = _write_study(folder / "study", dice, shape, threshold)
    taken = _snapshot(study, folder / "snapshot", dice, shape)
    paths = tuple(_publish(study, taken, folder, dice))
    first = [path for path in paths if path.parent.name != "two"]
    every = _audited(study, threshold, paths, (*_said(study, shape, paths), *_moved(study, taken)))
    once = _audited(study, threshold, first, _said(study, shape, first))
    found = [one for one in every.findings if one.kind is not FindingKind.SAME]
    return every, found + [one for one in once.findings if one.kind is FindingKind.SAME]


def _audited(study: Study, threshold: int, paths: Iterable[Path], said: Iterable[Said]) -> Audit:
    publication = Publication()
    for path in paths:
        publication.extend(read_cells(path))
    for group, low, high in said:
        publication.statements.append(Statement(group, low, high, _READER, withheld=low < high))
    return audit_publication(read_population(study.folder), publication, threshold)


_READER = Where("what a reader sees beside the files' columns")


def _said(study: Study, shape: _Shape, paths: Iterable[Path]) -> Iterator[Said]:
    """What the files say of groups, by what is in them and by what is not."""
    for path in paths:
        if path.suffix == ".jsonl":
            for line in path.read_text(encoding="utf-8").splitlines():
                yield from _entry(json.loads(line))
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
    percents = re.fullmatch(r"(\d+)(?:–(\d+))?%", entry["printed"])
    if base is not None and percents:
        least, most = int(percents[1]), int(percents[2] or percents[1])
        half = 0.5 + 1e-9
        yield _both(entry), ceil((least - half) * base / 100), floor((most + half) * base / 100)


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
    assert refused < 3
    assert leaks == []
