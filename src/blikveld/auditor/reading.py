"""Files that say themselves who is counted: tables as CSV or JSON, and lists of printed numbers."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from blikveld.auditor.conditions import UnknownCondition, join_conditions, parse_condition
from blikveld.auditor.statements import (
    IndependenceTest,
    Publication,
    Statement,
    Where,
    count_range,
)
from blikveld.errors import BlikveldError

_NEEDED = ("base_rule", "rule", "count", "base")


class UnreadablePublication(BlikveldError):
    """A published file cannot be read, or does not say who is counted."""


def read_cells(path: Path) -> Publication:
    """What a file of cells says; each cell has its count, base and both conditions.

    Raises UnreadablePublication with the line.
    """
    try:
        rows = list(_rows(path))
    except (OSError, ValueError, csv.Error) as error:
        raise UnreadablePublication(
            "unreadable-publication", str(path), f"It cannot be read: {error}.", "Check the file."
        ) from None
    return _publication(path, rows)


def _rows(path: Path) -> Iterator[Any]:
    text = path.read_text(encoding="utf-8-sig")
    match path.suffix:
        case ".jsonl":
            yield from (json.loads(line) for line in text.splitlines() if line.strip())
        case ".json":
            content = json.loads(text)
            cells = content.get("cells") if isinstance(content, dict) else content
            # What is no list is a row that is no cell.
            yield from cells if isinstance(cells, list) else [cells]
        case _:
            yield from csv.DictReader(text.splitlines(), strict=True)


def _publication(path: Path, rows: Iterable[Mapping[str, Any]]) -> Publication:
    found = Publication()
    for number, row in enumerate(rows, start=1):
        _check(path, number, row)
        where = _where(path, row)
        if test := _test(row, where):
            found.tests.append(test)
            continue
        try:
            cell = _cell(row, where)
            parse_condition(cell.group)
        except UnknownCondition:
            found.passed_over.append(where)
            continue
        found.statements += (*_base(row, where), cell, *_printed_share(row, cell))
    return found


def _check(path: Path, number: int, row: object) -> None:
    missing = [name for name in _NEEDED if not isinstance(row, Mapping) or name not in row]
    if missing:
        raise UnreadablePublication(
            "no-conditions",
            f"{path}, row {number}",
            f"It has no {missing[0]}, so that nobody can tell who is counted.",
            "Say in a description file which rows and columns are which variables.",
        )


def _where(path: Path, row: Mapping[str, Any]) -> Where:
    table = str(row.get("table") or row.get("location") or row.get("place") or "")
    return Where(path.name, table, str(row.get("row", "")), str(row.get("column", "")))


_TEST = re.compile(r"independence: (\w+) \* (\w+)")


def _test(row: Mapping[str, Any], where: Where) -> IndependenceTest | None:
    pair, base = _TEST.fullmatch(str(row["rule"])), _number(row["base"])
    if pair is None or base is None:
        return None
    return IndependenceTest(join_conditions(str(row["base_rule"])), pair[1], pair[2], base, where)


def _base(row: Mapping[str, Any], where: Where) -> Iterator[Statement]:
    base = _number(row["base"])
    if base is not None:
        yield Statement(join_conditions(str(row["base_rule"])), base, base, where)


def _cell(row: Mapping[str, Any], where: Where) -> Statement:
    group = join_conditions(str(row["base_rule"]), str(row["rule"]))
    count, base = _number(row["count"]), _number(row["base"])
    if count is not None:
        return Statement(group, count, count, where)
    low, high = _number(row.get("low")), _number(row.get("high"))
    if low is not None or high is not None:
        return Statement(group, low or 0, high if high is not None else base, where, withheld=True)
    if base is not None and (percent := str(row.get("percent") or "")):
        return Statement(group, *count_range(percent, base), where)
    return Statement(group, 0, base, where, withheld=True)


_SHARE = re.compile(r"(\d+(?:[.,]\d+)?)(?:–(\d+(?:[.,]\d+)?))?\s?%")


def _printed_share(row: Mapping[str, Any], cell: Statement) -> Iterator[Statement]:
    """What a percentage, or a range of them, says of a count that is withheld beside it."""
    base, share = _number(row["base"]), _SHARE.fullmatch(str(row.get("printed") or ""))
    if cell.withheld and base is not None and share:
        low, _ = count_range(share[1], base)
        _, high = count_range(share[2] or share[1], base)
        yield Statement(cell.group, low, high, cell.where, withheld=True)


def _number(value: Any) -> int | None:
    text = "" if value is None else str(value).strip()
    return int(text) if text.isdigit() else None
