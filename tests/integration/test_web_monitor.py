"""The monitor of a municipality's contact: numbers of that municipality, and nothing else."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from blikveld.web.watching import address, secret

WORK = {"district": ["zand_strand"], "job": ["other"], "job_other": ["Vuurtorenwachter"]}


def _open(here: Any, path: str) -> Any:
    visitor = here.visitor()
    visitor.open(path)
    return visitor


def test_numbers_under_five_are_never_shown_exactly(here: Any) -> None:
    for _ in range(4):
        here.visitor().begin()
    seen = _open(here, address(here.study, "zand", "nl", settings.SECRET_KEY))
    assert seen.status == 200
    assert _numbers(seen) == {"minder dan 5"}


def test_from_five_on_the_numbers_are_shown(here: Any) -> None:
    for _ in range(6):
        here.visitor().begin().send({**WORK, "seen": ["no"]})
    seen = _open(here, address(here.study, "zand", "en", settings.SECRET_KEY))
    assert {"6", "fewer than 5"} == _numbers(seen)
    assert "Vuurtorenwachter" not in seen.text


def test_another_municipality_has_another_secret(here: Any) -> None:
    places = [place.key for place in here.study.municipalities]
    secrets = {secret(here.study, place, settings.SECRET_KEY) for place in places}
    assert len(secrets) == len(places) > 1
    wrong = address(here.study, places[1], "nl", settings.SECRET_KEY).replace(places[1], places[0])
    for path in (wrong, "/nl/monitor/zand/guessed/", "/nl/monitor/nowhere/guessed/"):
        assert _open(here, path).status == 404


def test_the_secret_leaves_by_no_link_and_no_cache(here: Any) -> None:
    seen = _open(here, address(here.study, "zand", "nl", settings.SECRET_KEY))
    assert seen.response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in seen.response["Cache-Control"]


def _numbers(visitor: Any) -> set[str]:
    return {cell.text_content() for cell in visitor.page.xpath("//td")}


def test_who_finished_is_counted_per_domain_and_small_groups_do_not_follow(
    opened: Any, flagship: Any
) -> None:
    from dataclasses import replace

    from blikveld.fieldwork import Link, State, sessions
    from blikveld.fieldwork.tokens import hashed, make
    from blikveld.questionnaire import Routing
    from blikveld.study.model import Mode
    from blikveld.web import fieldwork
    from blikveld.web.answers.store import DjangoStore

    here = opened(flagship)
    place = flagship.municipalities[0].key
    link, routing, store = Link(place, Mode.WEB), Routing(flagship), DjangoStore(flagship.key)
    people = {"boa": 12, "secondary_school": 9, "debt_counsellor": 2, None: 3}
    for function, number in people.items():
        for _ in range(number):
            begun = sessions.start(routing, hashed(make()), link, "nl").session
            answers = {"function": function} if function else {}
            with store.turn():
                store.add(replace(begun, answers=answers, state=State.COMPLETED))
    counts = fieldwork.counts_by_domain(here.data, flagship, link)
    assert {name: found.completed for name, found in counts.items()} == {
        "order": 12,
        "education": 9,
        "work": 2,
    }
    assert counts["order"].pages == {1: 12}
    seen = _open(here, address(flagship, place, "nl", settings.SECRET_KEY))
    cells = [td.text_content() for td in seen.page.xpath("(//tbody)[2]//td")]
    assert sorted(cells) == ["12", "minder dan 5", "minder dan 5", "minder dan 5", "niet te zien"]
