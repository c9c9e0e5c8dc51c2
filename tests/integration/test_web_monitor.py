"""The monitor of a municipality's contact: numbers of that municipality, and nothing else."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from blikveld.web.environment import monitor_address, monitor_secret

WORK = {"district": ["zand_strand"], "job": ["other"], "job_other": ["Vuurtorenwachter"]}


def _open(here: Any, path: str) -> Any:
    visitor = here.visitor()
    visitor.open(path)
    return visitor


def _finish(here: Any, number: int) -> None:
    for _ in range(number):
        here.visitor().begin().send({**WORK, "seen": ["no"]}).send({})


def _night(here: Any) -> None:
    from blikveld.web import stored_data

    stored_data.rewrite(here.data, here.study)


def test_numbers_under_the_smallest_group_are_never_shown_exactly(here: Any) -> None:
    _finish(here, 4)
    _night(here)
    seen = _open(here, monitor_address(here.study, "zand", "nl", settings.SECRET_KEY))
    assert seen.status == 200
    assert _numbers(seen) == ["minder dan 5", "minder dan 5"]


def test_numbers_go_up_in_steps_at_night_for_who_finished(here: Any) -> None:
    _finish(here, 6)
    here.visitor().begin()
    path = monitor_address(here.study, "zand", "en", settings.SECRET_KEY)
    assert _numbers(_open(here, path)) == ["fewer than 5"] * 2
    _night(here)
    seen = _open(here, path)
    assert _numbers(seen) == ["5", "fewer than 5"]
    assert "in steps of 5" in seen.text
    assert "Vuurtorenwachter" not in seen.text
    # Ten finished, and only four since the number changed.
    _finish(here, 4)
    _night(here)
    assert _numbers(_open(here, path)) == ["5", "fewer than 5"]
    _finish(here, 1)
    _night(here)
    assert _numbers(_open(here, path)) == ["10", "fewer than 5"]


def test_a_study_with_another_smallest_group_has_other_steps(opened: Any, small: Any) -> None:
    from dataclasses import replace

    from blikveld.study.disclosure import Disclosure

    here = opened(replace(small, disclosure=Disclosure(threshold=3)))
    _finish(here, 4)
    _night(here)
    seen = _open(here, monitor_address(here.study, "zand", "nl", settings.SECRET_KEY))
    assert _numbers(seen) == ["3", "minder dan 3"]


def test_another_municipality_has_another_secret(here: Any) -> None:
    places = [place.key for place in here.study.sites]
    secrets = {monitor_secret(here.study, place, settings.SECRET_KEY) for place in places}
    assert len(secrets) == len(places) > 1
    wrong = monitor_address(here.study, places[1], "nl", settings.SECRET_KEY).replace(
        places[1], places[0]
    )
    for path in (wrong, "/nl/monitor/zand/guessed/", "/nl/monitor/nowhere/guessed/"):
        assert _open(here, path).status == 404


def test_the_secret_leaves_by_no_link_and_no_cache(here: Any) -> None:
    seen = _open(here, monitor_address(here.study, "zand", "nl", settings.SECRET_KEY))
    assert seen.response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in seen.response["Cache-Control"]


def _numbers(visitor: Any) -> list[str]:
    return [str(cell.text_content()) for cell in visitor.page.xpath("//td")]
