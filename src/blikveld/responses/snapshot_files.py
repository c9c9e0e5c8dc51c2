"""The files of a snapshot and what stands in each; why one is refused.

`respondents.parquet` has one row a respondent. `texts.parquet` numbers what people wrote, in an
order that tells nothing: each row of the respondents names its texts by number. `codebook.json` is
the study as it was used, and `snapshot.json` names it, with the hash of every other file.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from blikveld.errors import BlikveldError
from blikveld.responses import duckdb_io
from blikveld.responses.derive import text_variable
from blikveld.responses.schema import SnapshotColumn, Stored
from blikveld.results.cell import DataOrigin
from blikveld.rules import Person
from blikveld.study.identity import StudyDescription
from blikveld.study.labels import fold_text
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
    """The snapshot was made with another study, or with another version of it."""

    code_ = "snapshot-of-other-study"
    mend_ = "Use the study's files it was made with, or make the snapshot again with these."


class SnapshotQuestions(SnapshotError):
    """A question of the snapshot cannot be read as the study asks it now."""

    code_ = "snapshot-questions"
    mend_ = "Put it back as it was, and give what is new a name of its own."


class SnapshotTexts(SnapshotError):
    """Something is to be made from the words of texts that the snapshot does not hold."""

    code_ = "snapshot-texts"
    mend_ = "Release the texts at the desk and make the snapshot again, or leave the variable out."


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

    def shown(self, person: Person, names: Iterable[str], language: str) -> Person:
        """Return the person with nothing but what may be read of their texts, called `names`."""
        if self.all_of_them:
            return person
        held = HELD.get(language, HELD["en"])
        seen = {
            name: self.released.get((name, text), held)
            for name in names
            if isinstance(text := person[name], str)
        }
        return {**person, **seen}


AS_WRITTEN = TextRelease(all_of_them=True)
NOTHING = TextRelease()


def text_names(study: Study) -> tuple[str, ...]:
    """Return the variables that hold what people wrote in their own words."""
    return tuple(v.name for v in study.variables.values() if v.kind is VariableKind.TEXT)


ROWS, TEXTS = "respondents.parquet", "texts.parquet"
CODEBOOK, ABOUT = "codebook.json", "snapshot.json"
FIRST_FORMAT, FORMAT = 1, 2
FILES: Mapping[int, tuple[str, ...]] = {
    FIRST_FORMAT: (ROWS, ABOUT),
    FORMAT: (ROWS, TEXTS, CODEBOOK, ABOUT),
}
"""The files of each format. The first has no texts by number, and does not tell the study."""

_KEYS = frozenset({"format", "study", "version", "digest", "rows", "sha256", "engine", "origin"})
_BESIDE = frozenset({"beside"})
_REWRITTEN = frozenset({"from"})
_DATA_ORIGINS = tuple(origin.value for origin in DataOrigin)
_TEXT_COLUMNS = (
    SnapshotColumn("variable", "VARCHAR"),
    SnapshotColumn("number", "INTEGER"),
    SnapshotColumn("text", "VARCHAR"),
    SnapshotColumn("exact", "BOOLEAN"),
    SnapshotColumn("coded", "VARCHAR"),
    SnapshotColumn("code", "VARCHAR"),
)


@dataclass(frozen=True, slots=True)
class NumberedText:
    """A text by its number. `text` is what was released of it, None where nothing was.

    `exact` tells whether that is the text as it was written. `codes` are those it was given, by
    coded variable.
    """

    variable: str
    number: int
    text: str | None = field(repr=False)
    exact: bool
    codes: Mapping[str, str]


def number_column(variable: str) -> str:
    """Return the column that holds the number of a text, null where there is none."""
    return f"{variable}__text"


class TextNumbers:
    """Gives each text of a variable a number, in the order in which they come."""

    def __init__(self, study: Study, release: TextRelease) -> None:
        self._study, self._release, self._names = study, release, text_names(study)
        self._numbers: dict[str, dict[str, int]] = {name: {} for name in self._names}

    def of(self, said: Iterable[str | None]) -> Iterator[int | None]:
        """Yield the numbers of a person's texts."""
        for name, text in zip(self._names, said, strict=True):
            known = self._numbers[name]
            yield None if text is None else known.setdefault(text, len(known) + 1)

    def texts(self) -> tuple[NumberedText, ...]:
        """Return every text that came, with what was released of it and the codes it has."""
        return tuple(
            self._numbered(name, number, text)
            for name, known in self._numbers.items()
            for text, number in known.items()
        )

    def _numbered(self, name: str, number: int, text: str) -> NumberedText:
        release = self._release
        shown_ = text if release.all_of_them else release.released.get((name, text))
        given = {
            coded.key: code
            for coded in self._study.coded
            if text_variable(self._study, coded) == name
            if (code := coded.code_of(fold_text(text))) is not None
        }
        return NumberedText(name, number, shown_, shown_ == text, given)


@dataclass(frozen=True, slots=True)
class SnapshotContent:
    """What a snapshot holds. `description` is None in the first format, which has no texts apart.

    `columns` and `rows` are those of the file.
    """

    columns: tuple[SnapshotColumn, ...]
    rows: Sequence[Sequence[Stored]] = field(repr=False)
    texts: tuple[NumberedText, ...] = field(repr=False)
    description: StudyDescription | None
    origin: DataOrigin

    @property
    def texts_as_written(self) -> bool:
        """Whether every text stands there as somebody wrote it."""
        if self.description is None:
            return self.origin is not DataOrigin.FIELDWORK
        return all(text.exact for text in self.texts)


@dataclass(frozen=True, slots=True)
class DescribedContent(SnapshotContent):
    """What a snapshot holds in the format of now, in which it is written."""

    description: StudyDescription


def write_files(
    folder: Path,
    study: Study,
    content: DescribedContent,
    made_from: Mapping[str, object] | None = None,
) -> None:
    """Write all files of a snapshot; `made_from` tells of the snapshot it was made from."""
    duckdb_io.write(content.columns, content.rows, folder / ROWS)
    duckdb_io.write(_TEXT_COLUMNS, list(_text_rows(content.texts)), folder / TEXTS)
    # The order of questions and answers means something.
    _write_json(folder / CODEBOOK, _codebook(content), in_order=True)
    about: dict[str, object] = {
        "format": FORMAT,
        "study": study.key,
        "version": study.version,
        "digest": study.digest,
        "rows": len(content.rows),
        "sha256": file_hash(folder / ROWS),
        "engine": duckdb_io.VERSION,
        "origin": content.origin.value,
        "beside": {name: file_hash(folder / name) for name in (TEXTS, CODEBOOK)},
    }
    _write_json(folder / ABOUT, about | ({"from": made_from} if made_from else {}))


def _codebook(content: DescribedContent) -> Mapping[str, object]:
    columns = [[column.name, column.type] for column in content.columns]
    return {**content.description.as_json(), "columns": columns}


def _write_json(path: Path, content: object, *, in_order: bool = False) -> None:
    text = json.dumps(content, indent=1, sort_keys=not in_order, ensure_ascii=False)
    path.write_text(f"{text}\n", encoding="utf-8")


def _text_rows(texts: Iterable[NumberedText]) -> Iterable[tuple[Stored, ...]]:
    for text in texts:
        for coded, code in sorted(text.codes.items()) or ((None, None),):
            yield text.variable, text.number, text.text, text.exact, coded, code


def read_about(folder: Path) -> Mapping[str, Any]:
    """Return what snapshot.json says. Raises SnapshotIncomplete or SnapshotDamaged."""
    _check_there(folder, (ROWS, ABOUT))
    try:
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        raise SnapshotDamaged(folder, f"{ABOUT} cannot be read.") from None
    if not isinstance(about, dict) or about.get("format") not in (FIRST_FORMAT, FORMAT):
        raise SnapshotDamaged(folder, f"{ABOUT} is in no format from {FIRST_FORMAT} to {FORMAT}.")
    if not _whole(about):
        raise SnapshotDamaged(folder, f"{ABOUT} does not hold what a snapshot says.")
    _check_there(folder, FILES[about["format"]])
    return about


def _whole(about: Mapping[str, Any]) -> bool:
    beside = about.get("beside")
    told = _KEYS | (_BESIDE if about["format"] == FORMAT else frozenset())
    hashes = about["format"] == FIRST_FORMAT or (
        isinstance(beside, dict) and beside.keys() == {TEXTS, CODEBOOK}
    )
    return (
        about.keys() - _REWRITTEN == told
        and hashes
        and type(about["rows"]) is int
        and about["origin"] in _DATA_ORIGINS
    )


def _check_there(folder: Path, names: Iterable[str]) -> None:
    for name in names:
        if not (folder / name).is_file():
            raise SnapshotIncomplete(folder, f"{name} is not there.")


def check_hashes(folder: Path, about: Mapping[str, Any]) -> None:
    """Raise SnapshotDamaged where a file is not the one that was written."""
    for name, wanted in {ROWS: about["sha256"], **about.get("beside", {})}.items():
        if file_hash(folder / name) != wanted:
            raise SnapshotDamaged(folder, f"{name} is not the file that was written.")


Codebook: TypeAlias = tuple[StudyDescription, tuple[SnapshotColumn, ...]]
"""The study as it was used, and the columns of the rows."""


def read_codebook(folder: Path, about: Mapping[str, Any]) -> Codebook | None:
    """Return the codebook; None in the first format, which has none. Raises SnapshotDamaged."""
    if about["format"] == FIRST_FORMAT:
        return None
    try:
        found = json.loads((folder / CODEBOOK).read_text(encoding="utf-8"))
        columns = tuple(SnapshotColumn(str(name), str(kind)) for name, kind in found["columns"])
        return StudyDescription.from_json(found), columns
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise SnapshotDamaged(folder, f"{CODEBOOK} does not describe a study.") from None


def read_texts(folder: Path) -> tuple[NumberedText, ...]:
    """Return the texts by number. Raises SnapshotDamaged."""
    found: dict[tuple[str, int], NumberedText] = {}
    for variable, number, text, exact, coded, code in _stored_texts(folder):
        before = found.get((variable, number))
        codes = {**(before.codes if before else {}), **({coded: code} if coded else {})}
        found[variable, number] = NumberedText(variable, number, text, exact, codes)
    return tuple(found.values())


def _stored_texts(folder: Path) -> Sequence[Sequence[Any]]:
    try:
        with duckdb_io.load(folder / TEXTS, 0) as connection:
            if duckdb_io.columns(connection) == _TEXT_COLUMNS:
                return list(duckdb_io.rows(connection))
    except duckdb_io.EngineError:
        pass
    raise SnapshotDamaged(folder, f"{TEXTS} cannot be read.")


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
