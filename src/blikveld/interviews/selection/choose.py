"""From offers to invitations, and what could not be covered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from blikveld.errors import BlikveldError
from blikveld.interviews.selection import program
from blikveld.interviews.selection.offers import Offer, eligible
from blikveld.interviews.selection.program import Cell, Stock


class WrongKeys(BlikveldError):
    """Somebody was said to refuse or agree who made no offer."""


class MissingReason(Enum):
    """Why a municipality or domain is not covered."""

    NO_OFFER = "no_offer"
    REFUSED = "refused"
    NO_SAMPLE = "no_place"


@dataclass(frozen=True, slots=True)
class Sample:
    """What has to be covered, by keys of the study, and how many places there are."""

    municipalities: tuple[str, ...]
    domains: tuple[str, ...]
    number: int = 20


@dataclass(frozen=True, slots=True)
class Selection:
    """Who is invited, in the order of the keys, and what that leaves uncovered.

    `fresh` are those who were not invited before. `smallest_cover` is the number of people that
    covers all that can be covered, proven, before anybody refused. The tables count per
    municipality and domain, with a 0 where nobody is; under None stand those whose domain is not
    known. `unevenness` is the proven least sum of squares.
    """

    invited: tuple[Offer, ...]
    fresh: tuple[Offer, ...]
    smallest_cover: int
    by_municipality: Mapping[str | None, int]
    by_domain: Mapping[str | None, int]
    missing_municipalities: Mapping[str, MissingReason]
    missing_domains: Mapping[str, MissingReason]
    unevenness: int


def smallest_cover(offers: Iterable[Offer]) -> tuple[Offer, ...]:
    """The fewest offers that cover every municipality and domain which offers can cover."""
    pool = eligible(offers)
    found = program.cover(Stock(program.counted(map(_cell, pool))))
    return _drawn(pool, found, ())


def select(
    offers: Iterable[Offer],
    places: Sample,
    *,
    invited: Collection[int] = (),
    refused: Collection[int] = (),
) -> Selection:
    """Fill the places from those who had a suspicion: first cover, then even.

    Who has no known domain helps no domain, so of them there are as few as the cover allows.

    `invited` are the keys of those who were invited before; those of them who did not refuse stay.
    So after a refusal the fresh ones are the next best. Raises WrongKeys and program.NotProven.
    """
    pool = eligible(offers)
    _check(pool, invited, refused)
    open_ = [offer for offer in pool if offer.key not in refused]
    fixed = [offer for offer in open_ if offer.key in invited]
    stock = Stock(program.counted(map(_cell, open_)), program.counted(map(_cell, fixed)))
    counts = _filled(stock, places.number)
    chosen = _drawn(open_, counts, fixed)
    return Selection(
        invited=chosen,
        fresh=tuple(offer for offer in chosen if offer not in fixed),
        smallest_cover=len(smallest_cover(pool)),
        by_municipality=_table((o.municipality for o in chosen), places.municipalities),
        by_domain=_table((o.domain for o in chosen), places.domains),
        missing_municipalities=_missing(
            places.municipalities, *([o.municipality for o in s] for s in (chosen, open_, pool))
        ),
        missing_domains=_missing(
            places.domains, *([o.domain for o in s] for s in (chosen, open_, pool))
        ),
        unevenness=program.unevenness(counts),
    )


def _cell(offer: Offer) -> Cell:
    return offer.municipality, offer.domain


def _check(pool: Iterable[Offer], invited: Collection[int], refused: Collection[int]) -> None:
    known = {offer.key for offer in pool}
    strange = sorted({*invited, *refused} - known)
    if strange:
        problem = f"Key {strange[0]} is not among the offers with a suspicion."
        raise WrongKeys("unknown-key", "the selection", problem, "Use the keys that were listed.")


def _filled(stock: Stock, sample_size: int) -> Mapping[Cell, int]:
    covered = program.most_covered(stock, sample_size)
    unknown = program.fewest_unknown(stock, sample_size, covered)
    return program.even(stock, sample_size, covered, unknown)


def _drawn(
    pool: Iterable[Offer], counts: Mapping[Cell, int], fixed: Collection[Offer]
) -> tuple[Offer, ...]:
    # Within a cell those who were invited come first, then the order of the keys, a fair draw.
    left = dict(counts)
    chosen = []
    for offer in sorted(pool, key=lambda o: (o not in fixed, o.key)):
        if left.get(_cell(offer), 0):
            left[_cell(offer)] -= 1
            chosen.append(offer)
    return tuple(sorted(chosen, key=lambda offer: offer.key))


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
