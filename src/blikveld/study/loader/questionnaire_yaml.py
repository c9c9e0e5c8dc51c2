"""questionnaire.yaml: parts, items and the answers that are offered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from blikveld.kinds import KINDS, OpenText, QuestionKind, Single, kind_elsewhere
from blikveld.rules import EVERYBODY, Rule, join_rules, names
from blikveld.rules.nodes import Answered
from blikveld.study.bands import band_key, band_variables
from blikveld.study.items import (
    Check,
    ContactItem,
    Grid,
    Item,
    Option,
    Question,
    Section,
    Severity,
    TextItem,
    other_key,
)
from blikveld.study.loader.option_lists import (
    asked_if_offered,
    carried_options,
    check_box_names,
    check_use,
    option_lists,
    options,
)
from blikveld.study.loader.rule_names import RoutedItem
from blikveld.study.model import Study, Text, Variable
from blikveld.yaml_reading.fault_log import choose, nearest
from blikveld.yaml_reading.yaml_node import PIPED, YamlNode, once

_ITEMS = ("question", "grid", "contact", "text")


def with_questionnaire(study: Study, root: YamlNode) -> tuple[Study, Sequence[RoutedItem]]:
    """The study with its questions, and the rules that lead to them, which are not checked yet."""
    fields = root.fields("sections", optional=("option_lists", "thanks", "checks"))
    reader = _QuestionnaireReader(study, option_lists(fields["option_lists"]))
    parts = fields["sections"].some(reader.section)
    full = replace(study, sections=parts, thanks=fields["thanks"].optional(YamlNode.pipe_text))
    full = replace(full, derived=tuple(band_variables(full)))
    _check_names(fields["sections"], study, full)
    full = replace(full, checks=fields["checks"].each(reader.check))
    _check_checks(full, fields["checks"])
    return full, reader.steps


@dataclass
class _QuestionnaireReader:
    """Reads items with the option lists of the file; keeps each rule with its place."""

    study: Study
    lists: Mapping[str, tuple[Option, ...]] | None
    steps: list[RoutedItem] = field(default_factory=list)
    asked: dict[str, Question] = field(default_factory=dict)

    def section(self, node: YamlNode) -> Section:
        fields = node.fields("key", "title", "items", optional=("new_page",))
        return Section(
            key=fields["key"].key(),
            title=fields["title"].pipe_text(),
            items=fields["items"].some(self.item),
            new_page=fields["new_page"].flag(default=False),
        )

    def check(self, node: YamlNode) -> Check:
        fields = node.fields("key", "rule", optional=("severity", "text"))
        severity = fields["severity"].optional(lambda at: at.one_of(Severity))
        rule = fields["rule"].rule()
        self.steps.append(RoutedItem(fields["rule"], rule))
        key, text = fields["key"].key(), fields["text"].optional(YamlNode.label) or {}
        return Check(key, rule, text, severity or Severity.HARD, fields["rule"].line)

    def item(self, node: YamlNode) -> Item:
        match _kind_of(node):
            case "question":
                return self._question(node)
            case "grid":
                return self._grid(node)
            case "contact":
                return self._contact(node)
            case _:
                return self._text(node)

    def _text(self, node: YamlNode) -> TextItem:
        fields = node.fields("text", "body", optional=("phone", "ask_if"))
        self._add_piped(fields, "body", "phone")
        return TextItem(
            key=fields["text"].key(),
            body=_read_words(fields["body"]),
            phone=fields["phone"].optional(_read_words),
            ask_if=self._ask_if(fields["ask_if"]),
            line=node.line,
        )

    def _contact(self, node: YamlNode) -> ContactItem:
        fields = node.fields("contact", "text", "label", optional=("phone", "help", "ask_if"))
        self._add_piped(fields, "text", "phone", "help")
        return ContactItem(
            key=fields["contact"].key(),
            text=_read_words(fields["text"]),
            label=fields["label"].label(),
            phone=fields["phone"].optional(_read_words),
            help=fields["help"].optional(_read_words),
            ask_if=self._ask_if(fields["ask_if"]),
            line=node.line,
        )

    def _question(self, node: YamlNode) -> Question:
        # `type` is what other programs call it; that setting has a fault of its own.
        named = node.inner("kind") if node.inner("kind").given else node.inner("type")
        kind_class = _read_kind(named)
        fields = node.fields(
            *("question", "kind", "text"),
            optional=(
                *("number", "short", "phone", "help", "ask_if", "required"),
                *("options_from", "options", *_settings(kind_class)),
            ),
        )
        kind = (kind_class or OpenText).read_settings(fields)
        text = _read_words(fields["text"])
        question = Question(
            key=fields["question"].key(),
            number=fields["number"].optional(YamlNode.text_or_empty) or "",
            kind=kind,
            text=text,
            short=_short(fields, text),
            phone=fields["phone"].optional(_read_words),
            help=fields["help"].optional(_read_words),
            ask_if=fields["ask_if"].rule(),
            required=fields["required"].flag(default=True),
            options=(
                *carried_options(fields["options_from"], self.asked),
                *(fields["options"].optional(self._options) or ()),
            ),
            site_list=self._site_list(fields["options_from"]),
            line=node.line,
        )
        if kind_class is not None:
            check_use(node, fields["options"], question, self.study)
        self._add_filters(fields["options"], fields["options_from"], (question,))
        self._add_piped(fields, "text", "phone", "help", asked=(question,))
        self.steps.append(RoutedItem(fields["ask_if"], question.ask_if, (question,)))
        question = asked_if_offered(question)
        self.asked[question.key] = question
        return question

    def _add_filters(
        self, written: YamlNode, carried: YamlNode, questions: tuple[Question, ...]
    ) -> None:
        """Keep the rules of options; one of a list with a name is told where that is used."""
        elements = written.elements() if written.is_list else ()
        places = {at.line: at.inner("show_if") for at in elements}
        filtered = (o for o in questions[0].options if o.show_if is not EVERYBODY)
        for option in filtered:
            place = written if written.given and option.line else carried
            node = places.get(option.line, place)
            self.steps.append(RoutedItem(node, option.show_if, questions, asks=False))

    def _grid(self, node: YamlNode) -> Grid:
        kind_class = _read_kind(node.inner("kind")) if node.inner("kind").given else Single
        offers = kind_class is not None and kind_class.offers and not node.inner("columns").given
        fields = node.fields(
            *("grid", "text", "rows", *(("scale",) if offers else ())),
            optional=(
                *("number", "phone", "help", "ask_if", "required"),
                *("kind", "columns", *(() if offers else ("scale",)), *_settings(kind_class)),
            ),
        )
        whole = Question(
            key="",
            number=fields["number"].optional(YamlNode.text_or_empty) or "",
            kind=(kind_class or OpenText).read_settings(fields),
            text={},
            short={},
            ask_if=fields["ask_if"].rule(),
            required=fields["required"].flag(default=True),
            options=fields["scale"].optional(self._options) or (),
            grid=fields["grid"].key(),
        )
        columns = fields["columns"].each(lambda at: self._column(at, whole))
        if not columns and kind_class is not None and (fields["scale"].given or not offers):
            check_use(node, fields["scale"], whole, self.study)
        rows = fields["rows"].some(lambda row: self._row(row, whole))
        rows = tuple(_numbered(row, order) for order, row in enumerate(rows, 1))
        cells = tuple(_cell(row, column) for row in rows for column in columns) or rows
        if cells:
            self._add_filters(fields["scale"], fields["scale"], cells)
        self._add_piped(fields, "text", "phone", "help", asked=cells)
        cells = tuple(map(asked_if_offered, cells))
        self.steps.append(RoutedItem(fields["ask_if"], whole.ask_if, cells))
        return Grid(
            key=whole.grid or "",
            number=whole.number,
            text=_read_words(fields["text"]),
            rows=cells,
            phone=fields["phone"].optional(_read_words),
            help=fields["help"].optional(_read_words),
            ask_if=whole.ask_if,
            line=node.line,
        )

    def _row(self, node: YamlNode, whole: Question) -> Question:
        fields = node.fields("key", "text", optional=("short", "ask_if"))
        text, rule = _read_words(fields["text"]), fields["ask_if"].rule()
        row = replace(
            whole,
            key=fields["key"].key(),
            text=text,
            short=_short(fields, text),
            ask_if=join_rules(whole.ask_if, rule),
            line=node.line,
        )
        self._add_piped(fields, "text", asked=(row,))
        if rule is not EVERYBODY:
            self.steps.append(RoutedItem(fields["ask_if"], rule, (row,), asks=False))
        return row

    def _column(self, node: YamlNode, whole: Question) -> Question:
        """What is asked in a column of a grid: the grid's kind, or one of its own."""
        own = node.inner("kind").given
        kind_class = _read_kind(node.inner("kind")) if own else type(whole.kind)
        fields = node.fields(
            *("key", "text"),
            optional=("short", "kind", "scale", *(_settings(kind_class) if own else ())),
        )
        text = _read_words(fields["text"])
        kind = (kind_class or OpenText).read_settings(fields) if own else whole.kind
        options = fields["scale"].optional(self._options) or (whole.options if kind.offers else ())
        column = replace(whole, key=fields["key"].key(), kind=kind, options=options)
        if kind_class is not None and not (kind.offers and options):
            check_use(node, fields["scale"], column, self.study)
        self._add_piped(fields, "text", asked=(column,))
        return replace(column, text=text, short=_short(fields, text))

    def _add_piped(
        self, fields: Mapping[str, YamlNode], *names: str, asked: tuple[Question, ...] = ()
    ) -> None:
        """Keep which answers these words fill in: they have to be known by then."""
        for name in names:
            for words in fields[name].words() if fields[name].given else ():
                for piped, _ in PIPED.findall(words.written):
                    self.steps.append(RoutedItem(words, Answered(piped), asked, asks=False))

    def _ask_if(self, node: YamlNode) -> Rule:
        rule = node.rule()
        self.steps.append(RoutedItem(node, rule))
        return rule

    def _options(self, node: YamlNode) -> tuple[Option, ...]:
        return options(node, self.lists)

    def _site_list(self, node: YamlNode) -> str | None:
        """The list of the respondent's site that answers come from."""
        if not node.given or node.inner("question").given:
            return None
        at = node.fields("site")["site"]
        name = at.string() if at.given else ""
        known = dict.fromkeys(name for site in self.study.sites for name in site.lists)
        if name and name not in known:
            problem = f"No site has a list {name!r}."
            at.fault("unknown-list", problem, choose(name, known))
            # What was probably meant, so that one slip gives one message.
            return nearest(name, known)
        return name or None


def _check_checks(study: Study, node: YamlNode) -> None:
    elements = node.elements() if node.given else ()
    once((element.inner("key") for element in elements), "check")
    for element, check in zip(elements, study.checks, strict=True):
        if names(check.rule) <= set(study.known_before) and check.rule is not EVERYBODY:
            mend = "Write what answers should make true."
            element.inner("rule").fault("rule", "This check looks at no answer.", mend)


def _kind_of(node: YamlNode) -> str:
    names = node.setting_names()
    for kind in _ITEMS[:-1]:
        if kind in names:
            return kind
    # `text` is also a setting of questions, so a slip in the first word is looked for before it.
    near = (nearest(name, _ITEMS[:-1]) for name in names if name not in ("text", "body"))
    return next((kind for kind in near if kind is not None), "text")


def _read_kind(node: YamlNode) -> type[QuestionKind] | None:
    """The kind that is named here; None when it cannot be known, so nothing is held against it."""
    name = node.optional(YamlNode.string)
    if not name or name in KINDS:
        return KINDS.get(name or "")
    mend, meant = kind_elsewhere(name)
    node.fault("wrong-value", f"{node.name!r} cannot be {name!r}.", mend)
    return meant


def _settings(kind: type[QuestionKind] | None) -> tuple[str, ...]:
    if kind is not None:
        return kind.settings
    return tuple(dict.fromkeys(name for each in KINDS.values() for name in each.settings))


def _cell(row: Question, column: Question) -> Question:
    """A cell of a grid, as a question of its own: its words are those of its row and its column."""
    return replace(
        row,
        key=f"{row.key}_{column.key}",
        kind=column.kind,
        options=column.options,
        text=_joined(row.text, column.text),
        short=_joined(row.short, column.short),
    )


def _joined(row: Text, column: Text) -> Text:
    return {language: f"{words}: {column.get(language, '')}" for language, words in row.items()}


def _numbered(row: Question, order: int) -> Question:
    return replace(row, number=f"{row.number}.{order}") if row.number else row


def _read_words(node: YamlNode) -> Text:
    return node.pipe_text(answers=True)


def _short(fields: Mapping[str, YamlNode], text: Text) -> Text:
    if fields["short"].given:
        return fields["short"].label()
    named = [f"{{{name}}}" for name in fields["text"].ledger.placeholders]
    if any(PIPED.search(w) or any(name in w for name in named) for w in text.values()):
        mend = "Add short: words for tables, with nothing between braces."
        fields["text"].fault("short", "A label for tables cannot be made from this text.", mend)
    return text


# Names and order


def _items(parts: YamlNode) -> Iterator[YamlNode]:
    for part in parts.elements():
        yield from part.inner("items").elements()


def _check_names(parts: YamlNode, study: Study, full: Study) -> None:
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
    check_box_names(full, written)


def _keys(item: YamlNode) -> Iterator[YamlNode]:
    yield item.inner(_kind_of(item))
    for row in item.inner("rows").elements() if _kind_of(item) == "grid" else ():
        yield row.inner("key")


def _check_free(key: YamlNode, system: Mapping[str, Variable]) -> None:
    if key.written in system:
        problem = f"{key.written!r} is what Blikveld itself knows of every respondent."
        key.fault("duplicate", problem, "Choose another name.")


def _check_fields(item: YamlNode, written: Mapping[str, YamlNode]) -> None:
    # The box beside an answer, bands and cells have names that no question may have.
    for name, owner, what in _belongings(item):
        if name in written:
            problem = f"The name {name!r} belongs to {what} of {owner!r}."
            written[name].fault("duplicate", problem, "Choose another name.")


def _belongings(item: YamlNode) -> Iterator[tuple[str, str, str]]:
    """Names that come with an item: the name, whose it is, and what it is of."""
    if contact := item.inner("contact").written:
        yield f"contact_{contact}", contact, "a box"
    if grid := item.inner("grid").written:
        rows = [row.inner("key").written for row in item.inner("rows").elements()]
        columns = [at.inner("key").written for at in item.inner("columns").elements()]
        cells = [f"{row}_{column}" for row in rows for column in columns]
        yield from ((cell, grid, "a cell") for cell in cells)
        questions = cells or rows
    else:
        questions = [item.inner("question").written]
    for question in filter(None, questions):
        yield other_key(question), question, "a box"
        yield band_key(question), question, "the bands"
