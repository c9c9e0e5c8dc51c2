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
