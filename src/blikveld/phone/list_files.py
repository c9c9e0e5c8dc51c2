"""A list of organisations in CSV: read with every fault by its line, and written again."""

from __future__ import annotations

import csv
import io
import re
import secrets
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from blikveld.errors import Fault, Faults
from blikveld.phone.cases import Organisation
from blikveld.study.model import Study

LARGEST = 1_000_000
"""Bytes. Ten thousand organisations fit."""

_LONGEST_NAME = 120
_NUMBER = re.compile(r"(0\d{9}|\+[1-9]\d{7,14}|14\d{2,4})")
"""A Dutch number, one from abroad, or the short one of a public body."""


def columns(study: Study) -> tuple[str, ...]:
    """The columns of a list: name, number, the site, and what else the study asks for."""
    beside = study.collecting.call_column
    return ("name", "number", study.sites.name, *((beside,) if beside else ()))


def read(study: Study, content: bytes, file: str) -> tuple[Organisation, ...]:
    """The organisations in a CSV file, each under a new random key.

    The columns are those of `columns`, with codes under the study's variables; the last may be left
    out. Commas or semicolons between; UTF-8. Raises Faults with everything that is wrong.
    """
    text = _text(content, file)
    first = text.partition("\n")[0]
    reader = csv.DictReader(
        text.splitlines(), delimiter=";" if ";" in first else ",", skipinitialspace=True
    )
    _check_columns(study, reader.fieldnames or (), file)
    rows = [(reader.line_num, row) for row in reader if any(row.values())]
    faults = [fault for line, row in rows for fault in _faults(study, row, file, line)]
    faults += _twice(rows, file)
    if not rows:
        faults.append(_fault("no-rows", file, 1, "There is no organisation in it.", "Add one."))
    if faults:
        raise Faults(faults)
    return tuple(_organisation(study, row) for _, row in rows)


def write(study: Study, organisations: Iterable[Organisation]) -> str:
    """A list that `read` takes: what remains to be called, for who calls elsewhere."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns(study))
    for one in organisations:
        beside = (one.category or "",) if study.collecting.call_column else ()
        writer.writerow((one.name, one.number, one.site, *beside))
    return text.getvalue()


Row = Mapping[Any, Any]
"""A row as csv reads it: cells that are too many stand under None."""


def _text(content: bytes, file: str) -> str:
    if len(content) > LARGEST:
        problem = f"It is larger than {LARGEST:,} bytes."
        raise Faults([_fault("too-large", file, None, problem, "Divide it into several.")])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problem = "This line is not UTF-8."
        mend = "Save it as 'CSV UTF-8'."
        raise Faults([_fault("encoding", file, line, problem, mend)]) from None


def _check_columns(study: Study, names: object, file: str) -> None:
    given = [str(name).strip() for name in names] if isinstance(names, list) else []
    known = columns(study)
    missing = [name for name in known[:3] if name not in given]
    unknown = [name for name in given if name not in known]
    if missing or unknown or len(set(given)) < len(given):
        problem = f"Its columns are {', '.join(given) or 'none'}."
        mend = f"They have to be {', '.join(known)}; what stands after the third may be left out."
        raise Faults([_fault("columns", file, 1, problem, mend)])


def _faults(study: Study, row: Row, file: str, line: int) -> Iterator[Fault]:
    if None in row:
        yield _fault("cells", file, line, "It has too many cells.", 'Put names in "quotes".')
    name, number = _cell(row, "name"), _cell(row, "number")
    if not _is_name(name):
        problem = f"{name[:30]!r} is no name of an organisation."
        mend = f"Write 1 to {_LONGEST_NAME} characters, and none of =+-@ in front."
        yield _fault("name", file, line, problem, mend)
    if not _NUMBER.fullmatch(_dialled(number)) or not re.fullmatch(r"[\d+() ./-]+", number):
        problem = f"{number[:30]!r} is no telephone number."
        yield _fault("number", file, line, problem, "Write 10 digits, or + and the country.")
    yield from _unknown_codes(study, row, file, line)


def _is_name(name: str) -> bool:
    # What begins with one of these, a spreadsheet would carry out when the list is exported.
    if not name or len(name) > _LONGEST_NAME or name[0] in "=+-@":
        return False
    return not any(unicodedata.category(c) == "Cc" for c in name)


def _unknown_codes(study: Study, row: Row, file: str, line: int) -> Iterator[Fault]:
    beside = study.collecting.call_column
    wanted = [("site", study.sites.name, study.sites.keys)]
    if beside:
        wanted.append(("category", beside, (*(c.code for c in study.variables[beside].codes), "")))
    for what, column, codes in wanted:
        if (found := _cell(row, column)) not in codes:
            problem = f"{found[:30]!r} is no {column} of this study."
            mend = f"Known are: {', '.join(filter(None, codes))}."
            yield _fault(what, file, line, problem, mend)


def _twice(rows: Sequence[tuple[int, Row]], file: str) -> list[Fault]:
    seen: dict[str, int] = {}
    faults = []
    for line, row in rows:
        number = _dialled(_cell(row, "number"))
        if number and number in seen:
            problem = f"This number stands on line {seen[number]} too."
            faults.append(_fault("twice", file, line, problem, "Nobody is called for two."))
        seen.setdefault(number, line)
    return faults


def _organisation(study: Study, row: Row) -> Organisation:
    beside = study.collecting.call_column
    return Organisation(
        secrets.token_hex(16),
        _cell(row, "name"),
        _cell(row, "number"),
        _cell(row, study.sites.name),
        (_cell(row, beside) if beside else "") or None,
    )


def _cell(row: Row, column: str) -> str:
    found = row.get(column)
    return found.strip() if isinstance(found, str) else ""


def _dialled(number: str) -> str:
    return Organisation("", "", number, "").dialled


def _fault(code: str, file: str, line: int | None, problem: str, mend: str) -> Fault:
    return Fault(f"calls-{code}", file, line, problem, mend)
