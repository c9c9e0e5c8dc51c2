"""Variables as columns, values as cells, and what is refused."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from blikveld.responses.schema import (
    ColumnClash,
    SnapshotColumn,
    WrongRecord,
    cells,
    columns,
    value,
)
from blikveld.rules import Missing, UnknownVariable, Value
from blikveld.study.model import Code, Variable, VariableKind


def _variable(name: str, kind: VariableKind, *codes: str) -> Variable:
    return Variable(name, kind, {"en": name}, tuple(Code(code, {"en": code}) for code in codes))


SINGLE = _variable("seen", VariableKind.SINGLE, "yes", "no", "yes")
MULTIPLE = _variable("places", VariableKind.MULTIPLE, "beach", "street")
TEXT = _variable("remarks", VariableKind.TEXT)
FLAG = _variable("completed", VariableKind.FLAG)
NUMBER = _variable("score", VariableKind.NUMBER)
ALL: Mapping[str, Variable] = {v.name: v for v in (SINGLE, MULTIPLE, TEXT, FLAG, NUMBER)}


def test_columns() -> None:
    assert [(column.name, column.type) for column in columns(ALL)] == [
        ("seen", "VARCHAR"),
        ("seen__missing", "VARCHAR"),
        ("places__beach", "BOOLEAN"),
        ("places__street", "BOOLEAN"),
        ("places__missing", "VARCHAR"),
        ("remarks", "VARCHAR"),
        ("remarks__missing", "VARCHAR"),
        ("completed", "BOOLEAN"),
        ("completed__missing", "VARCHAR"),
        ("score", "DOUBLE"),
        ("score__missing", "VARCHAR"),
    ]


@pytest.mark.parametrize(
    ("variable", "value_", "row"),
    [
        (SINGLE, "no", ("no", None)),
        (SINGLE, Missing.REFUSED, (None, "refused")),
        (MULTIPLE, ("street",), (False, True, None)),
        (MULTIPLE, (), (False, False, None)),
        (MULTIPLE, Missing.NOT_ASKED, (None, None, "not_asked")),
        (TEXT, "", ("", None)),
        (TEXT, "Robert'); DROP TABLE", ("Robert'); DROP TABLE", None)),
        (TEXT, Missing.SKIPPED, (None, "skipped")),
        (FLAG, False, (False, None)),
        (NUMBER, 3, (3.0, None)),
        (NUMBER, Missing.SKIPPED, (None, "skipped")),
    ],
)
def test_there_and_back(
    variable: Variable, value_: Value, row: tuple[str | bool | float | None, ...]
) -> None:
    assert tuple(cells(variable, {variable.name: value_})) == row
    assert value(variable, row) == value_


@pytest.mark.parametrize(
    ("variable", "wrong"),
    [
        (SINGLE, "maybe"),
        (SINGLE, True),
        (SINGLE, ("yes",)),
        (MULTIPLE, "beach"),
        (MULTIPLE, ("roof",)),
        (MULTIPLE, ("beach", "beach")),
        (MULTIPLE, ("street", "beach")),
        (TEXT, 3.0),
        (TEXT, "half a sign: \ud83d"),
        (FLAG, "true"),
        (FLAG, 1),
        (NUMBER, "3"),
        (NUMBER, True),
        (NUMBER, float("nan")),
    ],
)
def test_what_nobody_can_answer_is_refused(variable: Variable, wrong: Value) -> None:
    with pytest.raises(WrongRecord, match=variable.name):
        tuple(cells(variable, {variable.name: wrong}))


def test_the_message_keeps_an_answer_to_itself() -> None:
    with pytest.raises(WrongRecord) as refusal:
        tuple(cells(SINGLE, {"seen": "my name is"}))
    assert "my name is" not in str(refusal.value)


def test_a_variable_without_a_value_is_refused() -> None:
    with pytest.raises(UnknownVariable, match="seen"):
        tuple(cells(SINGLE, {}))


@pytest.mark.parametrize("row", [("no", "refused"), (None, None), (None, "forgotten")])
def test_cells_that_nothing_made_are_refused(row: tuple[str | None, ...]) -> None:
    with pytest.raises(WrongRecord, match="seen"):
        value(SINGLE, row)


@pytest.mark.parametrize(
    "twin",
    [
        _variable("Seen", VariableKind.SINGLE, "yes"),
        _variable("seen__missing", VariableKind.TEXT),
        _variable("places__beach", VariableKind.FLAG),
        _variable("roofs", VariableKind.MULTIPLE, "missing"),
        _variable("roofs", VariableKind.MULTIPLE, "tile", "Tile"),
    ],
)
def test_two_columns_of_one_name_are_refused(twin: Variable) -> None:
    with pytest.raises(ColumnClash):
        columns({**ALL, twin.name: twin})


def test_a_column_is_a_value() -> None:
    assert SnapshotColumn("a", "VARCHAR") == SnapshotColumn("a", "VARCHAR")
