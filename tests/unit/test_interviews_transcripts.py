"""Transcripts in: the files of Teams, plain text, and everything that is none. All invented."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

from blikveld.interviews.protect import People, Register, Speaker
from blikveld.interviews.transcripts import TranscriptRefused, Turn, take_in, turns


def _helper(name: str) -> ModuleType:
    path = Path(__file__).parents[1] / "interviews" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(name)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


documents = _helper("documents")
docx, run = documents.docx, documents.run

PEOPLE = People(
    (Speaker(("Famke Osinga",), "Interviewer"), Speaker(("Delano Pinas",), "Jongerenwerker")),
    ("Stichting Zijspoor",),
)
TEAMS = """WEBVTT

0f/1-0
00:00:01.000 --> 00:00:03.500
<v Osinga, Famke (Bureau Voorbeeld)>Dag Delano, bij Stichting Zijspoor &amp; zo.</v>

0f/2-0
00:00:05.000 --> 00:00:09.000
<v Delano Pinas>Hoi famke. Ik zag &lt;drie&gt; jongens</v>

0f/3-0
00:00:04.000 --> 00:00:06.000
<v Famke Osinga>Vertel.</v>

0f/4-0
00:00:09.500 --> 00:00:12.000
<v Delano Pinas>bij het plein.</v>
"""


def taken(raw: bytes, name: str = "talk.vtt") -> str:
    return take_in(raw, name, PEOPLE, Register(), key="talk").text


def test_teams_captions_become_turns_in_the_order_of_their_times() -> None:
    assert taken(TEAMS.encode()) == (
        "Interviewer: Dag [naam 1], bij [organisatie 1] & zo. Vertel.\n\n"
        "Jongerenwerker: Hoi [naam 2]. Ik zag <drie> jongens bij het plein."
    )


def test_overlapping_cues_stay_in_order_and_equal_times_in_that_of_the_file() -> None:
    vtt = "\n\n".join(
        (
            "WEBVTT",
            "00:02.000 --> 00:09.000\n<v B>twee</v>",
            "00:01.000 --> 00:08.000\n<v A>een</v>",
            "00:02.000 --> 00:03.000\n<v C>drie</v>",
        )
    )
    said = [turn.text for turn in turns(vtt.encode(), "x.vtt").turns]
    assert said == ["een", "twee", "drie"]


def test_windows_line_ends_a_byte_order_mark_and_utf16_make_no_difference() -> None:
    plain = turns(TEAMS.encode(), "x.vtt")
    crlf = TEAMS.replace("\n", "\r\n")
    assert turns(b"\xef\xbb\xbf" + crlf.encode(), "x.vtt") == plain
    assert turns(crlf.encode("utf-16"), "x.vtt") == plain


def test_captions_without_speakers_are_one_turn_and_say_so() -> None:
    heard = turns(b"WEBVTT\n\n00:01.000 --> 00:02.000\nDag.\n\n00:03.000 --> 00:04.000\nHoi.", "x")
    assert heard.turns == (Turn(None, "Dag. Hoi."),)
    assert heard.notes == ("No speakers are named in this file.",)


def test_speaker_1_is_no_name() -> None:
    draft = take_in(
        b"WEBVTT\n\n00:01.000 --> 00:02.000\n<v Speaker 1>Speaker 1 zegt dag.</v>",
        "x.vtt",
        PEOPLE,
        Register(),
        key="x",
    )
    assert draft.text == "Spreker 1: Speaker 1 zegt dag."
    assert draft.notes == ()


def test_somebody_who_is_not_on_the_list_is_replaced_all_the_same() -> None:
    text = "Famke Osinga: Dag Wilma.\nWilma Ooms (Het Anker): Ik ben Wilma van Het Anker."
    draft = take_in(text.encode(), "x.txt", PEOPLE, Register(), key="x")
    assert draft.text == (
        "Interviewer: Dag [naam 1].\n\nSpreker 1: Ik ben [naam 1] van [organisatie 1]."
    )
    assert draft.notes == ("Spreker 1 is not on the list of speakers.",)


@pytest.mark.parametrize(
    "paragraphs",
    [
        (run("Famke Osinga   0:03\nDag Delano."), run("Delano Pinas   1:00:07\nHoi.")),
        (
            run("0:0:3.240 --> 0:0:5.1"),
            run("Famke Osinga"),
            run("Dag Delano."),
            run("0:0:7.0 --> 0:0:9.1"),
            run("Delano Pinas"),
            run("Hoi."),
        ),
        (run("Famke Osinga: Dag Delano."), run("Delano Pinas: Hoi.")),
    ],
    ids=["new", "old", "typed"],
)
def test_word_documents_in_the_forms_of_teams_and_typed(paragraphs: tuple[str, ...]) -> None:
    assert (
        taken(docx(*paragraphs), "x.docx") == "Interviewer: Dag [naam 1].\n\nJongerenwerker: Hoi."
    )


def test_comments_are_left_out_and_tracked_changes_taken_as_accepted() -> None:
    changed = (
        f"{run('Famke Osinga: Dit blijft')}<w:ins>{run(' en dit kwam')}</w:ins>"
        "<w:del><w:r><w:delText> dit ging</w:delText></w:r></w:del>"
        "<w:r><w:commentReference/></w:r>"
    )
    heard = turns(docx(changed, run("Delano Pinas: Ja.")), "x.docx")
    assert heard.turns[0] == Turn("Famke Osinga", "Dit blijft en dit kwam")
    assert heard.notes == (
        "Comments were left out: 1.",
        "Tracked changes were taken as accepted: 2.",
    )


def test_marks_of_direction_and_soft_hyphens_hide_no_name() -> None:
    text = "Famke Osinga: Dag \u200fDel\u00adano\u200e.\nDelano Pinas: שלום Fa\u200bmke"
    assert taken(text.encode(), "x.txt") == (
        "Interviewer: Dag [naam 1].\n\nJongerenwerker: שלום [naam 2]"
    )


def test_a_name_in_loose_signs_is_the_same_name() -> None:
    people = People((Speaker(("Zoë Ünal",), "Gast"),))
    draft = take_in("Zoe\u0308: ik\nX: ja".encode(), "x.txt", people, Register(), key="x")
    assert "Zo" not in draft.text


@pytest.mark.parametrize(
    ("raw", "name", "code"),
    [
        (b"", "x.vtt", "empty"),
        (b" \r\n\t", "x.txt", "empty"),
        (b"WEBVTT\n\nNOTE niets", "x.vtt", "no-cues"),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\n<v A></v>", "x.vtt", "empty"),
        (json.dumps({"recognizedPhrases": [{"display": "x"}]}).encode(), "x.json", "json"),
        (b'[{"speaker": "x"}]', "x.txt", "json"),
        (b"\x00\x01\x02", "x.txt", "binary"),
        (b"caf\xe9", "x.txt", "encoding"),
        (b"PK\x03\x04 broken", "x.docx", "no-docx"),
        (b"x" * (20 * 2**20 + 1), "x.txt", "too-large"),
    ],
)
def test_what_is_no_transcript_is_refused_by_name(raw: bytes, name: str, code: str) -> None:
    with pytest.raises(TranscriptRefused) as refused:
        turns(raw, name)
    assert refused.value.code == code
    assert str(refused.value).startswith(f"{name}: ")


def test_text_that_only_looks_like_json_is_text() -> None:
    assert turns(b"[Opname begint]\nA: ja\nA: nee", "x.txt").turns[-1].text == "ja nee"


def test_two_megabytes_of_text_are_taken_in() -> None:
    turn = "Famke Osinga: Wat zag Delano toen?\nDelano Pinas: Een jongen, met een tas.\n"
    raw = (turn * (2 * 2**20 // len(turn))).encode()
    text = taken(raw, "x.txt")
    assert "Delano" not in text
