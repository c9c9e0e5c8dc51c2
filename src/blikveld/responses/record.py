"""One respondent's answers, as fieldwork hands them over."""

from __future__ import annotations

from dataclasses import dataclass

from blikveld.rules import Person
from blikveld.study.model import Study


@dataclass(frozen=True, slots=True)
class Response:
    """What one respondent answered.

    `respondent` is an opaque key that is unique within the fieldwork; it is never stored in a
    snapshot. `values` holds every variable of `raw_names(study)`, each with a value or the kind of
    missing, and nothing else: coded and derived variables are made from it.
    """

    respondent: str
    values: Person


def raw_names(study: Study) -> tuple[str, ...]:
    """The variables a response must hold: those of the system, every question, every text."""
    made = set(made_names(study))
    return tuple(name for name in study.variables if name not in made)


def made_names(study: Study) -> tuple[str, ...]:
    """The variables that are made from a response: coded, derived and numeric ones."""
    coded = (variable.key for variable in study.coded)
    derived = (variable.key for variable in study.derived)
    scores = (variable.key for variable in study.scores)
    return (*coded, *derived, *scores)
