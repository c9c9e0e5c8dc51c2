"""Choosing whom to invite: the smallest cover, the most even filling, and what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blikveld.contacts import SealedContact
from blikveld.interviews.selection import (
    MissingReason,
    Offer,
    Sample,
    WrongKeys,
    eligible,
    from_contacts,
    select,
    unevenness,
)
from blikveld.interviews.selection import smallest_cover as cover
from blikveld.questionnaire.routing import Routing
from blikveld.responses.derive import code_and_derive
from blikveld.rules import parse
from blikveld.study.model import Study
from blikveld.synthetic.records import load

TOWNS, FIELDS = ("a", "b", "c"), ("x", "y")
ELIGIBLE = parse("sighted == 'yes'")


def sample(number: int) -> Sample:
    return Sample({"town": TOWNS, "field": FIELDS}, ELIGIBLE, number)


SMALL = sample(3)


def offer(key: int, town: str, field: str | None, sighted: str | None = "yes") -> Offer:
    known = {"town": town, "field": field, "sighted": sighted}
    return Offer(key, {name: code for name, code in known.items() if code is not None})


def offers(*cells: tuple[str, str | None]) -> list[Offer]:
    return [offer(k, town, field) for k, (town, field) in enumerate(cells, start=1)]


def covered(chosen: Sequence[Offer]) -> int:
    return sum(len({o.facts[n] for o in chosen if n in o.facts}) for n in SMALL.cover)


def squares(chosen: Sequence[Offer]) -> int:
    return unevenness(Counter(tuple(map(o.facts.get, SMALL.cover)) for o in chosen))


def rank(chosen: Sequence[Offer]) -> tuple[int, int, int]:
    unknown = sum("field" not in offer.facts for offer in chosen)
    return -covered(chosen), unknown, squares(chosen)


@pytest.fixture(scope="module")
def reference(flagship: Study) -> list[Offer]:
    """The offers of the reference respondents, with a domain that this test alone knows."""
    routing = Routing(flagship)
    return list(_offers(flagship, routing))


def _offers(study: Study, routing: Routing) -> Iterator[Offer]:
    for record in load(study):
        if record.address is None:
            continue
        person = code_and_derive(study, record.person(routing))
        facts = {name: person[name] for name in study.collecting.offer_facts}
        known = {name: code for name, code in facts.items() if isinstance(code, str)}
        yield Offer(record.respondent, known)


def places(study: Study) -> Sample:
    return Sample.of(study, 20)


def test_the_reference_offers_cover_all_sites_and_fields(
    flagship: Study, reference: list[Offer]
) -> None:
    found = select(reference, places(flagship))
    assert len(found.invited) == 20
    assert found.smallest_cover == 13
    assert found.missing == {"municipality": {}, "domain": {}}
    assert len(found.by["municipality"]) == 13
    assert {1, 2} == set(found.by["municipality"].values())
    # One offer only from the smallest domain; the other places are as even as can be.
    assert sorted(found.by["domain"].values()) == [1, 4, 5, 5, 5]
    assert all(offer.facts["suspected"] == "yes" for offer in found.invited)


def test_refusals_of_a_whole_site_are_reported_as_the_study_did(
    flagship: Study, reference: list[Offer]
) -> None:
    first = select(reference, places(flagship))
    gone = flagship.sites.every[0].key
    refused = {
        o.key
        for o in reference
        if o.facts["municipality"] == gone and o.facts.get("suspected") == "yes"
    }
    invited = {o.key for o in first.invited}
    second = select(reference, places(flagship), invited=invited, refused=refused)
    assert second.missing == {"municipality": {gone: MissingReason.REFUSED}, "domain": {}}
    assert second.by["municipality"][gone] == 0
    assert len(second.invited) == 20
    assert {o.key for o in second.fresh} == {o.key for o in second.invited} - invited
    assert invited - refused <= {o.key for o in second.invited}


def test_one_refusal_gives_the_next_best(flagship: Study, reference: list[Offer]) -> None:
    first = select(reference, places(flagship))
    gone = first.invited[0]
    second = select(
        reference, places(flagship), invited=[o.key for o in first.invited], refused=[gone.key]
    )
    assert len(second.fresh) == 1
    assert second.fresh[0].facts["municipality"] == gone.facts["municipality"]
    assert second.unevenness == first.unevenness


small = st.lists(
    st.tuples(st.sampled_from(TOWNS), st.sampled_from([*FIELDS, None])), min_size=1, max_size=7
)


@settings(max_examples=80, deadline=None)
@given(small)
def test_no_smaller_cover_exists(cells: list[tuple[str, str | None]]) -> None:
    pool = offers(*cells)
    whole = covered(pool)
    least = next(
        size
        for size in range(len(pool) + 1)
        if any(covered(some) == whole for some in combinations(pool, size))
    )
    found = cover(pool, SMALL)
    assert covered(found) == whole
    assert len(found) == least


@settings(max_examples=80, deadline=None)
@given(small, st.integers(0, 5), st.data())
def test_nothing_is_covered_better_or_filled_more_evenly(
    cells: list[tuple[str, str | None]], number: int, data: st.DataObject
) -> None:
    pool = offers(*cells)
    keys = [offer.key for offer in pool]
    refused = set(data.draw(st.lists(st.sampled_from(keys), max_size=2)))
    invited = set(data.draw(st.lists(st.sampled_from(keys), max_size=2)))
    left = [offer for offer in pool if offer.key not in refused]
    fixed = {offer for offer in left if offer.key in invited}
    size = min(max(number, len(fixed)), len(left))
    ways = [some for some in combinations(left, size) if fixed <= set(some)]
    best = min(rank(some) for some in ways)
    found = select(pool, sample(number), invited=invited, refused=refused)
    assert rank(found.invited) == best
    assert fixed <= set(found.invited)
    assert found.unevenness == best[2]


def test_what_nobody_offers_and_what_finds_no_place_are_told_apart() -> None:
    found = select(offers(("a", "x"), ("b", "x")), sample(1))
    assert found.missing["town"] == {"b": MissingReason.NO_SAMPLE, "c": MissingReason.NO_OFFER}
    assert found.missing["field"] == {"y": MissingReason.NO_OFFER}
    assert found.by["field"] == {"x": 1, "y": 0}


def test_who_is_not_eligible_or_of_whom_it_is_not_known_is_not_invited() -> None:
    pool = [offer(1, "a", "x"), offer(2, "b", "y", "no"), offer(3, "c", "y", None)]
    assert [offer.key for offer in eligible(pool, ELIGIBLE)] == [1]
    assert [offer.key for offer in select(pool, SMALL).invited] == [1]


def test_a_code_that_is_not_known_covers_none_and_draws_nobody() -> None:
    found = select(offers(("a", None), ("a", "x"), ("b", None), ("c", None)), SMALL)
    assert found.missing["field"] == {"y": MissingReason.NO_OFFER}
    assert found.by["field"][None] == 2


def test_without_offers_everything_is_missing() -> None:
    found = select([], SMALL)
    assert found.invited == ()
    assert set(found.missing["town"]) == set(TOWNS)


def test_the_same_offers_in_another_order_give_the_same_places() -> None:
    pool = offers(("a", "x"), ("a", "y"), ("b", "x"), ("b", "y"), ("c", "x"), ("c", "y"))
    assert select(pool, SMALL) == select(reversed(pool), SMALL)


def test_a_key_that_was_never_offered_is_refused() -> None:
    with pytest.raises(WrongKeys, match="Key 9"):
        select(offers(("a", "x")), SMALL, refused=[9])


def test_offers_of_sealed_contacts_hold_no_address() -> None:
    found = from_contacts([SealedContact(7, b"sealed", {"town": "a"})])
    assert found == (Offer(7, {"town": "a"}),)
