"""Labels of variables and codes in one language, and names piped into texts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from unicodedata import normalize

from blikveld.errors import BlikveldError
from blikveld.kinds.words import write_value
from blikveld.rules import Missing, Special, UnknownVariable, Value
from blikveld.study.model import Study, Variable, VariableKind
from blikveld.yaml_reading.fault_log import choose
from blikveld.yaml_reading.yaml_node import PIPED


def fold_text(text: str) -> str:
    """A text as it is compared: one form of each sign (NFKC), no capitals, single spaces.

    Folding twice changes nothing.
    """
    # Folding case can take a composed sign apart, so the form is made once more.
    return " ".join(normalize("NFKC", normalize("NFKC", text).casefold()).split())


class Labels:
    """The labels of variables and codes in one language of the study.

    Raises BlikveldError for a language that the study does not have.
    """

    def __init__(self, study: Study, language: str) -> None:
        if language not in study.languages:
            raise BlikveldError(
                "language",
                f"study {study.key!r}",
                f"It has no language {language!r}.",
                choose(language, study.languages),
            )
        self.study, self.language = study, language

    def label(self, name: str) -> str:
        """What a variable is called in tables. Raises UnknownVariable."""
        return self._variable(name).label[self.language]

    def code(self, name: str, code: str) -> str:
        """What a value is called; a text is its own name.

        Raises UnknownVariable, and KeyError for a code that is not there.
        """
        variable = self._variable(name)
        if variable.kind is VariableKind.TEXT:
            return code
        return variable.code(code).label[self.language]

    def answer(self, name: str, value: Value) -> str | None:
        """A value in words, as it is filled in in a text; None where there is none.

        Chosen options stand there by what was read on the page. Raises UnknownVariable.
        """
        if isinstance(value, Missing | Special | bool):
            return None
        if isinstance(value, tuple):
            return ", ".join(self._read(name, code) for code in value)
        if isinstance(value, str):
            return self._read(name, value)
        number_or_day = value if isinstance(value, date) else Decimal(str(value))
        return write_value(number_or_day, self.language)

    def _read(self, name: str, code: str) -> str:
        question = self.study.questions.get(name)
        options = question.options if question else ()
        labels = (option.label[self.language] for option in options if option.code == code)
        return next(labels, None) or self.code(name, code)

    def _variable(self, name: str) -> Variable:
        try:
            return self.study.variables[name]
        except KeyError:
            raise UnknownVariable(name) from None


def place_names(study: Study) -> frozenset[str]:
    """The names of its sites and of all on their lists, by which people could be known."""
    local = (
        option.label for site in study.sites for each in site.lists.values() for option in each
    )
    return frozenset((*(site.name for site in study.sites), *local))


def name_answers(text: str, study: Study, language: str) -> str:
    """A respondent's text for who reads it elsewhere: the label of a variable between brackets
    where its value is filled in."""
    here = text.replace(f"{{{study.sites.name}}}", f"[{study.sites.label[language]}]")
    return PIPED.sub(lambda found: f"[{study.variables[found[1]].label[language]}]", here)
