"""The interview guide: topics and questions as data of the study, to print and to follow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import TypeAlias

from blikveld.interviews.coding.compare import Approach
from blikveld.interviews.deidentification.words import Category, Visibility
from blikveld.interviews.study_files.reading import FOLDER, interviews_folder, read_yaml
from blikveld.study.labels import Labels
from blikveld.study.model import Study, Text
from blikveld.yaml_reading.yaml_node import YamlNode, once

_FILE = "guide.yaml"
GuideQuestion: TypeAlias = Text
"""A question in every language of the study."""


@dataclass(frozen=True, slots=True)
class Topic:
    """Something to talk about, with questions that open it."""

    key: str
    title: Text
    questions: tuple[GuideQuestion, ...]


@dataclass(frozen=True, slots=True)
class TopicGuide:
    """How interviews are held and analysed. `shortest` and `longest` are minutes.

    `hide` holds what is hidden in transcripts though it tells of many people at once.
    """

    approach: Approach
    sample_size: int
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
    return load_topic_guide(study).hide


def load_topic_guide(study: Study) -> TopicGuide:
    """The guide of a study. Raises BlikveldError when it has none, and Faults."""
    return read_yaml(interviews_folder(study) / _FILE, study.languages, _guide)


def _guide(root: YamlNode) -> TopicGuide:
    fields = root.fields(
        *("approach", "sample_size", "minutes", "opening", "topics", "closing"),
        optional=tuple(category.value for category in Category),
    )
    minutes = fields["minutes"].fields("shortest", "longest")
    once((topic.inner("key") for topic in fields["topics"].elements()), "topic")
    return TopicGuide(
        fields["approach"].one_of(Approach),
        _whole(fields["sample_size"]),
        _whole(minutes["shortest"]),
        _whole(minutes["longest"]),
        fields["opening"].label(),
        fields["topics"].some(_topic),
        fields["closing"].label(),
        frozenset(category for category in Category if _is_hidden(fields[category.value])),
    )


def _is_hidden(node: YamlNode) -> bool:
    found = node.optional(lambda given: given.one_of(Visibility))
    return found is Visibility.HIDDEN


def _topic(node: YamlNode) -> Topic:
    fields = node.fields("key", "title", "questions")
    questions = fields["questions"].some(lambda question: question.label())
    return Topic(fields["key"].key(), fields["title"].label(), questions)


def _whole(node: YamlNode) -> int:
    number = node.number()
    if number < 1 or number != int(number):
        node.fault("number", f"{node.name!r} has to be 1 or more, and whole.", "Change it.")
    return int(number)


def print_guide(study: Study, made: TopicGuide, language: str) -> str:
    """The guide as one HTML page that prints well. Raises BlikveldError for another language."""
    Labels(study, language)
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


def _body(made: TopicGuide, language: str) -> Iterator[str]:
    yield f"<p>{escape(made.opening[language])}</p>"
    for number, topic in enumerate(made.topics, start=1):
        questions = "".join(f"<li>{escape(q[language])}</li>" for q in topic.questions)
        heading = f"{number}. {escape(topic.title[language])}"
        yield f"<section><h2>{heading}</h2><ul>{questions}</ul></section>"
    yield f"<p>{escape(made.closing[language])}</p>"
