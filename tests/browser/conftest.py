"""What the browser tests share: Debian's Chromium, and axe-core's rules for WCAG 2.2 A and AA."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import Any

import pytest

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOK = """async (rules) => {
  const found = await axe.run(document, {runOnly: {type: 'tag', values: rules}});
  return found.violations.map(v => [v.id, ...v.nodes.map(n => n.html.slice(0, 160))]);
}"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A browser of its own for each file of tests."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def violations() -> Callable[[Any], Any]:
    """What axe-core has against a page as it stands."""
    axe = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")

    def look(page: Any) -> Any:
        # Our policy lets no foreign script in; the debugger puts this one there itself.
        page.evaluate(axe)
        return page.evaluate(LOOK, RULES)

    return look
