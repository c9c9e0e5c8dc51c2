"""Robots that begin one questionnaire after another are held up; nobody's address is looked at."""

from __future__ import annotations

from typing import Any

import pytest

from blikveld.web import served_study
from blikveld.web.environment import SettingRefused, read

WORK = {"district": ["zand_duin"], "job": ["baker"], "seen": ["no"]}


def test_after_too_many_starts_a_link_waits_and_others_do_not(here: Any) -> None:
    from blikveld.web import served_study

    now = [0.0]
    starts = served_study.StartLimit(3, lambda: now[0])
    served_study.use(served_study.ServedStudy(here.study, here.keys.public, starts=starts))
    halfway = here.visitor().begin()
    for _ in range(2):
        here.visitor().begin()
    refused = here.visitor().begin()
    assert refused.status == 429
    assert refused.response["Retry-After"] == "60"
    assert "Er beginnen nu veel mensen tegelijk" in refused.text
    assert here.counts().started == 3
    assert len(here.records()) == 3
    assert here.visitor("veen").begin().status == 200
    halfway.send(WORK).send({})
    assert halfway.url.endswith("/done/")
    assert here.visitor().post("/nl/v/zand/p/2/", [("job", "baker")]).status == 429
    now[0] = 61.0
    assert here.visitor().begin().url == "/nl/v/zand/p/2/"


def test_without_a_limit_everybody_may_begin() -> None:
    from blikveld.fieldwork import SurveyLink
    from blikveld.study.model import Mode

    assert all(served_study.StartLimit(0).admit(SurveyLink("zand", Mode.WEB)) for _ in range(1_000))


def test_the_limit_is_a_setting_and_a_number() -> None:
    assert read({}).max_starts_per_minute == 300
    assert read({"BLIKVELD_MAX_STARTS_PER_MINUTE": "0"}).max_starts_per_minute == 0
    with pytest.raises(SettingRefused, match="whole number"):
        read({"BLIKVELD_MAX_STARTS_PER_MINUTE": "-1"})


@pytest.mark.parametrize(
    "headers", [{"User-Agent": "Inventedbot/1.0"}, {"Sec-Purpose": "prefetch"}]
)
def test_robots_and_pages_fetched_ahead_are_not_counted(here: Any, headers: dict[str, str]) -> None:
    here.visitor().open(**headers)
    assert here.opened() == 0
    here.visitor().open()
    assert here.opened() == 1
