"""The answers of a closed fieldwork in one hashed file, with nothing that tells who or when.

A snapshot is a folder of two files: `respondents.parquet`, one row a respondent sorted by content,
and `snapshot.json`, which names the study and the hash of the rows. Keys of respondents are not
stored. The same answers give the same bytes, in whatever order they came.

Coded and derived variables are stored beside the answers, so that a table engine can count them
without Python.

A text can tell who wrote it, or of whom. So it stays behind until a person has looked at it and
released it, as it is or with words taken out. Until then a fixed sentence stands in its place: that
something was written is an answer, and counts as one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path

from blikveld.atomic_files import whole_folder
from blikveld.errors import BlikveldError
from blikveld.responses import duckdb_io
from blikveld.responses.derive import code_and_derive
from blikveld.responses.schema import (
    ResponseRecord,
    Stored,
    cells,
    columns,
    columns_of,
    raw_names,
    value,
)
from blikveld.results.cell import DataOrigin
from blikveld.rules import Person
from blikveld.study.model import Study, Text, VariableKind


class SnapshotError(BlikveldError):
    """Base of every refusal of a snapshot. `folder` is the snapshot's."""

    code_: str
    mend_: str

    def __init__(self, folder: Path, problem: str) -> None:
        self.folder = folder
        super().__init__(self.code_, f"snapshot {folder}", problem, self.mend_)


class SnapshotIncomplete(SnapshotError):
    """A file of the snapshot is not there."""

    code_ = "snapshot-incomplete"
    mend_ = "Check the folder, or make the snapshot again from the fieldwork."


class SnapshotDamaged(SnapshotError):
    """A file of the snapshot cannot be read, or was changed after it was written."""

    code_ = "snapshot-damaged"
    mend_ = "Take a copy that nobody changed, or make the snapshot again from the fieldwork."


class SnapshotOfOtherStudy(SnapshotError):
    """The snapshot was made with another study, version or set of study files."""

    code_ = "snapshot-of-other-study"
    mend_ = "Use the study's files it was made with, or make the snapshot again with these."


class SnapshotColumns(SnapshotError):
    """The columns are not those of the study. The message names the first that differ."""

    code_ = "snapshot-columns"
    mend_ = "Make the snapshot again from the fieldwork."


class SnapshotNotWritten(SnapshotError):
    """There is no room for the snapshot at this place; nothing was written or replaced."""

    code_ = "snapshot-not-written"
    mend_ = "Choose a new folder, or ask to replace the snapshot that stands there."


class TwiceTheSame(BlikveldError):
    """Two responses have one key: somebody would be counted twice."""

    def __init__(self) -> None:
        super().__init__(
            "same-respondent",
            "responses",
            "Two responses have the same respondent key.",
            "Give every respondent one response.",
        )


class UnknownAnswers(BlikveldError):
    """A response holds variables that the study does not ask for."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__(
            "unknown-answers",
            "responses",
            f"The study does not ask for {shown(names)}.",
            "Give raw answers only: coded and derived variables are made here.",
        )


def shown(names: Iterable[str], most: int = 5) -> str:
    """Return the first few names in quotes, and how many more there are."""
    listed = sorted(names)
    more = len(listed) - most
    words = ", ".join(repr(name) for name in listed[:most])
    return f"{words} and {more} more" if more > 0 else words


HELD: Text = {"nl": "[nog niet vrijgegeven]", "en": "[not released yet]"}
"""What stands in the place of a text that nobody released; English for other languages."""


@dataclass(frozen=True)
class TextRelease:
    """The texts that were released: from variable and text to what may be read of it.

    With `all_of_them` every text stands there as it was written: for texts that nobody wrote.
    """

    released: Mapping[tuple[str, str], str] = field(default_factory=dict, repr=False)
    all_of_them: bool = False

    def shown(self, study: Study, person: Person) -> Person:
        """Return the person with nothing but what may be read of their texts."""
        if self.all_of_them:
            return person
        held = HELD.get(study.languages[0], HELD["en"])
        seen = {
            name: self.released.get((name, text), held)
            for name in text_names(study)
            if isinstance(text := person[name], str)
        }
        return {**person, **seen}


AS_WRITTEN = TextRelease(all_of_them=True)
NOTHING = TextRelease()


def text_names(study: Study) -> tuple[str, ...]:
    """Return the variables that hold what people wrote in their own words."""
    return tuple(v.name for v in study.variables.values() if v.kind is VariableKind.TEXT)


ROWS = "respondents.parquet"
ABOUT = "snapshot.json"
_FILES = (ROWS, ABOUT)
_FORMAT = 1
_KEYS = frozenset({"format", "study", "version", "digest", "rows", "sha256", "engine", "origin"})


_DATA_ORIGINS = tuple(origin.value for origin in DataOrigin)


@dataclass(frozen=True)
class Snapshot:
    """A snapshot that was checked against its study. `digest` is the SHA-256 of its rows' file."""

    study: Study = field(repr=False)
    folder: Path
    digest: str
    rows: int
    origin: DataOrigin = DataOrigin.FIELDWORK

    def connect(self) -> duckdb_io.Connection:
        """Return a connection of one's own on which `respondents` can be queried; close it after
        use.

        The rows are read from the file once. No statement can reach a file or a network.
        """
        return self._loaded.cursor()

    def persons(self) -> Iterator[Person]:
        """Yield everybody in the order of the rows: answers, coded and derived variables.

        Raises WrongRecord when a row holds what nobody can answer.
        """
        variables = self.study.variables.values()
        widths = [(variable, len(columns_of(variable))) for variable in variables]
        with self.connect() as connection:
            for row in duckdb_io.rows(connection):
                stored = iter(row)
                yield {
                    variable.name: value(variable, tuple(islice(stored, width)))
                    for variable, width in widths
                }

    def responses(self) -> Iterator[ResponseRecord]:
        """Yield the answers alone, as fieldwork handed them over; the key is now the row's
        number."""
        names = raw_names(self.study)
        for number, person in enumerate(self.persons(), start=1):
            yield ResponseRecord(str(number), {name: person[name] for name in names})

    @cached_property
    def _loaded(self) -> duckdb_io.Connection:
        try:
            return duckdb_io.load(self.folder / ROWS, self.rows)
        except duckdb_io.EngineError:
            raise SnapshotDamaged(self.folder, f"{ROWS} cannot be read.") from None


def write(
    study: Study,
    responses: Iterable[ResponseRecord],
    folder: Path,
    *,
    replace: bool = False,
    origin: DataOrigin = DataOrigin.FIELDWORK,
    texts: TextRelease | None = None,
) -> Snapshot:
    """Write a snapshot of these responses; the folder is there completely or not at all.

    `texts` are those that may be read. Without it none may when people answered, and all may when
    nobody did: reference and made-up respondents wrote nothing. Texts are coded before any is held
    back.

    Raises SnapshotNotWritten when something stands there already (with `replace` an older
    snapshot gives way), TwiceTheSame, UnknownAnswers, UnknownVariable for a variable without a
    value, WrongRecord for a value that the study cannot have, ColumnClash.
    """
    _check_free(folder, replace=replace)
    if texts is None:
        texts = NOTHING if origin is DataOrigin.FIELDWORK else AS_WRITTEN
    rows = _rows(study, responses, texts)
    with _new_folder(folder, replace=replace) as fresh:
        duckdb_io.write(columns(study.variables), rows, fresh / ROWS)
        about = _about(study, len(rows), _hash(fresh / ROWS), origin)
        text = json.dumps(about, indent=1, sort_keys=True, ensure_ascii=False)
        (fresh / ABOUT).write_text(f"{text}\n", encoding="utf-8")
    return read(study, folder)


@contextmanager
def _new_folder(folder: Path, *, replace: bool) -> Iterator[Path]:
    """A folder to write in, which becomes `folder`. Raises SnapshotNotWritten."""
    _check_free(folder, replace=replace)
    with ExitStack() as stack:
        try:
            fresh = stack.enter_context(whole_folder(folder))
        except OSError as error:
            raise SnapshotNotWritten(folder, f"No folder can be made: {error.strerror}.") from None
        yield fresh


def _check_free(folder: Path, *, replace: bool) -> None:
    """Raise SnapshotNotWritten when writing here would cost somebody something."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise SnapshotNotWritten(folder, "A file stands in its place.")
    there = {path.name for path in folder.iterdir()}
    if there - set(_FILES):
        raise SnapshotNotWritten(folder, "The folder holds other files.")
    if there and not replace:
        raise SnapshotNotWritten(folder, "A snapshot stands there already.")


def read(study: Study, folder: Path) -> Snapshot:
    """Open a snapshot that was made with this study, as it asks, codes and derives now.

    Raises SnapshotIncomplete, SnapshotDamaged, SnapshotOfOtherStudy or SnapshotColumns.
    """
    for name in _FILES:
        if not (folder / name).is_file():
            raise SnapshotIncomplete(folder, f"{name} is not there.")
    about = _read_about(folder)
    _check_study(study, about, folder)
    digest = _hash(folder / ROWS)
    if digest != about["sha256"]:
        raise SnapshotDamaged(folder, f"{ROWS} is not the file that was written.")
    snapshot = Snapshot(study, folder, digest, int(str(about["rows"])), DataOrigin(about["origin"]))
    with snapshot.connect() as connection:
        _check_columns(study, connection, folder)
        if duckdb_io.count(connection) != snapshot.rows:
            raise SnapshotDamaged(folder, f"{ROWS} has another number of rows than {ABOUT}.")
    return snapshot


def _rows(
    study: Study, responses: Iterable[ResponseRecord], texts: TextRelease
) -> list[tuple[Stored, ...]]:
    """The rows sorted by their content: their order tells nothing of who came first."""
    raw = frozenset(raw_names(study))
    seen: set[str] = set()
    rows: list[tuple[Stored, ...]] = []
    for response in responses:
        if response.respondent in seen:
            raise TwiceTheSame
        if unknown := response.values.keys() - raw:
            raise UnknownAnswers(unknown)
        seen.add(response.respondent)
        rows.append(_row(study, response, texts))
    # Text, truth, numbers and None cannot be compared with each other; how they print can.
    return sorted(rows, key=repr)


def _row(study: Study, response: ResponseRecord, texts: TextRelease) -> tuple[Stored, ...]:
    person = texts.shown(study, code_and_derive(study, response.values))
    return tuple(cell for v in study.variables.values() for cell in cells(v, person))


def _about(study: Study, rows: int, digest: str, origin: DataOrigin) -> Mapping[str, str | int]:
    return {
        "format": _FORMAT,
        "study": study.key,
        "version": study.version,
        "digest": study.digest,
        "rows": rows,
        "sha256": digest,
        "engine": duckdb_io.VERSION,
        "origin": origin.value,
    }


def _read_about(folder: Path) -> Mapping[str, object]:
    try:
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        raise SnapshotDamaged(folder, f"{ABOUT} cannot be read.") from None
    if not isinstance(about, dict) or about.get("format") != _FORMAT:
        raise SnapshotDamaged(folder, f"{ABOUT} is not in format {_FORMAT}.")
    if (
        about.keys() != _KEYS
        or type(about["rows"]) is not int
        or about["origin"] not in _DATA_ORIGINS
    ):
        raise SnapshotDamaged(folder, f"{ABOUT} does not hold what a snapshot says.")
    return about


def _check_study(study: Study, about: Mapping[str, object], folder: Path) -> None:
    wanted = {"study": study.key, "version": study.version}
    for key, here in wanted.items():
        if about[key] != here:
            raise SnapshotOfOtherStudy(
                folder, f"It is of {key} {about[key]!r}, and this is {key} {here!r}."
            )
    # Snapshots were made before that name the digest of the files' bytes.
    if about["digest"] not in (study.digest, study.files_digest):
        problem = "What the study asks, codes or derives was changed after it was made."
        raise SnapshotOfOtherStudy(folder, problem)


def _check_columns(study: Study, connection: duckdb_io.Connection, folder: Path) -> None:
    there, wanted = duckdb_io.columns(connection), columns(study.variables)
    if there == wanted:
        return
    lacking = {c.name for c in wanted} - {c.name for c in there}
    foreign = {c.name for c in there} - {c.name for c in wanted}
    if lacking:
        raise SnapshotColumns(folder, f"It lacks the columns {shown(lacking)}.")
    if foreign:
        raise SnapshotColumns(folder, f"It has columns of its own: {shown(foreign)}.")
    changed = {here.name for here, meant in zip(there, wanted, strict=True) if here != meant}
    raise SnapshotColumns(folder, f"The type or place differs of {shown(changed)}.")


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
