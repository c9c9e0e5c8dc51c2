"""The writer of Stata files (.dta, format 118).

Layout after Stata's own description of the format (`help dta`). What is missing becomes `.a` to
`.h`, each with a label. Texts of more than 2,045 bytes stand apart, as Stata's `strL`.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from blikveld.responses.export.limits import STATA, cut
from blikveld.responses.export.table import Content, ExportCell, ExportColumn, ExportTable
from blikveld.rules import Missing, Special

_LONG, _DOUBLE, _APART = 65_528, 65_526, 32_768
_FIRST_MISSING_LONG = 2_147_483_621
_FIRST_MISSING_DOUBLE = 0x7FE0_0000_0000_0000
_MISSING_STEP = 0x0000_0100_0000_0000
_MOST_BESIDE = 2_045
_DAY_NOUGHT = date(1960, 1, 1)


@dataclass(frozen=True, slots=True)
class _DtaField:
    """A column with its name in the file and its type, as Stata numbers types."""

    column: ExportColumn
    name: str
    type: int

    @property
    def labels(self) -> str:
        """The name of its value labels; empty where there are none."""
        return self.name if self.column.values or self.column.missing else ""

    @property
    def format(self) -> str:
        """How Stata shows it."""
        if self.type == _APART:
            return "%9s"
        if self.column.is_text:
            return f"%{self.type}s"
        if self.column.role is Content.DATE:
            return "%td"
        return "%12.0g" if self.type == _LONG else "%10.0g"


def write_dta(table: ExportTable, path: Path) -> None:
    """Write a table as a Stata file.

    Names, labels and texts that Stata cannot hold are fitted: `limits.list_changes` tells which.
    """
    fields = _fields(table)
    parts = {
        "header": _header(table),
        "map": bytes(14 * 8),
        "variable_types": b"".join(struct.pack("<H", field.type) for field in fields),
        "varnames": b"".join(_padded(field.name, 129) for field in fields),
        "sortlist": bytes(2 * (len(fields) + 1)),
        "formats": b"".join(_padded(field.format, 57) for field in fields),
        "value_label_names": b"".join(_padded(field.labels, 129) for field in fields),
        "variable_labels": b"".join(
            _padded(STATA.cut_label(field.column.label), 321) for field in fields
        ),
        "characteristics": b"".join(_characteristic(field) for field in fields),
        "data": b"".join(_rows(table, fields)),
        "strls": b"".join(_apart(table, fields)),
        "value_labels": b"".join(_value_labels(field) for field in fields if field.labels),
    }
    path.write_bytes(_whole(parts))


def _whole(parts: dict[str, bytes]) -> bytes:
    """The parts between their tags, with the map of where each begins."""
    places, at = [0], len(b"<stata_dta>")
    for name, content in parts.items():
        places.append(at)
        at += len(_tagged(name, content))
    end = b"</stata_dta>"
    # The header is the one part that the map does not name.
    parts["map"] = struct.pack("<14Q", places[0], *places[2:], at, at + len(end))
    return b"<stata_dta>" + b"".join(_tagged(n, c) for n, c in parts.items()) + end


def _tagged(name: str, content: bytes) -> bytes:
    return f"<{name}>".encode() + content + f"</{name}>".encode()


def _header(table: ExportTable) -> bytes:
    label = STATA.cut_label(table.title).encode()
    return b"".join(
        (
            _tagged("release", b"118"),
            _tagged("byteorder", b"LSF"),
            _tagged("K", struct.pack("<H", len(table.columns))),
            _tagged("N", struct.pack("<Q", table.rows)),
            _tagged("label", struct.pack("<H", len(label)) + label),
            # No moment of its own: the same snapshot gives the same bytes.
            _tagged("timestamp", b"\0"),
        )
    )


def _fields(table: ExportTable) -> tuple[_DtaField, ...]:
    names = STATA.fit_names(column.name for column in table.columns)
    return tuple(
        _DtaField(column, names[column.name], _type(column, cells))
        for column, cells in zip(table.columns, table.cells, strict=True)
    )


def _type(column: ExportColumn, cells: Sequence[ExportCell]) -> int:
    if column.is_text:
        longest = max((len(_text(cell)) for cell in cells), default=0) or 1
        return longest if longest <= _MOST_BESIDE else _APART
    return _DOUBLE if column.role in (Content.NUMBER, Content.DATE) else _LONG


def _text(cell: ExportCell) -> bytes:
    return STATA.cut_text(str(cell)).encode()


def _padded(text: str, length: int) -> bytes:
    return cut(text, length - 1).encode().ljust(length, b"\0")


def _characteristic(field: _DtaField) -> bytes:
    """The study's own name and codes, which Stata keeps beside a variable."""
    column = field.column
    told = [column.variable, *((column.option,) if column.option is not None else ())]
    told += [f"{value.number}={value.code}" for value in column.values]
    told += [f".{value.letter}={value.code}" for value in column.missing]
    content = _padded(field.name, 129) + _padded("blikveld", 129) + "; ".join(told).encode() + b"\0"
    return _tagged("ch", struct.pack("<I", len(content)) + content)


def _rows(table: ExportTable, fields: Sequence[_DtaField]) -> Iterator[bytes]:
    for number, row in enumerate(zip(*table.cells, strict=True), start=1):
        for index, (field, cell) in enumerate(zip(fields, row, strict=True), start=1):
            yield _cell(field, cell, index, number)


def _cell(field: _DtaField, cell: ExportCell, index: int, row: int) -> bytes:
    if field.type == _APART:
        return struct.pack("<HIH", index, row, 0) if cell else bytes(8)
    if field.column.is_text:
        return _text(cell).ljust(field.type, b"\0")
    if cell is None:
        return struct.pack("<Q", _FIRST_MISSING_DOUBLE)
    if isinstance(cell, date):
        return struct.pack("<d", (cell - _DAY_NOUGHT).days)
    if isinstance(cell, Missing | Special):
        return _missing(field, field.column.declared(cell).letter)
    if isinstance(cell, str):
        raise TypeError(field.name)
    return struct.pack("<d", cell) if field.type == _DOUBLE else struct.pack("<i", int(cell))


def _missing(field: _DtaField, letter: str) -> bytes:
    if field.type == _LONG:
        return struct.pack("<i", _missing_long(letter))
    return struct.pack("<Q", _FIRST_MISSING_DOUBLE + _step(letter) * _MISSING_STEP)


def _missing_long(letter: str) -> int:
    return _FIRST_MISSING_LONG + _step(letter)


def _step(letter: str) -> int:
    """How far a letter lies behind Stata's plain missing value: `.a` is 1."""
    return ord(letter) - ord("a") + 1


def _apart(table: ExportTable, fields: Sequence[_DtaField]) -> Iterator[bytes]:
    """The long texts, in the order in which the rows name them."""
    long = [
        (at, cells)
        for at, (f, cells) in enumerate(zip(fields, table.cells, strict=True), 1)
        if f.type == _APART
    ]
    for row in range(table.rows):
        for index, cells in long:
            if cells[row]:
                data = _text(cells[row]) + b"\0"
                # 130: a text that ends in a NUL.
                yield b"GSO" + struct.pack("<IQBI", index, row + 1, 130, len(data)) + data


def _value_labels(field: _DtaField) -> bytes:
    labels = _labels(field.column)
    texts = [STATA.cut_value_label(label).encode() + b"\0" for label in labels.values()]
    places = [sum(map(len, texts[:number])) for number in range(len(texts))]
    whole = b"".join(texts)
    table = struct.pack(f"<ii{len(labels)}i", len(labels), len(whole), *places)
    table += struct.pack(f"<{len(labels)}i", *labels) + whole
    content = struct.pack("<i", len(table)) + _padded(field.labels, 129) + bytes(3) + table
    return _tagged("lbl", content)


def _labels(column: ExportColumn) -> Mapping[int, str]:
    usual = {value.number: value.label for value in column.values}
    missing = {_missing_long(value.letter): value.label for value in column.missing}
    return dict(sorted({**usual, **missing}.items()))
