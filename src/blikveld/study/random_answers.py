"""Answers drawn at random, for the solver to stay near to."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import assert_never

from blikveld.study.model import Question, VariableKind
from blikveld.study.respondent_model import RespondentModel
from blikveld.study.solver import FALSE, TRUE
from blikveld.study.term_literals import VariableLiterals
from blikveld.study.whole_numbers import WholeNumber

_BATCH = 256
_EXCLUSIVE_SHARE = 0.15


def random_answers(model: RespondentModel, dice: random.Random) -> Iterator[list[int]]:
    """Yield a sign for each literal, without end: routing ignored.

    Drawn for many respondents at once, one bit each. Gates follow from the answers; signs that
    contradict each other would draw everybody to the same few.
    """
    while True:
        columns = {TRUE: (1 << _BATCH) - 1}
        _Drawing(model, dice, columns).draw()
        model.circuit.evaluate(columns)
        literals = sorted(columns)
        rows = zip(*(f"{columns[at]:0{_BATCH}b}" for at in literals), strict=True)
        for row in rows:
            yield [at if bit == "1" else -at for at, bit in zip(literals, row, strict=True)]


class _Drawing:
    """Draws the literals that nothing else decides, as columns of bits."""

    def __init__(
        self, model: RespondentModel, dice: random.Random, columns: dict[int, int]
    ) -> None:
        self.model, self.dice, self.columns = model, dice, columns

    def draw(self) -> None:
        for name in self.model.study.known_before:
            self._one([list(self.model.variable(name).codes.values())] * _BATCH)
        for question in self.model.study.questions.values():
            self._question(question)
        for source, texts in self.model.texts.items():
            self._one([[*texts.values(), None]] * _BATCH)
            self._only_beside_box(self.model.study.questions[source], texts.values())
        self._leaving()

    def _question(self, question: Question) -> None:
        variable = self.model.variable(question.key)
        match question.variable_kind:
            case VariableKind.SINGLE:
                self.columns.update(dict.fromkeys(variable.codes.values(), 0))
                self._one(self._choices(question))
            case VariableKind.MULTIPLE:
                exclusive = [variable.codes[o.code] for o in question.options if o.exclusive]
                self._several(tuple(variable.codes.values()), exclusive)
            case VariableKind.NUMBER:
                self._answered(variable)
                self._free(variable.value)
            case VariableKind.DATE:
                self._answered(variable)
                self._free(variable.day.year if variable.day else None)
                self._free(variable.day.place if variable.day else None)
            case VariableKind.RANKING:
                self._rank(variable.places)
            case VariableKind.TEXT | VariableKind.FLAG:
                self.columns[variable.answered] = self._bits()
            case _:
                assert_never(question.variable_kind)

    def _answered(self, variable: VariableLiterals) -> None:
        answered = self.columns[variable.answered] = self._bits()
        if variable.special != FALSE:
            self.columns[variable.special] = answered & self._bits() & self._bits()

    def _rank(self, places: Mapping[str, Sequence[int]]) -> None:
        self.columns.update({at: 0 for literals in places.values() for at in literals})
        for index in range(_BATCH):
            order = self.dice.sample(list(places.values()), len(next(iter(places.values()))))
            for place, literals in enumerate(order):
                self.columns[literals[place]] |= 1 << index

    def _free(self, number: WholeNumber | None) -> None:
        """Draw a number from all that its bits can make."""
        for bit in () if number is None else number.bits:
            self.columns[bit] = self._bits()

    def _choices(self, question: Question) -> list[list[int | None]]:
        """What each respondent may choose; an answer counts once for each text it can get."""
        codes, texts = self.model.variable(question.key).codes, self.model.texts
        everywhere: list[int | None] = [] if question.required else [None]
        for option in question.options:
            times = len(texts.get(question.key, ())) if option.text else 1
            everywhere += [codes[option.code]] * max(times, 1)
        if question.site_list is None:
            return [everywhere] * _BATCH
        sites = self.model.variable(self.model.study.sites.name).codes
        local = {
            sites[site.key]: [
                *everywhere,
                *(codes[option.code] for option in site.options(question.site_list)),
            ]
            for site in self.model.study.sites
        }
        return [self._local(local, index) for index in range(_BATCH)]

    def _local(self, choices: Mapping[int, list[int | None]], index: int) -> list[int | None]:
        return next(these for site, these in choices.items() if self.columns[site] >> index & 1)

    def _one(self, choices: Sequence[Sequence[int | None]]) -> None:
        """Draw one literal for each respondent from the choices at its place; None is none."""
        self.columns.update({at: 0 for at in choices[0] if at is not None})
        for index, these in enumerate(choices):
            chosen = self.dice.choice(these)
            if chosen is not None:
                self.columns[chosen] |= 1 << index

    def _several(self, literals: Sequence[int], exclusive: Sequence[int]) -> None:
        alone = 0
        for index in range(_BATCH if exclusive else 0):
            alone |= (self.dice.random() < _EXCLUSIVE_SHARE) << index
        self._one([exclusive or [None]] * _BATCH)
        for literal in literals:
            if literal in exclusive:
                self.columns[literal] &= alone
            else:
                self.columns[literal] = self._bits() & ~alone

    def _only_beside_box(self, question: Question, texts: Iterable[int]) -> None:
        """Take a text away where the answer is another: it would pull everybody to its box."""
        variable = self.model.variable(question.key)
        boxes = [variable.codes[option.code] for option in question.options if option.text]
        written = 0
        for literal in boxes or [variable.answered]:
            written |= self.columns[literal]
        for text in texts:
            self.columns[text] &= written

    def _leaving(self) -> None:
        pages = len(self.model.gone)
        self.columns.update(dict.fromkeys(self.model.gone, 0))
        for index in range(_BATCH):
            for literal in self.model.gone[self.dice.randrange(pages + 1) :]:
                self.columns[literal] |= 1 << index

    def _bits(self) -> int:
        return self.dice.getrandbits(_BATCH)
