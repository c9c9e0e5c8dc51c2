"""Footnotes of numbers: every percentage with the count and the base it was made from.

A footnote also says where a percentage rests on one site, and one table lists all of
those.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from blikveld.disclosure import SafeCell, SafeInfluence
from blikveld.report import printed
from blikveld.report.claims.facts import Facts
from blikveld.report.claims.shares import marked, share_and_count
from blikveld.report.model import (
    Footnote,
    FootnoteReference,
    Inline,
    Inlines,
    ManifestEntry,
    Number,
    Paragraph,
    PrintedCell,
    ReportRow,
    RowGroup,
    TableBlock,
    TextRun,
)
from blikveld.results.cell import CellRequest
from blikveld.results.formatting import INVENTED, number, percent
from blikveld.rules import names
from blikveld.study.model import Study


@dataclass(frozen=True, slots=True)
class InfluenceTable:
    """A table that a text asks for: what becomes of percentages without one site."""

    asks: tuple[CellRequest, ...] = field(default=(), init=False)


def find_influences(facts: Facts, cell: SafeCell) -> tuple[SafeInfluence, ...]:
    """Return the sites without which a printed percentage is clearly another one.

    None where the share is itself about sites, such as that of the largest cities: it
    changes with every site and says nothing about what people see.
    """
    if names(cell.rule) & _about_sites(facts.study):
        return ()
    return facts.release.influences.get(CellRequest(cell.base_rule, cell.rule), ())


def tell_influence(facts: Facts, found: SafeInfluence, *, counted: bool = False) -> str:
    """'Zonder Rotterdam 53% (330 van 617) in plaats van 48%.'

    With `counted` the share has its count behind it, for a footnote of several shares.
    """
    share, count = share_and_count(found.share, facts.language)
    if counted:
        share = facts.say("with_count", share=share, count=count)
    return facts.say(
        "without",
        name=found.label[facts.language],
        share=share,
        other=marked(
            percent(found.without.count, found.without.base, facts.language), found.without
        ),
        counts=_counts(facts, found.without),
    )


def tabulate_influences(facts: Facts, anchor: str) -> TableBlock | Paragraph:
    """Return every percentage that the release tells to rest on one site; a line if none
    does.
    """
    found = list(_all(facts))
    if not found:
        return Paragraph((TextRun(facts.say("without_none")),))
    seen = [cell for one in found for cell in (one.share, one.without)]
    return TableBlock(
        anchor=anchor,
        label="",
        title=(TextRun(facts.say("without_title")),),
        subtitle="",
        corner=(facts.say("without_corner"),),
        heads=(facts.say("without_whole"), facts.say("without_one")),
        groups=tuple(
            RowGroup("", tuple(line))
            for _, lines in groupby(found, lambda one: one.stratum)
            for line in [_influence_rows(facts, list(lines))]
        ),
        notes=tuple(printed.signs(facts, seen, multiple=False)),
    )


def list_entries(facts: Facts, location: str) -> Iterator[ManifestEntry]:
    """Yield what the manifest says of the numbers of the table."""
    for found in _all(facts):
        for cell in (found.share, found.without):
            shown = _cell(facts, cell)
            yield printed.entry(cell, location, f"{shown.count} {shown.share}")


def _all(facts: Facts) -> Iterator[SafeInfluence]:
    """The site that moves most percentages first."""
    found = [
        one
        for ask in sorted(facts.release.influences, key=CellRequest.as_text)
        for one in find_influences(facts, facts.release.influences[ask][0].share)
    ]
    times = {one.stratum: 0 for one in found}
    for one in found:
        times[one.stratum] += 1
    yield from sorted(found, key=lambda one: (-times[one.stratum], one.stratum))


def _influence_rows(facts: Facts, found: list[SafeInfluence]) -> Iterator[ReportRow]:
    empty = (PrintedCell(""), PrintedCell(""))
    name = found[0].label[facts.language]
    yield ReportRow(facts.say("without_name", name=name), empty, 1)
    for one in found:
        who, part = facts.who(one.share.base_rule), facts.who(one.share.rule)
        part = (part[:1].lower() + part[1:]).removeprefix(f"{facts.say('respondents')} ")
        yield ReportRow(f"{who}: {part}", (_cell(facts, one.share), _cell(facts, one.without)))


def _cell(facts: Facts, cell: SafeCell) -> PrintedCell:
    share, _ = share_and_count(cell, facts.language)
    return PrintedCell(marked(_counts(facts, cell), cell), share, cell.id)


def _counts(facts: Facts, cell: SafeCell) -> str:
    values = (number(value or 0, facts.language) for value in (cell.count, cell.base))
    return facts.say("counts", **dict(zip(("count", "base"), values, strict=True)))


def _about_sites(study: Study) -> frozenset[str]:
    """The site, and every variable that is made from it alone."""
    made = {
        derived.key
        for derived in study.derived
        if frozenset().union(*(names(case.when) for case in derived.cases)) == {study.sites.name}
    }
    return frozenset({study.sites.name, *made})


_SENTENCE_ENDS = re.compile(r"[.!?:;](\s|$)")


@dataclass(frozen=True, slots=True)
class PrintedClaim:
    """What a claim printed, the ids of its cells, and what its footnote says."""

    text: str
    cells: tuple[str, ...] = ()
    noted: tuple[SafeCell, ...] = ()
    note: str = ""


class Footnotes:
    """Makes footnotes and numbers them through the report.

    Percentages of one base in one sentence share a footnote, behind the last of them. It says by
    itself where one site moves a percentage; `without` keeps what was printed for that.
    """

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self.made: list[Footnote] = []
        self.without: list[SafeCell] = []

    def inlines(self, pieces: Sequence[str | PrintedClaim], *, noted: bool = True) -> Inlines:
        """Text and printed claims as inlines, with a mark where a footnote is called.

        Without `noted` no footnotes are made.
        """
        if not noted:
            return tuple(_alone(piece) for piece in pieces)
        found: list[Inline] = []
        waiting: list[SafeCell] = []
        behind = 0
        for piece in pieces:
            if isinstance(piece, str):
                found.append(TextRun(piece))
                if waiting and _SENTENCE_ENDS.search(piece):
                    found.insert(behind, self._noted(waiting))
                    waiting = []
                continue
            if waiting and (piece.note or not _one_base(waiting, piece.noted)):
                found.insert(behind, self._noted(waiting))
                waiting = []
            found.append(Number(piece.text, piece.cells))
            if piece.noted:
                waiting.extend(piece.noted)
                behind = len(found)
            if piece.note:
                found.append(self._new(piece.note))
        if waiting:
            found.insert(behind, self._noted(waiting))
        return tuple(found)

    def _noted(self, cells: Sequence[SafeCell]) -> FootnoteReference:
        facts, seen = self._facts, list(dict.fromkeys(cells))
        parts = ", ".join(
            facts.say("note_part", share=share, count=shown)
            for share, shown in (share_and_count(cell, facts.language) for cell in seen)
        )
        base = number(seen[0].base or 0, facts.language)
        moved = [one for cell in seen for one in find_influences(facts, cell)]
        self.without.extend(one.without for one in moved)
        # Two percentages of one footnote may print the same; then their counts tell them apart.
        more = "".join(tell_influence(facts, one, counted=len(seen) > 1) for one in moved)
        return self._new(facts.say("note", base=base, parts=parts) + more)

    def _new(self, text: str) -> FootnoteReference:
        if INVENTED in text:
            text += self._facts.say("note_invented")
        self.made.append(Footnote(len(self.made) + 1, (TextRun(text),)))
        return FootnoteReference(len(self.made))


def _one_base(cells: Sequence[SafeCell], more: Sequence[SafeCell]) -> bool:
    return len({cell.base_rule for cell in (*cells, *more)}) == 1


def _alone(piece: str | PrintedClaim) -> Inline:
    return TextRun(piece) if isinstance(piece, str) else Number(piece.text, piece.cells)
