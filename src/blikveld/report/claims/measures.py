"""Claims about an average, and about how far two shares lie apart: made from counts alone."""

from __future__ import annotations

from decimal import Decimal

from blikveld.disclosure import SafeCell
from blikveld.report.claims.facts import Facts, FalseClaim
from blikveld.report.claims.shares import (
    OF_ALL,
    Claim,
    ClaimText,
    marked,
    scored,
    share_and_count,
    sum_parts,
)
from blikveld.results.cell import CellRequest
from blikveld.results.formatting import mean as printed_mean
from blikveld.results.formatting import number, points
from blikveld.rules import parse
from blikveld.study.model import Study


def mean(score: str, of: str = OF_ALL, decimals: int = 2, *, study: Study) -> Claim:
    """The average of a score: 3,07. Whoever gave an answer without a number is left out.

    It is made from how often each answer was given, so it is printed only where those may be.
    """
    asks = scored(study, score, of)

    def say(facts: Facts) -> ClaimText:
        found = [(value, *facts.shown(ask)[:2]) for ask, value in asks.items()]
        people = sum(n for _, _, n in found)
        if not people:
            raise FalseClaim(f"Nobody of {of} has a {score}.", "Check the rule after `of=`.")
        total = sum((value * n for value, _, n in found), Decimal())
        cells = tuple(cell for _, cell, _ in found)
        text = printed_mean(total, people, facts.language, decimals)
        parts = sum_parts(facts, [(n, value) for value, _, n in found])
        note = facts.say("average_note", base=number(people, facts.language), parts=parts)
        return ClaimText(marked(text, *cells), cells, note=note)

    return Claim(tuple(asks), say)


def difference(
    rule: str, of: str = OF_ALL, *, than: str = "", than_of: str = OF_ALL, decimals: int = 0
) -> Claim:
    """How far two shares lie apart: '12 procentpunt'. Without `than` the same rule in `than_of`."""
    asks = (CellRequest(parse(of), parse(rule)), CellRequest(parse(than_of), parse(than or rule)))

    def say(facts: Facts) -> ClaimText:
        (one, n, base), (other, n_other, base_other) = (facts.some(ask) for ask in asks)
        apart = points((n, base), (n_other, base_other), facts.language, decimals)
        note = facts.say("difference_note", one=_share(facts, one), other=_share(facts, other))
        text = marked(facts.say("points", number=apart), one, other)
        return ClaimText(text, (one, other), note=note)

    return Claim(asks, say)


def _share(facts: Facts, cell: SafeCell) -> str:
    share, shown = share_and_count(cell, facts.language)
    part = facts.say("note_part", share=share, count=shown)
    return facts.say("note", base=number(cell.base or 0, facts.language), parts=part)
