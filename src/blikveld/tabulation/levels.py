"""Levels of an axis in SQL, and which axes an engine needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from blikveld.responses.rule_sql import condition, literal, quoted
from blikveld.responses.schema import codes, missing_column, option_column
from blikveld.rules import EVERYBODY
from blikveld.study.model import Variable, VariableKind
from blikveld.tabulation.axes import KINDS, Axes, Axis, AxisKind
from blikveld.tabulation.cubes import CubeKey, CubeOptions


def level_sql(axis: Axis, variables: Mapping[str, Variable]) -> str:
    """SQL that numbers the level of a respondent, from 0 in the order of `axis.levels`.

    NULL for a row that no snapshot can hold. Names and codes are quoted, whatever signs they have.
    """
    if axis.kind is AxisKind.TRUTH:
        rule = condition(axis.rule or EVERYBODY, variables)
        return f"CASE WHEN {rule} THEN 0 WHEN NOT {rule} THEN 1 ELSE 2 END"
    answers = list(_answers(axis, variables[axis.name]))
    first = axis.size - len(KINDS)
    missing = quoted(missing_column(axis.name))
    kinds = [
        f"WHEN {missing} = {literal(kind.value)} THEN {first + index}"
        for index, kind in enumerate(KINDS)
    ]
    return f"CASE {' '.join((*answers, *kinds))} END"


def _answers(axis: Axis, variable: Variable) -> Iterator[str]:
    name = quoted(axis.name)
    match axis.kind:
        case AxisKind.VALUE if variable.kind is VariableKind.FLAG:
            yield f"WHEN {name} THEN 0 WHEN NOT {name} THEN 1"
        case AxisKind.VALUE:
            for index, code in enumerate(codes(variable)):
                yield f"WHEN {name} = {literal(code)} THEN {index}"
        case AxisKind.OPTION:
            option = quoted(option_column(axis.name, axis.option))
            yield f"WHEN {option} THEN 0 WHEN NOT {option} THEN 1"
        case AxisKind.COUNT:
            missing = quoted(missing_column(axis.name))
            yield f"WHEN {missing} IS NULL THEN {_chosen(variable)}"
        case AxisKind.STATE:
            yield f"WHEN {quoted(missing_column(axis.name))} IS NULL THEN 0"


def _chosen(variable: Variable) -> str:
    options = (quoted(option_column(variable.name, code)) for code in codes(variable))
    return " + ".join(f"CASE WHEN {option} THEN 1 ELSE 0 END" for option in options) or "0"


def needed_axes(axes: Axes, keys: Iterable[CubeKey]) -> tuple[Axis, ...]:
    """Every axis that these cubes look at, each once."""
    found: dict[Axis, None] = {}
    for key in keys:
        found.update(dict.fromkeys((*key.strata, *axes.needed(key.where))))
        match key.answer:
            case Axis():
                found[key.answer] = None
            case CubeOptions(name, codes):
                found[axes.state(name)] = None
                found.update(dict.fromkeys(axes.option(name, code) for code in codes))
    return tuple(found)
