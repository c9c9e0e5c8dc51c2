"""REFI-QDA: what came in goes out, what is broken loads nothing."""

from __future__ import annotations

import io
import struct
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from blikveld.errors import Faults
from blikveld.interviews.refi import (
    Codebook,
    ExchangeError,
    RefiArchive,
    RefiCode,
    RefiCoding,
    RefiDocument,
    RefiProject,
    RefiSelection,
    RefiUser,
    package,
    project,
)
from blikveld.interviews.refi.archive import ArchiveLimits
from blikveld.interviews.refi.model import new_guid

OTHER = Path(__file__).parents[1] / "interviews" / "refi" / "other_program.xml"
TEXT = "Hallo 👋🏽\r\n e\u0301e\u0301n gesprek"


def archive(project_name: str = "project.qde", raw: bytes | None = None, **more: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(project_name, OTHER.read_bytes() if raw is None else raw)
        made.writestr("sources/one.txt", ("\ufeff" + TEXT).encode())
        made.writestr("sources/one.docx", b"bytes of a document")
        for name, data in more.items():
            made.writestr(name, data)
    return target.getvalue()


def canonical(root: etree._Element) -> bytes:
    # The tree, not the element: libxml2 loses the default namespace of an element on its own.
    return bytes(etree.tostring(root.getroottree(), method="c14n"))


def test_a_package_that_nobody_changed_comes_out_as_it_came_in() -> None:
    first = RefiArchive.read(archive())
    second = RefiArchive.read(first.written())
    assert canonical(second.root) == canonical(first.root)
    assert second.members == first.members
    assert second.written() == first.written()


def test_a_project_over_its_own_package_changes_nothing() -> None:
    came = RefiArchive.read(archive())
    made = package(project(came), came)
    parser = etree.XMLParser(remove_blank_text=True, remove_comments=True)
    same = [
        canonical(etree.fromstring(etree.tostring(root), parser)) for root in (came.root, made.root)
    ]
    assert same[0] == same[1]
    assert made.members == came.members


def test_what_we_use_of_another_programs_project() -> None:
    found = project(RefiArchive.read(archive()))
    assert found.users == (RefiUser("{0000000A-0000-4000-8000-000000000001}", "Coder Een", "C1"),)
    assert [(c.name, c.codable) for c in found.all_codes()] == [
        ("Werving", False),
        ("Online", True),
    ]
    talk = found.sources[0]
    assert talk.text == TEXT
    assert talk.text[talk.selections[0].start : talk.selections[0].end] == "\r\n e\u0301e\u0301n"
    assert found.notes[0].text == "Nog eens \r\nlezen"


def test_member_names_in_another_letter_case_and_with_backslashes_are_found() -> None:
    for name in ("Project.QDE", "PROJECT.qde"):
        found = RefiArchive.read(archive(name))
        assert project(found).sources[0].text == TEXT
        assert RefiArchive.read(found.written()).project_name == name
    assert (
        RefiArchive.read(archive(**{"Sources\\TWO.TXT": b"x"})).content("internal://two.txt")
        == b"x"
    )


def test_a_missing_source_is_named_and_kept() -> None:
    came = RefiArchive.read(archive())
    found = project(came)
    assert [source.name for source in found.missing] == ["Weg"]
    assert found.problems() == ("The text of source 'Weg' is not in the file.",)
    again = project(package(found, came))
    assert again.missing == found.missing
    assert again.sources[1].name == "Weg"


def test_a_selection_outside_its_text_and_an_unknown_code_are_told() -> None:
    lost = RefiCoding(new_guid(), new_guid())
    talk = RefiDocument(new_guid(), "T", "kort", selections=(RefiSelection(new_guid(), 2, 9),))
    trouble = RefiProject("P", sources=(replace(talk, codings=(lost,)),)).problems()
    assert trouble[0] == "Selection 2-9 lies outside the text of source 'T'."
    assert "which is not there" in trouble[1]


def test_everything_of_our_own_comes_back() -> None:
    coder = RefiUser(new_guid(), "Coder A")
    note = RefiDocument(new_guid(), "Memo", "Een gedachte")
    inner = RefiCode(new_guid(), "Online", color="#00FF00", description="d", notes=(note.guid,))
    code = RefiCode(new_guid(), "Werving", codable=False, codes=(inner,))
    coding = RefiCoding(new_guid(), inner.guid, coder.guid, "2021-10-02T09:00:00Z", (note.guid,))
    passage = RefiSelection(
        new_guid(), 6, 8, "groet", "x", coder.guid, None, (coding,), (note.guid,)
    )
    talk = RefiDocument(new_guid(), "Gesprek", TEXT, selections=(passage,), codings=(coding,))
    whole = RefiProject("P", (coder,), (code,), (talk,), (note,), "Blikveld", "d", (note.guid,))
    assert project(RefiArchive.read(package(whole).written())) == whole


def test_a_change_over_another_programs_package_keeps_what_we_do_not_use() -> None:
    came = RefiArchive.read(archive())
    found = project(came)
    extra = RefiDocument(new_guid(), "Nieuw", "tekst")
    changed = replace(found, sources=(*found.sources[:1], extra), users=())
    made = RefiArchive.read(package(changed, came).written())
    assert project(made).users == ()
    assert [s.name for s in project(made).sources] == ["Gesprek 1", "Nieuw"]
    words = made.written() and etree.tostring(made.root, encoding="unicode")
    for kept in ("PDFSelection", "SyncPoint", "Vertex", "MemberCode", "richTextPath", "basePath"):
        assert kept in words
    assert made.content("internal://one.docx") == b"bytes of a document"


def test_other_programs_pictures_stay_when_all_texts_go() -> None:
    came = RefiArchive.read(archive())
    made = package(replace(project(came), sources=()), came)
    words = etree.tostring(made.root, encoding="unicode")
    assert "PDFSource" in words
    assert "TextSource" not in words


def test_a_file_that_breaks_the_schema_is_refused_with_its_lines() -> None:
    broken = OTHER.read_bytes().replace(b'startPosition="8" ', b"").replace(b'"Star"', b'"Moon"')
    with pytest.raises(Faults) as refused:
        RefiArchive.read(archive(raw=broken), "talk.qdpx")
    assert [fault.file for fault in refused.value.faults] == ["talk.qdpx/project.qde"] * 2
    assert all(fault.line and fault.line > 1 for fault in refused.value.faults)
    assert "startPosition" in str(refused.value)
    assert "urn:QDA" not in str(refused.value)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "no-archive"),
        (b"PK\x03\x04 cut off", "no-archive"),
        (archive("other.qde"), "no-project"),
        (archive("project.qde", **{"Project.QDE": b"<x/>"}), "refused-archive"),
        (archive(raw=b"<Project"), "no-xml"),
        (archive(raw=b'<!DOCTYPE x [<!ENTITY e "e">]><x>&e;</x>'), "doctype"),
    ],
)
def test_what_is_no_project_is_refused_by_name(raw: bytes, code: str) -> None:
    with pytest.raises(ExchangeError) as refused:
        RefiArchive.read(raw, "talk.qdpx")
    assert refused.value.code == code
    assert "talk.qdpx" in str(refused.value)


def test_a_zip_bomb_is_refused_unread() -> None:
    bomb = archive(**{"Sources/zeros.txt": bytes(80 * 2**20)})
    assert len(bomb) < 2**20
    with pytest.raises(ExchangeError, match="far more than any project"):
        RefiArchive.read(bomb)


def test_an_archive_that_lies_about_its_sizes_is_refused() -> None:
    raw = bytearray(archive(**{"Sources/zeros.txt": bytes(2**20)}))
    index = raw.rindex(b"PK\x01\x02")
    raw[index + 24 : index + 28] = struct.pack("<I", 10)
    with pytest.raises(ExchangeError):
        RefiArchive.read(bytes(raw))


@pytest.mark.parametrize(
    "bounds",
    [ArchiveLimits(members=2), ArchiveLimits(total=100), ArchiveLimits(project=100)],
    ids=str,
)
def test_an_archive_over_a_bound_is_refused(bounds: ArchiveLimits) -> None:
    with pytest.raises(ExchangeError, match="Refused"):
        RefiArchive.read(archive(), bounds=bounds)


def test_a_source_that_is_no_utf8_is_told() -> None:
    with pytest.raises(ExchangeError, match=r"no UTF-8"):
        project(RefiArchive.read(archive(**{"Sources/weg.txt": b"caf\xe9"})))


def test_signs_that_xml_cannot_hold_are_told() -> None:
    with pytest.raises(ExchangeError, match="control characters"):
        package(RefiProject("P", users=(RefiUser(new_guid(), "bel\a"),)))
    with pytest.raises(ExchangeError, match="half a sign"):
        package(RefiProject("P", sources=(RefiDocument(new_guid(), "T", "\ud83d"),)))


def test_a_text_with_a_nul_or_a_byte_order_mark_comes_back() -> None:
    for text in ("a\0b", "\ufeffa", ""):
        made = package(RefiProject("P", sources=(RefiDocument(new_guid(), "T", text),)))
        assert project(RefiArchive.read(made.written())).sources[0].text == text


def test_a_codebook_goes_round_with_its_sets() -> None:
    inner = RefiCode(new_guid(), "Online", description="2 < 3 & 4")
    book = Codebook.of(
        [RefiCode(new_guid(), "Werving 👀", codable=False, codes=(inner,))], "Blikveld"
    )
    raw = book.written().replace(
        b"</CodeBook>",
        f'<Sets><Set guid="{new_guid()}" name="S"><MemberCode guid="{inner.guid}"/></Set></Sets>'
        "</CodeBook>".encode(),
    )
    came = Codebook.read(raw)
    assert came.codes == book.codes
    assert canonical(Codebook.read(came.written()).root) == canonical(came.root)
    more = came.with_codes([*came.codes, RefiCode(new_guid(), "Nieuw")])
    assert b"MemberCode" in Codebook.read(more.written()).written()
    fewer = came.with_codes([RefiCode(new_guid(), "Alleen")])
    assert b"MemberCode" not in fewer.written()


def test_a_codebook_that_breaks_the_schema_is_refused() -> None:
    with pytest.raises(Faults, match="isCodable"):
        Codebook.read(
            b'<CodeBook xmlns="urn:QDA-XML:codebook:1.0"><Codes>'
            b'<Code guid="0000000B-0000-4000-8000-000000000001" name="x"/></Codes></CodeBook>'
        )
    with pytest.raises(Faults):
        Codebook.of([])


EMOJI = "Zij zei 😀 en 😀😀 toen: ja, dat klopt wel."


def _selections(text: str, words: tuple[str, ...], *, utf16: bool, name: bool) -> bytes:
    def unit(index: int) -> int:
        return len(text[:index].encode("utf-16-le")) // 2 if utf16 else index

    places = [(text.index(word), text.index(word) + len(word), word) for word in words]
    rows = "".join(
        f'<PlainTextSelection guid="{new_guid()}" startPosition="{unit(start)}" '
        f'endPosition="{unit(end)}"{" name=" + chr(34) + word + chr(34) if name else ""}/>'
        for start, end, word in places
    )
    source = (
        f'<TextSource guid="{new_guid()}" name="t"><PlainTextContent>{text}</PlainTextContent>'
        f"{rows}</TextSource>"
    )
    origin = ' origin="NVivo for Windows 14"' if utf16 else ' origin="Taguette 1.4"'
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        head = f'<Project xmlns="urn:QDA-XML:project:1.0" name="x"{origin}>'
        archive.writestr("project.qde", f"{head}<Sources>{source}</Sources></Project>")
    return target.getvalue()


@pytest.mark.parametrize("utf16", [True, False])
@pytest.mark.parametrize("name", [True, False])
@pytest.mark.parametrize("words", [("ja", "klopt"), ("klopt wel.",), ("Zij", "toen")])
def test_positions_in_units_of_utf16_are_told_from_code_points(
    words: tuple[str, ...], *, utf16: bool, name: bool
) -> None:
    raw = _selections(EMOJI, words, utf16=utf16, name=name)
    came = RefiArchive.read(raw)
    found = project(came)
    (source,) = found.sources
    assert [EMOJI[s.start : s.end] for s in source.selections] == list(words)
    assert source.utf16 is utf16
    # Out again over the same package, nothing has moved.
    back = RefiArchive.read(package(found, came).written())
    assert _places(back) == _places(came)


def _places(came: RefiArchive) -> list[tuple[str | None, str | None]]:
    return [
        (element.get("startPosition"), element.get("endPosition"))
        for element in came.root.iter("{*}PlainTextSelection")
    ]


def test_without_signs_above_the_first_plane_both_are_the_same() -> None:
    raw = _selections("Zij zei ja.", ("ja",), utf16=True, name=False)
    (source,) = project(RefiArchive.read(raw)).sources
    assert (source.utf16, source.selections[0].start) == (False, 8)


def test_the_name_of_a_member_alone_is_a_path_and_an_address_elsewhere_is_none() -> None:
    came = RefiArchive.read(archive())
    assert came.content("one.txt") == came.content("internal://one.txt")
    assert came.content("relative://one.txt") is None
    assert came.content("") is None


def test_an_empty_list_of_sets_as_taguette_writes_it_is_left_out() -> None:
    code = '<Code guid="098AC082-A9C7-50F4-9728-48730081A95E" name="Verzonnen" isCodable="true"/>'
    raw = f'<CodeBook xmlns="urn:QDA-XML:codebook:1.0"><Codes>{code}</Codes><Sets/></CodeBook>'
    came = Codebook.read(raw.encode())
    assert [found.name for found in came.codes] == ["Verzonnen"]
    assert b"Sets" not in came.written()
