"""A description file: which rows and columns of somebody's tables are which variables.

Nothing need be known of how the answers were collected. Codes are the words in the tables; a job
that stands in one sector only is taken to lie within that sector.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from blikveld.auditor.conditions import EVERYBODY, join_conditions, list_names, parse_condition
from blikveld.auditor.grids import PublishedGrid, read_grids
from blikveld.auditor.population import (
    AskedVariable,
    AuditedPopulation,
    UnreadablePopulation,
    read_yaml,
)
from blikveld.auditor.reading import UnreadablePublication
from blikveld.auditor.statements import Publication, Statement, Total, Where, count_range

_TABLE_KEYS = {
    *("file", "table", "only", "groups", "total", "answers", "skip_rows"),
    *("count", "base_count", "about", "withheld", "withheld_if", "name", "mentions", "columns"),
}
_VARIABLE_KEYS = {"several", "asked_if"}
_WITHHELD = ("x", "X", ".", "-", "–", "*", "")


@dataclass(slots=True)
class _Table:
    """One table of the description.

    `groups` names for each column of the file the variable whose code stands there. With `answers`
    the columns after those are the codes of that variable; without it `count` names the column that
    holds the number. `mentions` names the column that holds all answers of a row together.
    `columns` are the heads of a file that has none.
    """

    file: Path
    grid: str
    name: str
    groups: dict[str, str]
    total: dict[str, str]
    answers: str
    count: str
    mentions: str
    base_count: str
    about: str
    only: dict[str, str]
    withheld: tuple[str, ...]
    withheld_if: dict[str, list[str]]
    skip_rows: int
    columns: tuple[str, ...]


@dataclass(slots=True)
class _Found:
    """What the tables said so far."""

    publication: Publication = field(default_factory=Publication)
    codes: dict[str, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    together: dict[tuple[str, str], dict[str, set[str]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(set))
    )


def read_description(path: Path) -> tuple[AuditedPopulation, Publication]:
    """The population and the numbers of the tables that a description names.

    Files are looked for beside the description. Raises UnreadablePopulation for the description and
    UnreadablePublication for a file.
    """
    content = read_yaml(path)
    _check_keys(path, content, {"variables", "tables"}, "a description")
    variables = content.get("variables", {})
    for name, settings in variables.items():
        _check_keys(path, settings, _VARIABLE_KEYS, f"variable {name}")
    found, grids = _Found(), _Grids()
    for number, entry in enumerate(content.get("tables", ()), start=1):
        table = _table(path, number, entry)
        for line in _lines(path, table, grids):
            cells = _unfold(table, line) if table.answers else (line,)
            groups = [_take(table, cell, found) for cell in cells]
            if table.mentions:
                _take_mentions(table, line, groups, found)
    return _population(found, variables), found.publication


def _check_keys(path: Path, given: Mapping[str, Any], known: set[str], what: str) -> None:
    for key in given:
        if key not in known:
            raise _refuse(
                path, f"'{key}' is no setting of {what}.", f"Known are {', '.join(sorted(known))}."
            )


def _refuse(path: Path, problem: str, mend: str) -> UnreadablePopulation:
    return UnreadablePopulation("description", str(path), problem, mend)


def _table(path: Path, number: int, entry: Mapping[str, Any]) -> _Table:
    _check_keys(path, entry, _TABLE_KEYS, f"table {number}")
    if "file" not in entry or not (entry.get("answers") or entry.get("count")):
        raise _refuse(
            path,
            f"Table {number} needs 'file', and 'answers' or 'count'.",
            "With 'answers' the columns are answers; 'count' names the column with the number.",
        )
    about = str(entry.get("about", EVERYBODY))
    parse_condition(about)
    return _Table(
        file=path.parent / str(entry["file"]),
        grid=str(entry.get("table", "")),
        name=str(entry.get("name", entry["file"])),
        groups=_texts(entry.get("groups", {})),
        total=_texts(entry.get("total", {})),
        answers=str(entry.get("answers", "")),
        count=str(entry.get("count", "")),
        mentions=str(entry.get("mentions", "")),
        base_count=str(entry.get("base_count", "")),
        about=about,
        only=_texts(entry.get("only", {})),
        withheld=tuple(map(str, entry.get("withheld", _WITHHELD))),
        withheld_if={str(k): list(map(str, v)) for k, v in entry.get("withheld_if", {}).items()},
        skip_rows=int(entry.get("skip_rows", 0)),
        columns=tuple(map(str, entry.get("columns", ()))),
    )


def _texts(given: Mapping[Any, Any]) -> dict[str, str]:
    return {str(key): str(value) for key, value in given.items()}


_Grids = dict[Path, tuple[PublishedGrid, ...]]
"""The tables of files that were read: a file is read once, however many of its tables are named."""


def _lines(path: Path, table: _Table, grids: _Grids) -> Iterator[Mapping[str, str]]:
    """The table's rows, each as a line of column to text."""
    if table.file not in grids:
        grids[table.file] = read_grids(table.file)
    grid = _grid(path, table, grids[table.file])
    rows = grid.rows[table.skip_rows :]
    head, rows = (table.columns, rows) if table.columns else (rows[0] if rows else (), rows[1:])
    single = filter(None, (table.count, table.base_count, table.mentions))
    for column in (*table.groups, *table.only, *table.withheld_if, *single):
        if column not in head and column != table.answers:
            raise _refuse(
                path,
                f"{table.file.name} has no column '{column}'.",
                f"Its columns are: {', '.join(head)}.",
            )
    for row in rows:
        line = dict(zip(head, row, strict=False))
        if all(line.get(column) == text for column, text in table.only.items()):
            yield line


def _unfold(table: _Table, line: Mapping[str, str]) -> Iterator[Mapping[str, str]]:
    """A row of a cross table as a line for each answer."""
    fixed = {*table.groups, table.base_count, table.mentions}
    for column in line:
        if column and column not in fixed:
            yield {**line, table.answers: column, "": line.get(column, "")}


def _grid(path: Path, table: _Table, grids: tuple[PublishedGrid, ...]) -> PublishedGrid:
    chosen = [grid for grid in grids if not table.grid or grid.name == table.grid]
    if not chosen:
        names = ", ".join(grid.name for grid in grids)
        raise _refuse(path, f"{table.file.name} has no table '{table.grid}'.", f"It has: {names}.")
    return chosen[0]


def _take_mentions(
    table: _Table, line: Mapping[str, str], groups: Sequence[str], found: _Found
) -> None:
    """Learn that the answers of a row together are a printed number."""
    text = _plain(line[table.mentions])
    if text.isdigit():
        where = Where(table.file.name, table.name, table.mentions)
        found.publication.totals.append(Total(tuple(groups), int(text), where))


def _take(table: _Table, line: Mapping[str, str], found: _Found) -> str:
    """Learn the codes of a line, and what it says of its group. Returns the group."""
    here = {variable: line.get(column, "") for column, variable in table.groups.items()}
    if table.answers:
        here[table.answers] = line[table.answers]
    totals = {table.groups.get(column, column): text for column, text in table.total.items()}
    codes = {name: code for name, code in here.items() if code != totals.get(name)}
    for name, code in codes.items():
        found.codes[name][code] = None
        for other, outer in codes.items():
            if other != name:
                found.together[other, name][code].add(outer)
    conditions = [f"{name} == {code!r}" for name, code in codes.items()]
    where = Where(table.file.name, table.name, " / ".join(codes.values()))
    group = join_conditions(table.about, *conditions)
    try:
        statement = _statement(table, line, group, where)
    except ValueError:
        raise UnreadablePublication(
            "no-count",
            str(where),
            f"{line.get('' if table.answers else table.count, '')!r} is no number of people.",
            "Say with withheld which marks stand for a number that is kept back.",
        ) from None
    found.publication.statements.append(statement)
    return group


def _statement(table: _Table, line: Mapping[str, str], group: str, where: Where) -> Statement:
    text = _plain(line.get("" if table.answers else table.count, ""))
    is_withheld = any(line.get(column) in marks for column, marks in table.withheld_if.items())
    if is_withheld or text in table.withheld:
        return Statement(group, 0, None, where, withheld=True)
    low, _, high = (_plain(end) for end in text.replace("–", "-").partition("-"))
    if high:
        return Statement(group, int(low), int(high), where, withheld=True)
    if text.endswith("%"):
        return Statement(group, *count_range(text, int(_plain(line[table.base_count]))), where)
    return Statement(group, int(text), int(text), where)


_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_WHOLE = re.compile(r"(\d+)[.,]0+")


def _plain(text: str) -> str:
    """A whole number without the marks between thousands and without decimals that are nought."""
    bare = text.strip().replace(" ", "")
    if _THOUSANDS.fullmatch(bare):
        return bare.replace(".", "").replace(",", "")
    whole = _WHOLE.fullmatch(bare)
    return whole[1] if whole else bare


def _population(found: _Found, settings: Mapping[str, Mapping[str, Any]]) -> AuditedPopulation:
    """Variables with the codes that were met; inner ones after the ones they lie within."""
    within = {inner: (outer, codes) for outer, inner, codes in _nested(found)}
    variables = {
        name: AskedVariable(
            name,
            tuple(codes),
            several=bool(settings.get(name, {}).get("several")),
            asked_if=str(settings.get(name, {}).get("asked_if", EVERYBODY)),
            within=within.get(name),
        )
        for name, codes in found.codes.items()
    }
    return AuditedPopulation(tuple(_ordered(variables)))


def _ordered(variables: Mapping[str, AskedVariable]) -> Iterator[AskedVariable]:
    """Each variable after those it hangs on; what hangs on itself in a circle comes last."""
    waiting = dict(variables)
    while waiting:
        ready = [v for v in waiting.values() if not _hangs_on(v) & waiting.keys()]
        for variable in ready or list(waiting.values()):
            del waiting[variable.name]
            yield variable


def _hangs_on(variable: AskedVariable) -> set[str]:
    outer = {variable.within[0]} if variable.within else set()
    return {*list_names(variable.asked_if), *outer}


def _nested(found: _Found) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Variables each code of which was only met with one code of another, larger one."""
    for (outer, inner), codes in found.together.items():
        single = {code: min(others) for code, others in codes.items() if len(others) == 1}
        is_finer = len(found.codes[inner]) > len(found.codes[outer])
        if is_finer and len(single) == len(found.codes[inner]):
            yield outer, inner, single
