"""How tables write their numbers: which sign parts the decimals, which the thousands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum

from blikveld.checker.document import Language

_POINT_DECIMAL = re.compile(r"[-−–+]?(?:\d{1,3}(?:,\d{3})+|\d*)\.(?:\d{1,2}|\d{4,})\s?%?")
_COMMA_DECIMAL = re.compile(r"[-−–+]?(?:\d{1,3}(?:\.\d{3})+|\d*),(?:\d{1,2}|\d{4,})\s?%?")
_POINT_GROUPS = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+")
_COMMA_GROUPS = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+")
_SPACES = "\u00a0\u2009\u202f"


class NumberStyle(Enum):
    """The sign before the decimals; the other sign, or a thin space, parts thousands."""

    POINT = "."
    COMMA = ","

    @property
    def grouping(self) -> str:
        """The sign between thousands."""
        return "," if self is NumberStyle.POINT else "."

    def whole(self, text: str) -> int | None:
        """A count such as '1,637' or '1 637'; None when the text is no whole number."""
        plain = "".join(text.split())
        grouped = rf"[1-9]\d{{0,2}}(?:{re.escape(self.grouping)}\d{{3}})+"
        if re.fullmatch(grouped, plain):
            return int(plain.replace(self.grouping, ""))
        return int(plain) if re.fullmatch(r"\d{1,12}", plain) else None

    def decimal(self, text: str) -> str | None:
        """A number with a decimal point, its decimals kept; None when the text is no number."""
        plain = "".join(text.split()).translate({ord("−"): "-", ord("–"): "-"})
        plain = re.sub(rf"(?<=\d){re.escape(self.grouping)}(?=\d{{3}}(?!\d))", "", plain)
        shown = plain.replace(self.value, ".")
        return shown if re.fullmatch(r"[-+]?(?:\d+(?:\.\d+)?|\.\d+)", shown) else None


def number_style(cells: Iterable[str], language: Language) -> NumberStyle:
    """The style that most cells show; the language's own when they show none.

    '1.234' alone tells nothing: it is a decimal in one style and a count in the other.
    """
    usual = NumberStyle.COMMA if language is Language.DUTCH else NumberStyle.POINT
    votes = {NumberStyle.POINT: 0, NumberStyle.COMMA: 0}
    weak = dict(votes)
    for cell in cells:
        text = cell.strip()
        votes[NumberStyle.POINT] += bool(_POINT_DECIMAL.fullmatch(text))
        votes[NumberStyle.COMMA] += bool(_COMMA_DECIMAL.fullmatch(text))
        weak[NumberStyle.COMMA] += bool(_POINT_GROUPS.fullmatch(text))
        weak[NumberStyle.POINT] += bool(_COMMA_GROUPS.fullmatch(text))
    for counted in (votes, weak):
        if counted[NumberStyle.POINT] != counted[NumberStyle.COMMA]:
            return max(counted, key=lambda style: counted[style])
    return usual
