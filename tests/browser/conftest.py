"""What the browser tests share: Debian's Chromium, and axe-core's rules for WCAG 2.2 A and AA."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from importlib.resources import files
from typing import Any

import pytest

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOK = """async (rules) => {
  const found = await axe.run(document, {runOnly: {type: 'tag', values: rules}});
  return found.violations.map(v => [v.id, ...v.nodes.map(n => n.html.slice(0, 160))]);
}"""


AXES = ("language", "viewport", "width", "scheme", "municipality", "mode")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    """Of a test that crosses languages with widths or colours most crossings are long.

    `make test` meets each language, each width and so on in as few crossings as that takes,
    `make test-all` each of them in each other.
    """
    tests = defaultdict[Any, list[pytest.Function]](list)
    for item in items:
        if isinstance(item, pytest.Function) and item.get_closest_marker("browser"):
            tests[item.module, item.originalname].append(item)
    for crossed in tests.values():
        varied = [name for name in AXES if len({_given(item, name) for item in crossed}) > 1]
        values = {name: list(dict.fromkeys(_given(i, name) for i in crossed)) for name in varied}
        few = {
            tuple(at % len(found) for found in values.values())
            for at in range(max(map(len, values.values()), default=1))
        }
        for item in crossed:
            ranks = tuple(values[name].index(_given(item, name)) for name in varied)
            if ranks not in few:
                item.add_marker(pytest.mark.long)


def _given(item: pytest.Function, name: str) -> str:
    return str(item.callspec.params.get(name)) if hasattr(item, "callspec") else ""


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
