"""What a report takes over whole, as readers see it: cleared tables, and the questionnaire.

Of tables the text in cells, groups of rows, and notes; of the questionnaire every question with its
answers, and who is asked it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import assert_never

from blikveld.disclosure import SafeCell, SafeRow, SafeStatistic, SafeTable
from blikveld.report.claims.facts import Facts, FalseClaim
from blikveld.report.model import (
    Block,
    Emphasis,
    Heading,
    Inlines,
    KeyFigure,
    KeyMessage,
    Listing,
    ManifestEntry,
    Number,
    Paragraph,
    PrintedCell,
    ReportRow,
    RowGroup,
    TableBlock,
    TextRun,
)
from blikveld.results.formatting import (
    INVENTED,
    NOTHING,
    count,
    count_or_range,
    number,
    percent,
    share_between,
)
from blikveld.rules import EVERYBODY, Rule, format_rule
from blikveld.study.disclosure import ProtectionMethod
from blikveld.study.items import ContactItem, Grid, Item, Option, Question, Text, TextItem
from blikveld.study.labels import name_answers


def table(facts: Facts, found: SafeTable, label: str, anchor: str) -> TableBlock:
    """A table of counts with the percentages of their rows under them."""
    language = facts.language
    groups = tuple(_groups(facts, found))
    named = any(group.label for group in groups)
    corner = tuple(text[language] for text in found.row_labels)
    return TableBlock(
        anchor=anchor,
        label=label,
        title=title(found, language),
        subtitle=_subtitle(facts, found),
        corner=corner if named else corner[-1:] or ("",),
        heads=tuple(column.label[language] for column in found.columns),
        groups=groups,
        notes=tuple(_notes(facts, found)),
    )


def message(parts: Inlines, label: str) -> KeyMessage:
    """A message of a summary. Raises FalseClaim where it has no bold title to begin with."""
    first, *rest = parts or (TextRun(""),)
    if not isinstance(first, Emphasis) or not first.strong:
        raise FalseClaim("This message has no title.", "Begin it with bold words: **The title.**")
    if rest and isinstance(rest[0], TextRun):
        rest[0] = TextRun(rest[0].text.lstrip())
    return KeyMessage(label, first.parts, tuple(rest))


def key_figure(facts: Facts, value: Number, cell: SafeCell | None, about: Inlines) -> KeyFigure:
    """A number with its words and, behind a |, more in small letters; of a share its base."""
    words, more = _halves(about)
    if cell is None or not cell.base or cell.count is None:
        return KeyFigure(value, None, words, more)
    n, base = (number(amount, facts.language) for amount in (cell.count, cell.base))
    told = TextRun(facts.say("count_of", count=n, base=base))
    return KeyFigure(value, cell.count / cell.base, words, more or (told,))


def _halves(parts: Inlines) -> tuple[Inlines, Inlines]:
    """What stands before and behind the first | of a text."""
    for at, part in enumerate(parts):
        if isinstance(part, TextRun) and "|" in part.text:
            before, _, after = part.text.partition("|")
            return (
                (*parts[:at], TextRun(before.rstrip())),
                (TextRun(after.lstrip()), *parts[at + 1 :]),
            )
    return parts, ()


def tabulate_funnel(facts: Facts, label: str, anchor: str) -> TableBlock:
    """A table of who left by which rule."""
    first = ReportRow(facts.say("funnel_started"), _funnel_row(facts, None, facts.funnel.started))
    steps = (
        ReportRow(
            sentence(step.label[facts.language]), _funnel_row(facts, step.left, step.remained)
        )
        for step in facts.funnel.steps
    )
    total = _funnel_row(facts, None, facts.funnel.remained)
    return TableBlock(
        anchor=anchor,
        label=label,
        title=(TextRun(facts.say("funnel_title")),),
        subtitle="",
        corner=(facts.say("funnel_step"),),
        heads=(facts.say("funnel_left"), facts.say("funnel_remained")),
        groups=(
            RowGroup("", (first, *steps)),
            RowGroup("", (ReportRow(facts.say("funnel_total"), total, 0),)),
        ),
    )


def _funnel_row(facts: Facts, left: int | None, remained: int) -> tuple[PrintedCell, PrintedCell]:
    gone = "" if left is None else number(left, facts.language)
    return PrintedCell(gone), PrintedCell(number(remained, facts.language))


def sentence(text: str) -> str:
    """Words that begin a line."""
    return text[:1].upper() + text[1:]


def title(found: SafeTable, language: str) -> Inlines:
    """What a table is called."""
    return (TextRun(found.title[language]),)


def entries(found: SafeTable, language: str, location: str) -> Iterator[ManifestEntry]:
    """What the manifest says of every cell of a table."""
    for row in found.rows:
        for cell, column in zip(row.cells, found.columns, strict=True):
            shown = cell_text(cell, language, total=column.total)
            text = " ".join(part for part in (shown.count, shown.share) if part)
            yield entry(cell, f"{location}: {row.name}, {column.key}", text)


def entry(cell: SafeCell, location: str, printed: str) -> ManifestEntry:
    """What the manifest says of one number in one place."""
    return ManifestEntry(
        cell=cell.id,
        location=location,
        printed=printed,
        count=cell.count,
        base=cell.base,
        low=cell.count_band.low if cell.count_band else None,
        high=cell.count_band.high if cell.count_band else None,
        base_rule=format_rule(cell.base_rule),
        rule=format_rule(cell.rule),
        snapshot=cell.source.snapshot,
        fixed=cell.fixed,
        mentions=cell.mentions,
    )


def tested(found: SafeStatistic, location: str, text: str) -> ManifestEntry:
    """What the manifest says of the outcome of a test: who was tested, and on what."""
    ask = found.ask
    return ManifestEntry(
        cell=found.id,
        location=location,
        printed=text,
        count=found.base,
        base=found.base,
        base_rule=format_rule(ask.base_rule),
        rule=f"{ask.comparison.value}: {ask.first} * {ask.second}",
        snapshot=found.source.snapshot,
        fixed=found.fixed,
    )


def share_text(cell: SafeCell, language: str) -> str:
    """A percentage; of a range the percentages that it allows, where its base is printed."""
    if cell.count is None and cell.count_band is not None and cell.base:
        return share_between(cell.count_band.low, cell.count_band.high, cell.base, language)
    return percent(cell.count, cell.base, language)


def cell_text(cell: SafeCell, language: str, *, total: bool = False) -> PrintedCell:
    """A count and its share; a total is its own base and has no share."""
    if cell.count is None:
        return PrintedCell(count_or_range(None, cell.count_band, language), "", cell.id)
    sign = "" if cell.fixed else INVENTED
    shown = f"{count(cell.count, language)}{sign}"
    if total:
        return PrintedCell(shown, "", cell.id)
    share = "" if cell.base is None else percent(cell.count, cell.base, language)
    marked = share not in ("", NOTHING) and not cell.share_fixed
    return PrintedCell(shown, share + INVENTED if marked else share, cell.id)


def _groups(facts: Facts, found: SafeTable) -> Iterator[RowGroup]:
    """Rows under one subtotal with it, other rows together; the grand total stands alone.

    Where rows nest it comes first, so that it does not end up alone on another page.
    """
    groups = list(_in_order(facts, found))
    nested = any(group.label for group in groups)
    yield from sorted(groups, key=lambda group: nested and group.lines[0].level > 0)


def _in_order(facts: Facts, found: SafeTable) -> Iterator[RowGroup]:
    deepest = max((row.level for row in found.rows), default=0)
    waiting: list[SafeRow] = []
    for row in found.rows:
        if row.level == deepest and row.level > 0:
            waiting.append(row)
            continue
        together = (*waiting, row) if row.level > 0 else tuple(waiting)
        if together:
            yield _group(facts, found, together, nested=row.level > 0)
        waiting = []
        if row.level == 0:
            yield _group(facts, found, (row,), nested=False)
    if waiting:
        yield _group(facts, found, tuple(waiting), nested=False)


def _group(facts: Facts, found: SafeTable, rows: tuple[SafeRow, ...], *, nested: bool) -> RowGroup:
    label = rows[-1].label[facts.language] if nested else ""
    return RowGroup(label, tuple(_line(facts, found, row, nested=nested) for row in rows))


def _line(facts: Facts, found: SafeTable, row: SafeRow, *, nested: bool) -> ReportRow:
    label = row.label[facts.language]
    if row.level == 1 and nested:
        label = facts.say("total_of", name=label)
    cells = tuple(
        cell_text(cell, facts.language, total=column.total)
        for cell, column in zip(row.cells, found.columns, strict=True)
    )
    # Where nothing nests, a row of level 1 is an ordinary row.
    return ReportRow(label, cells, row.level if nested or row.level == 0 else 2)


def _subtitle(facts: Facts, found: SafeTable) -> str:
    whole = next((row for row in found.rows if row.level == 0), None)
    base = whole.cells[0].base if whole is not None and whole.cells else None
    return based(facts, found.base_rule, base)


def based(facts: Facts, rule: Rule, base: int | None) -> str:
    """Who is counted, and how many they are: 'Respondenten met een kind, n=821'."""
    who = facts.who(rule)
    if base is None:
        return facts.say("base_unknown", who=who)
    return facts.say("base", who=who, base=number(base, facts.language))


def _notes(facts: Facts, found: SafeTable) -> Iterator[str]:
    yield f"{facts.say('rows_share')}."
    yield from (note[facts.language] for note in found.notes)
    yield from signs(
        facts,
        (cell for row in found.rows for cell in row.cells),
        multiple=found.multiple,
        total=any(column.total for column in found.columns),
    )


def protected(facts: Facts) -> str:
    """What readers see in the place of counts that could tell about few people, and why."""
    policy = facts.release.policy
    threshold = str(policy.threshold)
    match policy.method:
        case ProtectionMethod.BANDS:
            return facts.say("withheld", threshold=threshold)
        case ProtectionMethod.ROUNDED:
            return facts.say("rounded", threshold=threshold, base=str(policy.rounding_base))
        case ProtectionMethod.HIDDEN:
            return facts.say("hidden", threshold=threshold)
        case _:
            assert_never(policy.method)


def signs(
    facts: Facts, cells: Iterable[SafeCell], *, multiple: bool, total: bool = False
) -> Iterator[str]:
    """The notes that a row of cells needs: several answers, suppressed, invented, empty."""
    seen = tuple(cells)
    if multiple:
        yield facts.say("multiple")
        if total:
            yield facts.say("multiple_total")
    policy = facts.release.policy
    if policy.rounding_base or any(cell.suppressed or cell.base is None for cell in seen):
        yield protected(facts)
    if any(not cell.fixed and not cell.suppressed for cell in seen):
        yield facts.why_invented
    if any(cell.base == 0 for cell in seen):
        yield facts.say("nothing")


def print_questionnaire(facts: Facts, anchor: Callable[[str], str]) -> Iterator[Block]:
    """Every part, text and question as respondents see them, with routing in words.

    Where a respondent reads the name of a site stands the word for one. `anchor` makes a
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
        what = question.kind.describe()
        yield self._remark(what.say(self._facts.language, self._facts.study.folder))
        local = [self._facts.say("own_options")] if question.site_list is not None else []
        if offered := [*local, *map(self._option, question.options)]:
            yield _listed(offered)

    def _statements(self, grid: Grid) -> Iterator[Block]:
        kind, options = grid.rows[0].kind, grid.rows[0].options
        rows = [self._if(row.text, row.ask_if, grid.ask_if) for row in grid.rows]
        if any((row.kind, row.options) != (kind, options) for row in grid.rows):
            asked_for = map(self._asked_for, grid.rows)
            yield _listed([f"{text}. {how}" for text, how in zip(rows, asked_for, strict=True)])
            return
        yield self._remark(self._asked_for(grid.rows[0]))
        yield _listed(rows)

    def _if(self, text: Text, rule: Rule, beyond: Rule = EVERYBODY) -> str:
        """Words, and between brackets whom they are for where that is not everybody."""
        words = self._text(text)
        return words if rule in (EVERYBODY, beyond) else f"{words} [{self._facts.who(rule)}]"

    def _asked_for(self, row: Question) -> str:
        """What may be filled in at a statement: its answers, or in words."""
        if not row.options:
            return row.kind.describe().say(self._facts.language, self._facts.study.folder)
        scale = ", ".join(self._if(option.label, option.show_if) for option in row.options)
        return self._facts.say("scale_answers", answers=scale)

    def _option(self, option: Option) -> str:
        text = self._if(option.label, option.show_if)
        return text if option.text is None else self._facts.say("namely", answer=text)

    def _remark(self, text: str) -> Paragraph:
        return Paragraph((Emphasis((TextRun(text),)),))

    def _text(self, text: Text) -> str:
        language, study = self._facts.language, self._facts.study
        words = text[language].replace(f"{{{study.sites.name}}}", f"[{study.sites.one(language)}]")
        return name_answers(words, study, language)


def _listed(texts: Sequence[str]) -> Listing:
    return Listing(tuple((Paragraph((TextRun(text),)),) for text in texts))
