"""The kinds of question: each in a module of its own, from settings to form to value.

`QuestionKind` is the closed union. Rooms above meet the type of its variable (`rules.types`) and
its controls (`kinds.controls`), and no kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from blikveld.kinds.base import AskedQuestion
from blikveld.kinds.choice import Multiple, Single
from blikveld.kinds.day import DayEntry
from blikveld.kinds.number import NumberEntry, RatingScale, Year
from blikveld.kinds.options import Option
from blikveld.kinds.ranking import Ranking
from blikveld.kinds.text import OpenText, TextEntry
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
