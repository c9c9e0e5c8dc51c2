"""Where a text is cut into sentences. All words are invented."""

from __future__ import annotations

import pytest

from blikveld.interviews.text_lines import sentences

LINES = [
    "Ik sprak mw. [naam 4] om 9.15 uur.|Zij had 2.5 gram gezien.",
    "Dat was € 2.100,75 per maand.|Nee toch?!|Echt.",
    "A. van Dam liep met dhr. Kok.|Daarna niemand.",
    "Schoenen, jassen enz.|Toen werd het druk.",
    "Schoenen, jassen enz. en ook een fiets.",
    "Tja… dat weet ik niet.|Of…|Toch wel.",
    "Zij riep: „Kom hier.”|Ik bleef staan.",
    "Lees het op politie.nl na.|Of bel 0900-1234.",
    "Prima 👍🏽 hoor.|Klaar. 😀|Nog wat?",
    "هل رأيته؟|نعم، رأيته.|شكرا",
    "Via een app, o.a. Snapchat, d.w.z. online.|Meer niet.",
    "Eerste regel\n|tweede regel",
    "“Blijf daar!” riep hij.|‘Nee.’|Slot",
    "[naam 1] zweeg.|[naam 2] niet.",
    "Het was groep 7.|4 kinderen gingen mee.",
    "Zie nr. 8, art. 273f Sr. is helder.",
]


@pytest.mark.parametrize("line", LINES)
def test_a_text_is_cut_where_a_sentence_ends(line: str) -> None:
    text = line.replace("|", "" if "\n" in line else " ")
    cut = [text[u.start : u.end] for u in sentences({"a": text})]
    assert cut == [part.strip() for part in line.split("|")]
