"""Names that were retired stay away, and no two classes share one (docs/glossary.md)."""

from __future__ import annotations

import ast
import runpy
from collections.abc import Iterator
from pathlib import Path

import blikveld
from blikveld.cli import app as cli
from blikveld.web import environment

HOUSE = Path(blikveld.__file__).parent
_COUNTS = runpy.run_path(str(HOUSE.parents[1] / "bench" / "house.py"))
MODULES: dict[str, Path] = _COUNTS["modules"]()

CLASSES = """
Place Line Part Kind Origin Standing Words Tally Reading Link Outcome Draft Keys Key System Sum
CannotProtect Unprotected TwoNumbers TooManyWays Trouble Happening Wish Overtaken Lock CallBook
Why Nothing QuestionFrame Apart Rooms Task Guard Wait Tries Room Workplace Talk Register
Protected Passage Ask Job Head Sheet Lonely Strata Design Untrue Said CannotHold Odd Miss
Traveller MadeUp LeftOut Mapped
"""
FUNCTIONS = """
ways piped tellable tells_too_much cheapest put_aside open_to_all take_in spoken_of left_out
places_map hand_out made_up travel leavers open_contacts turn prove price place talk
"""
MODULES_BEFORE = """
files figures rules.normal rules.sentence rules.values stats.shares stats.rows stats.calibrated
stats.effects stats.tests stats.influence stats.families stats.refusal study.check study.prove
study.ways study.words study.published study.texts study.reading responses.record
responses.coding responses.columns responses.masks responses.engine responses.plain
responses.faults questionnaire.walk fieldwork.codes fieldwork.days fieldwork.domains
fieldwork.calls contacts.keys contacts.seal tabulation.anchors tabulation.plain tabulation.truth
tabulation.strata tabulation.batches tabulation.engines.needs disclosure.primary
disclosure.system disclosure.program disclosure.safe disclosure.leaving_out web.places
web.refusals web.frames web.site web.limits web.visitors web.onward web.readiness web.quiet
web.watching web.printing web.resuming web.jinja web.sheets web.keeping web.copying web.erasing
desk.talks desk.texts desk.calls desk.responses desk.journal desk.accounts.entering
desk.accounts.inviting desk.accounts.factor desk.accounts.people desk.export.taking
desk.export.erasing desk.keeping desk.refusals desk.telling desk.guard desk.pages desk.places
desk.accounts.pages desk.export.pages synthetic.made_up synthetic.travel synthetic.leavers
synthetic.plan_check interviews.plan interviews.protect interviews.room interviews.workplace
interviews.roles interviews.foreign interviews.refi.faults interviews.transcripts.refusal
interviews.transcripts.turn interviews.reading report.recorder report.vocabulary report.source
report.phrases report.chapters report.facts report.measures report.relations report.lettering
report.divided report.dots report.plots report.drawing report.listing report.sources
report.leaving_out report.pdf report.html report.docx report.xlsx report.tree report.paging
report.typefaces cli.publish cli.clearing cli.tablefiles cli.quoting cli.steps cli.engines
cli.calls cli.calling cli.checking cli.collecting cli.console cli.progress cli.show
cli.explaining cli.reference cli.reporting cli.watching cli.recounting cli.reproduced
cli.response cli.spreading cli.studies
"""
SETTINGS = {
    "study/loader/questionnaire_yaml.py": {"parts"},
    "study/loader/tables_yaml.py": {"place", "without", "each", "was", "is"},
    "interviews/study_files.py": {"place", "places", "roles", "wider", "widest"},
    "synthetic/plan.py": {"hand_out"},
    "report/text/functions.py": {"place", "numbers", "left_out", "places_map", "spoken_of"},
    "publish/table_files.py": {"place", "withheld"},
    "cli/waves.py": {"standing"},
}
"""The files that read study files, report calls and columns, and what they no longer name."""
COMMANDS = {
    ("close",),
    ("desk", "audit"),
    ("contacts", "open"),
    ("fieldwork", "rewrite"),
    *(("interviews", name) for name in ("guide", "take-in", "protect")),
}
VARIABLES = {"STARTS", "DURABLE", "DESK_TALKS_KEY"}

STILL_THERE = {
    "place": {"checker"},
    "prove": {"checker", "study"},
    "price": {"disclosure"},
}
"""Functions in rooms that are being changed. `study.reachability` proves goals: what logic says."""


def _functions() -> Iterator[tuple[str, str]]:
    """Each function and method with its room."""
    for name, path in MODULES.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                yield node.name, name.split(".")[1]


def test_no_class_has_a_retired_name() -> None:
    found = {
        (node.name, name)
        for name, path in MODULES.items()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and node.name in CLASSES.split()
    }
    assert found == set()


def test_no_function_has_a_retired_name() -> None:
    found = {(name, room) for name, room in _functions() if name in FUNCTIONS.split()}
    assert {(n, room) for n, room in found if room not in STILL_THERE.get(n, ())} == set()
    assert {(n, room) for n, rooms in STILL_THERE.items() for room in rooms} - found == set()


def test_no_module_has_a_retired_name() -> None:
    assert [name for name in MODULES_BEFORE.split() if f"blikveld.{name}" in MODULES] == []


def test_no_study_file_call_or_column_has_a_retired_name() -> None:
    found = {
        (file, node.value)
        for file, retired in SETTINGS.items()
        for node in ast.walk(ast.parse((HOUSE / file).read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value in retired
    }
    assert found == set()


def test_no_command_or_variable_has_a_retired_name() -> None:
    cli.know_all()
    for group, *inner in COMMANDS:
        assert group not in cli.app or (inner and inner[0] not in cli.app[group])
    assert set(environment._KNOWN) & VARIABLES == set()
    text = "".join(path.read_text(encoding="utf-8") for path in MODULES.values())
    assert [name for name in VARIABLES if f'"BLIKVELD_{name}"' in text] == []


def test_no_two_classes_share_a_name() -> None:
    assert _COUNTS["shared_class_names"](MODULES) == {}


def test_a_shared_name_is_found_in_classes_within_classes_too(tmp_path: Path) -> None:
    one, other = tmp_path / "one.py", tmp_path / "other.py"
    one.write_text("class Row:\n    class Meta: ...\n", encoding="utf-8")
    other.write_text("class Sheet:\n    class Row: ...\n    class Meta: ...\n", encoding="utf-8")
    find = _COUNTS["shared_class_names"]
    assert find({"one": one, "other": other}) == {"Row": ["one", "other"]}


def test_no_modules_import_each_other_in_a_circle() -> None:
    find = _COUNTS["circles"]
    assert find({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}}) == [["b", "c"]]
    graph: dict[str, set[str]] = _COUNTS["imports"](MODULES)
    assert {"blikveld.rules", "blikveld.errors"} & graph["blikveld.study.load"]
    assert find(graph) == []
