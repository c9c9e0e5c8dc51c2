"""A study's questionnaire as an XLSForm, for ODK, Kobo and what reads their forms.

Everything that has an equal there is taken over. What has none is told as an
ExportLoss, with what was done instead: nothing is left out in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import assert_never

import xlsxwriter  # type: ignore[import-untyped]

from blikveld.exchange.xpath import TRUE, NotInXPath, XPath, fits_pattern
from blikveld.kinds import AskedQuestion
from blikveld.kinds.controls import ChoiceList, Control, TextArea, TextInput
from blikveld.rules import EVERYBODY, Rule, join_rules
from blikveld.rules.types import CalendarDate, DecimalNumber
from blikveld.study.model import (
    ContactItem,
    Grid,
    Item,
    Option,
    Question,
    Study,
    Text,
    TextItem,
    VariableKind,
)
from blikveld.study.variables import MODE
from blikveld.yaml_reading.yaml_node import PIPED

Row = dict[str, str]

_LANGUAGES: Mapping[str, str] = {"nl": "Nederlands (nl)", "en": "English (en)"}
_ALONE: Text = {
    "nl": "Dit antwoord kan niet samen met een ander.",
    "en": "This answer cannot be combined with another.",
}
# No moment of its own: the same study gives the same bytes.
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001


@dataclass(frozen=True, slots=True)
class ExportLoss:
    """Something of the study that the form does not have, and what was done instead."""

    place: str
    feature: str
    instead: str

    def __str__(self) -> str:
        return f"{self.place}: {self.feature}. {self.instead}."


@dataclass
class XlsForm:
    """The rows of the sheets, and what the form does not have."""

    survey: list[Row] = field(default_factory=list)
    choices: list[Row] = field(default_factory=list)
    settings: list[Row] = field(default_factory=list)
    losses: list[ExportLoss] = field(default_factory=list)


def build_xlsform(study: Study) -> XlsForm:
    """Return the questionnaire as rows of an XLSForm, with all languages of the study."""
    return _Builder(study).build()


def write_xlsform(form: XlsForm, path: Path) -> None:
    """Write the sheets survey, choices and settings. The same form gives the same bytes."""
    safe = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(path, safe) as book:
        book.set_properties({"created": _CREATED})
        for name in ("survey", "choices", "settings"):
            _write_sheet(book.add_worksheet(name), getattr(form, name))


def _write_sheet(sheet: xlsxwriter.worksheet.Worksheet, rows: Iterable[Row]) -> None:
    rows = list(rows)
    heads = list(dict.fromkeys(head for row in rows for head in row))
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head)
        for number, row in enumerate(rows, start=1):
            if row.get(head):
                sheet.write_string(number, column, row[head])


class _Builder:
    """Adds the study's items to a form, one after the other."""

    def __init__(self, study: Study) -> None:
        self.study, self.form = study, XlsForm()
        self._told_by_link = (study.sites.name, MODE)
        self._site_name = f"{study.sites.name}_name"
        others = (key for q in study.questions.values() for key in q.other_keys)
        self.xpath = XPath(study, (*self._told_by_link, *study.questions, *others))

    def build(self) -> XlsForm:
        self._add_settings()
        for name in self._told_by_link:
            self._add_system(name)
        for part in self.study.sections:
            row = self._row("begin_group", self._group(part.key), part.title)
            self.form.survey.append(row)
            for item in part.items:
                self._add_item(item)
            self.form.survey.append({"type": "end_group"})
        self._lose_the_rest()
        return self.form

    def _add_settings(self) -> None:
        study = self.study
        self.form.settings.append(
            {
                "form_title": study.title[study.languages[0]],
                "form_id": study.key,
                "version": study.version,
                "default_language": _language(study.languages[0]),
            }
        )

    def _add_system(self, name: str) -> None:
        """What a link tells here is asked there, because rules and options depend on it."""
        variable = self.study.variables[name]
        row = self._row(f"select_one {name}", name, variable.label)
        self.form.survey.append({**row, "required": "yes"})
        for code in variable.codes:
            self._add_choice(name, code.code, code.label)
        if name == self.study.sites.name:
            named = f"jr:choice-name(${{{name}}}, '${{{name}}}')"
            self.form.survey.append(
                {"type": "calculate", "name": self._site_name, "calculation": named}
            )

    def _add_item(self, item: Item) -> None:
        match item:
            case TextItem():
                row = self._row("note", item.key, item.body)
                self.form.survey.append(row | self._relevant(item.key, item.ask_if))
            case Question():
                self._add_question(item, item.ask_if)
            case Grid():
                self._add_grid(item)
            case ContactItem():
                problem = "An address is asked, which a form would keep among the answers"
                self.form.losses.append(ExportLoss(item.key, problem, "It was left out"))
                return
            case _:
                assert_never(item)
        if item.phone is not None:
            problem = "It has other words on the telephone"
            self.form.losses.append(
                ExportLoss(item.key, problem, "Only the usual words stand there")
            )

    def _add_grid(self, grid: Grid) -> None:
        row = self._row("begin_group", self._group(grid.key), grid.text, grid.help)
        self.form.survey.append({**row, "appearance": "field-list"})
        for question in grid.rows:
            self._add_question(question, join_rules(grid.ask_if, question.ask_if))
        self.form.survey.append({"type": "end_group"})

    def _add_question(self, question: Question, ask_if: Rule) -> None:
        row = self._row(_type(question), question.key, question.text, question.help)
        row |= self._relevant(question.key, ask_if)
        if question.required:
            row["required"] = "yes"
        if any(isinstance(control, TextArea) for control in _controls(question)):
            row["appearance"] = "multiline"
        if question.site_list is not None:
            site = self.study.sites.name
            row["choice_filter"] = f"{site} = '' or {site} = ${{{site}}}"
        self.form.survey.append(
            row | self._alone(question) | _limits(question) | self._pattern(question)
        )
        self._lose_words(question)
        if question.special_keys:
            problem = "Answers without a value stand beside it, such as don't know"
            self.form.losses.append(ExportLoss(question.key, problem, "They were left out"))
        self._add_choices(question)
        self._add_other(question)

    def _alone(self, question: Question) -> Row:
        """The constraint of options that stand alone."""
        alone = [option.code for option in question.options if option.exclusive]
        least, most = question.kind.choice_limits()
        if not (alone or least or most) or question.variable_kind is not VariableKind.MULTIPLE:
            return {}
        parts = [f"not(selected(., '{code}') and count-selected(.) > 1)" for code in alone]
        if least:
            chosen = [f"selected(., '{code}')" for code in alone]
            parts.append(f"({' or '.join((f'count-selected(.) >= {least}', *chosen))})")
        if most:
            parts.append(f"count-selected(.) <= {most}")
        words = {key: self._how_many(question, key, alone) for key in self.study.languages}
        return {"constraint": " and ".join(parts), **self._told("constraint_message", words)}

    def _how_many(self, question: Question, language: str, alone: list[str]) -> str:
        told = [_ALONE.get(language, _ALONE["en"])] if alone else []
        if any(question.kind.choice_limits()):
            told.append(question.kind.describe().say(language, self.study.folder))
        return " ".join(told)

    def _pattern(self, question: Question) -> Row:
        """The constraint of a text that has to fit a pattern."""
        lines = (control for control in _controls(question) if isinstance(control, TextInput))
        pattern = next((line.pattern for line in lines if line.pattern), "")
        try:
            return {"constraint": fits_pattern(".", pattern)} if pattern else {}
        except NotInXPath as error:
            problem = f"Its pattern has no equal. {error.problem.rstrip('.')}"
            self.form.losses.append(ExportLoss(question.key, problem, "Every text is accepted"))
            return {}

    def _lose_words(self, question: Question) -> None:
        if any(option.show_if is not EVERYBODY for option in question.options):
            problem = "Some of its answers are for some respondents only"
            self.form.losses.append(ExportLoss(question.key, problem, "Everybody is offered all"))
        for control in _controls(question):
            if isinstance(control, TextInput) and control.unit:
                problem = "A unit stands beside its line"
                self.form.losses.append(ExportLoss(question.key, problem, "It was left out"))
            if isinstance(control, ChoiceList) and control.ends:
                problem = "The ends of its scale have words"
                self.form.losses.append(ExportLoss(question.key, problem, "They were left out"))

    def _add_choices(self, question: Question) -> None:
        if question.site_list is not None:
            for site in self.study.sites:
                for local in site.options(question.site_list):
                    label = dict.fromkeys(self.study.languages, local.label)
                    self._add_choice(question.key, local.code, label, site.key)
        for option in question.options:
            self._add_choice(question.key, option.code, option.label)

    def _add_choice(self, group: str, code: str, label: Text, site: str = "") -> None:
        row = {"list_name": group, "name": code, **self._told("label", label)}
        self.form.choices.append(row | ({self.study.sites.name: site} if site else {}))

    def _add_other(self, question: Question) -> None:
        boxes = question.box_keys
        for option in (option for option in question.options if option.code in boxes):
            row = self._row("text", boxes[option.code], _text(option))
            chosen = f"selected(${{{question.key}}}, '{option.code}')"
            self.form.survey.append({**row, "relevant": chosen})

    def _relevant(self, key: str, rule: Rule) -> Row:
        try:
            written = self.xpath.relevant(rule)
        except NotInXPath as error:
            problem = f"Its rule looks at {error.location}. {error.problem.rstrip('.')}"
            self.form.losses.append(ExportLoss(key, problem, "It is asked of everybody"))
            return {}
        return {} if written == TRUE else {"relevant": written}

    def _row(self, kind: str, name: str, label: Text, hint: Text | None = None) -> Row:
        row = {"type": kind, "name": name, **self._told("label", label)}
        return row | (self._told("hint", hint) if hint is not None else {})

    def _told(self, column: str, words: Text) -> Row:
        languages = self.study.languages
        return {f"{column}::{_language(key)}": self._piped(words[key]) for key in languages}

    def _piped(self, text: str) -> str:
        named = text.replace(f"{{{self.study.sites.name}}}", f"${{{self._site_name}}}")
        return PIPED.sub(self._answer, named)

    def _answer(self, found: re.Match[str]) -> str:
        """An answer that is typed stands there as it is; of an option only the code would."""
        question = self.study.questions.get(found[1])
        if question is not None and question.variable_kind in _TYPED:
            return f"${{{found[1]}}}"
        problem = f"A text fills in the words of {found[1]!r}"
        loss = ExportLoss(found[1], problem, "The words for no answer stand there")
        self.form.losses += [] if loss in self.form.losses else [loss]
        return found[2]

    def _group(self, key: str) -> str:
        """A name for a group that no question and no text has."""
        items = (item for part in self.study.sections for item in part.items)
        taken = {item.key for item in items if not isinstance(item, Grid)}
        taken |= {*self.study.questions, *self._told_by_link, self._site_name}
        return f"group_{key}" if key in taken else key

    def _lose_the_rest(self) -> None:
        study = self.study
        made = len(study.coded) + len(study.derived) + len(study.scores)
        if made:
            problem = f"{made} variables are coded, derived or scored from answers"
            self.form.losses.append(ExportLoss("variables", problem, "They stay in the study"))
        if study.checks:
            problem = f"{len(study.checks)} checks hold answers against each other"
            self.form.losses.append(ExportLoss("checks", problem, "Every combination is accepted"))
        if study.inclusion or study.tables:
            problem = "The rules of who counts, and the tables"
            self.form.losses.append(ExportLoss("analysis", problem, "They stay in the study"))


_TYPED = (VariableKind.TEXT, VariableKind.NUMBER, VariableKind.DATE)


def _type(question: Question) -> str:
    match question.variable_kind:
        case VariableKind.SINGLE:
            return f"select_one {question.key}"
        case VariableKind.MULTIPLE:
            return f"select_multiple {question.key}"
        case VariableKind.TEXT:
            return "text"
        case VariableKind.NUMBER:
            limits = question.kind.limits
            whole = isinstance(limits, DecimalNumber) and limits.decimals == 0
            return "integer" if whole else "decimal"
        case VariableKind.DATE:
            return "date"
        case VariableKind.RANKING:
            return f"rank {question.key}"
        case VariableKind.FLAG:
            return "acknowledge"
        case _:
            assert_never(question.variable_kind)


def _controls(question: Question) -> tuple[Control, ...]:
    return question.kind.controls(AskedQuestion(question.key, question.options))


def _limits(question: Question) -> Row:
    """The constraint of a number or a day between two limits."""
    match question.kind.limits:
        case DecimalNumber(_, least, most):
            ends: tuple[tuple[str, object], ...] = ((">=", least), ("<=", most))
        case CalendarDate(first, last):
            days = (None if day is None else f"date('{day}')" for day in (first, last))
            ends = tuple(zip((">=", "<="), days, strict=True))
        case None:
            ends = ()
        case _:
            assert_never(question.kind.limits)
    parts = [f". {sign} {end}" for sign, end in ends if end is not None]
    return {"constraint": " and ".join(parts)} if parts else {}


def _text(option: Option) -> Text:
    return option.text if option.text is not None else option.label


def _language(code: str) -> str:
    return _LANGUAGES.get(code, f"{code} ({code})")
