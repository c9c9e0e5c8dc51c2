"""A study's own files on its interviews: the topic guide, and interviews that ship with it.

A fault is told with its file and line. Interviews that ship are protected texts, with their codes
and the passages to quote.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TypeAlias, TypeVar

from blikveld.errors import BlikveldError, Faults
from blikveld.interviews.attribution import Label, Naming, Quote, labels
from blikveld.interviews.coding.compare import Approach
from blikveld.interviews.coding.retrieval import theme_count
from blikveld.interviews.coding.state import CodebookCode, CodedSegment, CodingState
from blikveld.interviews.deidentification.pseudonymised import PseudonymisedText
from blikveld.interviews.deidentification.words import Category, Visibility
from blikveld.study.labels import Labels
from blikveld.study.loader import study_files
from blikveld.study.model import Study, Text
from blikveld.yaml_reading.fault_log import FaultLog, choose
from blikveld.yaml_reading.yaml_node import YamlNode, once

FOLDER = "interviews"
T = TypeVar("T")


def interviews_folder(study: Study) -> Path:
    """The folder of a study with the files on its interviews. Raises BlikveldError without one."""
    found = study.folder / FOLDER
    if not found.is_dir():
        problem = "This study has no folder 'interviews'."
        raise BlikveldError("no-interviews", study.key, problem, "Write interviews/guide.yaml.")
    return found


def read_yaml(path: Path, languages: tuple[str, ...] | None, make: Callable[[YamlNode], T]) -> T:
    """What `make` makes of a YAML file. Raises Faults with everything that is wrong in it."""
    ledger = FaultLog(languages)
    try:
        raw = path.read_bytes()
    except OSError as error:
        problem = f"This file cannot be opened: {error.strerror or error}."
        raise BlikveldError("unreadable", str(path), problem, "See to it that it can.") from None
    made = make(study_files.root(path.name, raw, ledger))
    if ledger.faults:
        raise Faults(ledger.faults)
    return made


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


_CODER = "study"


@dataclass(frozen=True, slots=True)
class ShippedInterview:
    """One interview: its text, and what is known of who spoke."""

    text: PseudonymisedText
    role: str
    site: str


@dataclass(frozen=True, slots=True)
class ShippedInterviews:
    """All of them. `invented` tells that nobody said this; it goes with every quote.

    `at` is from a place in the report to the quotes that stand there, in order.
    """

    invented: bool
    interviews: Mapping[str, ShippedInterview]
    labels: Mapping[str, Label]
    naming: Naming
    names: Mapping[str, Text]
    state: CodingState
    at: Mapping[str, tuple[Quote, ...]]

    def theme_count(self) -> Mapping[str, int]:
        """In how many interviews each theme, and each code, is spoken of."""
        return theme_count(self.state)


@dataclass(frozen=True, slots=True)
class _Held:
    invented: bool
    interviews: Mapping[str, ShippedInterview]
    labels: Mapping[str, Label]
    naming: Naming


def load_shipped(study: Study) -> ShippedInterviews:
    """The interviews that ship with a study. Raises BlikveldError when it has none, and Faults."""
    place = interviews_folder(study)
    held = read_yaml(place / "interviews.yaml", study.languages, lambda r: _held(r, study, place))
    return read_yaml(place / "codebook.yaml", study.languages, lambda root: _interviews(root, held))


def _held(root: YamlNode, study: Study, place: Path) -> _Held:
    fields = root.fields(
        "invented", "attribution", "category_labels", "fallback_label", "interviews"
    )
    category_of = study.roles.category_of if study.roles else {}
    categories = tuple(dict.fromkeys(category_of.values()))
    nearest = dict(fields["attribution"].each(lambda r: _word(r, "role", tuple(category_of))))
    wider = dict(fields["category_labels"].each(lambda r: _word(r, "category", categories)))
    widest = fields["fallback_label"].label()
    once((e.inner("key") for e in fields["interviews"].elements()), "interview")
    pairs = dict(fields["interviews"].some(lambda i: _interview(i, study, place, tuple(nearest))))
    naming = Naming(category_of, nearest, wider, widest)
    roles = {key: naming.role(talk.role) for key, talk in pairs.items()}
    return _Held(fields["invented"].flag(default=True), pairs, labels(roles), naming)


def _word(node: YamlNode, what: str, known: tuple[str, ...]) -> tuple[str, Text]:
    fields = node.fields(what, "label")
    return _one(fields[what], what, known), fields["label"].label()


def _one(node: YamlNode, what: str, known: tuple[str, ...]) -> str:
    text = node.string()
    if text and text not in known:
        node.fault(f"unknown-{what}", f"There is no {what} {text!r}.", choose(text, known))
    return text


def _interview(
    node: YamlNode, study: Study, where: Path, roles: tuple[str, ...]
) -> tuple[str, ShippedInterview]:
    fields = node.fields("key", "role", "site", "file")
    key = fields["key"].key()
    role = _one(fields["role"], "role", roles)
    site = _one(fields["site"], "site", study.sites.keys)
    text = _text(fields["file"], where)
    return key, ShippedInterview(PseudonymisedText(key, text, study.languages[0]), role, site)


def _text(node: YamlNode, where: Path) -> str:
    name = node.string()
    path = where / name
    if "/" in name or "\\" in name or not path.is_file():
        node.fault("missing-file", f"There is no file {name!r} here.", "Write it.")
        return ""
    return path.read_bytes().decode("utf-8")


def _interviews(root: YamlNode, held: _Held) -> ShippedInterviews:
    fields = root.fields("codes", "quotes", optional=("passages",))
    once((code.inner("key") for code in fields["codes"].elements()), "code")
    pairs = fields["codes"].some(_code)
    codes = {code.key: code for code, _ in pairs}
    _check_themes(fields["codes"], tuple(codes))
    chosen = fields["quotes"].each(lambda quote: _quote(quote, held, tuple(codes)))
    more = fields["passages"].optional(lambda p: p.each(lambda o: _coded(o, held, tuple(codes))))
    found = (*(q for _, q in chosen), *(more or ()))
    passages = frozenset(
        CodedSegment(q.interview, q.start, q.end, q.theme, _CODER) for q in found if q is not None
    )
    at: dict[str, tuple[Quote, ...]] = {}
    for section, quote in chosen:
        if quote is not None:
            at[section] = (*at.get(section, ()), quote)
    names = {code.key: name for code, name in pairs}
    state = CodingState(codes, passages)
    return ShippedInterviews(
        held.invented, held.interviews, held.labels, held.naming, names, state, at
    )


def _code(node: YamlNode) -> tuple[CodebookCode, Text]:
    fields = node.fields("key", "name", "definition", optional=("theme", "include", "exclude"))
    name = fields["name"].label()
    made = CodebookCode(
        fields["key"].key(),
        next(iter(name.values()), ""),
        fields["definition"].string(),
        fields["include"].optional(YamlNode.string) or "",
        fields["exclude"].optional(YamlNode.string) or "",
        parent=fields["theme"].optional(YamlNode.string) or "",
    )
    return made, name


def _check_themes(node: YamlNode, codes: tuple[str, ...]) -> None:
    for element in node.elements():
        theme = element.inner("theme")
        if theme.given:
            _one(theme, "theme", codes)


def _quote(node: YamlNode, held: _Held, codes: tuple[str, ...]) -> tuple[str, Quote | None]:
    fields = node.fields("section", "code", "interview", "words", optional=("translated",))
    quote = _found(fields, held, codes)
    return fields["section"].key(), quote


def _coded(node: YamlNode, held: _Held, codes: tuple[str, ...]) -> Quote | None:
    return _found(node.fields("code", "interview", "words"), held, codes)


def _found(fields: Mapping[str, YamlNode], held: _Held, codes: tuple[str, ...]) -> Quote | None:
    code = _one(fields["code"], "code", codes)
    interview = _one(fields["interview"], "interview", tuple(held.interviews))
    words = fields["words"].string()
    if interview not in held.interviews:
        return None
    text = held.interviews[interview].text.text
    if text.count(words) != 1:
        problem = f"These words stand {text.count(words)} times in the text of {interview}."
        fields["words"].fault("quote", problem, "Quote word for word, and enough to be found once.")
        return None
    start = text.index(words)
    label, end = held.labels[interview], start + len(words)
    return Quote(code, interview, start, end, words, label, held.invented, _translated(fields))


def _translated(fields: Mapping[str, YamlNode]) -> Text:
    if "translated" not in fields:
        return {}
    return fields["translated"].optional(_in_languages) or {}


def _in_languages(node: YamlNode) -> Text:
    languages = node.ledger.languages or ()
    fields = node.fields(optional=languages)
    found = ((language, fields[language].optional(YamlNode.string)) for language in languages)
    return {language: words for language, words in found if words}
