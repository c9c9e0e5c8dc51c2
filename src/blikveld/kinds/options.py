"""Answers that a question offers."""

from __future__ import annotations

from dataclasses import dataclass

from blikveld.yaml_reading.yaml_node import Text


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that is offered.

    `short` is the label in tables and charts. `exclusive` options stand alone, such as 'none'.
    `text` is the word before the box of 'other, namely'; None where no text is asked.
    """

    code: str
    label: Text
    short: Text
    exclusive: bool = False
    text: Text | None = None
