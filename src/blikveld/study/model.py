"""A study as a value: frozen, complete, and impossible to build wrong by the loader.

Behaviour stands in other rooms: routing in questionnaire, people in responses, tables in
tabulation. Texts hold every language of the study.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TypeAlias

from blikveld.locale import respondents_or_source
from blikveld.rules import Rule, names
from blikveld.rules.terms import Quotient, quotient_names
from blikveld.rules.types import DecimalNumber, VariableKind
from blikveld.study.disclosure import Disclosure
from blikveld.study.items import (
    Check,
    ContactItem,
    Grid,
    Item,
    Mode,
    Option,
    Question,
    QuestionKind,
    Section,
    Text,
    TextItem,
    other_key,
    questions_of,
)
from blikveld.study.sites import (
    Classification,
    ClassificationLevel,
    ClassItem,
    Collecting,
    InterviewPlan,
    Site,
    Sites,
)
from blikveld.study.themes import USUAL, Theme
from blikveld.study.variables import COMPLETED, LANGUAGE, MODE, Code, Variable, declared

__all__ = [
    "Code",
    "Coded",
    "Computed",
    "ContactItem",
    "Derived",
    "DerivedCase",
    "Grid",
    "InclusionStep",
    "Item",
    "Mode",
    "Net",
    "Option",
    "Period",
    "Question",
    "QuestionKind",
    "Recipe",
    "Renamed",
    "Score",
    "Section",
    "Study",
    "TablePlan",
    "Text",
    "TextItem",
    "Theme",
    "Variable",
    "VariableKind",
    "Wave",
    "other_key",
]


@dataclass(frozen=True, slots=True)
class Coded:
    """A variable that people code: by a map from offered answers, and by texts.

    `texts` is from folded text (see study.labels.fold_text) to code, as the study publishes it;
    `decided` are codes given to texts elsewhere, which count where `texts` has none. `default` is
    the code of an answer whose text nobody coded; without it such a person is UNCODED.
    """

    key: str
    label: Text
    source: str
    codes: tuple[Code, ...]
    map: Mapping[str, str]
    texts: Mapping[str, str]
    default: str | None = None
    line: int = field(default=0, compare=False)
    decided: Mapping[str, str] = field(default_factory=dict)

    def code_of(self, folded: str) -> str | None:
        """The code of a folded text; None where nobody gave it one."""
        return self.texts.get(folded, self.decided.get(folded))


@dataclass(frozen=True, slots=True)
class DerivedCase:
    """One value of a derived variable and the rule under which a person has it.

    `line` is where the rule stands in its file, here and in what follows; 0 where no file is.
    """

    code: str
    label: Text
    when: Rule
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Derived:
    """A variable made by rules: the first case that is true gives the value, none is missing."""

    key: str
    label: Text
    cases: tuple[DerivedCase, ...]

    @property
    def codes(self) -> tuple[Code, ...]:
        """The values in the order of the file."""
        return tuple(Code(case.code, case.label) for case in self.cases)


@dataclass(frozen=True, slots=True)
class Score:
    """Numbers for the codes of a single-choice variable; other codes have no number."""

    key: str
    label: Text
    source: str
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Computed:
    """A number that is worked out from others and rounded half up to so many decimals.

    Missing where a term is unknown, and where something is divided by nought.
    """

    key: str
    label: Text
    compute: Quotient
    limits: DecimalNumber
    line: int = field(default=0, compare=False)


Recipe: TypeAlias = Coded | Derived | Score | Computed
"""How a variable is made from others."""


@dataclass(frozen=True, slots=True)
class InclusionStep:
    """Respondents for whom `keep` is not true leave here. `label` says why, in readers' words."""

    key: str
    label: Text
    keep: Rule
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Net:
    """Codes of a column variable that are also counted together, each respondent once."""

    key: str
    label: Text
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TablePlan:
    """A table as it is declared: a base, nested row variables, one column variable.

    `order` is empty where the columns stand in the order of the questionnaire, nets last; it may
    name nets. With `mentions` the cells count chosen options, so that a row adds up to more than
    its respondents. Codes in `exclude`, by variable, have no row and no column, and whoever gave
    such an answer is not in the base, which says so itself. With `not_asked` a column more shows
    who is in the base and was not asked. `line` is that of tables.yaml.
    """

    key: str
    number: Text
    title: Text
    base: Rule
    rows: tuple[str, ...]
    columns: str
    order: tuple[str, ...]
    total: bool = True
    mentions: bool = False
    exclude: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    nets: tuple[Net, ...] = ()
    not_asked: bool = False
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Period:
    """Two dates, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Renamed:
    """A code of a variable that had another name in an earlier version; `line` of waves.yaml."""

    variable: str
    old: str
    new: str
    line: int


@dataclass(frozen=True, slots=True)
class Wave:
    """An earlier version of the study that this one may be compared with, and what was renamed."""

    version: str
    renamed: tuple[Renamed, ...]


@dataclass(frozen=True)
class Study:
    """The whole study. `digest` is the SHA-256 of what it asks, codes and derives
    (study.identity.digest), `files_digest` that of the files' bytes, and `folder` where they stand.

    `thanks` is what the page after the last question says, such as where to get advice. `banner`
    names the single answers by which all tables are split most often. `disclosure` says which
    counts are too small to print. `browser_title` is what a respondent's browser keeps in its
    history: a neutral word where it is None. `report_parts` are the parts of its report that were
    asked for by name, and are left out otherwise.
    """

    key: str
    version: str
    languages: tuple[str, ...]
    title: Text
    period: Period
    fieldwork: Period
    modes: tuple[Mode, ...]
    sites: Sites
    classifications: tuple[Classification, ...]
    sections: tuple[Section, ...]
    coded: tuple[Coded, ...]
    derived: tuple[Derived, ...]
    scores: tuple[Score, ...]
    inclusion: tuple[InclusionStep, ...]
    tables: tuple[TablePlan, ...]
    folder: Path = field(compare=False, default=Path())
    digest: str = field(compare=False, default="")
    files_digest: str = field(compare=False, default="")
    thanks: Text | None = None
    banner: tuple[str, ...] = ()
    computed: tuple[Computed, ...] = ()
    themes: tuple[Theme, ...] = field(compare=False, default=())
    waves: tuple[Wave, ...] = field(compare=False, default=())
    disclosure: Disclosure = field(compare=False, default=Disclosure())
    collecting: Collecting = field(compare=False, default=Collecting())
    interviews: InterviewPlan | None = field(compare=False, default=None)
    browser_title: Text | None = field(compare=False, default=None)
    report_parts: tuple[str, ...] = field(compare=False, default=())
    checks: tuple[Check, ...] = ()

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """Every question, grid rows included, in the order they are asked."""
        items = (item for part in self.sections for item in part.items)
        return {question.key: question for item in items for question in questions_of(item)}

    @cached_property
    def variables(self) -> Mapping[str, Variable]:
        """Everything a rule may name: system, asked, coded, derived and numeric variables."""
        found = [*_system(self), *_asked(self), *_made(self)]
        return {variable.name: variable for variable in found}

    def rests_on(self, rule: Rule) -> frozenset[str]:
        """The variables that a rule looks at, and all that those are made from."""
        found, waiting = set[str](), list(names(rule))
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting.extend(self.made_from.get(name, ()))
        return frozenset(found)

    @cached_property
    def recipes(self) -> Mapping[str, Recipe]:
        """How each variable is made that nobody answers: coded, derived, scored or computed."""
        made = chain[Recipe](self.coded, self.derived, self.scores, self.computed)
        return {recipe.key: recipe for recipe in made}

    @cached_property
    def made_from(self) -> Mapping[str, frozenset[str]]:
        """What each coded, derived and numeric variable is made from."""
        made = {coded.key: frozenset({coded.source}) for coded in self.coded}
        made.update({score.key: frozenset({score.source}) for score in self.scores})
        for derived in self.derived:
            made[derived.key] = frozenset().union(*(names(case.when) for case in derived.cases))
        made.update({each.key: quotient_names(each.compute) for each in self.computed})
        return made

    @cached_property
    def known_before(self) -> tuple[str, ...]:
        """What is known of a respondent before the first question; answers may hold these too."""
        return (self.sites.name, MODE, LANGUAGE)

    def theme(self, site: str) -> Theme:
        """How the pages of a site look; the usual theme when it has no other."""
        return next((theme for theme in self.themes if site in theme.members), USUAL)

    def level(self, name: str) -> tuple[Classification, ClassificationLevel]:
        """The level with this name, and the classification it is of. KeyError when none has it."""
        for classification in self.classifications:
            for level in classification.levels:
                if level.name == name:
                    return classification, level
        raise KeyError(name)

    @cached_property
    def roles(self) -> Classification | None:
        """The classification by which people are called under a quote; None without one."""
        named = self.interviews.roles if self.interviews else None
        return next((each for each in self.classifications if each.key == named), None)

    def items_at(self, level: str) -> tuple[ClassItem, ...]:
        """The items of a level of a classification. KeyError when none has it."""
        return self.level(level)[0].at(level)

    @cached_property
    def levels(self) -> tuple[ClassificationLevel, ...]:
        """The levels of all classifications."""
        return tuple(level for each in self.classifications for level in each.levels)

    def options(self, question: Question, site: str) -> tuple[Option, ...]:
        """The answers offered to somebody of this site."""
        if question.site_list is None:
            return question.options
        return (*_local(self, question.site_list, self.sites[site]), *question.options)


def _local(study: Study, site_list: str, site: Site) -> tuple[Option, ...]:
    labels = ((option.code, _same(study, option.label)) for option in site.options(site_list))
    return tuple(Option(code, label, label) for code, label in labels)


def _same(study: Study, name: str) -> Text:
    return dict.fromkeys(study.languages, name)


def _in_all(study: Study, message: str) -> Text:
    spoken = {code: respondents_or_source(code, study.folder) for code in study.languages}
    return {code: words.text(message) for code, words in spoken.items()}


def _system(study: Study) -> Iterator[Variable]:
    labels = {name: _in_all(study, f"variable.{name}") for name in (MODE, LANGUAGE, COMPLETED.name)}
    sites = tuple(Code(site.key, _same(study, site.name)) for site in study.sites)
    modes = tuple(Code(m.value, _in_all(study, f"mode.{m.value}")) for m in study.modes)
    languages = tuple(Code(code, _same(study, code)) for code in study.languages)
    yield Variable(study.sites.name, VariableKind.SINGLE, study.sites.label, sites)
    yield Variable(MODE, VariableKind.SINGLE, labels[MODE], modes)
    yield Variable(LANGUAGE, VariableKind.SINGLE, labels[LANGUAGE], languages)
    yield Variable(COMPLETED.name, VariableKind.FLAG, labels[COMPLETED.name])


def _asked(study: Study) -> Iterator[Variable]:
    for question in study.questions.values():
        options = question.options
        if question.site_list is not None:
            local = (o for site in study.sites for o in _local(study, question.site_list, site))
            options = (*local, *options)
        codes = tuple(Code(option.code, option.short) for option in options)
        special = tuple(Code(option.code, option.short) for option in question.kind.specials())
        limits = question.kind.limits
        kind = question.variable_kind
        yield Variable(question.key, kind, question.short, codes, limits, special=special)
        for code, key in question.box_keys.items():
            yield Variable(key, VariableKind.TEXT, question.box_short(code))


def _made(study: Study) -> Iterator[Variable]:
    for coded in study.coded:
        yield Variable(coded.key, VariableKind.SINGLE, coded.label, coded.codes)
    for derived in study.derived:
        yield Variable(derived.key, VariableKind.SINGLE, derived.label, derived.codes)
    for score in study.scores:
        scored = declared(score.values.values())
        yield Variable(score.key, VariableKind.NUMBER, score.label, scored=scored)
    for each in study.computed:
        yield Variable(each.key, VariableKind.NUMBER, each.label, limits=each.limits)
