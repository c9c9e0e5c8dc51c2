"""The CSV of a snapshot keeps what other programs would lose. All answers are made up."""

from __future__ import annotations

import subprocess
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blikveld.responses.export import csv_files
from blikveld.responses.schema import ResponseRecord
from blikveld.responses.snapshot import AS_WRITTEN, write
from blikveld.results.formatting import survivable
from blikveld.rules import Missing, Value
from blikveld.study.load import load

MADE = Path(__file__).parents[1] / "studies/made"


def table(to: Path, *changes: dict[str, Value]) -> str:
    """The CSV of one respondent for each of the changes."""
    usual: dict[str, Value] = {
        "municipality": "veen",
        "mode": "web",
        "language": "nl",
        "completed": True,
        "job": "other",
        "job_other": "boer",
        "liking": "much",
        "bread": ("brown",),
        "bread_other": Missing.NOT_ASKED,
        "baked": "yes",
    }
    found = (ResponseRecord(str(n), {**usual, **change}) for n, change in enumerate(changes))
    written = StringIO()
    csv_files.write_plain_csv(write(load(MADE), found, to / "snapshot", texts=AS_WRITTEN), written)
    return written.getvalue()


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("NA", "'NA"),
        ("n/a", "'n/a"),
        ("NULL", "'NULL"),
        (" NA ", "' NA "),
        ("", "'"),
        ("  ", "'  "),
        ("'NA", "''NA"),
        ("=1+1", "'=1+1"),
        ("NATO", "NATO"),
        ("'s avonds", "'s avonds"),
        ("nee", "nee"),
    ],
)
def test_what_would_be_lost_gets_an_apostrophe(text: str, written: str) -> None:
    assert survivable(text) == written


@given(st.one_of(st.text(max_size=8), st.text("'=NAna ", max_size=6)))
def test_taking_off_the_apostrophe_gives_back_what_was_written(text: str) -> None:
    written = survivable(text)
    assert written in (text, f"'{text}")
    # Who reads it knows by the rest whether one was added.
    assert (written != text) == (survivable(written) != written)


@pytest.mark.r
def test_answers_that_r_takes_for_missing_survive_it(tmp_path: Path) -> None:
    path = tmp_path / "respondents.csv"
    texts = ("NA", "  ", "null", "boer")
    path.write_text(table(tmp_path, *({"job_other": text} for text in texts)), encoding="utf-8")
    code = f'd <- read.csv("{path}"); cat(sum(is.na(d$job_other)), sum(is.na(d$job)))'
    done = subprocess.run(
        ["Rscript", "-e", code],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "0 0"


def test_who_left_before_the_questions_is_not_said_to_be_unasked(tmp_path: Path) -> None:
    gone = Missing.BROKEN_OFF
    lost: dict[str, Value] = dict.fromkeys(("liking", "bread", "bread_other", "baked"), gone)
    head, line = table(tmp_path, {"completed": False, **lost}).splitlines()
    row = dict(zip(head.split(","), line.split(","), strict=True))
    for name in ("liking", "bread", "baked", "likes", "likes_brown", "liking_score"):
        assert row[f"{name}__missing"] == "broken_off"
    assert row["bread__brown"] == ""
