"""The study's questionnaire as an annex: every question with its answers, and who is asked it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from blikveld.report.claims.facts import Facts
from blikveld.report.model import Block, Emphasis, Heading, Listing, Paragraph, TextRun
from blikveld.rules import EVERYBODY, Rule
from blikveld.study.items import (
    ContactItem,
    Grid,
    Item,
    Option,
    Question,
    Text,
    TextItem,
)

_PIPED = "{municipality}"


def questionnaire(facts: Facts, anchor: Callable[[str], str]) -> Iterator[Block]:
    """Every part, text and question as respondents see them, with routing in words.

    Where a respondent reads the name of a municipality stands a word for it. `anchor` makes a
    name to link to from the title of a part.
    """
    printer = _QuestionnairePrinter(facts, anchor)
    for part in facts.study.sections:
        title = part.title[facts.language]
        if title:
            yield Heading(3, "", (TextRun(title),), anchor(title))
        for item in part.items:
            yield from printer.item(item)


class _QuestionnairePrinter:
    def __init__(self, facts: Facts, anchor: Callable[[str], str]) -> None:
        self._facts, self._anchor = facts, anchor

    def item(self, item: Item) -> Iterator[Block]:
        match item:
            case TextItem():
                yield from self._routing(item.ask_if)
                for text in self._text(item.body).split("\n\n"):
                    yield Paragraph((TextRun(text.strip()),))
            case Question():
                yield from self._asked(item.number, item.text, item.ask_if, item.help)
                yield from self._answers(item)
            case Grid():
                yield from self._asked(item.number, item.text, item.ask_if, item.help)
                yield from self._statements(item)
            case ContactItem():
                yield from self._asked("", item.text, item.ask_if, item.help)
                yield self._remark(self._facts.say("address_answer", label=self._text(item.label)))

    def _asked(self, number: str, text: Text, ask_if: Rule, more: Text | None) -> Iterator[Block]:
        words = f"{number}. {self._text(text)}" if number else self._text(text)
        yield Heading(4, "", (TextRun(words),), self._anchor(words))
        yield from self._routing(ask_if)
        if more is not None:
            yield Paragraph((TextRun(self._text(more)),))

    def _routing(self, ask_if: Rule) -> Iterator[Paragraph]:
        if ask_if != EVERYBODY:
            who = self._facts.who(ask_if)
            yield self._remark(self._facts.say("asked_of", who=who[:1].lower() + who[1:]))

    def _answers(self, question: Question) -> Iterator[Block]:
        yield self._remark(question.kind.describe().say(self._facts.language))
        places = [self._facts.say("own_districts")] if question.of_districts else []
        if offered := [*places, *map(self._option, question.options)]:
            yield _listed(offered)

    def _statements(self, grid: Grid) -> Iterator[Block]:
        scale = ", ".join(self._text(option.label) for option in grid.rows[0].options)
        yield self._remark(self._facts.say("scale_answers", answers=scale))
        yield _listed([self._text(row.text) for row in grid.rows])

    def _option(self, option: Option) -> str:
        text = self._text(option.label)
        return text if option.text is None else self._facts.say("namely", answer=text)

    def _remark(self, text: str) -> Paragraph:
        return Paragraph((Emphasis((TextRun(text),)),))

    def _text(self, text: Text) -> str:
        return text[self._facts.language].replace(_PIPED, self._facts.say("own_municipality"))


def _listed(texts: Sequence[str]) -> Listing:
    return Listing(tuple((Paragraph((TextRun(text),)),) for text in texts))
