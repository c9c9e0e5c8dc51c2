"""What a text may say about numbers. Each claim lists what must be counted, and then says it.

A claim is called from a text such as `{{ share("'tea' in drinks", of="age != 'child'") }}`.
Calling it prints nothing yet: it leaves a mark, so the same text first tells what to count and
later takes the printed words. A claim whose words are not true stops the report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor

from blikveld.disclosure import SafeCell, SafeStatistic
from blikveld.report.claims.facts import Facts, FalseClaim
from blikveld.report.printed import share_text
from blikveld.results import share_phrases as book
from blikveld.results.cell import CellRequest, StatisticRequest
from blikveld.results.formatting import INVENTED, exact, is_small, mean, number, percent, percentage
from blikveld.rules import Rule, join_rules, parse
from blikveld.study.bases import who_was_asked
from blikveld.study.model import Study, Variable
from blikveld.study.variables import rule_of

_ENDS = ("low", "high")
OF_ALL = "True"
"""How a text says that a number is of everybody."""


@dataclass(frozen=True, slots=True)
class ClaimText:
    """What a claim prints.

    `noted` are the cells whose base and count go to a footnote, `cells` all that it was made
    from. `note` is a footnote of another form. `statistic` is the test behind it.
    """

    text: str
    cells: tuple[SafeCell, ...] = ()
    noted: tuple[SafeCell, ...] = ()
    note: str = ""
    statistic: SafeStatistic | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """Something a text says: what has to be counted and tested for it, and how it is said then.

    `cites` are the sources it takes a number from, `names` those it names.
    """

    asks: tuple[CellRequest, ...]
    say: Callable[[Facts], ClaimText]
    statistics: tuple[StatisticRequest, ...] = ()
    cites: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


def share(rule: str, of: str = OF_ALL) -> Claim:
    """The percentage of `of` for whom `rule` is true: 48%. Small bases print their count too.

    Of a count that is suppressed, the percentages between which it lies: 0–3%.
    """
    ask = CellRequest(parse(of), parse(rule))

    def say(facts: Facts) -> ClaimText:
        hidden = facts.cell(ask)
        if hidden.count_band and hidden.base:
            return ClaimText(share_text(hidden, facts.language), (hidden,))
        cell, _, base = facts.some(ask)
        text, shown = share_and_count(cell, facts.language)
        if is_small(base):
            text = facts.say("beside", share=text, count=shown, base=number(base, facts.language))
        return ClaimText(text, (cell,), (cell,))

    return Claim((ask,), say)


def count(rule: str, of: str = OF_ALL) -> Claim:
    """How many of `of` are like this: 393, or 'tussen 5 en 9' where it may not be printed."""
    ask = CellRequest(parse(of), parse(rule))

    def say(facts: Facts) -> ClaimText:
        hidden, band = facts.cell(ask), facts.cell(ask).count_band
        if band is not None:
            ends = (number(end, facts.language) for end in (band.low, band.high))
            return ClaimText(
                facts.say("in_range", **dict(zip(_ENDS, ends, strict=True))), (hidden,)
            )
        cell, counted, _ = facts.shown(ask)
        return ClaimText(marked(number(counted, facts.language), cell), (cell,))

    return Claim((ask,), say)


def base(of: str = OF_ALL) -> Claim:
    """How many people a base holds."""
    return count(OF_ALL, of)


def fraction(rule: str, of: str = OF_ALL) -> Claim:
    """The share in words, chosen by the phrase book: 'bijna de helft'."""
    ask = CellRequest(parse(of), parse(rule))

    def say(facts: Facts) -> ClaimText:
        cell, counted, all_ = facts.some(ask)
        text = book.fraction(counted, all_, facts.language)
        return ClaimText(marked(text, cell), (cell,), (cell,))

    return Claim((ask,), say)


def says(phrase: str, rule: str, of: str = OF_ALL) -> Claim:
    """The writer's own words for a share, such as 'bijna de helft', if they are true."""
    ask = CellRequest(parse(of), parse(rule))

    def say(facts: Facts) -> ClaimText:
        cell, counted, all_ = facts.some(ask)
        try:
            known = book.phrase(phrase, facts.language)
        except book.UnknownPhrase as error:
            raise FalseClaim(f"{error}.", "Use words that the phrase book knows.") from None
        if not known.holds(counted, all_):
            share_ = percent(counted, all_, facts.language, 1)
            better = book.fraction(counted, all_, facts.language)
            fault = "misleads about" if known.is_true(counted, all_) else "is not true of"
            raise FalseClaim(
                f"{phrase!r} {fault} {counted} out of {all_} ({share_}).",
                f"Write {better!r}, or change the sentence.",
            )
        return ClaimText(marked(phrase, cell), (cell,), (cell,))

    return Claim((ask,), say)


def at_least(rule: str, of: str = OF_ALL, step: int = 10) -> Claim:
    """The share rounded down to a whole step: 'ten minste 90%'."""
    ask, whole = CellRequest(parse(of), parse(rule)), stepped(step)

    def say(facts: Facts) -> ClaimText:
        cell, counted, all_ = facts.some(ask)
        least = 100 * counted // all_ // whole * whole
        text = facts.say("least", number=percent(least, 100, facts.language))
        return ClaimText(marked(text, cell), (cell,), (cell,))

    return Claim((ask,), say)


def invented(text: str, rule: str, of: str = OF_ALL) -> Claim:
    """The writer's words where a count is not fixed by any published figure; nothing elsewhere."""
    ask = CellRequest(parse(of), parse(rule))
    return Claim((ask,), lambda facts: ClaimText("" if facts.cell(ask).fixed else text))


def more(text: str, rule: str, of: str = OF_ALL, *, than: str = "", than_of: str = OF_ALL) -> Claim:
    """The writer's words, if the share of `rule` is larger than that of `than` in `than_of`.

    Without `than` the same rule is compared among `than_of`. Larger by less than it takes to
    print another percentage is not larger.
    """
    return _compared(text, rule, of, than, than_of, lambda left, right: left > right, "larger")


def less(text: str, rule: str, of: str = OF_ALL, *, than: str = "", than_of: str = OF_ALL) -> Claim:
    """As `more`, if the share is smaller."""
    return _compared(text, rule, of, than, than_of, lambda left, right: left < right, "smaller")


def same(text: str, rule: str, of: str = OF_ALL, *, than: str = "", than_of: str = OF_ALL) -> Claim:
    """As `more`, if both print the same percentage."""
    return _compared(text, rule, of, than, than_of, lambda left, right: left == right, "the same")


def _compared(
    text: str,
    rule: str,
    of: str,
    than: str,
    than_of: str,
    holds: Callable[[int, int], bool],
    word: str,
) -> Claim:
    asks = (
        CellRequest(parse(of), parse(rule)),
        CellRequest(parse(than_of), parse(than or rule)),
    )

    def say(facts: Facts) -> ClaimText:
        found = [facts.some(ask) for ask in asks]
        left, right = (int(percentage(n, all_) or 0) for _, n, all_ in found)
        if not holds(left, right):
            raise FalseClaim(
                f"{text!r} says that a share is {word}, but {left}% stands against {right}%.",
                "Change the sentence.",
            )
        cells = tuple(cell for cell, _, _ in found)
        return ClaimText(marked(text, *cells), cells)

    return Claim(asks, say)


def rank(code: str, variable: str, position: int, *, of: str | None = None, study: Study) -> Claim:
    """'meest', 'op een na meest', if the answer has that place among those of the variable."""
    asks = _code_asks(study, variable, of)

    def say(facts: Facts) -> ClaimText:
        found = [(cell, n) for cell, n, _ in map(facts.shown, asks.values())]
        own, counted = found[list(asks).index(code)]
        rank = 1 + sum(n > counted for _, n in found)
        if rank != position or sum(n == counted for _, n in found) > 1:
            raise FalseClaim(
                f"{code!r} has place {rank} among {variable}, alone or not, and not {position}.",
                "Change the sentence.",
            )
        cells = (own, *(cell for cell, _ in found if cell is not own))
        return ClaimText(marked(book.spell_rank(position, facts.language), *cells), cells)

    if code not in asks:
        raise FalseClaim(f"{variable} has no answer {code!r}.", "Check the spelling.")
    return Claim(tuple(asks.values()), say)


def top(variable: str, position: int = 1, *, of: str | None = None, study: Study) -> Claim:
    """What the answer at a place is called; two answers at one place are refused."""
    asks = _code_asks(study, variable, of)

    def say(facts: Facts) -> ClaimText:
        found = {code: facts.shown(ask)[:2] for code, ask in asks.items()}
        chosen = _at(position, {code: n for code, (_, n) in found.items()})
        return _named(facts, variable, chosen, [cell for cell, _ in found.values()])

    return Claim(tuple(asks.values()), say)


def top_share(variable: str, position: int = 1, *, of: str | None = None, study: Study) -> Claim:
    """The percentage of the answer at a place."""
    asks = _code_asks(study, variable, of)

    def say(facts: Facts) -> ClaimText:
        found = {code: facts.some(ask) for code, ask in asks.items()}
        chosen = _at(position, {code: n for code, (_, n, _) in found.items()})
        cell = found[chosen][0]
        return ClaimText(share_and_count(cell, facts.language)[0], (cell,), (cell,))

    return Claim(tuple(asks.values()), say)


def highest(variable: str, rule: str, position: int = 1, *, of: str, study: Study) -> Claim:
    """What the group is called in which the share of a rule is largest, or at another place."""
    base_ = parse(of)
    asks = {
        code: CellRequest(join_rules(base_, ask.rule), parse(rule))
        for code, ask in _code_asks(study, variable, of).items()
    }

    def say(facts: Facts) -> ClaimText:
        found = {code: facts.some(ask) for code, ask in asks.items()}
        shares = {code: Fraction(n, all_) for code, (_, n, all_) in found.items()}
        cells = [cell for cell, _, _ in found.values()]
        return _named(facts, variable, _at(position, shares), cells)

    return Claim(tuple(asks.values()), say)


def _at(position: int, sizes: Mapping[str, Fraction | int]) -> str:
    """The code at a place from the largest; two of one size are refused."""
    ranked = sorted(sizes, key=lambda code: -sizes[code])
    if not 1 <= position <= len(ranked):
        raise FalseClaim(
            f"There is no place {position} among {len(ranked)}.", "Choose another place."
        )
    chosen = ranked[position - 1]
    if list(sizes.values()).count(sizes[chosen]) > 1:
        raise FalseClaim(f"Two answers share place {position}.", "Name both.")
    return chosen


def _named(facts: Facts, variable: str, code: str, cells: Sequence[SafeCell]) -> ClaimText:
    label = facts.labels.code(variable, code)
    return ClaimText(marked(label[:1].lower() + label[1:], *cells), tuple(cells))


def lower_bound(score: str, of: str = OF_ALL, step: int = 1, *, study: Study) -> Claim:
    """The sum of a score over a base, rounded down to a whole step: 2.500 for 2,534 by hundreds."""
    asks, whole = scored(study, score, of), stepped(step)

    def say(facts: Facts) -> ClaimText:
        found = [(value, *facts.shown(ask)[:2]) for ask, value in asks.items()]
        total = sum((value * n for value, _, n in found), Decimal())
        parts = sum_parts(facts, [(n, value) for value, _, n in found])
        note = facts.say("sum_note", total=exact(total, facts.language), parts=parts)
        cells = tuple(cell for _, cell, _ in found)
        text = number(floor(Fraction(total) / whole) * whole, facts.language)
        return ClaimText(marked(text, *cells), cells, note=note)

    return Claim(tuple(asks), say)


def scored(study: Study, score: str, of: str) -> dict[CellRequest, Decimal]:
    """How many gave each answer that a score has a number for, and that number. Raises
    FalseClaim."""
    made = {s.key: s for s in study.scores}
    if score not in made:
        raise FalseClaim(f"The study has no score {score!r}.", "Scores stand in derived.yaml.")
    base, source = parse(of), study.variables[made[score].source]
    return {
        CellRequest(base, rule_of(source, code)): Decimal(str(value))
        for code, value in made[score].values.items()
    }


def sum_parts(facts: Facts, parts: Iterable[tuple[int, Decimal]]) -> str:
    """What a sum is made of, for a footnote: '93 × 2,5, 56 × 0,5'."""
    return ", ".join(
        facts.say("sum_part", count=number(n, facts.language), value=exact(value, facts.language))
        for n, value in parts
    )


def stepped(step: int) -> int:
    """A step that can be rounded down to. Raises FalseClaim."""
    if not isinstance(step, int) or step < 1:
        raise FalseClaim(f"A step of {step!r} cannot be rounded down to.", "Write 1, 10 or 100.")
    return step


def mean_answers(
    variable: str, *, of: str | None = None, study: Study, between: bool = False
) -> Claim:
    """How many answers a person gave to a multiple-response question on average: 2,3.

    With `between` the two whole numbers around it, in letters: 'twee tot drie'.
    """
    asks = _code_asks(study, variable, of)

    def say(facts: Facts) -> ClaimText:
        found = [facts.some(ask) for ask in asks.values()]
        total, people = sum(n for _, n, _ in found), found[0][2]
        average = mean(total, people, facts.language)
        note = facts.say(
            "mean_note",
            total=number(total, facts.language),
            base=number(people, facts.language),
            mean=average,
        )
        low = total // people
        ends = {name: _spelled(n, facts) for name, n in (("low", low), ("high", low + 1))}
        text = facts.say("between", **ends) if between else average
        cells = tuple(cell for cell, _, _ in found)
        return ClaimText(marked(text, *cells), cells, note=note)

    return Claim(tuple(asks.values()), say)


def marked(text: str, *cells: SafeCell) -> str:
    """Text with the sign of an invented value where one of its cells is not fixed."""
    return text if all(cell.fixed for cell in cells) else f"{text}{INVENTED}"


def share_and_count(cell: SafeCell, language: str) -> tuple[str, str]:
    """A percentage and its count, as they stand beside each other: one sign tells of both.

    It stands at the share, or at the count where the share itself was published.
    """
    share = percent(cell.count, cell.base, language)
    shown = number(cell.count or 0, language)
    if cell.fixed:
        return share, shown
    return (share, f"{shown}{INVENTED}") if cell.share_fixed else (f"{share}{INVENTED}", shown)


def variable_of(study: Study, name: str) -> Variable:
    """A variable that has answers to count. Raises FalseClaim."""
    variable = study.variables.get(name)
    if variable is None or not variable.codes:
        raise FalseClaim(
            f"There is no variable {name!r} with answers to count.",
            "Check the spelling against the questionnaire and derived.yaml.",
        )
    return variable


def base_of(study: Study, variable: str, of: str | None) -> Rule:
    """The base that a text gave, or who was asked the variable where it gave none."""
    return who_was_asked(study, variable) if of is None else parse(of)


def _code_asks(study: Study, variable: str, of: str | None) -> dict[str, CellRequest]:
    found, base_ = variable_of(study, variable), base_of(study, variable, of)
    return {code.code: CellRequest(base_, rule_of(found, code.code)) for code in found.codes}


def _spelled(value: int, facts: Facts) -> str:
    return book.spelled(value, facts.language) or number(value, facts.language)
