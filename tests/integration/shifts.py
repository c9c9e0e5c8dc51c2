"""The invented study of night work: its answers, and what a text or a table makes of them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path

from blikveld.publish.pipeline import write_report
from blikveld.report import model
from blikveld.report.model import ManifestEntry
from blikveld.responses.schema import ResponseRecord, raw_names
from blikveld.responses.snapshot import Snapshot, write
from blikveld.rules import Missing, Person, Rule, Value, evaluate, parse
from blikveld.study.load import load
from blikveld.study.model import Study

SHIFTS = Path(__file__).parents[1] / "studies/shifts"
ROLES, NIGHTS, TOLD = ("porter", "clerk", "cook"), ("often", "rarely", "never"), ("yes", "no")
_HARM = {"porter": ("noise", "fall"), "clerk": ("noise",), "cook": ("fall", "theft")}


def study_with(to: Path, files: Mapping[str, str]) -> Study:
    """The study with these files, by their place in its folder, written or written over."""
    folder = shutil.copytree(SHIFTS, to / "study", dirs_exist_ok=True)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return load(folder)


def answers() -> Iterator[dict[str, Value]]:
    """Each way through the questions, some eight to nineteen times; two of five in Zand."""
    ways = product(ROLES, NIGHTS, (*TOLD, "dont_know"))
    for index, (role, nights, told) in enumerate(ways):
        for time in range(8 + index % 12):
            asked = nights != "never"
            yield {
                "municipality": "zand" if time % 5 < 2 else "veen",
                "mode": "web",
                "language": "nl",
                "completed": True,
                "role": role,
                "nights": nights,
                "harm": _HARM[role] if asked else Missing.NOT_ASKED,
                "told": told if asked else Missing.NOT_ASKED,
                "remarks": Missing.SKIPPED,
            }


def taken(study: Study, to: Path) -> Snapshot:
    """A snapshot of the answers."""
    found = (ResponseRecord(str(n), given) for n, given in enumerate(answers()))
    assert set(next(answers())) == set(raw_names(study))
    return write(study, found, to / "snapshot")


def printed(study: Study, to: Path) -> tuple[ManifestEntry, ...]:
    """Every number that the Dutch report of the study prints."""
    write_report(study, taken(study, to), to / "report", ("nl",), kinds=())
    return model.read_manifest(to / "report/numbers-nl.jsonl")


def meeting(persons: list[Person], rule: Rule | str) -> list[Person]:
    """Those for whom the rule is true, by the plain evaluator."""
    read = parse(rule) if isinstance(rule, str) else rule
    return [person for person in persons if evaluate(read, person) is True]
