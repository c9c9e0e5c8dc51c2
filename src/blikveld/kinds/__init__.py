"""The kinds of question: each in a module of its own, from settings to form to value.

`QuestionKind` is the closed union. Rooms above meet the type of its variable (`rules.types`) and
its controls (`kinds.controls`), and no kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from blikveld.kinds.base import AskedQuestion
from blikveld.kinds.choice import Multiple, Single
from blikveld.kinds.controls import Option
from blikveld.kinds.day import DayEntry
from blikveld.kinds.number import NumberEntry, RatingScale, Year
from blikveld.kinds.ranking import Ranking
from blikveld.kinds.text import OpenText, TextEntry
from blikveld.yaml_reading.fault_log import choose, nearest
from blikveld.yaml_reading.yaml_node import Text

__all__ = [
    "KINDS",
    "AskedQuestion",
    "DayEntry",
    "Multiple",
    "NumberEntry",
    "OpenText",
    "Option",
    "QuestionKind",
    "Ranking",
    "RatingScale",
    "Single",
    "Text",
    "TextEntry",
    "Year",
    "kind_elsewhere",
]

QuestionKind: TypeAlias = (
    Single | Multiple | NumberEntry | Year | RatingScale | DayEntry | TextEntry | OpenText | Ranking
)

KINDS: Mapping[str, type[QuestionKind]] = {
    kind.name: kind
    for kind in (
        *(Single, Multiple, NumberEntry, Year, RatingScale, DayEntry, TextEntry, OpenText),
        Ranking,
    )
}
"""Each kind by the name that authors write."""

_ELSEWHERE: Mapping[str, str] = {
    **dict.fromkeys(("integer", "int", "numeric", "numerical", "float", "range"), "number"),
    **dict.fromkeys(("decimal", "double"), "number"),
    **dict.fromkeys(("select_one", "radio", "radiogroup", "dropdown", "list", "choice"), "single"),
    **dict.fromkeys(("boolean", "yesno", "truefalse", "mc", "select", "checkbox_one"), "single"),
    **dict.fromkeys(
        ("select_multiple", "checkbox", "checkboxes", "multi", "multi_select"), "multiple"
    ),
    **dict.fromkeys(
        ("string", "short_text", "shorttext", "textfield", "textentry", "line"), "text"
    ),
    **dict.fromkeys(("long_text", "longtext", "textarea", "essay", "multiline", "comment"), "open"),
    **dict.fromkeys(("notes", "paragraph", "free_text", "freetext"), "open"),
    **dict.fromkeys(("datetime", "calendar", "day", "date_ymd", "date_dmy"), "date"),
    **dict.fromkeys(("slider", "rating", "likert", "nps", "stars"), "scale"),
    **dict.fromkeys(("rank", "ro", "order", "sort"), "ranking"),
}
"""What other programs call a kind, without its capitals, and what it is called here."""

_ITEMS: Mapping[str, str] = {
    **dict.fromkeys(("matrix", "grid", "array", "table"), "Write an item `- grid: name`."),
    **dict.fromkeys(("note", "descriptive", "display", "html"), "Write an item `- text: name`."),
    **dict.fromkeys(("email", "phone"), "Write an item `- contact: name`: an address is sealed."),
    **dict.fromkeys(("calculate", "calc", "equation", "hidden"), "Make it in derived.yaml."),
    **dict.fromkeys(("begin_group", "group", "section"), "Write a section, with items."),
}
"""What other programs have a kind for and what is no question here."""


def kind_elsewhere(name: str) -> tuple[str, type[QuestionKind] | None]:
    """A sentence that helps to write a kind the way it is written here, and what was meant."""
    word = (name.casefold().split() or [""])[0]
    if word in _ELSEWHERE:
        return f"Here it is called {_ELSEWHERE[word]!r}.", KINDS[_ELSEWHERE[word]]
    if word in _ITEMS:
        return _ITEMS[word], None
    return choose(name, KINDS), KINDS.get(nearest(name, KINDS) or "")
