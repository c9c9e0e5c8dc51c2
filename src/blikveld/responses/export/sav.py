"""The writer of SPSS system files (.sav).

Layout after the description of system files in the PSPP developers' guide. Numbers are
little-endian; a variable takes slots of eight bytes. Text of more than 255 bytes is divided into
segments, each a variable of its own that readers put together again.
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import chain, islice
from math import ceil, nextafter
from pathlib import Path

from blikveld.responses.export.labels import NOT_FOR_PUBLICATION
from blikveld.responses.export.limits import SPSS, cut
from blikveld.responses.export.table import (
    Content,
    ExportCell,
    ExportColumn,
    ExportTable,
    ValueLabel,
)

_NUMERIC, _STRING = 5, 1
_SEGMENT = 252
"""A long text has a segment for every 252 bytes; yet each segment holds 255 of them."""
_HELD = 255
_BIAS = 100
_SYSTEM_MISSING = -sys.float_info.max
_DATE_FORMAT, _DATE_WIDTH = 20, 11
_DAY_NOUGHT, _SECONDS = date(1582, 10, 14), 86_400
"""SPSS counts seconds since the calendar of Gregory."""
_SPACES = b" " * 8
_RAW, _BLANK, _END = 253, 254, 252
# No moment of its own: the same snapshot gives the same bytes.
_CREATED = b"01 Jan 7000:00:00"


@dataclass(frozen=True, slots=True)
class _SavField:
    """A column with its name in the file, its short name and its width; 0 for numbers."""

    column: ExportColumn
    name: str
    short: str
    width: int

    @property
    def segments(self) -> tuple[int, ...]:
        """The widths of its variables in the file: one, but for long texts."""
        if self.width <= _HELD:
            return (self.width,)
        count = ceil(self.width / _SEGMENT)
        return (*(_HELD,) * (count - 1), self.width - (count - 1) * _SEGMENT)

    @property
    def slots(self) -> int:
        """How many times eight bytes a respondent takes."""
        return sum(_slots(width) for width in self.segments)


def write_sav(table: ExportTable, path: Path) -> None:
    """Write a table as an SPSS system file.

    Names, labels and texts that SPSS cannot hold are fitted: `limits.list_changes` tells which.
    """
    fields = _fields(table)
    with path.open("wb") as file:
        file.write(_header(table, fields))
        for field in fields:
            file.write(b"".join(_variables(field)))
        file.write(b"".join(_value_labels(fields)))
        file.write(b"".join(_extensions(table, fields)))
        file.write(struct.pack("<ii", 999, 0))
        rows = zip(*table.cells, strict=True)
        slots = chain.from_iterable(_case(fields, row) for row in rows)
        file.writelines(_compressed(slots))


def _fields(table: ExportTable) -> tuple[_SavField, ...]:
    names = SPSS.fit_names(column.name for column in table.columns)
    return tuple(
        _SavField(column, names[column.name], f"V{number}", _width(column, cells))
        for number, (column, cells) in enumerate(zip(table.columns, table.cells, strict=True), 1)
    )


def _width(column: ExportColumn, cells: Sequence[ExportCell]) -> int:
    if not column.is_text:
        return 0
    return max((len(_text(cell)) for cell in cells), default=0) or 1


def _text(cell: ExportCell) -> bytes:
    return SPSS.cut_text(str(cell)).encode()


def _slots(width: int) -> int:
    return max(1, ceil(width / 8))


def _header(table: ExportTable, fields: Sequence[_SavField]) -> bytes:
    product = b"@(#) SPSS DATA FILE Blikveld".ljust(60)
    slots = sum(field.slots for field in fields)
    numbers = struct.pack("<iiiiid", 2, slots, 1, 0, table.rows, float(_BIAS))
    label = cut(table.title, 64).encode().ljust(64)
    return b"$FL2" + product + numbers + _CREATED + label + bytes(3)


def _variables(field: _SavField) -> Iterator[bytes]:
    for number, width in enumerate(field.segments):
        label = SPSS.cut_label(field.column.label) if number == 0 else ""
        short = field.short if number == 0 else f"{field.short}S{number:X}"
        yield _variable(field.column, short, width, label)
        yield from (_continuation() for _ in range(_slots(width) - 1))


def _variable(column: ExportColumn, short: str, width: int, label: str) -> bytes:
    shape = (_STRING << 16) | (width << 8) if width else (_NUMERIC << 16) | (8 << 8)
    shape |= 0 if width or column.values else 2 if column.decimals is None else column.decimals
    if column.role is Content.DATE:
        shape = _DATE_FORMAT << 16 | _DATE_WIDTH << 8
    missing = struct.pack("<dd", *column.missing_range) if column.missing else b""
    ranges = -2 if missing else 0
    head = struct.pack("<iiiiii", 2, width, bool(label), ranges, shape, shape)
    return head + short.encode().ljust(8) + (_long(label) if label else b"") + missing


def _long(label: str) -> bytes:
    data = label.encode()
    return struct.pack("<i", len(data)) + data + bytes(-len(data) % 4)


def _continuation() -> bytes:
    return struct.pack("<iiiiii", 2, -1, 0, 0, 0, 0) + _SPACES


def _value_labels(fields: Sequence[_SavField]) -> Iterator[bytes]:
    index = 1
    for field in fields:
        labels = (*field.column.values, *field.column.missing)
        if labels:
            yield struct.pack("<ii", 3, len(labels))
            yield from (_value_label(label) for label in labels)
            yield struct.pack("<iii", 4, 1, index)
        index += field.slots


def _value_label(label: ValueLabel) -> bytes:
    data = SPSS.cut_value_label(label.label).encode()
    return struct.pack("<dB", label.number, len(data)) + data + bytes(-(len(data) + 1) % 8)


def _extensions(table: ExportTable, fields: Sequence[_SavField]) -> Iterator[bytes]:
    yield _extension(3, 4, struct.pack("<8i", 1, 0, 0, -1, 1, 1, 2, 65001))
    lowest = nextafter(_SYSTEM_MISSING, 0)
    yield _extension(4, 8, struct.pack("<3d", _SYSTEM_MISSING, -_SYSTEM_MISSING, lowest))
    yield _extension(7, 1, _sets(table, fields))
    yield _extension(11, 4, b"".join(_display(field) for field in fields))
    yield _extension(13, 1, "\t".join(f"{f.short}={f.name}" for f in fields).encode())
    yield _extension(14, 1, b"".join(_long_text(f) for f in fields if len(f.segments) > 1))
    yield _extension(16, 8, struct.pack("<qq", 1, table.rows))
    yield _extension(17, 1, _file_attributes(table))
    yield _extension(18, 1, "/".join(_attributes(field) for field in fields).encode())
    yield _extension(20, 1, b"UTF-8")


def _extension(kind: int, size: int, data: bytes) -> bytes:
    return struct.pack("<iiii", 7, kind, size, len(data) // size) + data if data else b""


def _sets(table: ExportTable, fields: Sequence[_SavField]) -> bytes:
    # Members stand under their short names in lower case.
    short = {field.column.name: field.short.lower() for field in fields}
    names = SPSS.fit_names(each.name for each in table.sets)
    lines = []
    for each in table.sets:
        label = SPSS.cut_label(each.label)
        members = " ".join(short[name] for name in each.columns)
        name = cut(names[each.name], SPSS.name - 1)
        lines.append(f"${name}=D1 1 {len(label.encode())} {label} {members}\n")
    return "".join(lines).encode()


def _display(field: _SavField) -> bytes:
    align_left, align_right = 0, 1
    side = align_left if field.width else align_right
    return struct.pack("<iii", field.column.measure.value, 8, side) * len(field.segments)


def _long_text(field: _SavField) -> bytes:
    return f"{field.short}={field.width:05}\0\t".encode()


def _file_attributes(table: ExportTable) -> bytes:
    about = {
        "blikveld.study": table.study.key,
        "blikveld.version": table.study.version,
        "blikveld.snapshot": table.digest,
        "blikveld.origin": table.origin.value,
        "blikveld.care": NOT_FOR_PUBLICATION,
    }
    return "".join(f"{name}('{value}'\n)" for name, value in about.items()).encode()


def _attributes(field: _SavField) -> str:
    column = field.column
    told = [column.variable, *((column.option,) if column.option is not None else ())]
    told += [f"{value.number}={value.code}" for value in (*column.values, *column.missing)]
    listed = "".join(f"'{part}'\n" for part in told)
    return f"{field.name}:blikveld({listed})"


def _case(fields: Sequence[_SavField], row: Sequence[ExportCell]) -> Iterator[float | bytes]:
    for field, cell in zip(fields, row, strict=True):
        match cell:
            case str():
                yield from _text_slots(field, cell)
            case date():
                yield float((cell - _DAY_NOUGHT).days * _SECONDS)
            case None:
                yield _SYSTEM_MISSING
            case _:
                yield field.column.number(cell)


def _text_slots(field: _SavField, cell: str) -> Iterator[bytes]:
    data = _text(cell).ljust(field.width)
    for number, width in enumerate(field.segments):
        held = data[number * _HELD : (number + 1) * _HELD].ljust(_slots(width) * 8)
        yield from (held[start : start + 8] for start in range(0, _slots(width) * 8, 8))


def _compressed(slots: Iterator[float | bytes]) -> Iterator[bytes]:
    """Slots in groups of eight over all respondents: a byte each, then what no byte can say."""
    coded = map(_coded, slots)
    while group := tuple(islice(coded, 8)):
        yield bytes(code for code, _ in group).ljust(8, b"\0")
        yield from (data for _, data in group)


@lru_cache(maxsize=10_000)
def _coded(slot: float | bytes) -> tuple[int, bytes]:
    if isinstance(slot, bytes):
        return (_BLANK, b"") if slot == _SPACES else (_RAW, slot)
    if slot.is_integer() and 1 <= slot + _BIAS < _END:
        return int(slot) + _BIAS, b""
    return _RAW, struct.pack("<d", slot)
