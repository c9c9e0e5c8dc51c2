"""The closed set of controls by which a question is answered on a page.

Pages, scripts and print meet controls and never the kind of question: each of their matches ends
in `assert_never`, so that a control left out is a type error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from blikveld.kinds.options import Option


@dataclass(frozen=True, slots=True)
class ChoiceList:
    """Radio buttons, or with `several` checkboxes."""

    name: str
    options: Sequence[Option]
    several: bool = False


@dataclass(frozen=True, slots=True)
class TextArea:
    """A box of several lines that takes at most `longest` characters."""

    name: str
    longest: int


Control: TypeAlias = ChoiceList | TextArea
