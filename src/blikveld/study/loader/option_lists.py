"""Answers that are offered: lists with a name, lists in place, and whether they fit a question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from enum import Enum

from blikveld.kinds import AskedQuestion
from blikveld.kinds.ranking import MOST_PLACES
from blikveld.rules import EVERYBODY, Rule, any_of, join_rules
from blikveld.rules.nodes import Chosen, Compare, ComparisonOperator, Not
from blikveld.rules.types import VariableKind
from blikveld.study.items import Option, Question
from blikveld.study.model import Study
from blikveld.yaml_reading.fault_log import choose
from blikveld.yaml_reading.yaml_node import YamlNode, is_key, once, once_in_words

RESERVED = "missing"
"""No answer may have this code: the kinds of missing are kept under it."""

Lists = Mapping[str, tuple[Option, ...]]


def option_lists(node: YamlNode) -> Lists | None:
    """The lists that questions share, by name; None when they cannot be known."""
    lists = {entry.name: _list(entry) for entry in node.entries()}
    return lists if node.is_block or not node.given else None


def options(node: YamlNode, lists: Lists | None) -> tuple[Option, ...]:
    """The answers of one question: the name of a list, or a list in place."""
    if node.is_list:
        return _list(node)
    name = node.string()
    if lists is None or not name or name in lists:
        return (lists or {}).get(name, ())
    mend = choose(name, lists, empty="Write the answers here, or add option_lists.")
    node.fault("unknown-list", f"There is no list of answers {name!r}.", mend)
    return ()


def _list(node: YamlNode) -> tuple[Option, ...]:
    found = node.some(_option)
    elements = node.elements()
    once((element.inner("code") for element in elements), "code")
    for name in ("label", "short"):
        once_in_words(elements, name, "label")
    if elements and all(option.closed for option in found):
        node.fault("options", "All answers are closed.", "Leave one open, or leave them all out.")
    return found


_OPTIONAL = ("short", "exclusive", "text", "show_if", "closed")


def _option(node: YamlNode) -> Option:
    fields = node.fields("code", "label", optional=_OPTIONAL)
    code, label = fields["code"].code(), fields["label"].label()
    if code.casefold() == RESERVED:
        fields["code"].fault("name", f"The code {code!r} is taken.", "Choose another code.")
    return Option(
        code=code,
        label=label,
        short=fields["short"].optional(YamlNode.label) or label,
        exclusive=fields["exclusive"].flag(default=False),
        text=fields["text"].optional(YamlNode.label),
        show_if=fields["show_if"].rule(),
        closed=fields["closed"].flag(default=False),
        line=node.line,
    )


_CHOSEN_FROM = (VariableKind.SINGLE, VariableKind.MULTIPLE)


class Carried(Enum):
    """Which options of an earlier question are offered again."""

    CHOSEN = "chosen"
    NOT_CHOSEN = "not_chosen"


def carried_options(node: YamlNode, asked: Mapping[str, Question]) -> tuple[Option, ...]:
    """The options of an earlier question, each for who chose it there, or did not.

    Options that stand alone are left out, such as 'none'.
    """
    if not node.inner("question").given:
        return ()
    fields = node.fields("question", "which")
    which = fields["which"].one_of(Carried)
    source = _source(fields["question"], asked)
    options = source.options if source else ()
    return tuple(_carry(source, o, which, node.line) for o in options if source and not o.exclusive)


def _source(node: YamlNode, asked: Mapping[str, Question]) -> Question | None:
    name = node.string()
    source = asked.get(name)
    if source is None:
        known = [question.key for question in asked.values() if question.options]
        mend = choose(name, known, empty="Offer options here.")
        node.fault("options", f"No earlier question is called {name!r}.", mend)
    elif source.variable_kind not in _CHOSEN_FROM or source.site_list is not None:
        mend = "Name a question of kind single or multiple whose answers all stand in its list."
        node.fault("options", f"The answers of {name!r} cannot be offered again.", mend)
        return None
    return source


def _carry(source: Question, option: Option, which: Carried, line: int) -> Option:
    """An option that is offered again. The box beside it stays where it was."""
    chosen: Rule = Compare(source.key, ComparisonOperator.EQUAL, option.code)
    if source.variable_kind is VariableKind.MULTIPLE:
        chosen = Chosen(source.key, option.code)
    own = chosen if which is Carried.CHOSEN else Not(chosen)
    # Whoever chose it while it was open has it still.
    closed = option.closed and which is not Carried.CHOSEN
    shown = join_rules(option.show_if, own)
    return replace(option, text=None, show_if=shown, closed=closed, line=line)


def asked_if_offered(question: Question) -> Question:
    """A question of which each option is for some only is asked of who is offered one."""
    rules = [option.show_if for option in question.options]
    if not rules or EVERYBODY in rules or question.site_list is not None:
        return question
    return replace(question, ask_if=join_rules(question.ask_if, any_of(*rules)))


_A = {"open": "An open question"}


def _check_ranking(node: YamlNode, at: YamlNode, question: Question) -> None:
    if question.other_keys:
        at.fault("other-text", "An answer in a ranking cannot ask for a text.", "Leave text out.")
    if question.site_list is not None:
        node.fault("options", "Answers of a site cannot be ranked.", "Leave options_from out.")
    if any(option.closed or option.show_if is not EVERYBODY for option in question.options):
        problem = "A ranking offers everybody the same answers."
        at.fault("options", problem, "Leave show_if out, or ask with kind: multiple.")
    places = len(question.kind.controls(AskedQuestion(question.key, question.options)))
    if (at.given and not len(question.options) >= 2) or places > MOST_PLACES:
        problem = f"A ranking has 2 to {MOST_PLACES} places, and this one {places}."
        at.fault("options", problem, "Offer other answers, or set most.")


def _check_number(node: YamlNode, question: Question) -> None:
    """Write down that somebody is offered fewer answers than they have to choose."""
    least, _ = question.kind.choice_limits()
    always = [o for o in question.options if o.show_if is EVERYBODY and not o.exclusive]
    if least > len(always):
        problem = f"At least {least} have to be chosen, and {len(always)} are offered to everybody."
        mend = "Lower least, or offer more answers without show_if and exclusive."
        node.inner("least").fault("options", problem, mend)


def _check_boxes(at: YamlNode, question: Question) -> None:
    """Write down that the code of an option cannot be part of the name of its box."""
    for code, key in question.box_keys.items() if len(question.box_keys) > 1 else ():
        if not is_key(key):
            problem = f"Several answers ask for a text, and {key!r} cannot be a name for that."
            mend = f"Write {code!r} otherwise: small letters, digits and single _ only."
            at.fault("other-text", problem, mend)


def check_box_names(study: Study, written: Mapping[str, YamlNode]) -> None:
    """Write down that something has the name of one of several boxes of a question."""
    for question in study.questions.values():
        for name in question.other_keys if len(question.other_keys) > 1 else ():
            if name in written:
                problem = f"The name {name!r} belongs to a box of {question.key!r}."
                written[name].fault("duplicate", problem, "Choose another name.")


def check_use(node: YamlNode, at: YamlNode, question: Question, study: Study) -> None:
    """Write down what is wrong with these answers for this question, which stands at `place`."""
    if not question.kind.offers:
        if at.given or question.site_list is not None:
            mend = "Leave the answers out, or make it single or multiple."
            sort = question.kind.name
            problem = f"{_A.get(sort, f'A question of kind {sort!r}')} offers no answers."
            node.fault("options", problem, mend)
        return
    if not at.given and question.site_list is None and not question.options:
        mend = "Add options: the name of a list, or a list in place."
        node.fault("options", "This question offers no answers.", mend)
    if question.variable_kind is VariableKind.SINGLE and any(
        option.exclusive for option in question.options
    ):
        problem = "An answer is exclusive, and with single choice every answer is."
        at.fault("exclusive", problem, "Leave exclusive out, or make the question multiple.")
    if question.grid is not None and question.other_keys:
        at.fault("other-text", "An answer in a grid cannot ask for a text.", "Leave text out.")
    if question.variable_kind is VariableKind.RANKING:
        _check_ranking(node, at, question)
    _check_boxes(at, question)
    _check_number(node, question)
    if question.site_list is not None:
        _check_local(node, question, question.site_list, study)


def _check_local(node: YamlNode, question: Question, site_list: str, study: Study) -> None:
    codes = {option.code for option in question.options}
    for site in study.sites:
        local = site.options(site_list)
        if not local and not codes:
            problem = f"Site {site.key!r} has no {site_list!r} to offer."
            node.fault("options", problem, "Add the list in study.yaml, or options here.")
        for option in local:
            if option.code in codes:
                problem = f"{option.code!r} is an answer here and one of a site."
                node.fault("duplicate", problem, "Choose another code.")
