"""Transcripts in: the files of Teams, plain text, and everything that is none. All invented."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

from blikveld.interviews.deidentification import (
    IdentifierKind,
    KnownNames,
    PseudonymRegister,
    Span,
    Speaker,
    SuggestionSource,
    pseudonymise,
)
from blikveld.interviews.transcripts import (
    SpeakerTurn,
    TranscriptRefused,
    import_transcript,
    read_transcript,
)


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

PEOPLE = KnownNames(
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
    return import_transcript(raw, name, PEOPLE, PseudonymRegister(), key="talk").text


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
    said = [turn.text for turn in read_transcript(vtt.encode(), "x.vtt").turns]
    assert said == ["een", "twee", "drie"]


def test_windows_line_ends_a_byte_order_mark_and_utf16_make_no_difference() -> None:
    plain = read_transcript(TEAMS.encode(), "x.vtt")
    crlf = TEAMS.replace("\n", "\r\n")
    assert read_transcript(b"\xef\xbb\xbf" + crlf.encode(), "x.vtt") == plain
    assert read_transcript(crlf.encode("utf-16"), "x.vtt") == plain


def test_captions_without_speakers_are_a_turn_a_sentence_and_say_so() -> None:
    heard = read_transcript(
        b"WEBVTT\n\n00:01.000 --> 00:02.000\nDag.\n\n00:03.000 --> 00:04.000\nHoi.", "x"
    )
    assert heard.turns == (SpeakerTurn(None, "Dag."), SpeakerTurn(None, "Hoi."))
    assert [turn.moments for turn in heard.turns] == [((0, 1_000),), ((0, 3_000),)]
    assert heard.notes == ("No speakers are named in this file.",)


def test_speaker_1_is_no_name() -> None:
    draft = import_transcript(
        b"WEBVTT\n\n00:01.000 --> 00:02.000\n<v Speaker 1>Speaker 1 zegt dag.</v>",
        "x.vtt",
        PEOPLE,
        PseudonymRegister(),
        key="x",
    )
    assert draft.text == "Spreker 1: Speaker 1 zegt dag."
    assert draft.notes == ()


def test_somebody_who_is_not_on_the_list_is_replaced_all_the_same() -> None:
    text = "Famke Osinga: Dag Wilma.\nWilma Ooms (Het Anker): Ik ben Wilma van Het Anker."
    draft = import_transcript(text.encode(), "x.txt", PEOPLE, PseudonymRegister(), key="x")
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
    heard = read_transcript(docx(changed, run("Delano Pinas: Ja.")), "x.docx")
    assert heard.turns[0] == SpeakerTurn("Famke Osinga", "Dit blijft en dit kwam")
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
    people = KnownNames((Speaker(("Zoë Ünal",), "Gast"),))
    draft = import_transcript(
        "Zoe\u0308: ik\nX: ja".encode(), "x.txt", people, PseudonymRegister(), key="x"
    )
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
        read_transcript(raw, name)
    assert refused.value.code == code
    assert str(refused.value).startswith(f"{name}: ")


def test_text_that_only_looks_like_json_is_text() -> None:
    assert read_transcript(b"[Opname begint]\nA: ja\nA: nee", "x.txt").turns[-1].text == "ja nee"


@pytest.mark.long
def test_two_megabytes_of_text_are_taken_in() -> None:
    turn = "Famke Osinga: Wat zag Delano toen?\nDelano Pinas: Een jongen, met een tas.\n"
    raw = (turn * (2 * 2**20 // len(turn))).encode()
    text = taken(raw, "x.txt")
    assert "Delano" not in text


ZOOM = """WEBVTT

1
00:00:01.000 --> 00:00:03.000
Famke Osinga: Goedemiddag.

2
00:00:03.000 --> 00:00:06.000
Delano Pinas: Dag Famke, daar zijn we. Het zat zo: ik belde.

3
00:00:06.500 --> 00:00:08.000
En toen niets.
"""
WHISPER = """1
00:00:03,000 --> 00:00:08,000
Ik werk al jaren

2
00:00:08,000 --> 00:00:10,500
in het buurthuis.

3
00:01:02,250 --> 00:01:04,000
Daar kwam Delano binnen.
"""
YOUTUBE = """WEBVTT
Kind: captions
Language: nl

00:00:00.080 --> 00:00:02.389 align:start position:0%
\x20
ik<00:00:00.320><c> werk</c><00:00:00.640><c> al</c><00:00:01.120><c> jaren</c>

00:00:02.389 --> 00:00:02.399 align:start position:0%
ik werk al jaren
\x20

00:00:02.399 --> 00:00:04.710 align:start position:0%
ik werk al jaren
in<00:00:02.600><c> het</c><00:00:03.000><c> buurthuis</c>
"""
SBV = """0:00:01.000,0:00:03.500
Famke Osinga: Wat zag u?

0:00:04.000,0:00:06.000
Delano Pinas: Een jongen.
"""
OTTER = """Famke Osinga  0:03
Goedemiddag Delano.

Delano Pinas  1:00:09
Hoi. Ik belde om 9:30
met mijn baas.
"""
WORD = "00:00:03 Spreker 1\nWat zag u?\n00:00:07 Spreker 2\nEen jongen.\n00:00:09 Spreker 1\nJa."
F4 = """I: Wat zag u? #00:00:04-5#
B: Een jongen. #00:00:09-0# Met een tas. #00:00:12-0#
I: Ja.
B: Ja."""


def spoken(raw: bytes, name: str) -> list[tuple[str | None, str, tuple[tuple[int, int], ...]]]:
    return [(turn.speaker, turn.text, turn.moments) for turn in read_transcript(raw, name).turns]


def test_zoom_names_who_speaks_before_a_colon() -> None:
    assert spoken(ZOOM.encode(), "x.vtt") == [
        ("Famke Osinga", "Goedemiddag.", ((0, 1_000),)),
        (
            "Delano Pinas",
            "Dag Famke, daar zijn we. Het zat zo: ik belde. En toen niets.",
            ((0, 3_000), (47, 6_500)),
        ),
    ]
    assert "Famke" not in taken(ZOOM.encode())


@pytest.mark.parametrize("name", ["x.srt", "x.txt"])
def test_subrip_has_no_numbers_or_times_among_its_words(name: str) -> None:
    assert spoken(WHISPER.encode(), name) == [
        (None, "Ik werk al jaren in het buurthuis.", ((0, 3_000), (17, 8_000))),
        (None, "Daar kwam Delano binnen.", ((0, 62_250),)),
    ]


def test_words_that_youtube_shows_again_are_said_once() -> None:
    ((speaker, text, _),) = spoken(YOUTUBE.encode(), "x.vtt")
    assert (speaker, text) == (None, "ik werk al jaren in het buurthuis")


def test_words_without_full_stops_begin_anew_after_a_silence() -> None:
    raw = b"WEBVTT\n\n00:01.000 --> 00:02.000\nja dus\n\n00:05.000 --> 00:06.000\nen toen"
    assert [text for _, text, _ in spoken(raw, "x.vtt")] == ["ja dus", "en toen"]


def test_notes_styles_and_identifiers_of_captions_are_no_words() -> None:
    raw = (
        b"WEBVTT\n\nSTYLE\n::cue { color: red }\n\nNOTE niet voor lezers\ntweede regel\n\n"
        b"eerste\n00:01.000 --> 00:02.000\nDag.\n\nNOTE nog iets\n\ntweede\n"
        b"00:02.000 --> 00:03.000\nHoi."
    )
    assert [text for _, text, _ in spoken(raw, "x.vtt")] == ["Dag.", "Hoi."]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (SBV, [("Famke Osinga", "Wat zag u?", 1_000), ("Delano Pinas", "Een jongen.", 4_000)]),
        (
            OTTER,
            [
                ("Famke Osinga", "Goedemiddag Delano.", 3_000),
                ("Delano Pinas", "Hoi. Ik belde om 9:30 met mijn baas.", 3_609_000),
            ],
        ),
        (
            WORD,
            [
                ("Spreker 1", "Wat zag u?", 3_000),
                ("Spreker 2", "Een jongen.", 7_000),
                ("Spreker 1", "Ja.", 9_000),
            ],
        ),
    ],
    ids=["sbv", "otter", "word"],
)
def test_times_beside_names_are_kept(raw: str, expected: list[tuple[str, str, int]]) -> None:
    found = spoken(raw.encode(), "x.txt")
    assert [(who, text, moments[0][1]) for who, text, moments in found] == expected
    as_document = spoken(docx(*(run(line) for line in raw.split("\n"))), "x.docx")
    if raw != SBV:
        assert as_document == found


def test_times_of_f4_begin_what_comes_after_them() -> None:
    assert spoken(F4.encode(), "x.txt") == [
        ("I", "Wat zag u?", ()),
        ("B", "Een jongen. Met een tas.", ((0, 4_500), (12, 9_000))),
        ("I", "Ja.", ((0, 12_000),)),
        ("B", "Ja.", ()),
    ]


@pytest.mark.parametrize(
    ("found", "unit"),
    [
        (
            {
                "segments": [
                    {"start": 3.5, "end": 5, "text": " Wat zag u?"},
                    {"start": 7, "text": "En?"},
                ]
            },
            0,
        ),
        ({"utterances": [{"speaker": "A", "start": 3500, "text": "Wat zag u?"}]}, 1),
        (
            {
                "speakers": [{"spkid": "spk1", "name": "Famke Osinga"}],
                "segments": [
                    {
                        "speaker": "spk1",
                        "words": [{"text": w, "start": 3.5} for w in ("Wat", "zag", "u?")],
                    }
                ],
            },
            2,
        ),
        ({"transcription": [{"offsets": {"from": 3500}, "text": " Wat zag u?"}]}, 0),
        ([{"speaker": "SPEAKER_00", "start": 3.5, "text": "Wat zag u?"}], 3),
    ],
    ids=["whisper", "assemblyai", "amberscript", "whisper.cpp", "whisperx"],
)
def test_json_of_programs_that_write_down_speech(found: object, unit: int) -> None:
    who = (None, "Speaker A", "Famke Osinga", "SPEAKER_00")[unit]
    assert spoken(json.dumps(found).encode(), "x.json")[0] == (who, "Wat zag u?", ((0, 3_500),))


def test_json_of_another_kind_is_refused_with_what_was_seen() -> None:
    with pytest.raises(TranscriptRefused, match="begins with results, status"):
        read_transcript(b'{"results": [], "status": "ok"}', "x.json")


def test_a_table_in_a_document_is_a_row_a_turn() -> None:
    def row(*cells: str) -> str:
        inside = "".join(f"<w:tc><w:p>{run(cell)}</w:p></w:tc>" for cell in cells)
        return f"<w:tr>{inside}</w:tr>"

    rows = (
        row("0:03", "Famke Osinga", "Wat zag u?"),
        row("0:07", "Delano Pinas", "Een jongen."),
        row("0:09", "Famke Osinga", "Ja: dat."),
        row("0:11", "Delano Pinas", "Ja."),
    )
    raw = documents.body(f"<w:tbl>{''.join(rows)}</w:tbl>")
    assert spoken(raw, "x.docx")[:3] == [
        ("Famke Osinga", "Wat zag u?", ((0, 3_000),)),
        ("Delano Pinas", "Een jongen.", ((0, 7_000),)),
        ("Famke Osinga", "Ja: dat.", ((0, 9_000),)),
    ]


@pytest.mark.parametrize("mark", ["\t", ";", ","])
def test_a_table_as_text_and_as_workbook(mark: str) -> None:
    rows = (("Timespan", "Content", "Speaker"), ("0:03,0 - 0:07", "Wat, zag u?", "Famke Osinga"))
    text = "\n".join(mark.join(f'"{cell}"' for cell in row) for row in rows)
    expected = [("Famke Osinga", "Wat, zag u?", ((0, 3_000),))]
    assert spoken(text.encode(), "x.csv") == expected
    assert spoken(documents.workbook(rows), "x.xlsx") == expected


def test_a_workbook_without_a_column_for_words_is_refused_with_its_columns() -> None:
    with pytest.raises(TranscriptRefused, match="its columns are datum, bedrag"):
        read_transcript(documents.workbook((("Datum", "Bedrag"), ("1", "2"))), "x.xlsx")


def test_opendocument_is_read_without_its_comments() -> None:
    raw = documents.odt(
        "Famke Osinga: Wat zag u?<office:annotation><text:p>Geheim</text:p></office:annotation>",
        "Delano Pinas: Een<text:s text:c='2'/>jongen.<text:line-break/>Famke Osinga: Ja.",
        "Delano Pinas: Ja.",
    )
    assert [(who, text) for who, text, _ in spoken(raw, "x.odt")] == [
        ("Famke Osinga", "Wat zag u?"),
        ("Delano Pinas", "Een jongen."),
        ("Famke Osinga", "Ja."),
        ("Delano Pinas", "Ja."),
    ]


def test_rich_text_is_read_with_the_signs_of_its_code_page() -> None:
    raw = (
        rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\*\generator X;}\f0 "
        rb"Famke Osinga: Zo\'eb \'80 5\par Delano Pinas: \u8216?ja\u8217? \uc2\u-10179??\u-8704??"
        rb"\par Famke Osinga: {\b Vet}\~en\line door.\par Delano Pinas: \{nee\}\par}"
    )
    assert [(who, text) for who, text, _ in spoken(raw, "x.rtf")] == [
        ("Famke Osinga", "Zoë € 5"),
        ("Delano Pinas", "‘ja’ 😀"),
        ("Famke Osinga", "Vet en door."),
        ("Delano Pinas", "{nee}"),
    ]


def test_a_pdf_with_text_is_read_and_one_of_pictures_refused() -> None:
    raw = documents.pdf(
        "Famke Osinga: Wat zag u toen?", "Delano Pinas: Een jongen.", "Famke Osinga: Ja."
    )
    assert [who for who, _, _ in spoken(raw, "x.pdf")] == [
        "Famke Osinga",
        "Delano Pinas",
        "Famke Osinga",
    ]
    with pytest.raises(TranscriptRefused, match="1 pages hold no text"):
        read_transcript(documents.pdf(), "x.pdf")


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"ID3\x04\x00 geluid", "a recording"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Word"),
        (b"<!DOCTYPE html><p>Dag</p>", "a web page"),
        (b"Dag.\nx 00:01 --> 00:02\nHoi.", "Line 2 is a time of captions"),
    ],
)
def test_what_was_seen_is_said_of_what_is_no_transcript(raw: bytes, words: str) -> None:
    with pytest.raises(TranscriptRefused, match=words):
        read_transcript(raw, "x")


def test_lines_without_speakers_stay_apart_where_a_sentence_ends() -> None:
    raw = b"Toen belde hij\nmij terug.\nDat was laat.\n\nEn toen\n\nniets meer"
    assert [text for _, text, _ in spoken(raw, "x.txt")] == [
        "Toen belde hij mij terug.",
        "Dat was laat.",
        "En toen",
        "niets meer",
    ]


def test_moments_move_with_the_words_when_names_go() -> None:
    draft = import_transcript(ZOOM.encode(), "x.vtt", PEOPLE, PseudonymRegister(), key="x")
    assert draft.text.endswith("Dag [naam 1], daar zijn we. Het zat zo: ik belde. En toen niets.")
    index, when = draft.moments[-1]
    assert (draft.text[index:], when) == ("En toen niets.", 6_500)
    span = Span(
        draft.text.index("daar"),
        draft.text.index(" we."),
        IdentifierKind.TOWN,
        SuggestionSource.RULE,
    )
    text = pseudonymise(draft, [span], PseudonymRegister())
    index, when = text.moments[-1]
    assert (text.text[index:], when) == ("En toen niets.", 6_500)


def test_a_role_that_the_file_gives_is_read_as_it_stands() -> None:
    raw = b"Interviewer: Wat zag u?\nRespondent: Ik zag de interviewer.\n" * 2
    draft = import_transcript(raw, "x.txt", KnownNames(), PseudonymRegister(), key="x")
    assert draft.text.startswith("Interviewer: Wat zag u?\n\nRespondent: Ik zag de interviewer.")
    assert draft.notes == ()


@pytest.mark.parametrize(
    ("raw", "seen"),
    [
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nJa.\n\n00:03.000 --> 00:0x.000\nNee.", "Line 6 .*0x"),
        ("1\n00:00:01,000 --> 00:00:02,000\nJa.\n\n2\n00:00:03,000 -->\nNee.", "Line 6"),
        ("0:00:01.000,0:00:02.000\nJa.\n\n0:00:03.f00,0:00:04.000\nNee.", "Line 4 .*f00"),
    ],
)
def test_a_broken_time_of_captions_is_refused_with_its_line(raw: str, seen: str) -> None:
    with pytest.raises(TranscriptRefused, match=seen):
        read_transcript(raw.encode(), "x.srt")


def test_a_number_whose_time_is_lost_is_no_word() -> None:
    raw = "1\n00:00:01,000 --> 00:00:02,000\nWij waren met\n3 man.\n\n2\nNee.\n"
    assert [text for _, text, _ in spoken(raw.encode(), "x.srt")] == ["Wij waren met 3 man. Nee."]
