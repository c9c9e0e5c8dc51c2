"""derived.yaml: variables that people code, that rules derive, and that give a number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from blikveld.rules import Rule, names
from blikveld.rules.check import RuleMisfit, computed
from blikveld.rules.terms import Quotient, quotient_names
from blikveld.rules.types import DecimalNumber
from blikveld.study.loader.rule_names import RuleProblem, Scope, check, find_way
from blikveld.study.model import (
    Code,
    Coded,
    Computed,
    Derived,
    DerivedCase,
    Score,
    Study,
    Variable,
    VariableKind,
)
from blikveld.study.variables import declared
from blikveld.yaml_reading.fault_log import choose, nearest
from blikveld.yaml_reading.yaml_node import YamlNode, once, once_in_words


def with_variables(study: Study, root: YamlNode, *, known: bool) -> Study:
    """The study with the variables that are made from its answers.

    With `known` false the questionnaire could not be read, and names are not held against it.
    """
    if not root.given:
        return study
    fields = root.fields(optional=("coded", "derived", "scores", "computed"))
    _check_names(fields, study)
    reader = _DerivedReader(study, dict(study.variables), known, fields)
    coded = fields["coded"].each(reader.coded)
    derived = (*study.derived, *fields["derived"].each(reader.derived))
    scores = fields["scores"].each(reader.score)
    numbers = tuple(each for each in fields["computed"].each(reader.compute) if each)
    return replace(study, coded=coded, derived=derived, scores=scores, computed=numbers)


def _check_names(fields: Mapping[str, YamlNode], study: Study) -> None:
    kinds = (fields[name] for name in ("coded", "derived", "scores", "computed"))
    keys = [element.inner("key") for kind in kinds for element in kind.elements()]
    once(keys, "name")
    for key in keys:
        if key.written in study.variables:
            problem = f"{key.written!r} is the name of a question or of something known."
            key.fault("duplicate", problem, "Choose another name.")


def _looks_at(fields: Mapping[str, YamlNode]) -> Mapping[str, tuple[int, frozenset[str]]]:
    """For each derived variable its line, and the variables that its rules look at.

    Numbers are made after all of these; what they look at does not matter here.
    """
    numbers = (*fields["scores"].elements(), *fields["computed"].elements())
    found = {at.inner("key").written: (at.line, frozenset[str]()) for at in numbers}
    for element in fields["derived"].elements():
        rules = (case.inner("when") for case in element.inner("cases").elements())
        looked_at = (names(node.rule()) for node in rules if node.given)
        key = element.inner("key")
        found[key.written] = (key.line, frozenset[str]().union(*looked_at))
    return found


@dataclass
class _DerivedReader:
    """Reads variables in order; each may look at those before it.

    `fields` are the four lists of them.
    """

    study: Study
    variables: dict[str, Variable]
    known: bool
    fields: Mapping[str, YamlNode]

    @cached_property
    def looks_at(self) -> Mapping[str, tuple[int, frozenset[str]]]:
        """For each variable its line and what its rules look at; only who looks ahead needs it."""
        return _looks_at(self.fields)

    def coded(self, node: YamlNode) -> Coded:
        fields = node.fields(
            "key", "label", "from", optional=("map", "default", "values_from", "values")
        )
        codes = self._codes(node, fields)
        source = self._source(fields["from"], _CODEABLE, "a question")
        coded = Coded(
            key=fields["key"].key(),
            label=fields["label"].label(),
            source=fields["from"].written,
            codes=codes,
            map=self._map(fields, source, codes),
            texts={},
            default=fields["default"].optional(lambda at: _one_of(at, codes)),
            line=node.line,
        )
        if source:
            self._check_complete(node, coded, source)
        self._add(coded.key, VariableKind.SINGLE, coded.label, codes)
        return coded

    def derived(self, node: YamlNode) -> Derived:
        fields = node.fields("key", "label", "cases")
        cases = fields["cases"].some(lambda case: self._case(case, fields["key"].written))
        once((case.inner("code") for case in fields["cases"].elements()), "code")
        once_in_words(fields["cases"].elements(), "label", "label")
        derived = Derived(fields["key"].key(), fields["label"].label(), cases)
        self._add(derived.key, VariableKind.SINGLE, derived.label, derived.codes)
        return derived

    def score(self, node: YamlNode) -> Score:
        fields = node.fields("key", "label", "from", "values")
        source = self._source(fields["from"], (VariableKind.SINGLE,), "a single answer")
        codes = source.codes if source else ()
        values = {_named(at, codes): at.number() for at in fields["values"].entries()}
        if fields["values"].is_block and not values:
            fields["values"].fault("empty", "No code has a number.", "Write code: number lines.")
        name = source.name if source else ""
        score = Score(fields["key"].key(), fields["label"].label(), name, values)
        scored = declared(values.values())
        made = Variable(score.key, VariableKind.NUMBER, score.label, scored=scored)
        self.variables.setdefault(score.key, made)
        return score

    def compute(self, node: YamlNode) -> Computed | None:
        fields = node.fields("key", "label", "compute", optional=("decimals",))
        key, label = fields["key"].key(), fields["label"].label()
        decimals = fields["decimals"].optional(_decimals) or 0
        quotient = fields["compute"].quotient() if fields["compute"].given else None
        limits = self._limits(fields["compute"], quotient, decimals) if quotient else None
        if quotient is None or limits is None:
            return None
        self.variables.setdefault(key, Variable(key, VariableKind.NUMBER, label, limits=limits))
        return Computed(key, label, quotient, limits, fields["compute"].line)

    def _limits(self, node: YamlNode, quotient: Quotient, decimals: int) -> DecimalNumber | None:
        unknown = sorted(quotient_names(quotient) - self.variables.keys())
        for name in unknown if self.known else ():
            node.fault(
                "rule-name", f"Nothing here is called {name!r}.", choose(name, self.variables)
            )
        if unknown or not self.known:
            return None
        try:
            return computed(quotient, decimals, lambda name: self.variables[name].rule_type)
        except RuleMisfit as misfit:
            node.fault(misfit.code, misfit.problem, misfit.mend)
            return None

    def _ahead(self, key: str, when: Rule) -> Mapping[str, RuleProblem]:
        """Why each variable that is not made yet cannot be named in a rule of this one."""
        unknown = names(when) - self.variables.keys()
        later = {name: self.looks_at[name] for name in unknown if name in self.looks_at}
        return {name: self._looks_ahead(key, name, line) for name, (line, _) in later.items()}

    def _looks_ahead(self, key: str, name: str, line: int) -> RuleProblem:
        if way := find_way(name, {key}, self._looked_at):
            problem = f"{key!r} goes round in a circle: {' -> '.join((key, *way))}."
            mend = "Let one of these rules look at something else."
            return RuleProblem("circle", problem, mend)
        problem = f"{name!r} is made later (line {line}), and a rule looks backwards."
        mend = "Write that variable before this one, or look at what it is made from."
        return RuleProblem("rule-order", problem, mend)

    def _looked_at(self, name: str) -> frozenset[str]:
        return self.looks_at[name][1] if name in self.looks_at else frozenset()

    def _case(self, node: YamlNode, key: str) -> DerivedCase:
        fields = node.fields("code", "label", "when")
        when = fields["when"].rule()
        scope = Scope(self.variables, self._ahead(key, when)) if self.known else None
        check(fields["when"], when, scope)
        return DerivedCase(
            fields["code"].code(), fields["label"].label(), when, line=fields["when"].line
        )

    def _add(
        self, key: str, kind: VariableKind, label: Mapping[str, str], codes: tuple[Code, ...]
    ) -> None:
        self.variables.setdefault(key, Variable(key, kind, label, codes))

    def _source(
        self, node: YamlNode, kinds: tuple[VariableKind, ...], wanted: str
    ) -> Variable | None:
        name = node.optional(YamlNode.string)
        if not name or not self.known:
            return None
        variable = self.variables.get(name)
        fitting = [name for name, at in self.variables.items() if at.kind in kinds]
        if variable is None:
            node.fault("rule-name", f"Nothing here is called {name!r}.", choose(name, fitting))
        elif variable.kind not in kinds:
            node.fault("rule-kind", f"{name!r} is not {wanted}.", choose("", fitting))
            return None
        return variable

    def _codes(self, node: YamlNode, fields: Mapping[str, YamlNode]) -> tuple[Code, ...]:
        if not fields["values"].given and not fields["values_from"].given:
            mend = "Add values, or values_from: the level of a classification."
            node.fault("missing-key", "This variable has no values.", mend)
        own = fields["values"].each(_code)
        once((element.inner("code") for element in fields["values"].elements()), "code")
        once_in_words(fields["values"].elements(), "label", "label")
        lent = self._lent(fields["values_from"])
        for element in fields["values"].elements():
            if element.inner("code").written in {code.code for code in lent}:
                problem = f"The code {element.inner('code').written!r} is there already."
                element.fault("duplicate", problem, "Choose another code.")
        return (*lent, *own)

    def _lent(self, node: YamlNode) -> tuple[Code, ...]:
        """The values of the level of a classification that is named."""
        level = node.optional(self._level)
        return self.study.level(level)[0].codes(level) if level else ()

    def _level(self, node: YamlNode) -> str | None:
        name = node.string()
        known = [level.name for level in self.study.levels]
        if name in known:
            return name
        if name:
            mend = choose(name, known, empty="Add classifications in study.yaml, or values here.")
            node.fault("unknown-level", f"No classification has a level {name!r}.", mend)
        # What was probably meant, so that one slip gives one message.
        return nearest(name, known)

    def _map(
        self, fields: Mapping[str, YamlNode], source: Variable | None, codes: tuple[Code, ...]
    ) -> Mapping[str, str]:
        if not fields["map"].given:
            return self._items_above(fields["values_from"].written)
        offered = source.codes if source else ()
        return {_named(at, offered): _one_of(at, codes) for at in fields["map"].entries()}

    def _items_above(self, level: str) -> Mapping[str, str]:
        """What a classification says itself: from the items below a level to those of it."""
        known = [each.name for each in self.study.levels]
        return self.study.level(level)[0].above(level) if level in known else {}

    def _check_complete(self, node: YamlNode, coded: Coded, source: Variable) -> None:
        """Every answer must lead somewhere: by the map, by a text, or to the default."""
        question = self.study.questions.get(source.name)
        if question is not None and len(question.other_keys) > 1:
            problem = f"{source.name!r} asks for a text at several answers, and one can be coded."
            node.fault("coded", problem, "Keep one text there, or make it with derived.")
            return
        if source.kind is VariableKind.MULTIPLE:
            if coded.map or coded.default is None:
                mend = "Leave map out and give a default; texts in coding.csv go before it."
                problem = f"{source.name!r} is multiple choice, which no map can code."
                node.fault("coded", problem, mend)
            return
        if coded.default is not None or source.kind is VariableKind.TEXT or question is None:
            return
        offered = [code.code for code in source.codes]
        if not set(coded.map) <= set(offered):
            return  # a slip in the map was written down already
        boxes = {option.code for option in question.options if option.text}
        for code in offered:
            if code not in coded.map and code not in boxes:
                problem = f"The answer {code!r} of {source.name!r} leads to no value."
                node.fault("coded", problem, "Add it to map, or give a default.")


_CODEABLE = (VariableKind.SINGLE, VariableKind.MULTIPLE, VariableKind.TEXT)


_MOST_DECIMALS = 6


def _decimals(node: YamlNode) -> int:
    number = node.number()
    if number != int(number) or not 0 <= number <= _MOST_DECIMALS:
        node.fault("wrong-value", f"{number:g} is no number of decimals.", "Write 0 to 6.")
    return int(number)


def _code(node: YamlNode) -> Code:
    fields = node.fields("code", "label")
    return Code(fields["code"].code(), fields["label"].label())


def _one_of(node: YamlNode, codes: Iterable[Code]) -> str:
    return _known(node, node.string(), codes)


def _named(node: YamlNode, codes: Iterable[Code]) -> str:
    return _known(node, node.name, codes)


def _known(node: YamlNode, code: str, codes: Iterable[Code]) -> str:
    known = [candidate.code for candidate in codes]
    if code and known and code not in known:
        node.fault("unknown-code", f"There is no code {code!r}.", choose(code, known))
    return code
