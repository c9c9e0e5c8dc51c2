"""questionnaire.yaml: parts, items and the answers that are offered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from blikveld.rules import Rule
from blikveld.study.items import ContactItem, Grid, Item, Kind, Option, Part, Question, TextItem
from blikveld.study.model import Study, Text, Variable
from blikveld.study.reading.hints import choose, nearest
from blikveld.study.reading.names import Problem, Scope, check
from blikveld.study.reading.options import check_use, option_lists, options
from blikveld.study.reading.place import PLACEHOLDERS, Place, once

_ITEMS = ("question", "grid", "contact", "text")
_UNKNOWN_YET = Problem(
    "rule-order",
    "Whether somebody completed the questionnaire is not known while it is filled in.",
    "Leave `completed` out of this rule.",
)


def with_questionnaire(study: Study, root: Place) -> Study:
    """The study with its questions."""
    fields = root.fields("parts", optional=("option_lists", "thanks"))
    reader = _Reader(study, option_lists(fields["option_lists"]))
    parts = fields["parts"].some(reader.part)
    full = replace(study, parts=parts, thanks=fields["thanks"].optional(Place.piped))
    _check_names(fields["parts"], study)
    _check_routing(full, reader.steps)
    return full


@dataclass(frozen=True, slots=True)
class _Step:
    """An item in the order of the questionnaire, and the rule that leads to it."""

    place: Place
    rule: Rule
    questions: tuple[Question, ...] = ()


@dataclass
class _Reader:
    """Reads items with the option lists of the file; keeps each rule with its place."""

    study: Study
    lists: Mapping[str, tuple[Option, ...]] | None
    steps: list[_Step] = field(default_factory=list)

    def part(self, place: Place) -> Part:
        fields = place.fields("key", "title", "items", optional=("new_page",))
        return Part(
            key=fields["key"].key(),
            title=fields["title"].piped(),
            items=fields["items"].some(self.item),
            new_page=fields["new_page"].flag(default=False),
        )

    def item(self, place: Place) -> Item:
        match _kind_of(place):
            case "question":
                return self._question(place)
            case "grid":
                return self._grid(place)
            case "contact":
                return self._contact(place)
            case _:
                return self._text(place)

    def _text(self, place: Place) -> TextItem:
        fields = place.fields("text", "body", optional=("phone", "ask_if"))
        return TextItem(
            key=fields["text"].key(),
            body=fields["body"].piped(),
            phone=fields["phone"].optional(Place.piped),
            ask_if=self._ask_if(fields["ask_if"]),
            line=place.line,
        )

    def _contact(self, place: Place) -> ContactItem:
        fields = place.fields("contact", "text", "label", optional=("phone", "help", "ask_if"))
        return ContactItem(
            key=fields["contact"].key(),
            text=fields["text"].piped(),
            label=fields["label"].label(),
            phone=fields["phone"].optional(Place.piped),
            help=fields["help"].optional(Place.piped),
            ask_if=self._ask_if(fields["ask_if"]),
            line=place.line,
        )

    def _question(self, place: Place) -> Question:
        fields = place.fields(
            *("question", "kind", "text"),
            optional=(
                *("number", "short", "phone", "help", "ask_if", "required"),
                *("options_from", "options"),
            ),
        )
        kind = fields["kind"].one_of(Kind) if fields["kind"].given else Kind.OPEN
        text = fields["text"].piped()
        question = Question(
            key=fields["question"].key(),
            number=fields["number"].optional(Place.text_or_empty) or "",
            kind=kind,
            text=text,
            short=_short(fields, text),
            phone=fields["phone"].optional(Place.piped),
            help=fields["help"].optional(Place.piped),
            ask_if=fields["ask_if"].rule(),
            required=fields["required"].flag(default=True),
            options=fields["options"].optional(self._options) or (),
            of_districts=_of_districts(fields["options_from"]),
            line=place.line,
        )
        if fields["kind"].given:
            check_use(place, fields["options"], question, self.study)
        self.steps.append(_Step(fields["ask_if"], question.ask_if, (question,)))
        return question

    def _grid(self, place: Place) -> Grid:
        fields = place.fields(
            *("grid", "text", "scale", "rows"),
            optional=("number", "phone", "help", "ask_if", "required"),
        )
        whole = Question(
            key="",
            number=fields["number"].optional(Place.text_or_empty) or "",
            kind=Kind.SINGLE,
            text={},
            short={},
            ask_if=fields["ask_if"].rule(),
            required=fields["required"].flag(default=True),
            options=fields["scale"].optional(self._options) or (),
            grid=fields["grid"].key(),
        )
        if fields["scale"].given:
            check_use(place, fields["scale"], whole, self.study)
        rows = fields["rows"].some(lambda row: _row(row, whole))
        rows = tuple(_numbered(row, order) for order, row in enumerate(rows, 1))
        self.steps.append(_Step(fields["ask_if"], whole.ask_if, rows))
        return Grid(
            key=whole.grid or "",
            number=whole.number,
            text=fields["text"].piped(),
            rows=rows,
            phone=fields["phone"].optional(Place.piped),
            help=fields["help"].optional(Place.piped),
            ask_if=whole.ask_if,
            line=place.line,
        )

    def _ask_if(self, place: Place) -> Rule:
        rule = place.rule()
        self.steps.append(_Step(place, rule))
        return rule

    def _options(self, place: Place) -> tuple[Option, ...]:
        return options(place, self.lists)


def _kind_of(place: Place) -> str:
    names = place.setting_names()
    for kind in _ITEMS[:-1]:
        if kind in names:
            return kind
    # `text` is also a setting of questions, so a slip in the first word is looked for before it.
    near = (nearest(name, _ITEMS[:-1]) for name in names if name not in ("text", "body"))
    return next((kind for kind in near if kind is not None), "text")


def _row(place: Place, whole: Question) -> Question:
    fields = place.fields("key", "text", optional=("short",))
    text = fields["text"].piped()
    return replace(
        whole, key=fields["key"].key(), text=text, short=_short(fields, text), line=place.line
    )


def _numbered(row: Question, order: int) -> Question:
    return replace(row, number=f"{row.number}.{order}") if row.number else row


def _short(fields: Mapping[str, Place], text: Text) -> Text:
    if fields["short"].given:
        return fields["short"].label()
    if any(f"{{{name}}}" in words for words in text.values() for name in PLACEHOLDERS):
        mend = "Add short: words for tables, with nothing between braces."
        fields["text"].fault("short", "A label for tables cannot be made from this text.", mend)
    return text


def _of_districts(place: Place) -> bool:
    if place.given and place.string() != "districts":
        problem = f"Answers cannot come from {place.written!r}."
        place.fault("wrong-value", problem, choose(place.written, ("districts",)))
    return place.given


# Names and order


def _items(parts: Place) -> Iterator[Place]:
    for part in parts.elements():
        yield from part.inner("items").elements()


def _check_names(parts: Place, study: Study) -> None:
    items = tuple(_items(parts))
    once((part.inner("key") for part in parts.elements()), "part")
    once((item.inner("number") for item in items), "number")
    keys = tuple(key for item in items for key in _keys(item))
    once(keys, "name")
    for key in keys:
        _check_free(key, study.variables)
    written = {key.written: key for key in keys}
    for item in items:
        _check_fields(item, written)


def _keys(item: Place) -> Iterator[Place]:
    yield item.inner(_kind_of(item))
    for row in item.inner("rows").elements() if _kind_of(item) == "grid" else ():
        yield row.inner("key")


def _check_free(key: Place, system: Mapping[str, Variable]) -> None:
    if key.written in system:
        problem = f"{key.written!r} is what Blikveld itself knows of every respondent."
        key.fault("duplicate", problem, "Choose another name.")


def _check_fields(item: Place, written: Mapping[str, Place]) -> None:
    # The box beside an answer and the box of a contact item have names of their own in a form.
    question, contact = item.inner("question").written, item.inner("contact").written
    for name, owner in ((f"{question}_other", question), (f"contact_{contact}", contact)):
        if owner and name in written:
            problem = f"The name {name!r} belongs to a box of {owner!r}."
            written[name].fault("duplicate", problem, "Choose another name.")


def _check_routing(study: Study, steps: list[_Step]) -> None:
    """Rules look backwards only: at what was asked on the way here."""
    contacts = _contacts(study)
    known = {name: study.variables[name] for name in ("municipality", "mode", "language")}
    for step in steps:
        later = {name: _later(study, name, step) for name in study.variables if name not in known}
        check(step.place, step.rule, Scope(known, contacts | later))
        for question in step.questions:
            for name in (question.key, *question.other_keys):
                known[name] = study.variables[name]


def _later(study: Study, name: str, step: _Step) -> Problem:
    if name == "completed":
        return _UNKNOWN_YET
    if any(name in (question.key, *question.other_keys) for question in step.questions):
        return Problem("rule-order", "A question cannot hang on itself.", "Look at earlier ones.")
    question = study.questions.get(name)
    where = f" (line {question.line})" if question else ""
    problem = f"{name!r} is asked later{where}, and a rule looks backwards."
    return Problem("rule-order", problem, "Ask it earlier, or look at an earlier question.")


def _contacts(study: Study) -> dict[str, Problem]:
    keys = [
        item.key for part in study.parts for item in part.items if isinstance(item, ContactItem)
    ]
    problem = "What is filled in at a contact item is sealed and never an answer."
    return {key: Problem("rule-name", problem, "Look at a question.") for key in keys}
