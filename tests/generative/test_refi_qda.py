"""Generated projects go out and come back the same, whatever signs their texts hold.

Texts mix emoji of several code points, combining marks, line ends of every kind and signs written
from right to left; selections count code points.
"""

from __future__ import annotations

import io
import unicodedata
import zipfile

from hypothesis import given, settings
from hypothesis import strategies as st

from blikveld.interviews.refi import (
    Codebook,
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

pieces = st.sampled_from(
    [
        "a",
        "ë",
        "e\u0301",
        "👩🏽‍🏫",
        "🇳🇱",
        "👍🏿",
        "\r\n",
        "\n",
        "\r",
        "\t",
        "שלום",
        "\u200f",
        "\u2028",
        " ",
        "&",
        "<",
        "]]>",
    ]
)
signs = st.characters(exclude_categories=["Cs"])
texts = st.lists(pieces | signs, max_size=30).map("".join)
# Names and descriptions stand in XML, which has no control characters.
xml_signs = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
words = st.lists(pieces | xml_signs, max_size=8).map("".join)
guids = st.uuids(version=4).map(lambda u: str(u).upper())
maybe = st.none() | words
colours = st.none() | st.sampled_from(["#FFF", "#00fF7a"])
moments = st.none() | st.just("2021-10-02T09:00:00Z")


@st.composite
def projects(draw: st.DrawFn) -> RefiProject:
    notes = draw(st.lists(st.builds(RefiDocument, guids, maybe, texts), max_size=3))
    refs = (
        st.lists(st.sampled_from([n.guid for n in notes]), max_size=2).map(tuple)
        if notes
        else st.just(())
    )
    users = draw(st.lists(st.builds(RefiUser, guids, maybe, maybe), max_size=3))
    user = st.none() | st.sampled_from([u.guid for u in users]) if users else st.none()
    leaf = st.builds(RefiCode, guids, words, st.booleans(), colours, maybe, refs)
    tree = st.recursive(
        leaf,
        lambda inner: st.builds(
            RefiCode,
            guids,
            words,
            st.booleans(),
            colours,
            maybe,
            refs,
            st.lists(inner, max_size=3).map(tuple),
        ),
        max_leaves=6,
    )
    codes = draw(st.lists(tree, max_size=3))
    every = [c.guid for code in codes for c in code.walk()]
    coding = st.builds(RefiCoding, guids, st.sampled_from(every), user, moments, refs)
    codings = st.lists(coding, max_size=2).map(tuple) if every else st.just(())

    def source(text: str) -> st.SearchStrategy[RefiDocument]:
        ends = st.integers(0, len(text))
        passage = st.tuples(ends, ends).flatmap(
            lambda p: st.builds(
                RefiSelection,
                guids,
                st.just(min(p)),
                st.just(max(p)),
                maybe,
                maybe,
                user,
                moments,
                codings,
                refs,
            )
        )
        return st.builds(
            RefiDocument,
            guids,
            maybe,
            st.just(text),
            maybe,
            user,
            moments,
            st.lists(passage, max_size=3).map(tuple),
            codings,
            refs,
        )

    sources = draw(st.lists(texts.flatmap(source), max_size=3))
    return RefiProject(
        draw(words),
        tuple(users),
        tuple(codes),
        tuple(sources),
        tuple(notes),
        draw(maybe),
        draw(maybe),
        draw(refs),
    )


@settings(max_examples=150, deadline=None)
@given(projects())
def test_a_project_comes_back_from_a_package(whole: RefiProject) -> None:
    written = package(whole).written()
    came = RefiArchive.read(written)
    assert project(came) == whole
    assert came.written() == written
    assert project(package(whole, came)) == whole


@settings(max_examples=60, deadline=None)
@given(projects(), projects())
def test_a_project_over_another_leaves_only_the_new_one(
    one: RefiProject, other: RefiProject
) -> None:
    assert project(package(other, package(one))) == other


@settings(max_examples=60, deadline=None)
@given(texts, st.data())
def test_a_selection_is_the_same_code_points_in_every_program(
    text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    talk = RefiDocument(
        "0" * 8 + "-0000-4000-8000-" + "0" * 12,
        "T",
        text,
        selections=(RefiSelection("1" * 8 + "-0000-4000-8000-" + "0" * 12, start, end),),
    )
    with zipfile.ZipFile(
        io.BytesIO(package(RefiProject("P", sources=(talk,))).written())
    ) as archive:
        name = next(n for n in archive.namelist() if n.startswith("Sources/"))
        stored = archive.read(name).decode("utf-8-sig")
    points = [ord(sign) for sign in stored]
    assert points[start:end] == [ord(sign) for sign in text[start:end]]
    # Nobody composed or took apart a sign on the way.
    assert stored == text or unicodedata.normalize("NFC", stored) != unicodedata.normalize(
        "NFC", text
    )


@settings(max_examples=60, deadline=None)
@given(projects().filter(lambda p: bool(p.codes)))
def test_a_codebook_comes_back(whole: RefiProject) -> None:
    def bare(code: RefiCode) -> RefiCode:
        return RefiCode(
            code.guid,
            code.name,
            code.codable,
            code.color,
            code.description,
            (),
            tuple(map(bare, code.codes)),
        )

    book = Codebook.of(whole.codes, "Blikveld")
    assert Codebook.read(book.written()).codes == tuple(map(bare, whole.codes))
