"""Whom to invite: everybody who can be covered is, then the places are filled evenly.

A study says which variables to cover: its sites and fields of work, for example. How many to
invite of each combination is an integer program that HiGHS proves. Offers with the same codes are
alike, so the unknowns are counts per cell. Evenness is the sum of squares of the counts per code:
one more where there are few costs less than where there are many. One thread and a fixed seed: the
same offers give the same places.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Self

import highspy

from blikveld.contacts import SealedContact
from blikveld.errors import BlikveldError
from blikveld.highs import quiet_solver
from blikveld.rules import Missing, Rule, evaluate, names
from blikveld.study.model import Study


@dataclass(frozen=True, slots=True)
class Offer:
    """Somebody who offered to be interviewed.

    `key` leads nowhere but to a sealed address, and was drawn at random, so that its order is a
    fair draw. `facts` are the codes of what the study keeps of an offer, where they are known.
    """

    key: int
    facts: Mapping[str, str] = field(default_factory=dict, hash=False)


def from_contacts(contacts: Iterable[SealedContact]) -> tuple[Offer, ...]:
    """The offers of sealed contacts, in the order of their keys; addresses stay sealed."""
    return _ordered(Offer(contact.key, contact.facts) for contact in contacts)


def _ordered(offers: Iterable[Offer]) -> tuple[Offer, ...]:
    return tuple(sorted(offers, key=lambda offer: offer.key))


def eligible(offers: Iterable[Offer], rule: Rule) -> tuple[Offer, ...]:
    """Those of whom it is known that the rule holds, in the order of their keys."""
    unknown = dict.fromkeys(names(rule), Missing.SKIPPED)
    return _ordered(o for o in offers if evaluate(rule, {**unknown, **o.facts}) is True)


class WrongKeys(BlikveldError):
    """Somebody was said to refuse or agree who made no offer."""


class MissingReason(Enum):
    """Why a code is not covered."""

    NO_OFFER = "no_offer"
    REFUSED = "refused"
    NO_SAMPLE = "no_place"


@dataclass(frozen=True, slots=True)
class Sample:
    """What has to be covered: the codes of each variable, who is eligible, how many places."""

    cover: Mapping[str, tuple[str, ...]]
    eligible: Rule
    number: int = 20

    @classmethod
    def of(cls, study: Study, number: int) -> Self:
        """What a study says of it. Raises BlikveldError for one that says nothing."""
        if study.interviews is None:
            problem = "It does not say whom to interview."
            mend = "Add a block `interviews` to study.yaml, with eligible and cover."
            raise BlikveldError("no-interviews", f"study {study.key!r}", problem, mend)
        codes = {
            name: tuple(code.code for code in study.variables[name].codes)
            for name in study.interviews.cover
        }
        return cls(codes, study.interviews.eligible, number)


@dataclass(frozen=True, slots=True)
class Selection:
    """Who is invited, in the order of the keys, and what that leaves uncovered.

    `fresh` are those who were not invited before. `smallest_cover` is the number of people that
    covers all that can be covered, proven, before anybody refused. The tables `by` a variable
    count per code, with a 0 where nobody is; under None stand those whose code is not known.
    `missing` has the codes of each variable that are not covered. `unevenness` is the proven least
    sum of squares.
    """

    invited: tuple[Offer, ...]
    fresh: tuple[Offer, ...]
    smallest_cover: int
    by: Mapping[str, Mapping[str | None, int]]
    missing: Mapping[str, Mapping[str, MissingReason]]
    unevenness: int


def smallest_cover(offers: Iterable[Offer], sample: Sample) -> tuple[Offer, ...]:
    """The fewest eligible offers that cover every code which offers can cover."""
    pool = eligible(offers, sample.eligible)
    found = cover(Stock(_counted(pool, sample)))
    return _drawn(pool, sample, found, ())


def select(
    offers: Iterable[Offer],
    sample: Sample,
    *,
    invited: Collection[int] = (),
    refused: Collection[int] = (),
) -> Selection:
    """Fill the places from those who are eligible: first cover, then even.

    Whose code is not known helps no code, so of them there are as few as the cover allows.

    `invited` are the keys of those who were invited before; those of them who did not refuse stay.
    So after a refusal the fresh ones are the next best. Raises WrongKeys and NotProven.
    """
    pool = eligible(offers, sample.eligible)
    _check(pool, invited, refused)
    open_ = [offer for offer in pool if offer.key not in refused]
    fixed = [offer for offer in open_ if offer.key in invited]
    stock = Stock(_counted(open_, sample), _counted(fixed, sample))
    counts = _filled(stock, sample.number)
    chosen = _drawn(open_, sample, counts, fixed)
    return Selection(
        invited=chosen,
        fresh=tuple(offer for offer in chosen if offer not in fixed),
        smallest_cover=len(smallest_cover(pool, sample)),
        by={
            name: _table((offer.facts.get(name) for offer in chosen), codes)
            for name, codes in sample.cover.items()
        },
        missing={
            name: _missing(
                codes, *([o.facts.get(name) for o in some] for some in (chosen, open_, pool))
            )
            for name, codes in sample.cover.items()
        },
        unevenness=unevenness(counts),
    )


def _cell(offer: Offer, sample: Sample) -> Cell:
    return tuple(offer.facts.get(name) for name in sample.cover)


def _counted(offers: Iterable[Offer], sample: Sample) -> Mapping[Cell, int]:
    return Counter(_cell(offer, sample) for offer in offers)


def _check(pool: Iterable[Offer], invited: Collection[int], refused: Collection[int]) -> None:
    known = {offer.key for offer in pool}
    strange = sorted({*invited, *refused} - known)
    if strange:
        problem = f"Key {strange[0]} is not among the eligible offers."
        raise WrongKeys("unknown-key", "the selection", problem, "Use the keys that were listed.")


def _filled(stock: Stock, sample_size: int) -> Mapping[Cell, int]:
    covered = most_covered(stock, sample_size)
    unknown = fewest_unknown(stock, sample_size, covered)
    return even(stock, sample_size, covered, unknown)


def _drawn(
    pool: Iterable[Offer], sample: Sample, counts: Mapping[Cell, int], fixed: Collection[Offer]
) -> tuple[Offer, ...]:
    # Within a cell those who were invited come first, then the order of the keys, a fair draw.
    left = dict(counts)
    chosen = []
    for offer in sorted(pool, key=lambda o: (o not in fixed, o.key)):
        cell = _cell(offer, sample)
        if left.get(cell, 0):
            left[cell] -= 1
            chosen.append(offer)
    return _ordered(chosen)


def _table(values: Iterable[str | None], keys: Iterable[str]) -> dict[str | None, int]:
    return {**dict.fromkeys(keys, 0), **Counter(values)}


def _missing(
    wanted: Iterable[str],
    chosen: Collection[str | None],
    open_: Collection[str | None],
    pool: Collection[str | None],
) -> dict[str, MissingReason]:
    def why(key: str) -> MissingReason:
        if key in open_:
            return MissingReason.NO_SAMPLE
        return MissingReason.REFUSED if key in pool else MissingReason.NO_OFFER

    return {key: why(key) for key in wanted if key not in chosen}


Cell = tuple[str | None, ...]
"""A code of each variable to cover, or None where that is not known."""
CodeGroup = tuple[int, str | None]
"""All offers with one code: the place of its variable in a cell, and the code."""


class NotProven(BlikveldError):
    """The solver could not prove its answer, so there is none."""


@dataclass(frozen=True, slots=True)
class Stock:
    """How many offers each cell has, and how many of them are invited already."""

    most: Mapping[Cell, int]
    least: Mapping[Cell, int] = field(default_factory=dict)

    def groups(self) -> tuple[CodeGroup, ...]:
        """Every code with an offer, in order; 'not known' is one of each variable."""
        found = {group for cell, count in self.most.items() if count for group in groups(cell)}
        return tuple(sorted(found, key=lambda g: (g[0], g[1] or "")))

    def coverable(self) -> tuple[CodeGroup, ...]:
        """Those that can be covered: 'not known' is nothing to cover."""
        return tuple(group for group in self.groups() if group[1] is not None)


def groups(cell: Cell) -> tuple[CodeGroup, ...]:
    """The groups that a cell is in, one a variable."""
    return tuple(enumerate(cell))


def cover(stock: Stock) -> Mapping[Cell, int]:
    """The fewest offers by which everything that can be covered is. Raises NotProven."""
    model = _Model(stock)
    for group in stock.coverable():
        model.at_least(group, 1)
    return model.solved(model.all())


def most_covered(stock: Stock, sample_size: int) -> int:
    """How many codes so many invitations can cover. Raises NotProven."""
    model = _Model(stock)
    model.fill(sample_size)
    covered = model.covered()
    found = model.solved([(column, -1.0) for column in covered])
    return len({g for cell, count in found.items() if count for g in groups(cell) if g[1]})


def fewest_unknown(stock: Stock, sample_size: int, least_covered: int) -> int:
    """How few of whom a code is not known cover so many. Raises NotProven."""
    model = _covering(stock, sample_size, least_covered)
    found = model.solved(model.unknown())
    return sum(count for cell, count in found.items() if None in cell)


def even(
    stock: Stock, sample_size: int, least_covered: int, most_unknown: int
) -> Mapping[Cell, int]:
    """The most even way to fill the places within these two bounds. Raises NotProven."""
    model = _covering(stock, sample_size, least_covered)
    model.row(model.unknown(), 0, most_unknown)
    return model.solved(model.unevenness(sample_size))


def unevenness(counts: Mapping[Cell, int]) -> int:
    """Σ n² over the codes of each variable, all together."""
    totals: dict[CodeGroup, int] = {}
    for cell, count in counts.items():
        for group in groups(cell):
            totals[group] = totals.get(group, 0) + count
    return sum(total * total for total in totals.values())


def _covering(stock: Stock, sample_size: int, least_covered: int) -> _Model:
    model = _Model(stock)
    model.fill(sample_size)
    covered = model.covered()
    model.row([(column, 1.0) for column in covered], least_covered, len(covered))
    return model


Terms = list[tuple[int, float]]


class _Model:
    def __init__(self, stock: Stock) -> None:
        self.stock, self.highs = stock, quiet_solver(_OPTIONS)
        self.cells = {
            cell: self._whole(stock.least.get(cell, 0), most)
            for cell, most in sorted(
                stock.most.items(), key=lambda item: tuple(code or "" for code in item[0])
            )
        }

    def _whole(self, least: float, most: float) -> int:
        column = int(self.highs.getNumCol())
        self.highs.addVar(least, most)
        self.highs.changeColIntegrality(column, highspy.HighsVarType.kInteger)
        return column

    def row(self, terms: Terms, low: float, high: float) -> None:
        columns, factors = [c for c, _ in terms], [f for _, f in terms]
        self.highs.addRow(low, high, len(terms), columns, factors)

    def all(self) -> Terms:
        return [(column, 1.0) for column in self.cells.values()]

    def unknown(self) -> Terms:
        return [(column, 1.0) for cell, column in self.cells.items() if None in cell]

    def fill(self, sample_size: int) -> None:
        room = max(sample_size, sum(self.stock.least.values()))
        wanted = min(room, sum(self.stock.most.values()))
        self.row(self.all(), wanted, wanted)

    def _of(self, group: CodeGroup) -> Terms:
        return [(column, 1.0) for cell, column in self.cells.items() if group in groups(cell)]

    def at_least(self, group: CodeGroup, least: int) -> None:
        self.row(self._of(group), least, highspy.kHighsInf)

    def covered(self) -> list[int]:
        """A column for each that can be covered: 1 only if somebody of it is invited."""
        columns = []
        for group in self.stock.coverable():
            column = self._whole(0, 1)
            self.row([*self._of(group), (column, -1.0)], 0, highspy.kHighsInf)
            columns.append(column)
        return columns

    def unevenness(self, sample_size: int) -> Terms:
        """Squares as steps: the k-th of a group costs 2k-1, and steps are taken cheapest first."""
        costs: Terms = []
        for group in self.stock.groups():
            reach = sum(m for cell, m in self.stock.most.items() if group in groups(cell))
            steps = [self._whole(0, 1) for _ in range(min(reach, _room(sample_size, self.stock)))]
            self.row([*self._of(group), *((step, -1.0) for step in steps)], 0, 0)
            costs += [(step, 2.0 * k - 1) for k, step in enumerate(steps, start=1)]
        return costs

    def solved(self, costs: Terms) -> Mapping[Cell, int]:
        if not self.cells:
            return {}
        for column, cost in costs:
            self.highs.changeColCost(column, cost)
        self.highs.run()
        status = self.highs.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            problem = f"The solver ended with {self.highs.modelStatusToString(status)!r}."
            mend = "Report this with the numbers of offers by what has to be covered."
            raise NotProven("not-proven", "the selection", problem, mend)
        values = self.highs.getSolution().col_value
        return {cell: round(values[column]) for cell, column in self.cells.items()}


def _room(sample_size: int, stock: Stock) -> int:
    return max(sample_size, sum(stock.least.values()))


_OPTIONS: Mapping[str, bool | float] = {
    "random_seed": 0,
    # The costs are whole numbers: an answer within less than one of the bound is the best.
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 0.5,
}
