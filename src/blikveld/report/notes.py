"""Footnotes of numbers: every percentage with the count and the base it was made from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from blikveld.disclosure import SafeCell
from blikveld.report import influence
from blikveld.report.claims.facts import Facts
from blikveld.report.claims.shares import share_and_count
from blikveld.report.model import Footnote, FootnoteReference, Inline, Inlines, Number, TextRun
from blikveld.results.formatting import INVENTED, number

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
    itself where one municipality moves a percentage; `without` keeps what was printed for that.
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
        moved = [one for cell in seen for one in influence.influences(facts, cell)]
        self.without.extend(one.without for one in moved)
        # Two percentages of one footnote may print the same; then their counts tell them apart.
        more = "".join(influence.sentence(facts, one, counted=len(seen) > 1) for one in moved)
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
