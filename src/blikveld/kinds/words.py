"""What may be filled in, in words: below a question, in the annex of a report, in a script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from blikveld.yaml_reading.yaml_node import Text

FALLBACK = "en"
"""The language of these words in a study whose own language has none."""

_WORDS: Mapping[str, Text] = {
    "one_answer": {"nl": "Eén antwoord mogelijk.", "en": "One answer possible."},
    "several_answers": {"nl": "Meer antwoorden mogelijk.", "en": "More answers possible."},
    "open_answer": {"nl": "Antwoord in eigen woorden.", "en": "Answer in own words."},
}


@dataclass(frozen=True, slots=True)
class Description:
    """What may be filled in: the code of a sentence, and what stands between its braces."""

    code: str
    values: Mapping[str, str | Text] = field(default_factory=dict)

    def say(self, language: str) -> str:
        """Return the sentence in a language; English where there is none in it."""
        words = _WORDS[self.code]
        values = {
            name: value if isinstance(value, str) else value.get(language, "")
            for name, value in self.values.items()
        }
        return words.get(language, words[FALLBACK]).format(**values)
