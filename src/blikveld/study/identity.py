"""What makes a study the same study: digests of its parts, and a description of it as it was used.

A digest is of the study and not of its files: a comment, a space, the order of keys or the ends of
lines say nothing about an answer, so they change nothing in it. `study.changes` holds one
description against another.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from hashlib import sha256
from typing import Any

from blikveld.kinds.base import KindOfQuestion
from blikveld.kinds.controls import UNSET
from blikveld.rules import EVERYBODY, format_rule
from blikveld.study.items import Text
from blikveld.study.model import Question, Recipe, Study, Variable


class StudyPart(Enum):
    """A part of a study with a digest of its own. `TEXTS` are the words of all the others."""

    QUESTIONS = "questions"
    CODING = "coding"
    DERIVED = "derived"
    ANALYSIS = "analysis"
    TEXTS = "texts"


_FIELDS: Mapping[StudyPart, tuple[str, ...]] = {
    StudyPart.QUESTIONS: ("key", "version", "languages", "modes", "sites", "sections"),
    StudyPart.CODING: ("classifications", "coded"),
    StudyPart.DERIVED: ("derived", "scores", "computed"),
    StudyPart.ANALYSIS: (
        *("period", "fieldwork", "inclusion", "tables", "banner", "waves", "disclosure"),
    ),
}
_WORDED = ("title", "thanks", "browser_title")
"""What is nothing but words."""

_NAMES = {"Site": "name", "LocalOption": "label", "Question": "number", "Grid": "number"}
"""Words that stand in no language: names of places, and numbers as they are printed."""

_BESIDE = ("help", "phone")
"""Words that may come and go: nobody answers otherwise where they are not."""

_PLACE, _AT_THE_DESK = "line", "decided"
"""Fields that say nothing of a study: where something stands, and what its desk decided since."""


class _Reading(Enum):
    ALL = "all"
    MEANING = "meaning"


def digest(study: Study) -> str:
    """SHA-256 of what the study asks, codes and derives, in hexadecimal, its words included."""
    names = (
        *("key", "version", "languages", "title", "period", "fieldwork", "modes"),
        *("sites", "classifications", "sections", "thanks", "coded", "derived", "scores"),
    )
    whole = {name: _plain(getattr(study, name), _Reading.ALL) for name in names}
    if study.computed:
        # What came later leaves older studies as they were.
        whole["computed"] = _plain(study.computed, _Reading.ALL)
    if study.checks:
        whole["checks"] = _plain(study.checks, _Reading.ALL)
    return _hash(whole)


def part_digests(study: Study) -> Mapping[StudyPart, str]:
    """SHA-256 of each part; words count for `TEXTS` and for nothing else."""
    found = {
        part: _hash({name: _plain(getattr(study, name), _Reading.MEANING) for name in names})
        for part, names in _FIELDS.items()
    }
    names = (name for names in _FIELDS.values() for name in names)
    words = {name: _only_words(getattr(study, name)) for name in names}
    whole = {name: _plain(getattr(study, name), _Reading.ALL) for name in _WORDED}
    return {**found, StudyPart.TEXTS: _hash({**words, **whole})}


def _hash(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(value: object, wanted: _Reading) -> Any:
    """A value of the study as JSON knows it. Raises TypeError for a kind nobody thought of."""
    if isinstance(value, Enum):
        return _plain(value.value, wanted)
    if is_dataclass(value) and not isinstance(value, type):
        return _plain_parts(value, wanted)
    if isinstance(value, Mapping):
        return {str(key): _plain(one, wanted) for key, one in value.items()}
    if isinstance(value, tuple):
        return [_plain(one, wanted) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if value is None or isinstance(value, (str, int, float)):
        return value
    raise TypeError(type(value).__name__)


def _only_words(value: Any) -> Any:
    """What of a value is read by people, without whatever holds no words; None for nothing."""
    if is_dataclass(value) and not isinstance(value, type):
        worded = _worded(type(value))
        parts = {f.name: getattr(value, f.name) for f in fields(value)}
        parts = {
            name: _plain(one, _Reading.ALL) if name in worded else _only_words(one)
            for name, one in parts.items()
        }
        return {name: one for name, one in parts.items() if one} or None
    if isinstance(value, Mapping):
        inner = {str(key): _only_words(one) for key, one in value.items()}
        return {key: one for key, one in inner.items() if one} or None
    if isinstance(value, tuple):
        # By name where there is one: another order is no other words.
        named = {_name(one, at): _only_words(one) for at, one in enumerate(value)}
        return {name: one for name, one in named.items() if one} or None
    return None


def _name(value: object, place: int) -> str:
    return str(getattr(value, "key", getattr(value, "code", getattr(value, "name", place))))


def _plain_parts(value: Any, wanted: _Reading) -> Any:
    own = [f for f in fields(value) if f.name not in (_PLACE, _AT_THE_DESK)]
    known = {f.name: getattr(value, f.name) for f in own}
    for f in own:
        # What came later leaves older studies as they were.
        if f.metadata.get(UNSET) and known[f.name] == f.default:
            del known[f.name]
    if isinstance(value, KindOfQuestion) and not known:
        return value.name
    name = value.name if isinstance(value, KindOfQuestion) else type(value).__name__
    worded = _worded(value.__class__)
    if wanted is _Reading.MEANING:
        known = {each: one for each, one in known.items() if each not in _BESIDE}
    shown = (_shown(each, one, wanted, in_words=each in worded) for each, one in known.items())
    return {"": name, **dict(shown)}


def _shown(name: str, value: object, wanted: _Reading, *, in_words: bool) -> tuple[str, object]:
    if wanted is _Reading.MEANING and in_words:
        # That there are words can mean something: a box beside an answer, an offer by telephone.
        return name, value is not None
    return name, _plain(value, wanted)


@cache
def _worded(kind: type[Any]) -> frozenset[str]:
    """The fields of a part of the study that are read by people and compared by nobody."""
    worded = {f.name for f in fields(kind) if f.type in ("Text", "Text | None")}
    return frozenset(worded | {_NAMES.get(kind.__name__, "")})


class VariableOrigin(Enum):
    """Where the values of a variable come from."""

    KNOWN = "known"
    ASKED = "asked"
    MADE = "made"


@dataclass(frozen=True, slots=True)
class DescribedVariable:
    """A variable of a study as it was used.

    `codes` and `special` are from code to words. `limits` are the decimals and both ends of a
    number or day, "" where open. `asked_if` is the rule of a question, `settings` a digest of what
    else it asks, and `recipe` one of how the variable is made, all the way down to answers.
    `closed` are the options that are offered to nobody any more.
    """

    kind: str
    origin: VariableOrigin
    label: Text
    codes: Mapping[str, Text]
    special: Mapping[str, Text]
    limits: tuple[str, ...] = ()
    text: Text | None = None
    asked_if: str = ""
    settings: str = ""
    recipe: str = ""
    closed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StudyDescription:
    """A study as it was used: its variables, the order of its items, and digests of its parts."""

    variables: Mapping[str, DescribedVariable]
    items: tuple[str, ...]
    parts: Mapping[StudyPart, str]

    def as_json(self) -> dict[str, Any]:
        """Return the same as JSON knows it."""
        known = {
            name: asdict(one) | {"origin": one.origin.value} for name, one in self.variables.items()
        }
        parts = {part.value: digest for part, digest in self.parts.items()}
        return {"variables": known, "items": list(self.items), "parts": parts}

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> StudyDescription:
        """Return what `as_json` gave. Raises KeyError, TypeError or ValueError for other things."""
        variables = {name: _from_json(one) for name, one in found["variables"].items()}
        parts = {StudyPart(part): str(digest) for part, digest in found["parts"].items()}
        return cls(variables, tuple(found["items"]), parts)


def _from_json(found: Mapping[str, Any]) -> DescribedVariable:
    lists = {name: tuple(found[name]) for name in ("limits", "closed")}
    return DescribedVariable(**{**found, **lists, "origin": VariableOrigin(found["origin"])})


def describe_study(study: Study) -> StudyDescription:
    """Return what is kept of a study beside answers to it."""
    recipes = fingerprints(study)
    variables = {
        name: _described(study, variable, recipes.get(name, ""))
        for name, variable in study.variables.items()
    }
    items = tuple(item.key for section in study.sections for item in section.items)
    return StudyDescription(variables, items, part_digests(study))


def _described(study: Study, variable: Variable, recipe: str) -> DescribedVariable:
    question = study.questions.get(variable.name)
    known = variable.name in (*study.known_before, "completed")
    asked = VariableOrigin.KNOWN if known else VariableOrigin.ASKED
    return DescribedVariable(
        variable.kind.value,
        VariableOrigin.MADE if recipe else asked,
        variable.label,
        {code.code: code.label for code in variable.codes},
        {code.code: code.label for code in variable.special},
        _limits(variable),
        question.text if question else None,
        format_rule(question.ask_if) if question else "",
        _settings(question) if question else "",
        recipe,
        tuple(option.code for option in question.options if option.closed) if question else (),
    )


def _limits(variable: Variable) -> tuple[str, ...]:
    if variable.limits is None:
        return ()
    ends = (getattr(variable.limits, f.name) for f in fields(variable.limits))
    return tuple("" if end is None else f"{end}" for end in ends)


def _settings(question: Question) -> str:
    """A digest of what is asked beside the words, the rule, the options and the limits."""
    plain = _plain(question, _Reading.MEANING)
    settings = {name: one for name, one in plain.items() if name not in _TOLD_APART}
    if isinstance(plain["kind"], dict):
        settings["kind"] = {k: v for k, v in plain["kind"].items() if k not in _LIMITS}
    exclusive = [option.code for option in question.options if option.exclusive]
    filters = {option.code: format_rule(option.show_if) for option in question.options}
    return _hash({**settings, "exclusive": exclusive, "filters": _others(filters)})


def _others(filters: Mapping[str, str]) -> Mapping[str, str]:
    """The options that some are not offered, with the rule that says who is."""
    everybody = format_rule(EVERYBODY)
    return {code: rule for code, rule in filters.items() if rule != everybody}


_TOLD_APART = frozenset({"key", "ask_if", "options"})
_LIMITS = frozenset({"special", "least", "most", "decimals", "first", "last"})
"""Settings of kinds that stand among the limits and the answers without a value."""


def fingerprints(study: Study) -> Mapping[str, str]:
    """For each variable that is made a digest of how, from answers on; words do not count."""
    found: dict[str, str] = {}

    def of(name: str, recipe: Recipe) -> str:
        if name not in found:
            found[name] = ""
            below = {
                source: of(source, study.recipes[source])
                for source in sorted(study.made_from[name])
                if source in study.recipes
            }
            found[name] = _hash([_plain(recipe, _Reading.MEANING), below])
        return found[name]

    return {name: of(name, recipe) for name, recipe in study.recipes.items()}
