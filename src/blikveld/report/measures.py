"""Claims about an average, and about how far two shares lie apart: made from counts alone."""

from __future__ import annotations

from fractions import Fraction

from blikveld.disclosure import SafeCell
from blikveld.figures.cell import Ask
from blikveld.figures.printing import mean as printed_mean
from blikveld.figures.printing import number, percent, points
from blikveld.report.claims import EVERYBODY, Claim, Said, checked, marked
from blikveld.report.facts import Facts, Untrue
from blikveld.study.model import Study


def mean(score: str, of: str = EVERYBODY, decimals: int = 2, *, study: Study) -> Claim:
    """The average of a score: 3,07. Whoever gave an answer without a number is left out.

    It is made from how often each answer was given, so it is printed only where those may be.
    """
    made = {s.key: s for s in study.scores}
    if score not in made:
        raise Untrue(f"The study has no score {score!r}.", "Scores stand in derived.yaml.")
    values = {code: Fraction(str(value)) for code, value in made[score].values.items()}
    asks = {code: Ask(checked(of), f"{made[score].source} == {code!r}") for code in values}

    def say(facts: Facts) -> Said:
        found = {code: facts.shown(ask)[:2] for code, ask in asks.items()}
        people = sum(n for _, n in found.values())
        if not people:
            raise Untrue(f"Nobody of {of} has a {score}.", "Check the rule after `of=`.")
        total = sum((values[code] * n for code, (_, n) in found.items()), Fraction())
        cells = tuple(cell for cell, _ in found.values())
        text = printed_mean(total, people, facts.language, decimals)
        parts = ", ".join(
            facts.say("sum_part", count=number(n, facts.language), value=f"{float(values[code]):g}")
            for code, (_, n) in found.items()
        )
        base = number(people, facts.language)
        note = facts.say("average_note", base=base, parts=parts)
        return Said(marked(text, *cells), cells, note=note)

    return Claim(tuple(asks.values()), say)


def difference(
    rule: str, of: str = EVERYBODY, *, than: str = "", than_of: str = EVERYBODY, decimals: int = 0
) -> Claim:
    """How far two shares lie apart: '12 procentpunt'. Without `than` the same rule in `than_of`."""
    asks = (Ask(checked(of), checked(rule)), Ask(checked(than_of), checked(than or rule)))

    def say(facts: Facts) -> Said:
        (one, n, base), (other, n_other, base_other) = (facts.some(ask) for ask in asks)
        apart = points((n, base), (n_other, base_other), facts.language, decimals)
        note = facts.say("difference_note", one=_share(facts, one), other=_share(facts, other))
        text = marked(facts.say("points", number=apart), one, other)
        return Said(text, (one, other), note=note)

    return Claim(asks, say)


def _share(facts: Facts, cell: SafeCell) -> str:
    part = facts.say(
        "note_part",
        share=marked(percent(cell.count, cell.base, facts.language), cell),
        count=number(cell.count or 0, facts.language),
    )
    return facts.say("note", base=number(cell.base or 0, facts.language), parts=part)
