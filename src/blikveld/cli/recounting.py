"""Commands that count again what was published."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from blikveld import inclusion
from blikveld.cli import reproduced, show, steps
from blikveld.cli.options import USUAL, StudyName
from blikveld.errors import ExitCode
from blikveld.study import published
from blikveld.study.load import load
from blikveld.tabulation.reproduce import reproduce as recount

Snapshot = Annotated[
    Path | None,
    Parameter(help="A snapshot's folder. Without it: the reference respondents of the study."),
]


def reproduce(
    snapshot: Snapshot = None,
    *,
    study: StudyName = USUAL,
    format: Literal["text", "json"] = "text",  # noqa: A002
    manifest: Annotated[
        Path | None, Parameter(help="Where to list every number computed. Not for publication.")
    ] = None,
) -> int:
    """Count every published figure again and hold it against what was printed.

    Exit code 1 when a figure does not come out again. No protection is applied, so the manifest
    does not belong in a folder that is published.
    """
    loaded = load(study)
    with steps.snapshot_or_reference(loaded, snapshot) as taken:
        outcome = recount(loaded, taken, published.load(loaded.folder))
    if manifest is not None:
        steps.write_json(manifest, reproduced.manifest(outcome))
    if format == "json":
        sys.stdout.write(json.dumps(reproduced.as_json(outcome), ensure_ascii=False, indent=1))
        sys.stdout.write("\n")
    else:
        reproduced.tell(outcome)
    return ExitCode.DIFFERENT if outcome.missed else ExitCode.DONE


def funnel(snapshot: Snapshot = None, *, study: StudyName = USUAL) -> int:
    """Show who counts, and who left by which rule."""
    loaded = load(study)
    with steps.snapshot_or_reference(loaded, snapshot) as taken:
        show.funnel(inclusion.funnel(loaded, taken))
    return ExitCode.DONE
