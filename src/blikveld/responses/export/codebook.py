"""What each column of an export holds, and the page to read about it.

It holds no count of any answer, so it may be shared where the data may not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from blikveld.responses.export.labels import missing_letter, word
from blikveld.responses.export.limits import SPSS, STATA
from blikveld.responses.export.table import ExportColumn, ExportTable, ValueLabel
from blikveld.rules import EVERYBODY, Missing, Rule, describe_rule, join_rules
from blikveld.study.labels import Labels
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
        """The kinds of missing that are declared, each with Stata's letter."""
        return tuple((v, f".{missing_letter(Missing(v.code))}") for v in self.column.missing)


def build_codebook(table: ExportTable) -> tuple[CodebookEntry, ...]:
    """An entry for each column, in the order of the files."""
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
    *("asked_of", "everybody", "meaning", "missing_values", "text", "number"),
)


def _questions(study: Study, language: str) -> Mapping[str, str]:
    """What was asked, before a statement of a grid the grid's own question.

    Where the name of a municipality is filled in, its label stands between brackets.
    """
    somewhere = f"[{study.variables['municipality'].label[language]}]"
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
    return {key: text.replace("{municipality}", somewhere) for key, text in asked.items()}


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
