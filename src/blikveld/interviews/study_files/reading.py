"""Where a study keeps the files on its interviews, and reading one with the line of every fault."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from blikveld.errors import BlikveldError, Faults
from blikveld.study.loader import study_files
from blikveld.study.model import Study
from blikveld.yaml_reading.fault_log import FaultLog
from blikveld.yaml_reading.yaml_node import YamlNode

FOLDER = "interviews"
T = TypeVar("T")


def interviews_folder(study: Study) -> Path:
    """The folder of a study with the files on its interviews. Raises BlikveldError without one."""
    found = study.folder / FOLDER
    if not found.is_dir():
        problem = "This study has no folder 'interviews'."
        raise BlikveldError("no-interviews", study.key, problem, "Write interviews/guide.yaml.")
    return found


def read_yaml(path: Path, languages: tuple[str, ...] | None, make: Callable[[YamlNode], T]) -> T:
    """What `make` makes of a YAML file. Raises Faults with everything that is wrong in it."""
    ledger = FaultLog(languages)
    try:
        raw = path.read_bytes()
    except OSError as error:
        problem = f"This file cannot be opened: {error.strerror or error}."
        raise BlikveldError("unreadable", str(path), problem, "See to it that it can.") from None
    made = make(study_files.root(path.name, raw, ledger))
    if ledger.faults:
        raise Faults(ledger.faults)
    return made
