"""A municipality's colours stand in its own style sheet: no request more, no style in a page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from blikveld.study.model import Study
from blikveld.study.themes import Theme


def _sheet(visitor: Any) -> tuple[str, str]:
    [url] = visitor.page.xpath("//link[@rel='stylesheet']/@href")
    response = visitor.client.get(url)
    assert response.status_code == 200
    assert "immutable" in response["Cache-Control"]
    return url, response.content.decode()


def test_each_municipality_has_the_sheet_of_its_theme(
    opened: Callable[[Study], Any], small: Study
) -> None:
    theme = Theme("deep", ("zand",), {"utrecht-link-color": "#00346b"})
    here = opened(replace(small, themes=(theme,)))
    zand, veen = here.visitor("zand").begin(), here.visitor("veen").begin()
    (ours, text), (theirs, usual) = _sheet(zand), _sheet(veen)
    assert ours != theirs
    assert "--utrecht-link-color:#00346b;" in text
    assert "#00346b" not in usual
    assert len(zand.page.xpath("//link[@rel='stylesheet']")) == 1
    assert not zand.page.xpath("//style|//*[@style]")


def test_an_address_of_an_earlier_style_sheet_gives_the_usual_one(here: Any) -> None:
    response = here.visitor().client.get("/style-000000000000.css")
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-cache"
