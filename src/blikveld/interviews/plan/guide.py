"""The interview guide: topics and questions as data of the study, to print and to follow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import TypeAlias

from blikveld.interviews.coding.compare import Approach
from blikveld.interviews.plan.files import FOLDER, folder, read
from blikveld.interviews.protect.words import Category, Visibility
from blikveld.study.model import Study, Text
from blikveld.study.reading.place import Place, once
from blikveld.study.words import Words

_FILE = "guide.yaml"
Question: TypeAlias = Text
"""A question in every language of the study."""


@dataclass(frozen=True, slots=True)
class Topic:
    """Something to talk about, with questions that open it."""

    key: str
    title: Text
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Guide:
    """How interviews are held and analysed. `shortest` and `longest` are minutes.

    `hide` holds what is hidden in transcripts though it tells of many people at once.
    """

    approach: Approach
    places: int
    shortest: int
    longest: int
    opening: Text
    topics: tuple[Topic, ...]
    closing: Text
    hide: frozenset[Category] = frozenset()


def hidden(study: Study) -> frozenset[Category]:
    """What a study hides of what tells of many people; nothing without a guide. Raises Faults."""
    if not (study.folder / FOLDER / _FILE).exists():
        return frozenset()
    return guide(study).hide


def guide(study: Study) -> Guide:
    """The guide of a study. Raises BlikveldError when it has none, and Faults."""
    return read(folder(study) / _FILE, study.languages, _guide)


def _guide(root: Place) -> Guide:
    fields = root.fields(
        *("approach", "places", "minutes", "opening", "topics", "closing"),
        optional=tuple(category.value for category in Category),
    )
    minutes = fields["minutes"].fields("shortest", "longest")
    once((topic.inner("key") for topic in fields["topics"].elements()), "topic")
    return Guide(
        fields["approach"].one_of(Approach),
        _whole(fields["places"]),
        _whole(minutes["shortest"]),
        _whole(minutes["longest"]),
        fields["opening"].label(),
        fields["topics"].some(_topic),
        fields["closing"].label(),
        frozenset(category for category in Category if _is_hidden(fields[category.value])),
    )


def _is_hidden(place: Place) -> bool:
    found = place.optional(lambda given: given.one_of(Visibility))
    return found is Visibility.HIDDEN


def _topic(place: Place) -> Topic:
    fields = place.fields("key", "title", "questions")
    questions = fields["questions"].some(lambda question: question.label())
    return Topic(fields["key"].key(), fields["title"].label(), questions)


def _whole(place: Place) -> int:
    number = place.number()
    if number < 1 or number != int(number):
        place.fault("number", f"{place.name!r} has to be 1 or more, and whole.", "Change it.")
    return int(number)


def printed(study: Study, made: Guide, language: str) -> str:
    """The guide as one HTML page that prints well. Raises BlikveldError for another language."""
    Words(study, language)
    body = "\n".join(_body(made, language))
    title = escape(study.title[language])
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n"
        f"{body}\n</body>\n</html>\n"
    )


_STYLE = (
    "body{font:11pt/1.5 serif;max-width:42em;margin:2em auto;padding:0 1em}"
    "section{break-inside:avoid}li{margin:0 0 2.5em}@media print{body{margin:0}}"
)


def _body(made: Guide, language: str) -> Iterator[str]:
    yield f"<p>{escape(made.opening[language])}</p>"
    for number, topic in enumerate(made.topics, start=1):
        questions = "".join(f"<li>{escape(q[language])}</li>" for q in topic.questions)
        heading = f"{number}. {escape(topic.title[language])}"
        yield f"<section><h2>{heading}</h2><ul>{questions}</ul></section>"
    yield f"<p>{escape(made.closing[language])}</p>"
