"""What each column of an export holds: as a page to read, and as DDI-Codebook 2.5 for archives.

Neither holds a count of any answer, so both may be shared where the data may not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from lxml import etree

from blikveld.responses.export.labels import NOT_FOR_PUBLICATION, word
from blikveld.responses.export.limits import SPSS, STATA
from blikveld.responses.export.table import ExportColumn, ExportTable, Level, ValueLabel
from blikveld.rules import EVERYBODY, Rule, describe_rule, join_rules
from blikveld.study.labels import Labels, name_answers
from blikveld.study.model import Grid, Question, Study


@dataclass(frozen=True, slots=True)
class CodebookEntry:
    """A column with its names in the files, the question asked and whom it was for.

    `question` and `universe` are empty where nothing was asked, and `universe` where everybody was.
    """

    column: ExportColumn
    spss: str
    stata: str
    question: str
    universe: str

    def missing(self) -> tuple[tuple[ValueLabel, str], ...]:
        """Return the kinds of missing that are declared, each with Stata's letter."""
        return tuple((value, f".{value.letter}") for value in self.column.missing)


def build_codebook(table: ExportTable) -> tuple[CodebookEntry, ...]:
    """Return an entry for each column, in the order of the files."""
    names = [column.name for column in table.columns]
    spss, stata = SPSS.fit_names(names), STATA.fit_names(names)
    questions = _questions(table.study, table.language)
    universes = _universes(table.study, table.language)
    return tuple(
        CodebookEntry(
            column,
            spss[column.name],
            stata[column.name],
            questions.get(column.variable, ""),
            universes.get(column.variable, ""),
        )
        for column in table.columns
    )


def write_page(table: ExportTable, path: Path) -> None:
    """Write the codebook as an HTML page in the language of the table."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = environment.get_template("codebook.html.j2").render(
        table=table,
        entries=build_codebook(table),
        t={name: word(name, table.language) for name in _PAGE_WORDS},
    )
    path.write_text(page, encoding="utf-8")


_PAGE_WORDS = (
    *("codebook", "no_counts", "invented", "rows", "columns", "sets", "stata_name", "question"),
    *("asked_of", "everybody", "meaning", "missing_values", "text", "number", "date"),
)


def _questions(study: Study, language: str) -> Mapping[str, str]:
    """What was asked, before a statement of a grid the grid's own question.

    Where the name of a site or an answer is filled in, its label stands between brackets.
    """
    asked: dict[str, str] = {}
    for item in (item for part in study.sections for item in part.items):
        match item:
            case Question():
                asked[item.key] = item.text[language]
            case Grid():
                for row in item.rows:
                    asked[row.key] = f"{item.text[language]} {row.text[language]}"
            case _:
                continue
    return {key: name_answers(text, study, language) for key, text in asked.items()}


def _universes(study: Study, language: str) -> Mapping[str, str]:
    words = Labels(study, language)
    rules = _rules(study)
    return {key: describe_rule(rule, words, language) for key, rule in rules.items()}


def _rules(study: Study) -> Mapping[str, Rule]:
    """The rule by which a question is asked, where it is not asked of everybody."""
    found: dict[str, Rule] = {}
    for item in (item for part in study.sections for item in part.items):
        match item:
            case Question():
                found[item.key] = item.ask_if
            case Grid():
                found.update({row.key: join_rules(item.ask_if, row.ask_if) for row in item.rows})
            case _:
                continue
    return {key: rule for key, rule in found.items() if rule != EVERYBODY}


_NAMESPACE = "ddi:codebook:2_5"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_DEFAULT: Any = {None: _NAMESPACE}
_FILE = "F1"


def write_ddi(table: ExportTable, data_file: str | None, path: Path) -> None:
    """Write the codebook as DDI-Codebook 2.5 about the file with this name, if there is one."""
    root = etree.Element(f"{{{_NAMESPACE}}}codeBook", nsmap=_DEFAULT, version="2.5")
    root.set(_LANGUAGE, table.language)
    _add_study(root, table)
    if data_file is not None:
        _add_file(root, table, data_file)
    _add_variables(root, table, {} if data_file is None else {"files": _FILE})
    etree.ElementTree(root).write(path, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _add_file(root: Any, table: ExportTable, data_file: str) -> None:
    text = _add(_add(root, "fileDscr", ID=_FILE), "fileTxt")
    _add(text, "fileName", data_file)
    size = _add(text, "dimensns")
    _add(size, "caseQnty", str(table.rows))
    _add(size, "varQnty", str(len(table.columns)))


def _add_study(root: Any, table: ExportTable) -> None:
    study = _add(root, "stdyDscr")
    titles = _add(_add(study, "citation"), "titlStmt")
    _add(titles, "titl", table.title)
    _add(titles, "IDNo", f"{table.study.key} {table.study.version}")
    summary = _add(_add(study, "stdyInfo"), "sumDscr")
    fieldwork = table.study.fieldwork
    for event, day in (("start", fieldwork.first), ("end", fieldwork.last)):
        _add(summary, "collDate", day.isoformat(), date=day.isoformat(), event=event)
    _add(_add(_add(study, "dataAccs"), "useStmt"), "restrctn", NOT_FOR_PUBLICATION)


def _add_variables(root: Any, table: ExportTable, where: Mapping[str, str]) -> None:
    described = _add(root, "dataDscr")
    entries = build_codebook(table)
    ids = {entry.column.name: f"V{number}" for number, entry in enumerate(entries, start=1)}
    for number, each in enumerate(table.sets, start=1):
        members = " ".join(ids[name] for name in each.columns)
        group = _add(described, "varGrp", ID=f"G{number}", type="multipleResp", var=members)
        _add(group, "labl", each.label)
    for entry in entries:
        _add_variable(described, ids[entry.column.name], entry, where)


def _add_variable(
    described: Any, identity: str, entry: CodebookEntry, where: Mapping[str, str]
) -> None:
    column = entry.column
    interval = "contin" if column.measure is Level.SCALE else "discrete"
    variable = _add(described, "var", ID=identity, name=entry.spss, intrvl=interval, **where)
    _add(variable, "labl", column.label)
    if entry.question:
        _add(_add(variable, "qstn"), "qstnLit", entry.question)
    if column.missing:
        low, high = column.missing_range
        _add(_add(variable, "invalrng"), "range", min=str(low), max=str(high))
    if entry.universe:
        _add(variable, "universe", entry.universe)
    for value in column.values:
        _add_category(variable, value)
    for value in column.missing:
        _add_category(variable, value, missing="Y")
    _add(variable, "varFormat", type="character" if column.is_text else "numeric")
    _add(variable, "notes", _origin(column), subject="blikveld")


def _add_category(variable: Any, value: ValueLabel, **attributes: str) -> None:
    category = _add(variable, "catgry", **attributes)
    _add(category, "catValu", str(value.number))
    _add(category, "labl", value.label)
    _add(category, "txt", value.code)


def _origin(column: ExportColumn) -> str:
    """What the study itself calls what the column holds."""
    return column.variable if column.option is None else f"{column.variable}={column.option}"


def _add(parent: Any, tag: str, text: str | None = None, /, **attributes: str) -> Any:
    element = etree.SubElement(parent, f"{{{_NAMESPACE}}}{tag}", attributes)
    element.text = None if text is None else _writable(text)
    return element


def _writable(text: str) -> str:
    """A text without the control characters that XML cannot hold."""
    return "".join(sign for sign in text if sign in "\t\n\r" or sign >= " ")
