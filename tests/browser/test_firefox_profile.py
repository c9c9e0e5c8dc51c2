"""What stays on a device with Firefox after a questionnaire. Everything here is invented."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.browser.firefox import Firefox, everything, unpacked
from tests.browser.serving import SMALL, served

from blikveld.web.process import Server

REMARK, ADDRESS = "MARKEDREMARK", "marked.address@example.org"
WRONG_ADDRESS = ADDRESS.replace("@", " at ")
SUBJECT, QUESTION = "Verzonnen onderzoek", "Uw werk"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Server]:
    with served(SMALL, tmp_path / "data") as server:
        yield server


def to_the_last_page(firefox: Firefox, site: Server) -> None:
    """Answer everything, and be refused once with a remark and a wrong address."""
    firefox.go(site.link("zand"))
    firefox.press("#questionnaire button")
    for name in ("district-zand_duin", "job-baker", "seen-no"):
        firefox.press(f"label[for='q-{name}']")
    firefox.press(".buttons button")
    firefox.expect_title("Stap 4 van 4 – Vragenlijst")
    firefox.fill("#q-remarks", REMARK)
    firefox.fill("#q-talk", WRONG_ADDRESS)
    firefox.press(".buttons button")
    firefox.expect_title("Fout: Stap 4 van 4 – Vragenlijst")
    assert firefox.value("#q-remarks").strip() == REMARK
    firefox.fill("#q-talk", ADDRESS)


@pytest.mark.firefox
@pytest.mark.parametrize(
    ("script", "ending"),
    [
        pytest.param(True, "killed", id="script-killed"),
        pytest.param(False, "closed", id="none-closed", marks=pytest.mark.long),
        pytest.param(True, "closed", id="script-closed", marks=pytest.mark.long),
        pytest.param(False, "killed", id="none-killed", marks=pytest.mark.long),
    ],
)
def test_a_profile_holds_nothing_of_what_was_answered(
    site: Server, tmp_path: Path, script: bool, ending: str
) -> None:
    """A remark, an address and the subject: after a refused page, and after the end."""
    with Firefox(tmp_path / "profile", script=script) as firefox:
        to_the_last_page(firefox, site)
        if ending == "closed":
            firefox.press(".buttons button")
            firefox.expect_title("Hartelijk dank – Vragenlijst")
            firefox.close()
        else:
            # Long enough for what is open to be written down.
            time.sleep(4)
            firefox.kill()
    kept = tuple(everything(tmp_path / "profile"))
    for told in (REMARK, ADDRESS, WRONG_ADDRESS, SUBJECT, QUESTION):
        for coded in (told.encode(), told.encode("utf-16-le")):
            assert not any(coded in file for file in kept), told
    # It is a profile that was used, and what was packed can be read.
    assert any(b"/nl/v/zand/" in file for file in kept)


@pytest.mark.firefox
def test_what_firefox_keeps_of_another_page_is_found(tmp_path: Path) -> None:
    """The same look at a page that hides nothing: what is typed stands in the packed session."""
    page = tmp_path / "open.html"
    page.write_text("<title>SUBJECT</title><form><input id=a><textarea id=b></textarea></form>")
    with Firefox(tmp_path / "profile") as firefox:
        firefox.go(page.as_uri())
        firefox.fill("#a", ADDRESS)
        firefox.fill("#b", REMARK)
        time.sleep(4)
        firefox.kill()
    kept = tuple(everything(tmp_path / "profile"))
    for told in (REMARK, ADDRESS, "SUBJECT"):
        assert any(told.encode() in file for file in kept), told


def test_a_packed_block_is_unpacked() -> None:
    # Five letters, then nine more copied from five back; a run of 20 that needs a second byte.
    assert unpacked(b"\x55abcde\x05\x00\x10x") == b"abcde" * 2 + b"abcd" + b"x"
    assert unpacked(b"\xf0\x05" + b"y" * 20) == b"y" * 20
