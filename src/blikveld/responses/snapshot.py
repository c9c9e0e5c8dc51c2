"""The answers of a closed fieldwork in hashed files, with nothing that tells who or when.

A snapshot is a folder: the rows of respondents sorted by content, their texts by number, the study
as it was used, and `snapshot.json` with the hash of each (see responses.snapshot_files). Keys of
respondents are not stored. The same answers give the same bytes, in whatever order they came.

Coded and derived variables are stored beside the answers, so that a table engine can count them
without Python. A study that codes or derives otherwise by now has them made anew on reading, from
the answers that stand there (see responses.remaking); `Snapshot.changes` tells what differs.

A text can tell who wrote it, or of whom. So it stays behind until a person has looked at it and
released it, as it is or with words taken out. Until then a fixed sentence stands in its place: that
something was written is an answer, and counts as one.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

from blikveld.atomic_files import whole_folder
from blikveld.responses import duckdb_io, remaking
from blikveld.responses.derive import code_and_derive
from blikveld.responses.schema import (
    ResponseRecord,
    SnapshotColumn,
    Stored,
    cells,
    columns,
    columns_of,
    raw_names,
    value,
)
from blikveld.responses.snapshot_files import (
    ABOUT,
    AS_WRITTEN,
    FILES,
    FORMAT,
    HELD,
    NOTHING,
    ROWS,
    Codebook,
    DescribedContent,
    NumberedText,
    SnapshotColumns,
    SnapshotContent,
    SnapshotDamaged,
    SnapshotError,
    SnapshotIncomplete,
    SnapshotNotWritten,
    SnapshotOfOtherStudy,
    SnapshotQuestions,
    SnapshotTexts,
    TextNumbers,
    TextRelease,
    TwiceTheSame,
    UnknownAnswers,
    check_hashes,
    file_hash,
    number_column,
    read_about,
    read_codebook,
    read_texts,
    shown,
    text_names,
    write_files,
)
from blikveld.results.cell import DataOrigin
from blikveld.rules import Person
from blikveld.study.changes import (
    BEARING_ON_ROWS,
    Changes,
    compare_descriptions,
    reads_as,
)
from blikveld.study.identity import describe_study
from blikveld.study.model import Study

__all__ = [
    "ABOUT",
    "AS_WRITTEN",
    "HELD",
    "ROWS",
    "Snapshot",
    "SnapshotColumns",
    "SnapshotDamaged",
    "SnapshotError",
    "SnapshotIncomplete",
    "SnapshotNotWritten",
    "SnapshotOfOtherStudy",
    "SnapshotQuestions",
    "SnapshotTexts",
    "TextRelease",
    "TwiceTheSame",
    "UnknownAnswers",
    "read",
    "rewrite",
    "shown",
    "text_names",
    "write",
]


@dataclass(frozen=True)
class Snapshot:
    """A snapshot that was checked against its study.

    `digest` is the SHA-256 of its rows' file, or where something of it is made otherwise by now one
    of both. `changes` are what the study changed since. `folder` holds the rows as they were taken:
    where they are `remade`, they are not those that `connect` gives.
    """

    study: Study = field(repr=False)
    folder: Path
    digest: str
    rows: int
    origin: DataOrigin = DataOrigin.FIELDWORK
    changes: Changes = ()
    remade: remaking.RemadeRows | None = field(default=None, repr=False)

    def told_changes(self) -> tuple[str, ...]:
        """Return in words what the study changed since, and what that means for these rows."""
        return tuple(reads_as(change) for change in self.changes)

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
        with self.connect() as connection:
            yield from self.read_rows(duckdb_io.rows(connection))

    def read_rows(self, rows: Iterable[Sequence[Stored]]) -> Iterator[Person]:
        """Yield the persons of whole rows of this snapshot. Raises as `persons`."""
        variables = self.study.variables.values()
        widths = [(variable, len(columns_of(variable))) for variable in variables]
        for row in rows:
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
        wanted = columns(self.study.variables)
        if self.remade is not None:
            return duckdb_io.fill(wanted, self.remade.rows)
        try:
            return duckdb_io.load(self.folder / ROWS, self.rows, wanted)
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
    found, numbered = _rows(study, responses, texts)
    content = DescribedContent(_with_numbers(study), found, numbered, describe_study(study), origin)
    with _new_folder(folder, replace=replace) as fresh:
        write_files(fresh, study, content)
    return read(study, folder)


def rewrite(snapshot: Snapshot, folder: Path, recodes: remaking.Recodes | None = None) -> Snapshot:
    """Write a snapshot anew as its study reads it now, with the texts in `recodes` coded otherwise.

    Texts keep their numbers, and what is not asked any more stays beside the rest. Raises as
    `write`, and SnapshotTexts where the snapshot has no texts by number.
    """
    _check_free(folder, replace=False)
    study, before = snapshot.study, read_about(snapshot.folder)
    content = _content(snapshot.folder, before, read_codebook(snapshot.folder, before))
    if recodes and content.description is None:
        problem = "It is in an older format, which knows no text by its number."
        raise SnapshotTexts(snapshot.folder, problem)
    remaker = remaking.Remaker(study, content, snapshot.folder, recodes or {})
    made = remaker.remake()
    extra = remaker.kept_columns()
    told = describe_study(study)
    told = dataclasses.replace(told, variables={**remaker.retired(), **told.variables})
    rows = [
        (*row, *(old[at] for at in extra)) for row, old in zip(made.rows, content.rows, strict=True)
    ]
    kept = tuple(content.columns[at] for at in extra)
    texts = tuple(remaker.coded_text(text) for text in content.texts)
    fresh = DescribedContent((*columns(study.variables), *kept), rows, texts, told, content.origin)
    about = {
        "sha256": file_hash(snapshot.folder / ROWS),
        "changes": list(snapshot.told_changes()),
        "recoded": sorted(f"{name} {number}" for name, number in recodes or {}),
    }
    with _new_folder(folder, replace=False) as new:
        write_files(new, study, fresh, about)
    return read(study, folder)


def _with_numbers(study: Study) -> tuple[SnapshotColumn, ...]:
    """The columns of a study, and of each text its number."""
    numbers = (SnapshotColumn(number_column(name), "INTEGER") for name in text_names(study))
    return (*columns(study.variables), *numbers)


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
    if there - set(FILES[FORMAT]):
        raise SnapshotNotWritten(folder, "The folder holds other files.")
    if there and not replace:
        raise SnapshotNotWritten(folder, "A snapshot stands there already.")


def read(study: Study, folder: Path) -> Snapshot:
    """Open a snapshot with a study: the one it was made with, or what became of it since.

    What is made from answers in another way by now is made anew; `changes` tell what differs.
    Raises SnapshotIncomplete, SnapshotDamaged, SnapshotOfOtherStudy, SnapshotColumns, and for what
    cannot be read as the study is now SnapshotQuestions or SnapshotTexts.
    """
    about = read_about(folder)
    _check_study(study, about, folder)
    check_hashes(folder, about)
    origin = DataOrigin(about["origin"])
    codebook = read_codebook(folder, about)
    same, changes = _compared(study, about, codebook)
    if same:
        snapshot = Snapshot(study, folder, about["sha256"], about["rows"], origin, changes)
        _check_rows(snapshot, columns(study.variables) if codebook is None else codebook[1])
        return snapshot
    content = _content(folder, about, codebook)
    if len(content.rows) != about["rows"]:
        raise SnapshotDamaged(folder, f"{ROWS} has another number of rows than {ABOUT}.")
    made = remaking.Remaker(study, content, folder, {}).remake()
    return Snapshot(
        study, folder, _digest(about["sha256"], made), about["rows"], origin, changes, made
    )


def _digest(rows: str, made: remaking.RemadeRows) -> str:
    """The hash of the rows; another one where a number can differ from those of the rows."""
    return sha256(f"{rows}\n{made.digest}".encode()).hexdigest() if made.digest else rows


def _compared(
    study: Study, about: Mapping[str, Any], codebook: Codebook | None
) -> tuple[bool, Changes]:
    """Whether the rows can be used as they are, and what the study changed since."""
    if codebook is None:
        # Snapshots made before that name the digest of the files' bytes.
        return about["digest"] in (study.digest, study.files_digest), ()
    changes = compare_descriptions(codebook[0], describe_study(study))
    return not {change.kind for change in changes} & BEARING_ON_ROWS, changes


def _content(folder: Path, about: Mapping[str, Any], codebook: Codebook | None) -> SnapshotContent:
    origin = DataOrigin(about["origin"])
    try:
        with duckdb_io.load(folder / ROWS, about["rows"]) as connection:
            there, rows = duckdb_io.columns(connection), list(duckdb_io.rows(connection))
    except duckdb_io.EngineError:
        raise SnapshotDamaged(folder, f"{ROWS} cannot be read.") from None
    if codebook is None:
        return SnapshotContent(there, rows, (), None, origin)
    description, wanted = codebook
    _check_columns(folder, there, wanted)
    return SnapshotContent(there, rows, read_texts(folder), description, origin)


def _check_rows(snapshot: Snapshot, wanted: tuple[SnapshotColumn, ...]) -> None:
    folder = snapshot.folder
    try:
        there, rows = duckdb_io.look(folder / ROWS)
    except duckdb_io.EngineError:
        raise SnapshotDamaged(folder, f"{ROWS} cannot be read.") from None
    _check_columns(folder, there, wanted)
    if rows != snapshot.rows:
        raise SnapshotDamaged(folder, f"{ROWS} has another number of rows than {ABOUT}.")


def _rows(
    study: Study, responses: Iterable[ResponseRecord], texts: TextRelease
) -> tuple[list[tuple[Stored, ...]], tuple[NumberedText, ...]]:
    """The rows sorted by their content: their order tells nothing of who came first.

    Texts are numbered in the order of the rows, so that no number tells what a text says.
    """
    raw, named = frozenset(raw_names(study)), text_names(study)
    seen: set[str] = set()
    found: list[tuple[tuple[Stored, ...], tuple[str | None, ...]]] = []
    for response in responses:
        if response.respondent in seen:
            raise TwiceTheSame
        if unknown := response.values.keys() - raw:
            raise UnknownAnswers(unknown)
        seen.add(response.respondent)
        found.append(_row(study, response, texts, named))
    found.sort(key=_place)
    numbers = TextNumbers(study, texts)
    return [(*row, *numbers.of(said)) for row, said in found], numbers.texts()


def _place(one: tuple[tuple[Stored, ...], tuple[str | None, ...]]) -> tuple[str, bytes]:
    """By what rows are sorted; of rows that differ in nothing but texts, by no order of words."""
    row, said = one
    # Text, truth, numbers and None cannot be compared with each other; how they print can.
    return repr(row), sha256(repr(said).encode("utf-8", "surrogatepass")).digest()


def _row(
    study: Study, response: ResponseRecord, texts: TextRelease, named: Sequence[str]
) -> tuple[tuple[Stored, ...], tuple[str | None, ...]]:
    person = code_and_derive(study, response.values)
    read_ = texts.shown(person, named, study.languages[0])
    row = tuple(cell for v in study.variables.values() for cell in cells(v, read_))
    said = (person[name] for name in named)
    return row, tuple(text if isinstance(text, str) else None for text in said)


def _check_study(study: Study, about: Mapping[str, object], folder: Path) -> None:
    wanted = {"study": study.key, "version": study.version}
    for key, here in wanted.items():
        if about[key] != here:
            raise SnapshotOfOtherStudy(
                folder, f"It is of {key} {about[key]!r}, and this is {key} {here!r}."
            )


def _check_columns(
    folder: Path, there: tuple[SnapshotColumn, ...], wanted: tuple[SnapshotColumn, ...]
) -> None:
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
