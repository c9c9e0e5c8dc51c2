"""docs/changing.md is true: each change of its table is made, before, in and after a fieldwork.

`python tests/spec/test_changing_page.py` writes the table anew. All answers are invented.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import pytest

import blikveld
from blikveld.errors import BlikveldError, Faults
from blikveld.fieldwork import Session, SessionState, SurveyLink, fitting, sessions
from blikveld.questionnaire import Routing
from blikveld.responses.schema import ResponseRecord
from blikveld.responses.snapshot import NOTHING, read, write
from blikveld.study.changes import (
    ChangeKind,
    ChangeRule,
    compare_descriptions,
    rule_of_change,
    tell_change,
)
from blikveld.study.identity import StudyDescription, describe_study
from blikveld.study.load import load
from blikveld.study.model import Mode, Study

PAGE = Path(blikveld.__file__).parents[2] / "docs" / "changing.md"
STUDY = Path(__file__).parents[1] / "studies" / "edited"
BEGIN, END = "<!-- made by tests/spec/test_changing_page.py -->\n", "<!-- up to here -->\n"
Edits: TypeAlias = Sequence[tuple[str, str, str]]
"""In which file what is replaced by what; an empty text stands for the end of the file."""

Q, S, D = "questionnaire.yaml", "study.yaml", "derived.yaml"
WHITE = '          - {code: white, label: {nl: "Wit", en: "White"}}\n'
BROWN = '          - {code: brown, label: {nl: "Bruin", en: "Brown"}}\n'
RYE = '          - {code: rye, label: {nl: "Rogge", en: "Rye"}}\n'
PILOT = '          - {code: pilot, label: {nl: "Piloot", en: "Pilot"}}\n'
REMARKS = (
    "      - question: remarks\n        kind: open\n        required: false\n"
    '        text: {nl: "Nog iets?", en: "Anything else?"}\n'
)
WHY = (
    "      - question: why\n        kind: open\n        ask_if: \"'brown' in bread\"\n"
    '        text: {nl: "Waarom bruin?", en: "Why brown?"}\n'
)
LOAVES = (
    "      - question: loaves\n        kind: number\n        min: 0\n        max: 20\n"
    '        text: {nl: "Hoeveel per week?", en: "How many a week?"}\n'
)
END_TEXT = '      - {text: end, body: {nl: "Bijna klaar.", en: "Nearly done."}}\n'
LIKING = "      - question: liking\n"
NEW = (
    "      - question: bakery\n        kind: single\n        required: {}\n"
    "        text: {{nl: 'Bakt u?', en: 'Do you bake?'}}\n        options:\n"
    "          - {{code: y, label: {{nl: Ja, en: 'Yes'}}}}\n"
    "          - {{code: n, label: {{nl: Nee, en: 'No'}}}}\n"
)
BROWN_EATER = (
    "derived:\n  - key: brown_eater\n    label: {nl: Bruin, en: Brown}\n    cases:\n"
    "      - {code: eats, label: {nl: eet bruin, en: eats brown}, when: \"'brown' in bread\"}\n"
)
KEEN = (
    '  - key: keen\n    label: {nl: "Houdt ervan", en: "Is keen"}\n    cases:\n'
    '      - {code: "yes", label: {nl: "Ja", en: "Yes"}, when: "liking == \'much\'"}\n'
    '      - {code: "no", label: {nl: "Nee", en: "No"}, when: "liking == \'little\'"}\n'
)

EDITS: Mapping[str, Edits] = {
    "a comment, a space": [(Q, "sections:", "# A remark.\n\nsections:")],
    "a typo in a question": [(Q, "Wat doet u?", "Wat doet u voor werk?")],
    "a typo in an answer": [(Q, 'nl: "Bakker"', 'nl: "De bakker"')],
    "a help text": [
        (Q, 'number: "1"\n', 'number: "1"\n        help: {nl: Kies er een, en: Choose}\n')
    ],
    "the printed number of a question": [(Q, 'number: "1"', 'number: "1a"')],
    "the title of the study": [(S, 'nl: "Brood"', 'nl: "Ons brood"')],
    "the name of a site": [(S, "name: Veen", "name: Nieuw Veen")],
    "an answer added to a question with one": [
        (Q, PILOT, f'{PILOT}          - {{code: nurse, label: {{nl: "Zorg", en: "Nurse"}}}}\n'),
        (D, "pilot: rest}", "pilot: rest, nurse: rest}"),
    ],
    "an answer added to a question with several": [
        (Q, RYE, f'{RYE}          - {{code: spelt, label: {{nl: "Spelt", en: "Spelt"}}}}\n')
    ],
    "an answer closed": [(Q, WHITE, WHITE.replace("}}", "}, closed: true}"))],
    "an answer that nobody gave taken out": [(Q, RYE, "")],
    "an answer that people gave taken out": [(Q, WHITE, "")],
    "an answer renamed": [(Q, WHITE, WHITE.replace("code: white", "code: pale"))],
    "answers in another order": [(Q, WHITE + BROWN, BROWN + WHITE)],
    "an answer that stands alone from now on": [(Q, RYE, RYE.replace("}}", "}, exclusive: true}"))],
    "an answer for some only": [(Q, RYE, RYE.replace("}}", "}, show_if: \"job == 'baker'\"}"))],
    "a box beside an answer": [(Q, RYE, RYE.replace("}}", "}, text: {nl: soort, en: kind}}"))],
    "a box beside an answer taken out": [
        (Q, ", text: {nl: namelijk, en: namely}", ""),
        ("coding.csv", "trade,job,molenaar,food\n", ""),
        (D, "pilot: rest}", "pilot: rest, other: rest}"),
    ],
    "a question added on a page": [(Q, LOAVES, LOAVES + NEW.format("true"))],
    "an optional question added on a page": [(Q, LOAVES, LOAVES + NEW.format("false"))],
    "a question added on a page of its own": [
        (
            Q,
            "  - key: last\n",
            "  - key: more\n    new_page: true\n    title: {nl: Meer, en: More}\n"
            "    items:\n" + NEW.format("true") + "  - key: last\n",
        )
    ],
    "a question that nobody answered taken out": [(Q, REMARKS, "")],
    "a question that people answered taken out": [(Q, LOAVES, "")],
    "a question renamed": [(Q, "question: loaves", "question: breads")],
    "a question in another place": [(Q, LOAVES, ""), (Q, LIKING, LOAVES + LIKING)],
    "several answers become one": [
        (Q, "kind: multiple", "kind: single"),
        (Q, "'brown' in bread", "bread == 'brown'"),
    ],
    "one answer becomes words of one's own": [
        (Q, REMARKS, REMARKS.replace("kind: open", "kind: text")),
    ],
    "a number becomes a text": [
        (Q, LOAVES, LOAVES.replace("number\n        min: 0\n        max: 20", "open"))
    ],
    "a question that may be left blank": [(Q, LIKING, f"{LIKING}        required: false\n")],
    "a question that may not be left blank": [(Q, "        required: false\n", "")],
    "a question for fewer people": [
        (Q, "\"'brown' in bread\"", "\"'brown' in bread and job == 'baker'\"")
    ],
    "a question not for some who were not asked it": [
        (Q, "\"'brown' in bread\"", "\"'brown' in bread and job != 'pilot'\"")
    ],
    "a question for more people": [(Q, "        ask_if: \"'brown' in bread\"\n", "")],
    "wider limits": [(Q, "max: 20", "max: 50")],
    "narrower limits that all answers keep": [(Q, "max: 20", "max: 12")],
    "narrower limits that an answer exceeds": [(Q, "max: 20", "max: 5")],
    "decimals": [(Q, "max: 20", "max: 20\n        decimals: 1")],
    "a unit": [(Q, "max: 20", "max: 20\n        unit: {nl: stuks, en: loaves}")],
    "a text between questions": [
        (Q, LOAVES, "      - {text: soon, body: {nl: Bijna klaar., en: Nearly done.}}\n" + LOAVES)
    ],
    "a text between questions taken out": [(Q, END_TEXT, "")],
    "a part that begins no page any more": [(Q, "    new_page: true\n", "")],
    "a row of the coding file": [("coding.csv", "molenaar,food", "molenaar,rest")],
    "the map of an answer to a code": [(D, "butcher: food", "butcher: rest")],
    "a derived variable added": [(D, "derived:\n", BROWN_EATER)],
    "a derived variable made otherwise": [(D, "liking == 'little'", "liking != 'much'")],
    "a derived variable taken out": [(D, f"derived:\n{KEEN}", "")],
    "other numbers in a score": [(D, "much: 2", "much: 3")],
    "another base of a table": [("tables.yaml", 'base: "True"', "base: \"job != 'pilot'\"")],
    "another rule of inclusion": [
        ("inclusion.yaml", 'keep: "completed"', 'keep: "completed and answered(job)"')
    ],
    "another rule for small counts": [
        (S, "modes: [web]", "modes: [web]\ndisclosure: {threshold: 10}")
    ],
    "the telephone added": [(S, "modes: [web]", "modes: [web, phone]")],
    "a site added": [(S, "    - {key: zand", "    - {key: klei, name: Klei}\n    - {key: zand")],
    "a site that people answered at taken out": [
        (S, "    - {key: veen, name: Veen}\n", ""),
        (S, "members: [veen]", "members: [zand]"),
    ],
    "a site where nobody answered taken out": [(S, "    - {key: zand, name: Zand}\n", "")],
    "another fieldwork": [(S, "to: 2027-02-28", "to: 2027-03-31")],
    "another version": [(S, 'version: "1"', 'version: "2"')],
}

ANSWERS = (
    {"job": "baker", "bread": ("white", "brown"), "loaves": "2", "why": "Lekker", "liking": "much"},
    # Went back and took brown away: what was said of it stays, and counts for nothing.
    {"job": "baker", "bread": ("white",), "why": "Wel goed", "loaves": "7", "liking": "much"},
    {"job": "butcher", "bread": ("white",), "loaves": "1", "liking": "little"},
    {"job": "butcher", "bread": ("brown",), "loaves": "0", "why": "Vezels", "liking": "little"},
    {"job": "other", "job_other": "Molenaar", "bread": ("white",), "loaves": "3", "liking": "much"},
    {"job": "other", "job_other": "Imker", "bread": ("white",), "loaves": "4", "liking": "much"},
)


@dataclass(frozen=True)
class Taken:
    """A fieldwork that is going on, and the snapshot that was taken of it."""

    study: Study
    before: StudyDescription
    sessions: tuple[Session, ...]
    snapshot: Path
    digest: str


def _take(folder: Path) -> Taken:
    study = load(STUDY)
    routing = Routing(study)
    link, pages = SurveyLink("veen", Mode.WEB), frozenset(page.key for page in routing.pages)
    done = SessionState.COMPLETED
    held = tuple(
        Session(number, "", study.key, study.version, link, "nl", answers, pages, done)
        for number, answers in enumerate(ANSWERS)
    )
    responses = (ResponseRecord(str(one.key), sessions.record(routing, one)) for one in held)
    made = write(study, responses, folder / "snapshot", texts=NOTHING)
    return Taken(study, describe_study(study), held, made.folder, made.digest)


def _edited(edits: Edits, folder: Path) -> Path:
    copy = shutil.copytree(STUDY, folder / "study", dirs_exist_ok=True)
    for file, old, new in edits:
        text = (copy / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, (file, old)
        (copy / file).write_text(text.replace(old, new), encoding="utf-8")
    return copy


def _in_the_field(taken: Taken, study: Study) -> str:
    """As web.fieldwork decides: what would be lost is refused, what others are asked is noted."""
    if study.version != taken.study.version:
        return "refused: a version has a data folder of its own"
    changes = compare_descriptions(taken.before, describe_study(study))
    unknown = fitting.count_unknown(study, taken.sessions)
    if unknown := unknown or fitting.count_lost(study, taken.before, changes, taken.sessions):
        told = fitting.describe_unknown(unknown, study.disclosure.threshold)
        return f"refused: {told} would be lost"
    noted = [tell_change(c) for c in changes if rule_of_change(c) is not ChangeRule.FREE]
    return f"noted: {'; '.join(noted)}" if noted else "free"


def _afterwards(taken: Taken, study: Study) -> str:
    try:
        found = read(study, taken.snapshot)
    except BlikveldError as refused:
        return f"refused: {refused.problem}"
    kept = "the same hash" if found.digest == taken.digest else "another hash"
    return " ".join((*found.told_changes(), f"({kept})"))


@dataclass(frozen=True)
class Tried:
    """What came of a change: the cells of its line, and the kinds of change that it was."""

    row: tuple[str, ...]
    kinds: frozenset[ChangeKind] = frozenset()


def _try(taken: Taken, name: str, edits: Edits) -> Tried:
    with tempfile.TemporaryDirectory() as folder:
        try:
            study = load(_edited(edits, Path(folder)))
        except Faults as refused:
            told = "; ".join(fault.problem for fault in refused.faults)
            return Tried((name, f"refused: {told}", "as before", "as before"))
        cells = (name, "free", _in_the_field(taken, study), _afterwards(taken, study))
        changes = compare_descriptions(taken.before, describe_study(study))
        return Tried(cells, frozenset(change.kind for change in changes))


def table(tried: Sequence[Tried]) -> str:
    """The table of the page."""
    head = "| what is changed | before | while the field is open | a snapshot of before |\n"
    lines = (f"| {' | '.join(each.row)} |\n" for each in tried)
    return f"{head}| --- | --- | --- | --- |\n{''.join(lines)}"


def _try_all(folder: Path) -> tuple[Tried, ...]:
    taken = _take(folder)
    return tuple(_try(taken, name, edits) for name, edits in EDITS.items())


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> tuple[Tried, ...]:
    """Every change of the table, made once."""
    return _try_all(tmp_path_factory.mktemp("edited"))


def test_the_table_says_what_comes_of_each_change(tried: tuple[Tried, ...]) -> None:
    page = PAGE.read_text(encoding="utf-8")
    shown = page.partition(BEGIN)[2].partition(END)[0]
    assert shown.strip().splitlines() == table(tried).strip().splitlines()


def test_every_kind_of_change_stands_in_the_table(tried: tuple[Tried, ...]) -> None:
    assert frozenset[ChangeKind]().union(*(each.kinds for each in tried)) == set(ChangeKind)


def _write_page() -> None:
    head, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    with tempfile.TemporaryDirectory() as folder:
        made = table(_try_all(Path(folder)))
    PAGE.write_text(f"{head}{BEGIN}{made}{END}{rest.partition(END)[2]}", encoding="utf-8")


if __name__ == "__main__":
    _write_page()
