"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

from cyclopts import Parameter

from blikveld.study.loader.study_files import usual

USUAL = usual()
"""The study that commands take when none is given."""

StudyName: TypeAlias = Annotated[
    str, Parameter(help="A study's folder, or the name of a shipped study.")
]

LedgerPath: TypeAlias = Annotated[
    Path | None,
    Parameter(
        help="The private list of what was released before. Default: a file beside the snapshot."
    ),
]
