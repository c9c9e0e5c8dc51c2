"""The page of the checker in a browser: both languages, both colours, narrow and wide."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from blikveld.checker.local_page import make_server

pytestmark = pytest.mark.browser
TEXT = """# Het koor

Van de 50 leden zingen er 20 (30%). Bijna de helft (12%) leest noten.

| Stem | Alleen | Samen | Totaal |
|---|---|---|---|
| Bas | 12 (40%) | 18 (60%) | 30 |
| Tenor | 20 (50%) | 20 (50%) | 40 |
| Alt | 33 (55%) | 27 (45%) | 66 |
| Totaal | 65 (50%) | 65 (50%) | 130 |
"""


@pytest.mark.parametrize(
    ("locale", "scheme", "width"), [("nl", "light", 1100), ("en", "dark", 320)]
)
def test_a_report_is_dropped_and_its_findings_are_marked(
    chromium: Any,
    violations: Callable[[Any], Any],
    tmp_path: Path,
    locale: str,
    scheme: str,
    width: int,
) -> None:
    path = tmp_path / "koor.md"
    path.write_text(TEXT, encoding="utf-8")
    with make_server() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        context = chromium.new_context(
            locale=locale,
            color_scheme="dark" if scheme == "dark" else "light",
            viewport={"width": width, "height": 700},
        )
        page = context.new_page()
        page.goto(server.address)
        assert violations(page) == []
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == "report"
        page.set_input_files("#report", path)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_selector("mark")
        assert violations(page) == []
        assert page.locator("td mark").all_inner_texts() == ["66"]
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.locator(".findings a").first.click()
        assert page.evaluate("location.hash").startswith("#finding-")
        context.close()
        server.shutdown()
