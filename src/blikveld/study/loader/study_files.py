"""The files of a study: where they stand, their bytes, and YAML with the line of everything."""

from __future__ import annotations

import re
import warnings
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, ReusedAnchorWarning, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

from blikveld.errors import BlikveldError, Fault
from blikveld.yaml_reading import fast_parser
from blikveld.yaml_reading.fault_log import FaultLog, choose
from blikveld.yaml_reading.yaml_node import YamlNode

STUDY, QUESTIONNAIRE = "study.yaml", "questionnaire.yaml"
DERIVED, INCLUSION, TABLES, CODING = "derived.yaml", "inclusion.yaml", "tables.yaml", "coding.csv"
THEMES, WAVES = "themes.yaml", "waves.yaml"
FORMAT = 2
"""What study.yaml says of itself; an older one is turned into it by `blikveld study upgrade`."""
REQUIRED = (STUDY, QUESTIONNAIRE)
FILES = (STUDY, QUESTIONNAIRE, DERIVED, INCLUSION, TABLES, CODING, THEMES, WAVES)
DEFINING = (STUDY, QUESTIONNAIRE, DERIVED, CODING)
"""The files that define what stands in a snapshot. Snapshots made before study.identity.digest was
there name the digest of their bytes.
"""

_LARGEST = 20_000_000
_ESCAPE, _HALF = re.compile(r"\\[uU]"), re.compile("[\ud800-\udfff]")


def shipped() -> tuple[str, ...]:
    """The names of the studies that come with Blikveld."""
    found = (Path(str(place)) for place in files("blikveld.studies").iterdir())
    return tuple(sorted(place.name for place in found if (place / STUDY).is_file()))


def usual() -> str:
    """The name of the study that commands use when none is given."""
    return files("blikveld.studies").joinpath("default.txt").read_text(encoding="utf-8").strip()


def folder_of(study: Path | str) -> Path:
    """The folder of a study: a path, or the name of a study that comes with Blikveld.

    A name without a slash that is both a shipped study and a folder here is refused: nobody
    should check one study and run another. Raises BlikveldError.
    """
    if isinstance(study, Path) or "/" in study or "\\" in study:
        return _existing(Path(study))
    if study not in shipped():
        return _existing(Path(study))
    ours = Path(str(files("blikveld.studies").joinpath(study)))
    if (Path(study) / STUDY).is_file() and not Path(study).samefile(ours):
        raise BlikveldError(
            "study-name",
            f"study {study!r}",
            "A study of this name comes with Blikveld, and a folder of this name stands here.",
            f"Write ./{study} for the folder, or stand in another folder.",
        )
    return ours


def _existing(folder: Path) -> Path:
    if not folder.is_dir():
        raise BlikveldError(
            "no-study",
            str(folder),
            "There is no such folder, and no study of this name comes with Blikveld.",
            choose(folder.name, shipped()),
        )
    return folder


def contents(folder: Path, ledger: FaultLog) -> dict[str, bytes]:
    """The bytes of the files that define the study, by name. Those that are not there are left out.

    A missing file is a fault when no study can do without it.
    """
    found: dict[str, bytes] = {}
    for name in FILES:
        try:
            found[name] = _bytes(folder / name)
        except FileNotFoundError:
            if name in REQUIRED:
                ledger.break_off(
                    Fault("missing-file", name, None, "This file is not there.", "Write it.")
                )
        except OSError as error:
            problem = f"This file cannot be opened: {error.strerror or error}."
            ledger.break_off(Fault("unreadable", name, None, problem, "See to it that it can."))
    return found


def _bytes(path: Path) -> bytes:
    if path.stat().st_size > _LARGEST:
        raise OSError(0, f"it is over {_LARGEST:,} bytes")
    return path.read_bytes()


def digest(found: dict[str, bytes]) -> str:
    """SHA-256 of the bytes that define a snapshot, wherever the study stands."""
    whole = sha256()
    for name in sorted(found.keys() & set(DEFINING)):
        whole.update(f"{name}\n{len(found[name])}\n".encode())
        whole.update(found[name])
    return whole.hexdigest()


def decoded(name: str, raw: bytes, ledger: FaultLog) -> str | None:
    """The text of a file; None, and a fault with its line, when it is not UTF-8."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        problem = f"Byte {raw[error.start]:#04x} is no UTF-8."
        ledger.break_off(Fault("encoding", name, line, problem, "Save the file as UTF-8."))
        return None


def root(name: str, raw: bytes | None, ledger: FaultLog) -> YamlNode:
    """The whole of a YAML file as a place; one that was left out when there is nothing to read."""
    text = None if raw is None else decoded(name, raw, ledger)
    node = None if text is None else _composed(name, text, ledger)
    return YamlNode(node, name, name, 1, ledger)


def _composed(name: str, text: str, ledger: FaultLog) -> Node | None:
    # Composed, not loaded: nodes keep their line, repeated keys, and numbers as they were written.
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", ReusedAnchorWarning)
            node = fast_parser.composed(text) or YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = f"This is no YAML: {error.problem or error.context}."
        mend = "Look at quotes, brackets and the space before this line."
        ledger.break_off(Fault("yaml", name, mark.line + 1 if mark else None, problem, mend))
    except (YAMLError, ReusedAnchorWarning, RecursionError, ValueError) as error:
        ledger.break_off(_unmarked(name, text, error))
    else:
        if isinstance(node, Node):
            halves = _halves(node) if _ESCAPE.search(text) else []
            for line in halves:
                problem = "An escape stands for half a character, which no file can hold."
                mend = "Type the character itself, or \\U with its eight digits."
                ledger.break_off(Fault("half-character", name, line, problem, mend))
            return None if halves else node
        problem, mend = "This file is empty.", "Write something, or remove the file."
        ledger.break_off(Fault("empty", name, None, problem, mend))
    return None


def _halves(root: Node) -> list[int]:
    """The lines on which a word holds one half of a character that UTF-16 writes in two."""
    found, waiting, seen = [], [root], set[int]()
    while waiting:
        node = waiting.pop()
        # An alias leads to a node a second time, and may lead it to itself.
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, ScalarNode):
            if _HALF.search(node.value):
                found.append(node.start_mark.line + 1)
        elif isinstance(node, MappingNode):
            waiting += [part for pair in node.value for part in pair]
        else:
            waiting += node.value
    return sorted(found)


def _unmarked(name: str, text: str, error: Exception) -> Fault:
    if isinstance(error, RecursionError):
        return Fault("yaml", name, None, "Lists stand too deep in lists.", "Make it flatter.")
    if isinstance(error, ReusedAnchorWarning):
        lines = re.findall(r"line (\d+), column", str(error))
        line, mend = int(lines[-1]) if lines else None, "Give one of the two another name."
        return Fault("yaml", name, line, "This anchor (&name) stood there before.", mend)
    position = getattr(error, "position", None)
    line = text.count("\n", 0, position) + 1 if isinstance(position, int) else None
    problem = "A character stands here that YAML does not allow."
    return Fault("yaml", name, line, problem, "Remove it, or write it as an escape in quotes.")
