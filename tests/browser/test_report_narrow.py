"""The report on a phone: nothing of the page is wider than 320 pixels. Its answers are made up."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from blikveld.cli import steps
from blikveld.cli.publish import Format, write_report
from blikveld.study.model import Study


@pytest.mark.browser
def test_the_report_needs_no_sideways_scrolling_on_a_phone(flagship: Study, tmp_path: Path) -> None:
    from playwright.sync_api import sync_playwright

    with steps.snapshot_or_reference(flagship, None) as taken:
        write_report(flagship, taken, tmp_path, flagship.languages, kinds=[Format.HTML])
    with sync_playwright() as program:
        browser = program.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": 320, "height": 640})
        for language in flagship.languages:
            page.goto((tmp_path / f"report-{language}.html").as_uri())
            assert page.evaluate("document.documentElement.scrollWidth") <= 320
        browser.close()
