"""study.yaml: what the study is, where it is held, and the functions it knows."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from blikveld.errors import BlikveldError, Faults
from blikveld.locale import check_respondents, is_known
from blikveld.rules.parse import RuleContext
from blikveld.study.disclosure import disclosure
from blikveld.study.items import Mode
from blikveld.study.model import Code, District, Domain, Group, Municipality, Period, Study
from blikveld.yaml_reading.fault_log import choose
from blikveld.yaml_reading.yaml_node import YamlNode, once, once_in_words

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")
"""A language, its script and its region where they matter: sr-Latn, pt-BR."""


def study(root: YamlNode, folder: Path, files_digest: str) -> Study:
    """The study as study.yaml tells it, without a questionnaire yet.

    From here on every text is held against the study's languages.
    """
    fields = root.fields(
        *("study", "version", "languages", "title", "period", "fieldwork", "modes"),
        "municipalities",
        optional=("groups", "domains", "disclosure", "browser_title"),
    )
    languages = fields["languages"].some(_language)
    once(fields["languages"].elements(), "language")
    sound = all(_LANGUAGE.fullmatch(language) for language in languages)
    for node in fields["languages"].elements():
        _check_words(node, folder)
    root.ledger.languages = languages if languages and sound else None
    municipalities = fields["municipalities"].some(_municipality)
    _check_municipalities(fields["municipalities"])
    domains = fields["domains"].each(_domain)
    _check_domains(fields["domains"])
    fieldwork = _period(fields["fieldwork"])
    groups = _groups(fields["groups"], municipalities)
    members = tuple((group.key, group.members) for group in groups)
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
        municipalities=municipalities,
        groups=groups,
        domains=domains,
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


def _municipality(node: YamlNode) -> Municipality:
    fields = node.fields("key", "name", optional=("districts",))
    districts = fields["districts"].each(_district)
    return Municipality(fields["key"].key(), fields["name"].string(), districts)


def _check_municipalities(node: YamlNode) -> None:
    elements = node.elements()
    once((element.inner("key") for element in elements), "municipality")
    districts = (part for element in elements for part in element.inner("districts").elements())
    # Codes of all districts are answers to one question, whatever the municipality.
    once((district.inner("key") for district in districts), "district")
    for element in elements:
        once_in_words(element.inner("districts").elements(), "name", "name")


def _district(node: YamlNode) -> District:
    fields = node.fields("key", "name")
    return District(fields["key"].code(), fields["name"].string())


def _groups(node: YamlNode, municipalities: tuple[Municipality, ...]) -> tuple[Group, ...]:
    known = [municipality.key for municipality in municipalities]

    def member(element: YamlNode) -> str:
        text = element.string()
        if text and known and text not in known:
            problem = f"The study is not held in a municipality {text!r}."
            element.fault("unknown-municipality", problem, choose(text, known))
        return text

    def group(element: YamlNode) -> Group:
        fields = element.fields("key", "label", "members")
        members = fields["members"].some(member)
        once(fields["members"].elements(), "member")
        return Group(fields["key"].key(), fields["label"].label(), members)

    once((element.inner("key") for element in node.elements()), "group")
    return node.each(group)


def _domain(node: YamlNode) -> Domain:
    fields = node.fields("key", "label", "functions")
    functions = fields["functions"].some(_function)
    return Domain(fields["key"].code(), fields["label"].label(), functions)


def _check_domains(node: YamlNode) -> None:
    elements = node.elements()
    once((element.inner("key") for element in elements), "domain")
    functions = [part for element in elements for part in element.inner("functions").elements()]
    once((function.inner("key") for function in functions), "function")
    once_in_words(functions, "label", "label")
    once_in_words(elements, "label", "label")


def _function(node: YamlNode) -> Code:
    fields = node.fields("key", "label")
    return Code(fields["key"].code(), fields["label"].label())
