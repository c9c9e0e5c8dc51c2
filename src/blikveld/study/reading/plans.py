"""inclusion.yaml and tables.yaml: who counts, and which tables are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum

from blikveld.study.model import InclusionStep, Study, TablePlan, Variable, VariableKind
from blikveld.study.reading.hints import choose
from blikveld.study.reading.names import Scope, check
from blikveld.study.reading.place import Place, once


class _Share(Enum):
    """What a percentage in a table is a part of."""

    ROW = "row"


class _Unit(Enum):
    """What the cells of a table count."""

    RESPONDENTS = "respondents"
    MENTIONS = "mentions"


def with_inclusion(study: Study, root: Place, *, known: bool) -> Study:
    """The study with the rules by which respondents count.

    With `known` false the variables could not be read, and rules are not held against them.
    """
    if not root.given:
        return study
    places = root.fields("inclusion")["inclusion"]
    once((step.inner("key") for step in places.elements()), "step")
    reader = _Reader(study, known)
    return replace(study, inclusion=places.each(reader.step))


def with_tables(study: Study, root: Place, *, known: bool) -> Study:
    """The study with its tables; `known` as in with_inclusion."""
    if not root.given:
        return study
    places = root.fields("tables")["tables"]
    once((table.inner("key") for table in places.elements()), "table")
    reader = _Reader(study, known)
    return replace(study, tables=places.each(reader.table))


@dataclass(frozen=True, slots=True)
class _Reader:
    study: Study
    known: bool

    def step(self, place: Place) -> InclusionStep:
        fields = place.fields("key", "keep", "label")
        keep = fields["keep"].rule()
        self._check(fields["keep"])
        text = fields["keep"].optional(Place.rule_text) or ""
        return InclusionStep(fields["key"].key(), fields["label"].label(), keep, text)

    def table(self, place: Place) -> TablePlan:
        fields = place.fields(
            *("key", "place", "title", "base", "rows", "columns"),
            optional=("order", "total", "share", "unit"),
        )
        self._check(fields["base"])
        columns = self._variable(fields["columns"], (VariableKind.SINGLE, VariableKind.MULTIPLE))
        rows = fields["rows"].each(lambda row: self._variable(row, (VariableKind.SINGLE,)))
        once(fields["rows"].elements(), "row variable")
        fields["share"].optional(lambda at: at.one_of(_Share))
        return TablePlan(
            key=fields["key"].key(),
            place=fields["place"].label(),
            title=fields["title"].label(),
            base=fields["base"].rule(),
            base_text=fields["base"].optional(Place.rule_text) or "",
            rows=tuple(row.name for row in rows if row),
            columns=columns.name if columns else "",
            order=_order(fields["order"], columns),
            total=fields["total"].flag(default=True),
            mentions=_mentions(fields, columns),
        )

    def _check(self, place: Place) -> None:
        check(place, place.rule(), Scope(self.study.variables) if self.known else None)

    def _variable(self, place: Place, kinds: tuple[VariableKind, ...]) -> Variable | None:
        name = place.optional(Place.string)
        if not name or not self.known:
            return None
        variables = self.study.variables
        variable = variables.get(name)
        fitting = [name for name, at in variables.items() if at.kind in kinds]
        if variable is None:
            place.fault("rule-name", f"Nothing here is called {name!r}.", choose(name, fitting))
        elif variable.kind not in kinds:
            problem = f"{name!r} does not fit in {place.name!r}: it is {variable.kind.value}."
            place.fault("rule-kind", problem, choose("", fitting))
        return variable


def _order(place: Place, columns: Variable | None) -> tuple[str, ...]:
    known = [code.code for code in columns.codes] if columns else []

    def code(at: Place) -> str:
        text = at.string()
        if text and known and text not in known:
            at.fault("unknown-code", f"There is no code {text!r}.", choose(text, known))
        return text

    once(place.elements(), "code")
    return place.some(code)


def _mentions(fields: Mapping[str, Place], columns: Variable | None) -> bool:
    unit = fields["unit"].optional(lambda at: at.one_of(_Unit))
    if unit is _Unit.MENTIONS and columns and columns.kind is not VariableKind.MULTIPLE:
        problem = f"{columns.name!r} is no multiple choice, so nobody is mentioned twice."
        fields["unit"].fault("wrong-value", problem, "Write respondents, or leave unit out.")
    return unit is _Unit.MENTIONS
