"""Proofs over the routing: everything that is in the questionnaire can be reached."""

from __future__ import annotations

from collections.abc import Iterator

from blikveld.errors import Fault
from blikveld.rules import EVERYBODY, Rule, evaluate
from blikveld.study.items import Item
from blikveld.study.model import Study
from blikveld.study.reading.ledger import Ledger
from blikveld.study.reading.source import QUESTIONNAIRE
from blikveld.study.ways import TooManyWays, needed, ways


def prove(study: Study, ledger: Ledger) -> None:
    """Write down each item that no answers lead to, and each that cannot be proven.

    An item is reached when there are answers, themselves on the path, that make its rule true.
    That pages end needs no proof: a next page always has a higher number.
    """
    reached: dict[Rule, bool | TooManyWays] = {EVERYBODY: True}
    for item in _items(study):
        if item.ask_if not in reached:
            reached[item.ask_if] = _reaches(study, item.ask_if)
        found = reached[item.ask_if]
        if found is not True:
            ledger.add(_fault(item, found or None))


def _items(study: Study) -> Iterator[Item]:
    for part in study.parts:
        yield from part.items


def _reaches(study: Study, rule: Rule) -> bool | TooManyWays:
    names = needed(study, rule)
    rules = [rule, *(study.questions[name].ask_if for name in names if name in study.questions)]
    try:
        return any(evaluate(rule, person) is True for person in ways(study, names, rules))
    except TooManyWays as error:
        return error


def _fault(item: Item, error: TooManyWays | None) -> Fault:
    if error is not None:
        problem = f"Whether {item.key!r} is ever reached cannot be proven. {error.problem}"
        return Fault("routing", QUESTIONNAIRE, item.line, problem, error.mend)
    problem = f"No answers lead to {item.key!r}: its rule is never true."
    return Fault("routing", QUESTIONNAIRE, item.line, problem, "Look at its ask_if.")
