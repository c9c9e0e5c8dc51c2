"""Interviews that ship with a study: protected texts, their codes, and the passages to quote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from blikveld.interviews.coding.matrices import spoken_of
from blikveld.interviews.coding.state import Code, Passage, State
from blikveld.interviews.plan.files import folder, read
from blikveld.interviews.protect.protected import Protected
from blikveld.interviews.roles import Label, Naming, Quote, labels
from blikveld.study.model import Study, Text
from blikveld.study.reading.hints import choose
from blikveld.study.reading.place import Place, once

_CODER = "study"


@dataclass(frozen=True, slots=True)
class Talk:
    """One interview: its text, and what is known of who spoke."""

    text: Protected
    function: str
    municipality: str


@dataclass(frozen=True, slots=True)
class Talks:
    """All of them. `invented` tells that nobody said this; it goes with every quote.

    `at` is from a place in the report to the quotes that stand there, in order.
    """

    invented: bool
    interviews: Mapping[str, Talk]
    labels: Mapping[str, Label]
    naming: Naming
    names: Mapping[str, Text]
    state: State
    at: Mapping[str, tuple[Quote, ...]]

    def spoken_of(self) -> Mapping[str, int]:
        """In how many interviews each theme, and each code, is spoken of."""
        return spoken_of(self.state)


@dataclass(frozen=True, slots=True)
class _Held:
    invented: bool
    interviews: Mapping[str, Talk]
    labels: Mapping[str, Label]
    naming: Naming


def talks(study: Study) -> Talks:
    """The interviews that ship with a study. Raises BlikveldError when it has none, and Faults."""
    place = folder(study)
    held = read(place / "interviews.yaml", study.languages, lambda r: _held(r, study, place))
    return read(place / "codebook.yaml", study.languages, lambda root: _talks(root, held))


def _held(root: Place, study: Study, place: Path) -> _Held:
    fields = root.fields("invented", "roles", "wider", "widest", "interviews")
    domain_of = {f.code: d.key for d in study.domains for f in d.functions}
    nearest = dict(fields["roles"].each(lambda r: _word(r, "function", tuple(domain_of))))
    wider = dict(
        fields["wider"].each(lambda r: _word(r, "domain", tuple(d.key for d in study.domains)))
    )
    widest = fields["widest"].label()
    once((e.inner("key") for e in fields["interviews"].elements()), "interview")
    pairs = dict(fields["interviews"].some(lambda i: _talk(i, study, place, tuple(nearest))))
    naming = Naming(domain_of, nearest, wider, widest)
    roles = {key: naming.role(talk.function) for key, talk in pairs.items()}
    return _Held(fields["invented"].flag(default=True), pairs, labels(roles), naming)


def _word(place: Place, what: str, known: tuple[str, ...]) -> tuple[str, Text]:
    fields = place.fields(what, "label")
    return _one(fields[what], what, known), fields["label"].label()


def _one(place: Place, what: str, known: tuple[str, ...]) -> str:
    text = place.string()
    if text and text not in known:
        place.fault(f"unknown-{what}", f"There is no {what} {text!r}.", choose(text, known))
    return text


def _talk(place: Place, study: Study, where: Path, functions: tuple[str, ...]) -> tuple[str, Talk]:
    fields = place.fields("key", "function", "municipality", "file")
    key = fields["key"].key()
    function = _one(fields["function"], "role", functions)
    towns = tuple(m.key for m in study.municipalities)
    municipality = _one(fields["municipality"], "municipality", towns)
    text = _text(fields["file"], where)
    return key, Talk(Protected(key, text, study.languages[0]), function, municipality)


def _text(place: Place, where: Path) -> str:
    name = place.string()
    path = where / name
    if "/" in name or "\\" in name or not path.is_file():
        place.fault("missing-file", f"There is no file {name!r} here.", "Write it.")
        return ""
    return path.read_bytes().decode("utf-8")


def _talks(root: Place, held: _Held) -> Talks:
    fields = root.fields("codes", "quotes", optional=("passages",))
    once((code.inner("key") for code in fields["codes"].elements()), "code")
    pairs = fields["codes"].some(_code)
    codes = {code.key: code for code, _ in pairs}
    _check_themes(fields["codes"], tuple(codes))
    chosen = fields["quotes"].each(lambda quote: _quote(quote, held, tuple(codes)))
    more = fields["passages"].optional(lambda p: p.each(lambda o: _coded(o, held, tuple(codes))))
    found = (*(q for _, q in chosen), *(more or ()))
    passages = frozenset(
        Passage(q.interview, q.start, q.end, q.theme, _CODER) for q in found if q is not None
    )
    at: dict[str, tuple[Quote, ...]] = {}
    for section, quote in chosen:
        if quote is not None:
            at[section] = (*at.get(section, ()), quote)
    names = {code.key: name for code, name in pairs}
    state = State(codes, passages)
    return Talks(held.invented, held.interviews, held.labels, held.naming, names, state, at)


def _code(place: Place) -> tuple[Code, Text]:
    fields = place.fields("key", "name", "definition", optional=("theme", "include", "exclude"))
    name = fields["name"].label()
    made = Code(
        fields["key"].key(),
        next(iter(name.values()), ""),
        fields["definition"].string(),
        fields["include"].optional(Place.string) or "",
        fields["exclude"].optional(Place.string) or "",
        parent=fields["theme"].optional(Place.string) or "",
    )
    return made, name


def _check_themes(place: Place, codes: tuple[str, ...]) -> None:
    for element in place.elements():
        theme = element.inner("theme")
        if theme.given:
            _one(theme, "theme", codes)


def _quote(place: Place, held: _Held, codes: tuple[str, ...]) -> tuple[str, Quote | None]:
    fields = place.fields("place", "code", "interview", "words", optional=("translated",))
    quote = _found(fields, held, codes)
    return fields["place"].key(), quote


def _coded(place: Place, held: _Held, codes: tuple[str, ...]) -> Quote | None:
    return _found(place.fields("code", "interview", "words"), held, codes)


def _found(fields: Mapping[str, Place], held: _Held, codes: tuple[str, ...]) -> Quote | None:
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


def _translated(fields: Mapping[str, Place]) -> Text:
    if "translated" not in fields:
        return {}
    return fields["translated"].optional(_in_languages) or {}


def _in_languages(place: Place) -> Text:
    languages = place.ledger.languages or ()
    fields = place.fields(optional=languages)
    found = ((language, fields[language].optional(Place.string)) for language in languages)
    return {language: words for language, words in found if words}
