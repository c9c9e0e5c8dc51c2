"""Interviews that ship with a study: protected texts, their codes, and the passages to quote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from blikveld.interviews.attribution import Label, Naming, Quote, labels
from blikveld.interviews.coding.matrices import theme_count
from blikveld.interviews.coding.state import CodebookCode, CodedSegment, CodingState
from blikveld.interviews.deidentification.pseudonymised import PseudonymisedText
from blikveld.interviews.study_files.reading import interviews_folder, read_yaml
from blikveld.study.model import Study, Text
from blikveld.yaml_reading.fault_log import choose
from blikveld.yaml_reading.yaml_node import YamlNode, once

_CODER = "study"


@dataclass(frozen=True, slots=True)
class ShippedInterview:
    """One interview: its text, and what is known of who spoke."""

    text: PseudonymisedText
    function: str
    municipality: str


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
    fields = root.fields("invented", "attribution", "domain_labels", "fallback_label", "interviews")
    domain_of = {f.code: d.key for d in study.domains for f in d.functions}
    nearest = dict(fields["attribution"].each(lambda r: _word(r, "function", tuple(domain_of))))
    wider = dict(
        fields["domain_labels"].each(
            lambda r: _word(r, "domain", tuple(d.key for d in study.domains))
        )
    )
    widest = fields["fallback_label"].label()
    once((e.inner("key") for e in fields["interviews"].elements()), "interview")
    pairs = dict(fields["interviews"].some(lambda i: _interview(i, study, place, tuple(nearest))))
    naming = Naming(domain_of, nearest, wider, widest)
    roles = {key: naming.role(talk.function) for key, talk in pairs.items()}
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
    node: YamlNode, study: Study, where: Path, functions: tuple[str, ...]
) -> tuple[str, ShippedInterview]:
    fields = node.fields("key", "function", "municipality", "file")
    key = fields["key"].key()
    function = _one(fields["function"], "role", functions)
    towns = tuple(m.key for m in study.municipalities)
    municipality = _one(fields["municipality"], "municipality", towns)
    text = _text(fields["file"], where)
    return key, ShippedInterview(
        PseudonymisedText(key, text, study.languages[0]), function, municipality
    )


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
