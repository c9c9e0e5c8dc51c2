"""What of the texts that people wrote may stand in a snapshot.

A text can tell who wrote it, or of whom. So it stays behind until a person has looked at it and
released it, as it is or with words taken out. Until then a fixed sentence stands in its place: that
something was written is an answer, and counts as one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from blikveld.rules import Person
from blikveld.study.model import Study, Text, VariableKind

HELD: Text = {"nl": "[nog niet vrijgegeven]", "en": "[not released yet]"}
"""What stands in the place of a text that nobody released; English for other languages."""


@dataclass(frozen=True)
class TextRelease:
    """The texts that were released: from variable and text to what may be read of it.

    With `all_of_them` every text stands there as it was written: for texts that nobody wrote.
    """

    released: Mapping[tuple[str, str], str] = field(default_factory=dict, repr=False)
    all_of_them: bool = False

    def shown(self, study: Study, person: Person) -> Person:
        """The person with nothing but what may be read of their texts."""
        if self.all_of_them:
            return person
        held = HELD.get(study.languages[0], HELD["en"])
        seen = {
            name: self.released.get((name, text), held)
            for name in text_names(study)
            if isinstance(text := person[name], str)
        }
        return {**person, **seen}


AS_WRITTEN = TextRelease(all_of_them=True)
NOTHING = TextRelease()


def text_names(study: Study) -> tuple[str, ...]:
    """The variables that hold what people wrote in their own words."""
    return tuple(v.name for v in study.variables.values() if v.kind is VariableKind.TEXT)
