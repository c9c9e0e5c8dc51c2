"""Themes: colours that people can read, refused with the failing pair and its ratio."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from blikveld.errors import Fault, Faults
from blikveld.study.load import load
from blikveld.study.model import Study
from blikveld.study.themes import USUAL, Theme, contrast, too_faint

SMALL = Path(__file__).parents[1] / "studies/small"


def with_themes(folder: Path, text: str) -> Study:
    shutil.copytree(SMALL, folder / "small")
    (folder / "small/themes.yaml").write_text(text, encoding="utf-8")
    return load(folder / "small")


def fault(folder: Path, text: str) -> Fault:
    with pytest.raises(Faults) as caught:
        with_themes(folder, text)
    [found] = caught.value.faults
    return found


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#777777", "#ffffff", 4.478),
        ("#767676", "#ffffff", 4.542),
        ("#336699", "#336699", 1.0),
    ],
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.001)
    assert contrast(other, one) == contrast(one, other)


def test_the_usual_theme_and_every_shipped_one_can_be_read(flagship: Study) -> None:
    assert not list(too_faint(USUAL))
    assert [theme.key for theme in flagship.themes] == ["ink"]
    assert flagship.theme("rotterdam").key == "ink"
    assert flagship.theme("alkmaar") is USUAL


def test_a_colour_of_a_theme_is_no_reason_for_a_new_snapshot(tmp_path: Path) -> None:
    text = 'themes: [{key: t, members: [zand], colours: {utrecht-link-color: "#00346B"}}]'
    found = with_themes(tmp_path, text)
    assert found.theme("zand") == Theme("t", ("zand",), {"utrecht-link-color": "#00346b"})
    assert found.theme("veen") is USUAL
    assert found.digest == load(SMALL).digest


def test_a_pair_that_is_too_faint_is_refused_with_its_ratio(tmp_path: Path) -> None:
    text = """\
themes:
  - key: pale
    members: [zand]
    colours:
      utrecht-heading-1-color: "#999999"
"""
    found = fault(tmp_path, text)
    assert (found.code, found.file, found.line) == ("contrast", "themes.yaml", 2)
    assert "utrecht-heading-1-color on utrecht-document-background-color" in found.problem
    assert "2.64" in found.problem
    assert "4.5 is needed" in found.problem


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        ("key: t, members: [zand], colours: {utrecht-link-color: red}", "colour"),
        ("key: t, members: [zand], colours: {utrecht-link-color: '#0;}'}", "colour"),
        ("key: t, members: [zand], colours: {utrecht-link-colour: '#00346b'}", "unknown-key"),
        ("key: t, members: [zandt], colours: {}", "unknown-site"),
        ("key: t, members: [zand, zand], colours: {}", "duplicate"),
    ],
)
def test_what_a_theme_cannot_be(tmp_path: Path, inside: str, code: str) -> None:
    found = fault(tmp_path, f"themes:\n- {{{inside}}}\n")
    assert found.code == code
    assert found.line == 2
