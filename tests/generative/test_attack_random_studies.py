"""Studies made at random, published in every way, and attacked by code of its own.

Each has derived variables, groups in two wordings, routing and crossed groupings; a report in two
languages, all its tables, one table at a time and a second draft are one publication. Everything
here is invented.
"""

from __future__ import annotations

import json
import random
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from blikveld.auditor.findings import Audit, audit_publication
from blikveld.auditor.output import write_text
from blikveld.auditor.population import read_population
from blikveld.auditor.reading import read_cells
from blikveld.auditor.statements import Publication
from blikveld.cli.tables import tables
from blikveld.publish.clearing import ledger_of
from blikveld.publish.pipeline import write_report
from blikveld.questionnaire.routing import Routing
from blikveld.responses.schema import ResponseRecord
from blikveld.responses.snapshot import Snapshot, read, write
from blikveld.results.cell import DataOrigin
from blikveld.study.load import load
from blikveld.study.model import Study

QUICK, MANY = 6, 150
NONE = "none9"
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
    _write_texts(folder, "{{ figure('qa', by='domain') }}")
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
    """Everything that somebody can have: two drafts, one table after another, then all tables."""
    ledger = ledger_of(taken.folder, None)
    write_report(study, taken, folder / "one", study.languages, kinds=(), ledger=ledger)
    names = [plan.key for plan in study.tables]
    for name in dice.sample(names, len(names)):
        out = folder / name
        tables(taken.folder, out=out, study=str(study.folder), format=("csv",), table=(name,))
        yield out / "tables.csv"
    _write_texts(study.folder, "{{ figure('qc', by='domain') }}")
    again = load(study.folder)
    write_report(
        again, read(again, taken.folder), folder / "two", study.languages, kinds=(), ledger=ledger
    )
    for draft in ("one", "two"):
        yield from (folder / draft / f"numbers-{language}.jsonl" for language in study.languages)


def attacked(folder: Path, seed: int) -> Audit:
    """What follows from all that one random study published."""
    dice, threshold = random.Random(seed), (3, 5, 10)[seed % 3]
    shape = _shape(dice)
    study = _write_study(folder / "study", dice, shape, threshold)
    taken = _snapshot(study, folder / "snapshot", dice, shape)
    publication = Publication()
    for path in _publish(study, taken, folder, dice):
        publication.extend(read_cells(path))
    return audit_publication(read_population(study.folder), publication, threshold)


@pytest.mark.parametrize("seed", range(QUICK))
def test_nothing_follows_from_all_that_a_random_study_published(tmp_path: Path, seed: int) -> None:
    found = attacked(tmp_path, seed)
    assert found.groups > 10
    assert not found.findings, write_text(found)


@pytest.mark.long
def test_nothing_follows_from_150_random_studies(tmp_path: Path) -> None:
    kinds: Counter[str] = Counter()
    withheld = 0
    for seed in range(QUICK, MANY):
        folder = tmp_path / str(seed)
        found = attacked(folder, seed)
        withheld += found.withheld
        kinds.update(finding.kind.value for finding in found.findings)
        shutil.rmtree(folder)
    assert withheld > MANY
    assert kinds == {}
