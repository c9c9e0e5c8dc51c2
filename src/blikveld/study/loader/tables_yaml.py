"""inclusion.yaml, tables.yaml, waves.yaml: who counts, which tables are made, what is compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import assert_never

from blikveld.rules import EVERYBODY, Rule, join_rules, plain
from blikveld.rules.nodes import Answered, Asked, Not
from blikveld.study.bands import band_key
from blikveld.study.bases import who_was_asked
from blikveld.study.loader.rule_names import Scope, check
from blikveld.study.model import (
    Code,
    InclusionStep,
    Net,
    Renamed,
    Study,
    TablePlan,
    Variable,
    VariableKind,
    Wave,
)
from blikveld.study.variables import rule_of
from blikveld.yaml_reading.fault_log import choose
from blikveld.yaml_reading.yaml_node import YamlNode, once, once_in_words


class _Share(Enum):
    """What a percentage in a table is a part of."""

    ROW = "row"


class _Among(Enum):
    """Whom of its base a table is about."""

    ALL = "all"
    ASKED = "asked"
    """Those whom the routing led to the column question, whatever came of it."""
    ANSWERED = "answered"


class _Unit(Enum):
    """What the cells of a table count."""

    RESPONDENTS = "respondents"
    MENTIONS = "mentions"


def with_inclusion(study: Study, root: YamlNode, *, known: bool) -> Study:
    """The study with the rules by which respondents count.

    With `known` false the variables could not be read, and rules are not held against them.
    """
    if not root.given:
        return study
    places = root.fields("inclusion")["inclusion"]
    once((step.inner("key") for step in places.elements()), "step")
    reader = _TablesReader(study, known)
    return replace(study, inclusion=places.each(reader.step))


def with_tables(study: Study, root: YamlNode, *, known: bool) -> Study:
    """The study with its tables; `known` as in with_inclusion."""
    if not root.given:
        return study
    fields = root.fields("tables", optional=("banner",))
    places = fields["tables"]
    once((table.inner("key") for table in places.elements()), "table")
    reader = _TablesReader(study, known)
    banner = fields["banner"].each(reader.single) if fields["banner"].given else ()
    tables = tuple(plan for some in places.each(reader.tables) for plan in some)
    _check_keys(places, tables)
    return replace(study, tables=tables, banner=tuple(side.name for side in banner if side))


@dataclass(frozen=True, slots=True)
class _TablesReader:
    study: Study
    known: bool

    def step(self, node: YamlNode) -> InclusionStep:
        fields = node.fields("key", "keep", "label")
        keep = fields["keep"].rule()
        self._check(fields["keep"], keep)
        label = fields["label"].label()
        return InclusionStep(fields["key"].key(), label, keep, line=fields["keep"].line)

    def tables(self, node: YamlNode) -> tuple[TablePlan, ...]:
        """The table at this place; with `for_each` one for every code of a variable."""
        fields = node.fields(
            *("key", "number", "title", "rows", "columns"),
            optional=(
                *("base", "among", "not_asked", "exclude", "nets"),
                *("order", "total", "share", "unit", "for_each"),
            ),
        )
        plan = self._table(fields)
        each = self.single(fields["for_each"]) if fields["for_each"].given else None
        if each is None:
            return (plan,)
        return tuple(_one_of(plan, each, code) for code in each.codes)

    def _table(self, fields: Mapping[str, YamlNode]) -> TablePlan:
        columns = self._variable(fields["columns"], (VariableKind.SINGLE, VariableKind.MULTIPLE))
        rows = tuple(row for row in fields["rows"].each(self.single) if row)
        once(fields["rows"].elements(), "row variable")
        fields["share"].optional(lambda at: at.one_of(_Share))
        nets = _nets(fields["nets"], columns)
        sides = (*((columns,) if columns else ()), *rows)
        without = _without(fields["exclude"], sides)
        return TablePlan(
            key=fields["key"].key(),
            number=fields["number"].label(),
            title=fields["title"].label(),
            base=self._base(fields, columns, without),
            rows=tuple(row.name for row in rows),
            columns=columns.name if columns else "",
            order=_order(fields["order"], columns, nets, without),
            total=fields["total"].flag(default=True),
            mentions=_mentions(fields, columns),
            exclude=without,
            nets=nets,
            not_asked=_not_asked(fields, columns, without),
            line=fields["base" if fields["base"].given else "columns"].line or 0,
        )

    def single(self, node: YamlNode) -> Variable | None:
        """The single answer that is named here, so that everybody stands in one row of it."""
        return self._variable(node, (VariableKind.SINGLE,))

    def _base(
        self,
        fields: Mapping[str, YamlNode],
        columns: Variable | None,
        without: Mapping[str, tuple[str, ...]],
    ) -> Rule:
        """The whole base: as written or who was asked, among whom, and without which answers."""
        written = fields["base"].rule()
        self._check(fields["base"], written)
        if columns is not None and not fields["base"].given:
            written = who_was_asked(self.study, columns.name)
        among = fields["among"].optional(lambda at: at.one_of(_Among)) or _Among.ALL
        if columns is None:
            return written
        variables = self.study.variables
        left_out = (
            plain(Not(rule_of(variables[n], code)))
            for n, codes in without.items()
            for code in codes
        )
        return join_rules(written, _told(among, columns.name), *left_out)

    def _check(self, node: YamlNode, rule: Rule) -> None:
        check(node, rule, Scope(self.study.variables) if self.known else None)

    def _variable(self, node: YamlNode, kinds: tuple[VariableKind, ...]) -> Variable | None:
        name = node.optional(YamlNode.string)
        if not name or not self.known:
            return None
        variables = self.study.variables
        # A number is counted in its bands.
        variable = variables.get(name)
        if variable is not None and variable.kind not in kinds:
            variable = variables.get(band_key(name), variable)
        fitting = [name for name, at in variables.items() if at.kind in kinds]
        if variable is None:
            node.fault("rule-name", f"Nothing here is called {name!r}.", choose(name, fitting))
        elif variable.kind not in kinds:
            problem = f"{name!r} does not fit in {node.name!r}: it is {variable.kind.value}."
            node.fault("rule-kind", problem, choose("", fitting))
        return variable


def _check_keys(node: YamlNode, tables: Sequence[TablePlan]) -> None:
    """`for_each` may have given a table the key that another one has."""
    written = Counter(at.inner("key").written for at in node.elements())
    for key, times in Counter(plan.key for plan in tables).items():
        # A key that is written twice has its fault already.
        if times > max(1, written[key]):
            problem = f"{times} tables get the key {key!r}."
            node.fault("duplicate", problem, "Change the key of one: `for_each` adds a code to it.")


def _not_asked(
    fields: Mapping[str, YamlNode], columns: Variable | None, without: Mapping[str, tuple[str, ...]]
) -> bool:
    """Whether those who were not asked have a column; nothing else may put them out of the base."""
    wanted = fields["not_asked"].flag(default=False)
    if not wanted or columns is None:
        return wanted
    if "not_asked" in _codes(columns):
        problem = f"{columns.name!r} has an answer with the code 'not_asked'."
        fields["not_asked"].fault("duplicate", problem, "Leave not_asked out.")
    for name, given in (("among", fields["among"].given), ("exclude", columns.name in without)):
        if given or not fields["base"].given:
            problem = "Who was not asked is not in the base of this table."
            mend = f"Leave not_asked out, or {name} out; and write a base."
            fields["not_asked"].fault("wrong-value", problem, mend)
            break
    return wanted


def _told(among: _Among, name: str) -> Rule:
    match among:
        case _Among.ALL:
            return EVERYBODY
        case _Among.ASKED:
            return Asked(name)
        case _Among.ANSWERED:
            return Answered(name)
        case _:
            assert_never(among)


def _codes(columns: Variable | None) -> list[str]:
    return [code.code for code in columns.codes] if columns else []


def _code(known: Sequence[str]) -> Callable[[YamlNode], str]:
    """Reads one code; one that is not known is a fault, unless nothing is."""

    def read(at: YamlNode) -> str:
        text = at.string()
        if text and known and text not in known:
            at.fault("unknown-code", f"There is no code {text!r}.", choose(text, known))
        return text

    return read


def _order(
    node: YamlNode,
    columns: Variable | None,
    nets: tuple[Net, ...],
    without: Mapping[str, tuple[str, ...]],
) -> tuple[str, ...]:
    left_out = without.get(columns.name, ()) if columns else ()
    known = [code for code in _codes(columns) if code not in left_out]
    once(node.elements(), "code")
    return node.some(_code([*known, *(net.key for net in nets)] if known else []))


def _without(node: YamlNode, sides: Sequence[Variable]) -> Mapping[str, tuple[str, ...]]:
    """The answers that a table leaves out, by the row or column variable they belong to."""
    known = {side.name: side for side in sides}
    found = {}
    for entry in node.entries() if node.given else ():
        if entry.name in known:
            once(entry.elements(), "code")
            found[entry.name] = entry.some(_code(_codes(known[entry.name])))
        elif known:
            problem = f"{entry.name!r} is no row and no column of this table."
            entry.fault("rule-name", problem, choose(entry.name, known))
    return found


def _nets(node: YamlNode, columns: Variable | None) -> tuple[Net, ...]:
    known = _codes(columns)

    def net(at: YamlNode) -> Net:
        fields = at.fields("key", "label", "of")
        key = fields["key"].key()
        if key in (*known, "total"):
            fields["key"].fault("duplicate", f"{key!r} is a column already.", "Choose another.")
        once(fields["of"].elements(), "code")
        return Net(key, fields["label"].label(), fields["of"].some(_code(known)))

    once((element.inner("key") for element in node.elements()), "net")
    once_in_words(node.elements(), "label", "label")
    return node.each(net)


def _one_of(plan: TablePlan, each: Variable, code: Code) -> TablePlan:
    """The table of those with one value of a variable."""
    base = join_rules(rule_of(each, code.code), plan.base)
    part = "".join(sign if sign.isalnum() else "_" for sign in code.code)
    title = {language: f"{words}: {code.label[language]}" for language, words in plan.title.items()}
    return replace(plan, key=f"{plan.key}_{part}", title=title, base=base)


def _mentions(fields: Mapping[str, YamlNode], columns: Variable | None) -> bool:
    unit = fields["unit"].optional(lambda at: at.one_of(_Unit))
    if unit is _Unit.MENTIONS and columns and columns.kind is not VariableKind.MULTIPLE:
        problem = f"{columns.name!r} is no multiple choice, so nobody is mentioned twice."
        fields["unit"].fault("wrong-value", problem, "Write respondents, or leave unit out.")
    return unit is _Unit.MENTIONS


def with_waves(study: Study, root: YamlNode, *, known: bool) -> Study:
    """The study with the versions it may be compared with.

    With `known` false its variables could not be read, and names are not held against them.
    """
    if not root.given:
        return study
    waves = root.fields("waves")["waves"]
    once((element.inner("from") for element in waves.elements()), "version")
    return replace(study, waves=waves.some(lambda node: _wave(node, study, known=known)))


def _wave(node: YamlNode, study: Study, *, known: bool) -> Wave:
    fields = node.fields("from", optional=("renamed",))
    version = fields["from"].string()
    if version and version == study.version:
        problem = f"{version!r} is this version itself."
        fields["from"].fault("wave", problem, "Write the version of the earlier study.")
    renamed = fields["renamed"].each(lambda at: _renamed(at, study, known=known))
    _check_one_to_one(fields["renamed"], renamed)
    return Wave(version, renamed)


def _renamed(node: YamlNode, study: Study, *, known: bool) -> Renamed:
    fields = node.fields("variable", "old", "new")
    found = Renamed(
        fields["variable"].string(), fields["old"].code(), fields["new"].code(), node.line
    )
    if not known or not found.variable:
        return found
    variable = study.variables.get(found.variable)
    if variable is None:
        problem = f"Nothing here is called {found.variable!r}."
        fields["variable"].fault("rule-name", problem, choose(found.variable, study.variables))
    elif found.new and found.new not in (codes := [code.code for code in variable.codes]):
        problem = f"{variable.name!r} has no code {found.new!r}."
        fields["new"].fault("unknown-code", problem, choose(found.new, codes))
    return found


def _check_one_to_one(node: YamlNode, renamed: tuple[Renamed, ...]) -> None:
    """Codes that were taken together are no renaming: people may have chosen several of them."""
    seen: set[tuple[str, str, str]] = set()
    for element, found in zip(node.elements(), renamed, strict=True):
        sides = {(found.variable, "old", found.old), (found.variable, "new", found.new)}
        if sides & seen:
            problem = f"A code of {found.variable!r} is renamed twice."
            mend = "Give each one line; take codes together in a derived variable."
            element.fault("duplicate", problem, mend)
        seen |= sides
