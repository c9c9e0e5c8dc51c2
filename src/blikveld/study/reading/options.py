"""Answers that are offered: lists with a name, lists in place, and whether they fit a question."""

from __future__ import annotations

from collections.abc import Mapping

from blikveld.study.items import Kind, Option, Question
from blikveld.study.model import Study
from blikveld.study.reading.hints import choose
from blikveld.study.reading.place import Place, once, once_in_words

RESERVED = "missing"
"""No answer may have this code: the kinds of missing are kept under it."""

Lists = Mapping[str, tuple[Option, ...]]


def option_lists(place: Place) -> Lists | None:
    """The lists that questions share, by name; None when they cannot be known."""
    lists = {entry.name: _list(entry) for entry in place.entries()}
    return lists if place.is_block or not place.given else None


def options(place: Place, lists: Lists | None) -> tuple[Option, ...]:
    """The answers of one question: the name of a list, or a list in place."""
    if place.is_list:
        return _list(place)
    name = place.string()
    if lists is None or not name or name in lists:
        return (lists or {}).get(name, ())
    mend = choose(name, lists, empty="Write the answers here, or add option_lists.")
    place.fault("unknown-list", f"There is no list of answers {name!r}.", mend)
    return ()


def _list(place: Place) -> tuple[Option, ...]:
    found = place.some(_option)
    elements = place.elements()
    once((element.inner("code") for element in elements), "code")
    for name in ("label", "short"):
        once_in_words(elements, name, "label")
    boxes = [element.inner("text") for element in elements if element.inner("text").given]
    for box in boxes[1:]:
        problem = f"A second answer asks for a text; the first stands on line {boxes[0].line}."
        box.fault("other-text", problem, "A question keeps one such text: keep one of the two.")
    return found


def _option(place: Place) -> Option:
    fields = place.fields("code", "label", optional=("short", "exclusive", "text"))
    code, label = fields["code"].code(), fields["label"].label()
    if code.casefold() == RESERVED:
        fields["code"].fault("name", f"The code {code!r} is taken.", "Choose another code.")
    return Option(
        code=code,
        label=label,
        short=fields["short"].optional(Place.label) or label,
        exclusive=fields["exclusive"].flag(default=False),
        text=fields["text"].optional(Place.label),
    )


def check_use(place: Place, at: Place, question: Question, study: Study) -> None:
    """Write down what is wrong with these answers for this question, which stands at `place`."""
    if question.kind is Kind.OPEN:
        if at.given or question.of_districts:
            mend = "Leave the answers out, or make it single or multiple."
            place.fault("options", "An open question offers no answers.", mend)
        return
    if not at.given and not question.of_districts:
        mend = "Add options: the name of a list, or a list in place."
        place.fault("options", "This question offers no answers.", mend)
    if question.kind is Kind.SINGLE and any(option.exclusive for option in question.options):
        problem = "An answer is exclusive, and with single choice every answer is."
        at.fault("exclusive", problem, "Leave exclusive out, or make the question multiple.")
    if question.grid is not None and question.other_keys:
        at.fault("other-text", "An answer in a grid cannot ask for a text.", "Leave text out.")
    if question.of_districts:
        _check_districts(place, question, study)


def _check_districts(place: Place, question: Question, study: Study) -> None:
    codes = {option.code for option in question.options}
    for municipality in study.municipalities:
        if not municipality.districts and not codes:
            problem = f"Municipality {municipality.key!r} has no districts to offer."
            place.fault("options", problem, "Add districts in study.yaml, or options here.")
        for district in municipality.districts:
            if district.key in codes:
                problem = f"{district.key!r} is an answer here and a district."
                place.fault("duplicate", problem, "Choose another code.")
