"""No suppressed count is in anything that publishing writes. Everybody here is invented.

Two fieldworks differ in suppressed counts alone. One is published; the list of its releases then
makes the other print the same numbers. What a file of the one holds and the same file of the other
does not, a length in a drawing too, was computed from a suppressed count.
"""

from __future__ import annotations

import random
import re
import shutil
import stat
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import duckdb
import pikepdf
import pypdfium2 as pdfium
import pytest

from blikveld.cli import terminal
from blikveld.cli.report import privacy, report
from blikveld.cli.tables import tables
from blikveld.disclosure.ledger import SUFFIX, Ledger, NumberKey, Numbers
from blikveld.disclosure.rounding import range_of
from blikveld.publish import sources
from blikveld.questionnaire.routing import Routing
from blikveld.responses.derive import code_and_derive
from blikveld.responses.schema import ResponseRecord
from blikveld.responses.snapshot import Snapshot, read, write
from blikveld.results.cell import CellRequest, DataOrigin
from blikveld.rules import Missing, Rule, Value, evaluate, join_rules, parse
from blikveld.study.disclosure import ProtectionMethod
from blikveld.study.load import load
from blikveld.study.model import Study
from blikveld.synthetic.trial_respondents import draw_respondents
from blikveld.tabulation.cell_counts import count_cells

PEOPLE, THRESHOLD = 1200, 150
"""So many that what is suppressed are numbers of three figures, which stand nowhere by chance."""

TEXT = """# Alles

{{ remained() }} / {{ share("aggression == 'no'") }} / {{ count("job == 'nurse'") }}

{{ share("aggression == 'often'", of="job == 'officer'") }}

{{ count("aggression == 'often' and job == 'nurse'") }}

{% call figure('aggression') %}Alle{% endcall %}

{% call figure('aggression', by='job') %}Per functie{% endcall %}

{% call figure('aggression', by='job', order='size', key='ordered') %}Naar grootte{% endcall %}

{% call figure('job', rule="aggression == 'often'", key='rule') %}Vaak{% endcall %}

{% call figure('kinds', by='job') %}Soorten{% endcall %}

{{ figure_table('reported', by='job') }}

{{ influence_table() }}

{{ funnel() }}

{{ tables() }}
"""
PLAN = """
  - key: towns
    number: {nl: "Tabel 3", en: "Table 3"}
    title: {nl: "Gemeld", en: "Reported"}
    base: "aggression != 'no'"
    rows: [municipality, job]
    columns: reported
"""


@dataclass(frozen=True)
class World:
    """One fieldwork and all that was written of it, with folders of its own for what is passing."""

    folder: Path

    @property
    def out(self) -> Path:
        return self.folder / "out"

    @property
    def snapshot(self) -> Path:
        return self.folder / "snapshot"

    @property
    def ledger(self) -> Path:
        return self.folder / f"snapshot{SUFFIX}"


_SLOWLY = [pytest.param(method, marks=pytest.mark.long) for method in ("hidden", "rounded")]


@pytest.fixture(scope="module", params=["bands", *_SLOWLY])
def study(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The study for newcomers with charts of every kind and a rule for small counts."""
    folder = tmp_path_factory.mktemp("study") / "study"
    shutil.copytree(load("example").folder, folder)
    rounded = request.param == "rounded"
    threshold = f"threshold: {5 if rounded else THRESHOLD}"
    setting = f"disclosure: {{{threshold}, method: {request.param}}}\n"
    _append(folder / "study.yaml", setting)
    _append(folder / "tables.yaml", PLAN)
    for language in ("nl", "en"):
        text = TEXT if request.param == "bands" else re.sub(r"\n.*officer.*\n", "\n", TEXT)
        (folder / "report" / language / "10-agressie.md").write_text(text, encoding="utf-8")
    return load(folder)


def _append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


Answers = list[dict[str, Value]]


@pytest.fixture(scope="module")
def worlds(study: Study, tmp_path_factory: pytest.TempPathFactory) -> tuple[World, World]:
    """Two publications that may not differ."""
    one, other = (World(tmp_path_factory.mktemp(name)) for name in ("one", "two"))
    people = answers(study)
    snapshot(study, people, one.snapshot)
    publish(study, one)
    numbers = Ledger(one.ledger).releases()[0].numbers
    snapshot(study, exchanged(study, people, numbers), other.snapshot)
    shutil.copy(one.ledger, other.ledger)
    publish(study, other)
    return one, other


def answers(study: Study) -> Answers:
    """Whole respondents drawn at random, with unequal jobs so that some counts are printed.

    Where counts are hidden or rounded they are all of one town: which town moves a share is told or
    not by its size, so that two fieldworks would not ask for the same numbers.
    """
    routing, towns = Routing(study), tuple(study.sites)
    is_spread = study.disclosure.method is ProtectionMethod.BANDS
    drawn = (one for one in draw_respondents(study, 4 * PEOPLE) if one.pages is None)
    kept = (one for at, one in enumerate(drawn) if one.answers["job"] == "nurse" or at % 3)
    return [
        dict(
            routing.complete(
                site=one.site if is_spread else towns[0].key,
                mode=one.mode.value,
                language=one.language,
                answers=one.answers,
                completed=True,
                pages_done=len(routing.pages),
            )
        )
        for one in islice(kept, PEOPLE)
    ]


def snapshot(study: Study, people: Answers, folder: Path) -> Snapshot:
    """These respondents as a snapshot."""
    records = (ResponseRecord(str(number), person) for number, person in enumerate(people))
    return write(study, records, folder, origin=DataOrigin.MADE_UP)


_BUNDLES = (("aggression", "kinds", "kinds_other", "reported"), ("reported",), ("municipality",))
_TRIES = 800


def exchanged(study: Study, people: Answers, numbers: Numbers) -> Answers:
    """Others who would have got the same publication: some have what another one answered.

    An exchange between two people stays where it leaves all that was printed true.
    """
    counts = _Counts(study, people, numbers)
    dice, now = random.Random(1), list(people)
    for _ in range(_TRIES):
        bundle, (one, other) = dice.choice(_BUNDLES), dice.sample(range(len(now)), 2)
        mine, yours = ({name: now[at][name] for name in bundle} for at in (one, other))
        changed = {one: {**now[one], **yours}, other: {**now[other], **mine}}
        if mine != yours and _goes(study, changed) and counts.take(now, changed):
            for at, person in changed.items():
                now[at] = person
    return now


def _goes(study: Study, changed: Mapping[int, dict[str, Value]]) -> bool:
    """Whether each was asked what they answer."""
    return all(
        (p["aggression"] == "no") == isinstance(p["reported"], Missing) for p in changed.values()
    )


class _Counts:
    """What every printed or suppressed number is, while people are exchanged."""

    def __init__(self, study: Study, people: Answers, numbers: Numbers) -> None:
        base = study.disclosure.rounding_base
        self._study = study
        self._rules = {
            join_rules(parse(of), parse(rule)): range_of(band.low, base) if base else band
            for (of, rule, mentions), band in numbers.items()
            if not mentions
        }
        self._now = sum(map(self._of, people), Counter())

    def _of(self, answers: Mapping[str, Value]) -> Counter[Rule]:
        person = code_and_derive(self._study, answers)
        return Counter(rule for rule in self._rules if evaluate(rule, person))

    def take(self, people: Answers, changed: Mapping[int, Mapping[str, Value]]) -> bool:
        """Whether all that was printed stays true of these; then they are counted from now on."""
        then = Counter(self._now)
        for at, person in changed.items():
            then.subtract(self._of(people[at]))
            then.update(self._of(person))
        fits = all(band.low <= then[rule] <= band.high for rule, band in self._rules.items())
        self._now = then if fits else self._now
        return fits


def publish(study: Study, world: World) -> None:
    """Everything that can be given to readers, from one snapshot, with what was said meanwhile.

    Both fieldworks have one fingerprint: it stands in the report, and is no count.
    """
    name, passing, home = str(study.folder), world.folder / "passing", world.folder / "home"
    for folder in (passing, home, world.out):
        folder.mkdir()
    with pytest.MonkeyPatch.context() as patch, (world.out / "said.txt").open("w") as said:
        patch.setattr(tempfile, "tempdir", str(passing))
        patch.setattr(sources, "read", lambda *of: replace(read(*of), digest="0" * 64))
        patch.setenv("HOME", str(home))
        patch.setenv("XDG_CACHE_HOME", str(home))
        for each in (terminal.console, terminal.errors):
            patch.setattr(each, "_file", said)
        report(world.snapshot, out=world.out / "report", study=name, language=("nl", "en"))
        formats = ("csv", "json", "parquet", "xlsx")
        tables(world.snapshot, out=world.out / "tables", study=name, format=formats)
        privacy(out=world.out / "privacy", study=name, ledger=world.ledger)


def counted(study: Study, world: World) -> Mapping[NumberKey, int]:
    """What really is behind every number that was not printed exactly."""
    numbers = Ledger(world.ledger).releases()[0].numbers
    rounded = study.disclosure.method is ProtectionMethod.ROUNDED
    asks = {
        key: CellRequest(parse(key[0]), parse(key[1]))
        for key, band in numbers.items()
        if not key[2] and (rounded or band.low != band.high)
    }
    cells = count_cells(study, read(study, world.snapshot), asks.values())
    return {key: cells[ask].count for key, ask in asks.items()}


def contents(folder: Path) -> Iterator[tuple[str, str]]:
    """Every file there, unpacked as far as it can be, with what it holds as text."""
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.suffix in (".docx", ".xlsx"):
            with zipfile.ZipFile(path) as packed:
                for member in packed.namelist():
                    yield f"{name}/{member}", packed.read(member).decode("utf-8", "replace")
        elif path.suffix == ".pdf":
            yield name, "\n".join(_objects(path))
        elif path.suffix == ".parquet":
            yield name, repr(duckdb.read_parquet(str(path)).fetchall())
        elif path.is_file():
            text = path.read_bytes().decode("utf-8", "replace")
            yield name, _WHERE_AND_WHEN.sub("", text) if name == "said.txt" else text


_WHERE_AND_WHEN = re.compile(r"/\S*/(?:one|two)\d+/|\b\d+\.\d s\b")


def readable(folder: Path) -> Iterator[tuple[str, str]]:
    """The words and numbers of every file: no lengths, no places, no settings of a page."""
    for name, text in contents(folder):
        if name.endswith((".html", ".svg", ".xml")):
            alts = " ".join(_ALTS.findall(text))
            # How large the files are that a first page leads to.
            yield name, re.sub(r"\d+ kB", "", f"{_TAGS.sub(' ', text)} {alts}")
        elif name.endswith(".pdf"):
            with closing(pdfium.PdfDocument(folder / name)) as pdf:
                yield name, " ".join(page.get_textpage().get_text_range() for page in pdf)
        elif name == "said.txt":
            yield name, re.sub(r"│ +\d+ │$", "", text, flags=re.MULTILINE)  # how large files are
        elif not name.endswith((".css", ".rels")):
            yield name, text


_TAGS = re.compile(r"<style.*?</style>|<[^>]*>", re.DOTALL)
_ALTS = re.compile(r'(?:alt|aria-label|title|descr|content)="([^"]*)"')


def _objects(path: Path) -> Iterator[str]:
    """All objects of a PDF, their streams unpacked."""
    with pikepdf.open(path) as pdf:
        for each in pdf.objects:
            yield repr(each)
            if isinstance(each, pikepdf.Stream):
                yield each.read_bytes().decode("latin-1")


def test_two_fieldworks_that_differ_in_suppressed_counts_alone_give_the_same_files(
    study: Study, worlds: tuple[World, World]
) -> None:
    first, second = (dict(contents(world.out)) for world in worlds)
    assert first.keys() == second.keys()
    assert len(first) > 30
    one, other = (counted(study, world) for world in worlds)
    assert sum(one[key] != other[key] for key in one) > len(one) / 2
    assert [name for name in first if first[name] != second[name]] == []


def test_no_suppressed_count_is_to_be_read_anywhere(
    study: Study, worlds: tuple[World, World]
) -> None:
    world = worlds[0]
    printed = Ledger(world.ledger).releases()[0].numbers.values()
    widths = Counter(band.high - band.low + 1 for band in printed)
    # The document for the privacy officer tells how many numbers are exact, and how many are not.
    tallies = {*widths.values(), widths.total(), widths.total() - widths[1]}
    told = {n for band in printed for n in (band.low, band.high)} | widths.keys() | tallies
    hidden = {str(n) for n in counted(study, world).values() if n > 99 and n not in told}
    assert len(hidden) > 15
    found = {name: hidden & set(_NUMBER.findall(text)) for name, text in readable(world.out)}
    assert {name: numbers for name, numbers in found.items() if numbers} == {}


_NUMBER = re.compile(r"(?<![\w.,#-])\d+(?!\w|[.,]\d)")


def test_nothing_is_left_where_things_lie_in_passing_and_private_files_are_private(
    worlds: tuple[World, World],
) -> None:
    world = worlds[0]
    assert [*(world.folder / "passing").iterdir(), *(world.folder / "home").iterdir()] == []
    private = [world.ledger, world.out / "privacy" / "suppressed.csv", *world.snapshot.iterdir()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in private} == {0o600}
