"""Whether a study can be used, as a list of what is wrong with it."""

from __future__ import annotations

from pathlib import Path

from blikveld.errors import Fault, Faults
from blikveld.study.load import load


def faults(study: Path | str) -> tuple[Fault, ...]:
    """Everything that keeps this study from being used, by file and line; empty when it is fine.

    Takes what `load` takes, and raises BlikveldError when there is no such study.
    """
    try:
        load(study)
    except Faults as error:
        return error.faults
    return ()
