"""No file holds a name once it is protected; a withdrawn interview leaves its certificate alone.

Everything is done on the desk's pages. Every name and word is invented.
"""

from __future__ import annotations

import io
import json
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from blikveld.desk.roles import Role
from blikveld.interviews.coding import Action, ActionKind, MemoKind
from blikveld.interviews.refi.model import new_guid
from blikveld.interviews.workspace import Workspace
from blikveld.study.load import load

MADE = Path(__file__).parents[1] / "studies/made"
VTT = """WEBVTT

00:00:01.000 --> 00:00:04.000
<v Ünal, Zoë (Stichting Kaapstander)>Youssef sliep in Schiedam op een walbootje.</v>

00:00:04.000 --> 00:00:07.000
<v Famke Osinga>Vertel, Zoë. Had Youssef een nummer?</v>

00:00:07.000 --> 00:00:12.000
<v Ünal, Zoë (Stichting Kaapstander)>06-51234098, en mail zoe.unal@kaapstander.example maar.</v>
"""
SPEAKERS = "Zoë Ünal = Werker\nFamke Osinga = Interviewer"
SPEAKING = ("Zoë", "Ünal", "Famke", "Osinga", "Kaapstander", "unal@")
NAMES = (*SPEAKING, "Youssef", "Schiedam", "51234098")
SAID = ("walbootje", "ponton", "geheimwoord")
"""Words of the interviews, and of a memo about one."""


class Page:
    """The desk as somebody who prepares interviews sees it."""

    def __init__(self, desk: Any) -> None:
        self.data: Path = desk.data
        self._client = desk.signed_in(Role.RESEARCHER, "lea")

    def get(self, path: str) -> bytes:
        answer = self._client.get(f"/nl/interviews/{path}")
        assert answer.status_code == 200, path
        return bytes(answer.content)

    def post(self, path: str, **form: object) -> None:
        answer = self._client.post(f"/nl/interviews/{path}", form)
        assert answer.status_code in (200, 303), answer.content.decode()

    def import_transcript(self, key: str) -> None:
        file = SimpleUploadedFile("Gesprek Zoë Ünal.vtt", VTT.encode())
        about = {"function": "", "municipality": "", "organisations": "Stichting Kaapstander"}
        self.post("new/", name=key, speakers=SPEAKERS, file=file, **about)

    def take_over(self, raw: bytes) -> None:
        file = SimpleUploadedFile("Zoë.qdpx", raw)
        self.post("exchange/", speakers=SPEAKERS, organisations="", file=file)

    def protect(self, key: str) -> None:
        page = self.get(f"draft/{key}/").decode()
        version = re.findall(r'name="version" value="(\w+)"', page)[0]
        take = re.findall(r'name="take" value="(\d+)" checked', page)
        self.post(f"draft/{key}/", version=version, take=take, do="protect")

    def drafts(self) -> list[str]:
        return re.findall(r"/nl/interviews/draft/([\w-]+)/", self.get("").decode())


@pytest.fixture
def page(desk_of: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Page:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    # Programs that happen to be installed add suggestions, and take their time.
    for views in ("preparing", "exchanging"):
        monkeypatch.setattr(f"blikveld.desk.interviews.{views}.installed", lambda: ())
    return Page(desk_of(load(MADE)))


def forms(word: str) -> Iterator[bytes]:
    """How a word may stand in a file."""
    for one in {word.casefold(), json.dumps(word).strip('"').casefold()}:
        yield from (one.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be"))


def contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file, and what an archive holds."""
    for path in (path for path in folder.rglob("*") if path.is_file()):
        raw = path.read_bytes()
        yield path.name, raw
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(io.BytesIO(raw)) as archive:
                yield from ((name, archive.read(name)) for name in archive.namelist())


def folded(raw: bytes) -> bytes:
    """A file in lower case, as far as it is text."""
    try:
        return raw.decode("utf-8").casefold().encode()
    except UnicodeDecodeError:
        return raw.lower()


def traces(folder: Path, *words: str) -> set[tuple[str, str]]:
    """The files in which a word stands, by name."""
    return {
        (name, word)
        for name, raw in contents(folder)
        for word in words
        if any(form in folded(raw) for form in forms(word))
    }


def foreign(guid: str) -> bytes:
    """A project of another program with a text, a code, a memo, a link, a set and a graph."""
    code, note = new_guid(), new_guid()
    inside = f"""<CodeBook><Codes><Code guid="{code}" name="Bij Youssef" isCodable="true"/></Codes>
    </CodeBook><Sources><TextSource guid="{guid}" name="Gesprek Zoë Ünal"><PlainTextContent>Zoë
    Ünal: Het ponton van Youssef lag in Schiedam.</PlainTextContent><NoteRef targetGUID="{note}"/>
    </TextSource></Sources><Notes><Note guid="{note}" name="Zoë"><PlainTextContent>Zoë zweeg; een
    geheimwoord.</PlainTextContent></Note></Notes><Links><Link guid="{new_guid()}" name="van Zoë"
    originGUID="{code}" targetGUID="{guid}"/></Links><Sets><Set guid="{new_guid()}" name="Ünal">
    <MemberSource targetGUID="{guid}"/></Set><Set guid="{new_guid()}" name="Gevoel"><MemberCode
    targetGUID="{code}"/></Set></Sets><Graphs><Graph guid="{new_guid()}" name="Net"><Vertex
    guid="{new_guid()}" representedGUID="{guid}" name="Zoë" firstX="1" firstY="1"/></Graph></Graphs>
    """
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        head = '<Project xmlns="urn:QDA-XML:project:1.0" name="Ünal">'
        archive.writestr("project.qde", f"{head}{inside}</Project>")
    return target.getvalue()


def code_it(key: str) -> None:
    """Coders give a code to words of a text, and write about it."""
    from blikveld.desk.interviews.showing import coding_project

    made = Action(ActionKind.SET_CODE, code="slapen", name="Slapen")
    given = Action(ActionKind.CODE, code="slapen", text=key, start=0, end=12)
    memo = Action(
        ActionKind.MEMO, memo="m", memo_kind=MemoKind.TEXT, words="geheimwoord", about=key
    )
    coding_project().do("bob", made, given, memo)


def test_no_file_and_no_download_holds_a_name_after_protecting(page: Page, tmp_path: Path) -> None:
    page.import_transcript("g1")
    # What a draft may hold is what nobody judged yet; who speaks is gone before it is stored.
    assert traces(tmp_path, *SPEAKING) == set()
    page.protect("g1")
    code_it("g1")
    page.take_over(foreign(new_guid()))
    (draft,) = page.drafts()
    page.protect(draft)
    assert traces(tmp_path, *SAID[:2]) != set()
    assert traces(tmp_path, *NAMES) == set()
    out = tmp_path / "out"
    out.mkdir()
    sent = ("exchange/interviews.qdpx", "exchange/codes.qdc", "tables/interviews.xlsx")
    for number, path in enumerate((*sent, "tables/interviews.docx", "", "log/", "text/g1/")):
        (out / str(number)).write_bytes(page.get(path))
    assert traces(out, *NAMES) == set()


def test_a_withdrawn_interview_leaves_nothing_but_its_certificate(
    page: Page, tmp_path: Path
) -> None:
    from blikveld.desk.interviews.showing import workspace

    guid = new_guid()
    page.import_transcript("g1")
    page.protect("g1")
    code_it("g1")
    page.take_over(foreign(guid))
    (draft,) = page.drafts()
    page.protect(draft)
    for key in ("g1", draft):
        page.post(f"withdraw/{key}/")
    assert traces(tmp_path, *NAMES, *SAID) == set()
    # Its name stays where it says that it is gone, and in the chain of headers without a word.
    assert {name for name, _ in traces(tmp_path, guid, '"g1"')} == {
        "g1.json",
        "log.jsonl",
        "project.jsonl",
    }
    assert _counts(page.data, "g1") == (1, 1, 0)
    assert _registered(workspace()) == set()
    # What other programs said of codes alone goes out again.
    assert traces(tmp_path, "Gevoel") == {("others.qde", "Gevoel")}
    assert traces(tmp_path, 'name="Net"') == {("others.qde", 'name="Net"')}
    assert traces(tmp_path, "van [naam") == set()


def test_an_interview_is_withdrawn_before_anybody_protected_it(page: Page, tmp_path: Path) -> None:
    from blikveld.desk.interviews.showing import workspace

    page.import_transcript("g1")
    page.import_transcript("g2")
    page.protect("g2")
    assert "/nl/interviews/withdraw/g1/" in page.get("").decode()
    assert "Intrekken, voor altijd" in page.get("withdraw/g1/").decode()
    page.post("withdraw/g1/")
    assert page.drafts() == []
    assert {name for name, _ in traces(page.data / "desk", '"g1"')} == {
        "g1.json",
        "project.jsonl",
    }
    assert _counts(page.data, "g1") == (0, 0, 0)
    # The other interview is of the same people: what stands behind its placeholders stays known.
    assert {"Zoë", "Youssef"} <= _registered(workspace())
    page.post("withdraw/g2/")
    assert _registered(workspace()) == set()
    assert traces(tmp_path, *NAMES, *SAID) == set()


def test_withdrawing_a_text_forgets_no_name_of_a_draft(page: Page) -> None:
    from blikveld.desk.interviews.showing import workspace

    page.import_transcript("g1")
    page.protect("g1")
    page.import_transcript("g2")
    page.post("withdraw/g1/")
    assert {"Zoë"} <= _registered(workspace())


def _counts(data: Path, key: str) -> tuple[int, int, int]:
    found = json.loads((data / f"desk/interviews/certificates/{key}.json").read_bytes())
    return found["codings"], found["memos"], found["quotes"]


def _registered(work: Workspace) -> set[str]:
    """The words that stand behind placeholders."""
    return {words for entry in work.register().entries.values() for words in entry}
