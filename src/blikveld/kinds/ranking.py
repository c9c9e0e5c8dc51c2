"""Answers put in order."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Self

from blikveld.kinds.base import AskedQuestion, KindOfQuestion
from blikveld.kinds.controls import Control, SelectList, setting
from blikveld.kinds.posted import AnswerError, AnswerRefused, Form, StoredAnswer, read_codes
from blikveld.kinds.words import Description, DescriptionCode
from blikveld.rules import Value
from blikveld.rules.types import VariableKind
from blikveld.yaml_reading.yaml_node import YamlNode

MOST_PLACES = 20
"""Places in a ranking: more lists than these are never filled in."""


@dataclass(frozen=True, slots=True)
class Ranking(KindOfQuestion):
    """A list a place; its value is the codes, the first choice first.

    `most` is the number of places; 0 for as many as there are answers. An empty place at the end
    leaves answers unranked, where the question is not required or `most` is set.
    """

    most: int = setting(0)

    name: ClassVar[str] = "ranking"
    variable_kind: ClassVar[VariableKind] = VariableKind.RANKING
    offers: ClassVar[bool] = True
    encoded: ClassVar[bool] = True
    settings: ClassVar[tuple[str, ...]] = ("most",)
    nothing: ClassVar[AnswerError] = AnswerError.RANK

    @classmethod
    def read_settings(cls, fields: Mapping[str, YamlNode]) -> Self:
        """Return the kind with these settings; what is wrong in them becomes faults."""
        most = fields["most"].optional(lambda node: node.decimal(0))
        if most is not None and not 2 <= most <= MOST_PLACES:
            mend = f"Write a number from 2 to {MOST_PLACES}."
            fields["most"].fault("wrong-value", f"{most} places are no ranking.", mend)
        return cls(int(most or 0))

    def _names(self, asked: AskedQuestion) -> tuple[str, ...]:
        places = min(self.most or len(asked.options), len(asked.options))
        return tuple(place_name(asked.key, place) for place in range(1, places + 1))

    def field_names(self, key: str) -> tuple[str, ...]:
        """Return the lists, as many as a ranking can have."""
        return tuple(place_name(key, place) for place in range(1, MOST_PLACES + 1))

    def controls(self, asked: AskedQuestion) -> tuple[Control, ...]:
        """Return a list to choose from for each place."""
        return tuple(
            SelectList(
                name,
                asked.options,
                Description(DescriptionCode.PLACE, {"place": Decimal(place)}),
                Description(DescriptionCode.NOTHING_CHOSEN),
            )
            for place, name in enumerate(self._names(asked), start=1)
        )

    def parse_answer(self, asked: AskedQuestion, form: Form) -> StoredAnswer | None:
        """Return the codes in order. Refused is one twice, and an empty place before another."""
        chosen = [read_codes(form, name) for name in self._names(asked)]
        offered = {option.code for option in asked.options}
        if any(len(codes) > 1 for codes in chosen):
            raise AnswerRefused(AnswerError.TWICE)
        codes = tuple(code for place in chosen for code in place)
        if not set(codes) <= offered:
            raise AnswerRefused(AnswerError.NOT_OFFERED)
        if len(set(codes)) < len(codes):
            raise AnswerRefused(AnswerError.RANK_TWICE)
        if any(chosen[len(codes) :]):
            raise AnswerRefused(AnswerError.RANK_GAP)
        if codes and len(codes) < len(chosen):
            raise AnswerRefused(AnswerError.RANK)
        return codes or None

    def fill_form(self, asked: AskedQuestion, answer: StoredAnswer) -> dict[str, tuple[str, ...]]:
        """Return the list of each place."""
        return {place_name(asked.key, at): (code,) for at, code in enumerate(answer, start=1)}

    def read_value(self, answer: StoredAnswer) -> Value:
        """Return the codes themselves."""
        return answer

    def generate_answer(self, asked: AskedQuestion, dice: random.Random) -> StoredAnswer:
        """Return some order of the answers."""
        codes = [option.code for option in asked.options]
        return tuple(dice.sample(codes, len(self._names(asked))))

    def describe(self) -> Description:
        """Return how many places there are."""
        if not self.most:
            return Description(DescriptionCode.RANKING)
        return Description(DescriptionCode.RANKING_MOST, {"most": Decimal(self.most)})


def place_name(question: str, place: int) -> str:
    """The field of a place; an author cannot give the name to a question."""
    return f"{question}__{place}"
