"""What in-depth interviews give a report: quotes, how many speak of a theme, who was interviewed.

The report does not know where interviews are worked on. Whoever makes a report hands it these
values, with labels that point at nobody; a report without interviews prints nothing of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from blikveld.report.model import (
    Block,
    Emphasis,
    Inlines,
    Listing,
    Paragraph,
    PrintedCell,
    ReportRow,
    RowGroup,
    Spoken,
    TableBlock,
    TextRun,
)
from blikveld.report.text.files import find_words, join_names
from blikveld.results import share_phrases as book
from blikveld.results.formatting import number
from blikveld.study.model import Text


@dataclass(frozen=True, slots=True)
class PrintedQuote:
    """Words to quote. `words` has them by language, `spoken` is the language they were said in.

    `place` is what a text calls to print them. `label` is who is quoted: 'Youth worker C'.
    """

    section: str
    theme: str
    words: Text
    language: str
    label: Text


@dataclass(frozen=True, slots=True)
class ThemeCount:
    """What a theme is called, and how many interviews speak of it."""

    name: Text
    interviews: int


@dataclass(frozen=True, slots=True)
class CoverageGroup:
    """A site or an item of a classification, and how many were interviewed there."""

    name: Text
    interviews: int


@dataclass(frozen=True, slots=True)
class InterviewCoverage:
    """How many were interviewed in each of several groups; `label` is what the groups are by."""

    label: Text
    groups: tuple[CoverageGroup, ...]


@dataclass(frozen=True, slots=True)
class PrintedTopic:
    """What an interview was to be about, and the questions that were to be asked."""

    title: Text
    questions: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Interviews:
    """All that a report may print of interviews. `invented` goes with whatever is printed.

    `covered` is from what a table is by, such as the variable of the sites. `topics` are those
    of the guide, which a study may have before anybody was interviewed.
    """

    held: int = 0
    invented: bool = False
    quotes: tuple[PrintedQuote, ...] = ()
    themes: Mapping[str, ThemeCount] = field(default_factory=dict)
    covered: Mapping[str, InterviewCoverage] = field(default_factory=dict)
    topics: tuple[PrintedTopic, ...] = ()

    @property
    def sections(self) -> tuple[str, ...]:
        """Where quotes have to stand, each once."""
        return tuple(dict.fromkeys(quote.section for quote in self.quotes))


NONE = Interviews()


def quoted(found: Interviews, section: str, lead: Inlines, language: str) -> Iterator[Block]:
    """Yield the quotes of a place, below the words that lead in to them."""
    here = [quote for quote in found.quotes if quote.section == section]
    if here and lead:
        yield Paragraph(lead)
    yield from (spoken(quote, language, invented=found.invented) for quote in here)


def speakers(found: Interviews, section: str, language: str) -> frozenset[str]:
    """Return who is quoted at a place, each by a label of its own."""
    return frozenset(q.label[language] for q in found.quotes if q.section == section)


def spoken(quote: PrintedQuote, language: str, *, invented: bool) -> Spoken:
    """Return a quote in one language; where it was not translated, in that in which it was said."""
    translated = language in quote.words
    said = quote.words[language if translated else quote.language]
    return Spoken(
        said, "" if translated else quote.language, by(quote, language, invented=invented)
    )


def by(quote: PrintedQuote, language: str, *, invented: bool) -> str:
    """Return what stands behind a quote: who is quoted, and that nobody said it where that is
    so."""
    say = find_words(language)
    remark = f"; {say['quote_invented']}" if invented else ""
    return f"({quote.label[language]}{remark})"


def theme_count(found: Interviews, theme: ThemeCount, language: str) -> Paragraph:
    """In how many of the interviews a theme, called by its name, came up."""
    key = {0: "theme_in_none", found.held: "theme_in_all"}.get(theme.interviews, "theme_in_some")
    count, held = (
        book.spelled(n, language) or number(n, language) for n in (theme.interviews, found.held)
    )
    kind = "interviews_invented" if found.invented else "interviews"
    say = find_words(language)
    name = theme.name[language]
    text = say[key].format(theme=name, count=count, held=held, interviews=say[kind])
    return Paragraph((TextRun(text),))


def coverage(found: Interviews, kind: str, label: str, anchor: str, language: str) -> TableBlock:
    """Return how many were interviewed by site or item; below it, where nobody was."""
    covered, say = found.covered[kind], find_words(language)
    groups, by = covered.groups, covered.label[language]
    rows = (_line(g.name[language], g.interviews, language) for g in groups if g.interviews)
    total = _line(say["total"], sum(g.interviews for g in groups), language, level=0)
    none = tuple(g.name[language] for g in groups if not g.interviews)
    title = say["interviewed_by"].format(group=by[:1].lower() + by[1:])
    return TableBlock(
        anchor=anchor,
        label=label,
        title=(TextRun(title),),
        subtitle=say["interviewed_invented"] if found.invented else "",
        corner=(by,),
        heads=(say["interviews_head"],),
        groups=(RowGroup("", tuple(rows)), RowGroup("", (total,))),
        notes=(say["interviewed_none"].format(names=join_names(none, language)),) if none else (),
    )


def _line(name: str, count: int, language: str, *, level: int = 2) -> ReportRow:
    return ReportRow(name, (PrintedCell(number(count, language)),), level)


def topics(found: Interviews, language: str) -> Iterator[Block]:
    """Yield the guide: each topic with its questions."""
    for topic in found.topics:
        yield Paragraph((Emphasis((TextRun(topic.title[language]),), strong=True),))
        asked = ((Paragraph((TextRun(question[language]),)),) for question in topic.questions)
        yield Listing(tuple(asked))
