"""study.yaml: what the study is, where it is held, how it classifies, what collecting uses."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from blikveld.errors import BlikveldError, Fault, Faults
from blikveld.locale import check_respondents, is_known
from blikveld.rules.parse import RuleContext
from blikveld.study.disclosure import disclosure
from blikveld.study.items import Mode
from blikveld.study.loader.rule_names import Scope, check
from blikveld.study.loader.study_files import FORMAT, STUDY
from blikveld.study.model import Period, Study, VariableKind
from blikveld.study.sites import (
    Classification,
    ClassificationLevel,
    ClassItem,
    Collecting,
    InterviewPlan,
    LocalOption,
    Site,
    SiteGroup,
    Sites,
)
from blikveld.yaml_reading.fault_log import choose
from blikveld.yaml_reading.yaml_node import YamlNode, once, once_in_words

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")
"""A language, its script and its region where they matter: sr-Latn, pt-BR."""


def study(root: YamlNode, folder: Path, files_digest: str) -> Study:
    """The study as study.yaml tells it, without a questionnaire yet.

    From here on every text is held against the study's languages.
    """
    fields = root.fields(
        *("format", "study", "version", "languages", "title", "period", "fieldwork", "modes"),
        "sites",
        optional=("classifications", "collect", "interviews", "disclosure", "browser_title"),
    )
    languages = fields["languages"].some(_language)
    once(fields["languages"].elements(), "language")
    sound = all(_LANGUAGE.fullmatch(language) for language in languages)
    for node in fields["languages"].elements():
        _check_words(node, folder)
    root.ledger.languages = languages if languages and sound else None
    sites = _sites(fields["sites"])
    root.ledger.placeholders = (sites.name,)
    classifications = fields["classifications"].each(_classification)
    _check_classifications(fields["classifications"], (sites.name, sites.plural_name))
    fieldwork = _period(fields["fieldwork"])
    members = tuple((group.key, group.members) for group in sites.groups)
    # No answer tells a day: for rules it is always the day on which the fieldwork begins.
    root.ledger.rule_context = RuleContext(fieldwork.first, members)
    root.ledger.fieldwork = fieldwork.first, fieldwork.last
    return Study(
        key=fields["study"].key(),
        version=fields["version"].string(),
        languages=languages,
        title=fields["title"].label(),
        period=_period(fields["period"]),
        fieldwork=fieldwork,
        modes=_modes(fields["modes"]),
        sites=sites,
        classifications=classifications,
        sections=(),
        coded=(),
        derived=(),
        scores=(),
        inclusion=(),
        tables=(),
        folder=folder,
        files_digest=files_digest,
        disclosure=disclosure(fields["disclosure"]),
        browser_title=fields["browser_title"].optional(YamlNode.label),
    )


def check_format(root: YamlNode, folder: Path) -> None:
    """Raise Faults where the files are in another format: nothing else in them means anything."""
    at = root.inner("format")
    if not root.is_block or at.written == str(FORMAT):
        return
    if not at.given or at.written == "1":
        problem = "This study is written in the format of before sites had words of their own."
        mend = f"Run: blikveld study upgrade {folder}"
    else:
        problem = f"It says format {at.written!r}, and this program reads format {FORMAT}."
        mend = f"Write format: {FORMAT}, or use a newer Blikveld."
    raise Faults([Fault("study-format", STUDY, at.line, problem, mend)])


def _language(node: YamlNode) -> str:
    text = node.string()
    if text and not _LANGUAGE.fullmatch(text):
        mend = "Write it such as nl, en or pt-BR."
        node.fault("language", f"{text!r} is no code of a language.", mend)
    return text


def _check_words(node: YamlNode, folder: Path) -> None:
    """Nobody reads a page that is half in another language: its words are complete or refused."""
    language = node.string()
    if not _LANGUAGE.fullmatch(language):
        return
    if not is_known(language):
        problem = f"No language has the code {language!r}."
        node.fault("language", problem, "Use its code in ISO 639, such as nl or en.")
        return
    try:
        check_respondents(language, folder)
    except Faults as wrong:
        for fault in wrong.faults:
            node.ledger.add(fault)
    except BlikveldError as refused:
        node.fault(refused.code, refused.problem, refused.mend)


def _period(node: YamlNode) -> Period:
    fields = node.fields("from", "to")
    first, last = fields["from"].day(), fields["to"].day()
    if date.min not in (first, last) and last < first:
        problem = f"{node.name!r} ends on {last}, before it begins on {first}."
        node.fault("date", problem, "Turn them round.")
    return Period(first, last)


def _modes(node: YamlNode) -> tuple[Mode, ...]:
    modes = node.some(lambda element: element.one_of(Mode))
    once(node.elements(), "mode")
    return modes


def _sites(node: YamlNode) -> Sites:
    fields = node.fields("name", "plural_name", "label", "plural", "list", optional=("groups",))
    every = fields["list"].some(_site)
    _check_sites(fields["list"])
    return Sites(
        name=fields["name"].key(),
        plural_name=fields["plural_name"].key(),
        label=fields["label"].label(),
        plural=fields["plural"].label(),
        every=every,
        groups=_groups(fields["groups"], tuple(site.key for site in every)),
    )


def _site(node: YamlNode) -> Site:
    fields = node.fields("key", "name", optional=("lists",))
    lists = {at.name: at.each(_local_option) for at in fields["lists"].entries()}
    return Site(fields["key"].key(), fields["name"].string(), lists)


def _local_option(node: YamlNode) -> LocalOption:
    fields = node.fields("code", "label")
    return LocalOption(fields["code"].code(), fields["label"].string())


def _check_sites(node: YamlNode) -> None:
    elements = node.elements()
    once((element.inner("key") for element in elements), "site")
    lists = [each for element in elements for each in element.inner("lists").entries()]
    for name in dict.fromkeys(each.name for each in lists):
        # Codes of a list are answers to one question, whatever the site.
        own = (option for each in lists if each.name == name for option in each.elements())
        once((option.inner("code") for option in own), "code")
    for each in lists:
        once_in_words(each.elements(), "label", "label")


def _groups(node: YamlNode, known: tuple[str, ...]) -> tuple[SiteGroup, ...]:
    def member(element: YamlNode) -> str:
        text = element.string()
        if text and known and text not in known:
            problem = f"The study is not held at a site {text!r}."
            element.fault("unknown-site", problem, choose(text, known))
        return text

    def group(element: YamlNode) -> SiteGroup:
        fields = element.fields("key", "label", "members")
        members = fields["members"].some(member)
        once(fields["members"].elements(), "member")
        return SiteGroup(fields["key"].key(), fields["label"].label(), members)

    once((element.inner("key") for element in node.elements()), "group")
    return node.each(group)


def _classification(node: YamlNode) -> Classification:
    fields = node.fields("key", "levels", "items")
    levels = fields["levels"].some(_level)
    items = fields["items"].some(lambda at: _class_item(at, len(levels) - 1))
    return Classification(fields["key"].key(), levels, items)


def _level(node: YamlNode) -> ClassificationLevel:
    fields = node.fields("name", "plural_name", "label", optional=("plural",))
    label = fields["label"].label()
    plural = fields["plural"].optional(YamlNode.label) or label
    return ClassificationLevel(fields["name"].key(), fields["plural_name"].key(), label, plural)


def _class_item(node: YamlNode, below: int) -> ClassItem:
    if below > 0:
        fields = node.fields("code", "label", "items")
        items = fields["items"].some(lambda at: _class_item(at, below - 1))
    else:
        fields, items = node.fields("code", "label"), ()
    return ClassItem(fields["code"].code(), fields["label"].label(), items)


def _check_classifications(node: YamlNode, site_names: tuple[str, ...]) -> None:
    elements = node.elements()
    once((element.inner("key") for element in elements), "classification")
    levels = [level for element in elements for level in element.inner("levels").elements()]
    for name in ("name", "plural_name"):
        once((level.inner(name) for level in levels), "level")
    for level in levels:
        for name in ("name", "plural_name"):
            if level.inner(name).written in site_names:
                problem = f"{level.inner(name).written!r} is what the sites are called."
                level.inner(name).fault("duplicate", problem, "Choose another name.")
    for element in elements:
        held = list(element.inner("items").elements())
        while held:
            once((item.inner("code") for item in held), "code")
            once_in_words(held, "label", "label")
            held = [below for item in held for below in item.inner("items").elements()]


# What collecting and interviews use, which names variables that other files make


_MOST_CODES = 40
"""So many values a fact of an offer can have at most: it should never single somebody out."""


def with_collecting(study: Study, root: YamlNode, *, known: bool) -> Study:
    """The study with what collecting and interviews use of it.

    With `known` false its variables could not be read, and names are not held against them.
    """
    reader = _NameReader(study, known)
    collecting = reader.collecting(root.inner("collect"))
    interviews = reader.interviews(root.inner("interviews"), collecting)
    return replace(study, collecting=collecting, interviews=interviews)


@dataclass(frozen=True, slots=True)
class _NameReader:
    study: Study
    known: bool

    def collecting(self, node: YamlNode) -> Collecting:
        if not node.given:
            return Collecting()
        fields = node.fields(optional=("monitor_by", "calls", "offers"))
        calls = fields["calls"].optional(lambda at: at.fields("columns")["columns"])
        offers = fields["offers"].optional(lambda at: at.fields("keep")["keep"])
        return Collecting(
            monitor_by=self._names(fields["monitor_by"]),
            call_column=self._call_column(calls) if calls else None,
            offer_facts=self._names(offers) if offers else (),
        )

    def interviews(self, node: YamlNode, collecting: Collecting) -> InterviewPlan | None:
        if not node.given:
            return None
        fields = node.fields("eligible", "cover", optional=("roles",))
        facts = {
            name: self.study.variables[name]
            for name in collecting.offer_facts
            if name in self.study.variables
        }
        eligible = fields["eligible"].rule()
        check(fields["eligible"], eligible, Scope(facts) if self.known else None)
        cover = self._names(fields["cover"])
        for at in fields["cover"].elements():
            if at.written not in collecting.offer_facts:
                problem = f"{at.written!r} is not kept with an offer."
                at.fault("unknown-name", problem, "Add it to collect: offers: keep.")
        return InterviewPlan(eligible, cover, fields["roles"].optional(self._roles))

    def _names(self, node: YamlNode) -> tuple[str, ...]:
        found = node.each(self._name)
        once(node.elements(), "name")
        return found

    def _name(self, node: YamlNode) -> str:
        name = node.string()
        if not self.known or not name:
            return name
        single = [v.name for v in self.study.variables.values() if v.kind is VariableKind.SINGLE]
        if name not in single:
            problem = f"{name!r} is no variable with a single answer."
            node.fault("rule-name", problem, choose(name, single))
        elif len(self.study.variables[name].codes) > _MOST_CODES:
            problem = f"{name!r} has over {_MOST_CODES} values, by which few share one."
            node.fault("wrong-value", problem, "Name a wider variable.")
        return name

    def _call_column(self, node: YamlNode) -> str | None:
        found = self._names(node)
        beside = [name for name in found if name != self.study.sites.name]
        if len(beside) > 1:
            problem = "A list of calls has one column beside the site at most."
            node.fault("wrong-value", problem, "Leave one of them out.")
        return beside[0] if beside else None

    def _roles(self, node: YamlNode) -> str:
        known = [each.key for each in self.study.classifications]
        name = node.string()
        if name and name not in known:
            problem = f"There is no classification {name!r}."
            node.fault("unknown-classification", problem, choose(name, known))
        return name
