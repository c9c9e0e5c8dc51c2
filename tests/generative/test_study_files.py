"""However a study is damaged, its author gets faults with places, never a crash."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blikveld.study.load import find_faults

STUDIES = Path(__file__).parents[1] / "studies"
FILES = ("study.yaml", "questionnaire.yaml", "derived.yaml", "inclusion.yaml", "tables.yaml")
SCRAPS = st.sampled_from(
    ["[]", "{}", "~", "true", "3", "''", "'", "*x", "&x", "- a", "key: 1", "[[1]]", "? a", ": "]
)
ODDITIES = st.sampled_from(["2020-02-30", "{a: {b: c}}", "!!int x", "\t", "\x07"])


@st.composite
def damage(draw: st.DrawFn) -> tuple[str, str, str]:
    """A study, a file in it, and what that file holds after some accidents."""
    study = draw(st.sampled_from(["routing", "made"]))
    there = [name for name in FILES if (STUDIES / study / name).exists()]
    file = draw(st.sampled_from(there))
    lines = (STUDIES / study / file).read_text(encoding="utf-8").splitlines()
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        lines[at : at + 1] = draw(st.sampled_from(_accidents(lines[at], draw(SCRAPS | ODDITIES))))
        if not lines:
            break
    return study, file, "\n".join(lines)


def _accidents(line: str, scrap: str) -> list[list[str]]:
    name, colon, _ = line.partition(":")
    half = len(line) // 2
    return [
        [],
        [line, line],
        [f"{name}{colon} {scrap}"],
        [f"  {line}"],
        [line[:half]],
        [line[:half] + scrap + line[half:]],
        [line, scrap],
    ]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(damage())
def test_a_damaged_study_gives_faults_and_no_crash(case: tuple[str, str, str]) -> None:
    study, file, text = case
    with tempfile.TemporaryDirectory() as room:
        folder = shutil.copytree(STUDIES / study, Path(room) / "study")
        (folder / file).write_text(text, encoding="utf-8")
        for fault in find_faults(folder):
            length = len((folder / fault.file).read_text(encoding="utf-8").splitlines())
            assert fault.line is None or 1 <= fault.line <= length + 1
            assert fault.problem
            assert fault.mend
