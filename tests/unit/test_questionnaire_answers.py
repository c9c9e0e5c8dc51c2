"""What a respondent sends in: kept as an answer, or answered with what to mend."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from blikveld.kinds.posted import LONGEST_OPEN, AnswerError
from blikveld.questionnaire import ParsedPage, Routing, keep, read
from blikveld.questionnaire.answers import LONGEST_OTHER, error_text
from blikveld.rules import Value
from blikveld.study.load import load

STUDIES = Path(__file__).parents[1] / "studies"
GOOD = {
    "district": ["veen_noord"],
    "job": ["baker"],
    "bread": ["brown", "white"],
    "crusty": ["agree"],
    "story": ["Het begon vroeg."],
}


@pytest.fixture(scope="module")
def routing() -> Routing:
    return Routing(load(STUDIES / "answers"))


def _read(routing: Routing, change: dict[str, list[str]]) -> ParsedPage:
    return read(routing, routing.pages[0], "veen", {}, GOOD | change)


def test_a_page_that_is_filled_in(routing: Routing) -> None:
    reading = _read(routing, {"csrf": ["whatever"], "unknown": ["x"]})
    assert reading.messages == ()
    assert reading.contacts == {}
    assert reading.answers == {
        "district": "veen_noord",
        "job": "baker",
        "bread": ("white", "brown"),
        "crusty": "agree",
        "story": "Het begon vroeg.",
    }


MESSAGES: list[tuple[dict[str, list[str]], str, AnswerError]] = [
    ({"job": []}, "job", AnswerError.CHOOSE_ONE),
    ({"job": [""]}, "job", AnswerError.CHOOSE_ONE),
    ({"crusty": []}, "crusty", AnswerError.CHOOSE_ONE),
    ({"bread": []}, "bread", AnswerError.CHOOSE_SOME),
    ({"story": ["  \n "]}, "story", AnswerError.WRITE),
    ({"job": ["baker", "other"], "job_other": ["x"]}, "job", AnswerError.TOO_MANY),
    ({"job": ["butcher"]}, "job", AnswerError.NOT_OFFERED),
    ({"job": ["Baker"]}, "job", AnswerError.NOT_OFFERED),
    ({"bread": ["white", "rye"]}, "bread", AnswerError.NOT_OFFERED),
    ({"bread": ["white", "white"]}, "bread", AnswerError.TWICE),
    ({"bread": ["none", "white"]}, "bread", AnswerError.EXCLUSIVE),
    ({"district": ["zand_duin"]}, "district", AnswerError.NOT_OFFERED),
    ({"job": ["other"]}, "job", AnswerError.OTHER_MISSING),
    ({"job": ["other"], "job_other": [" "]}, "job", AnswerError.OTHER_MISSING),
    ({"job_other": ["smid"]}, "job", AnswerError.OTHER_NOT_CHOSEN),
    (
        {"bread": ["other"], "bread_other": ["x" * (LONGEST_OTHER + 1)]},
        "bread",
        AnswerError.TOO_LONG,
    ),
    ({"bread": ["other"], "bread_other": ["a", "b"]}, "bread", AnswerError.TWICE),
    ({"story": ["x" * (LONGEST_OPEN + 1)]}, "story", AnswerError.TOO_LONG),
    ({"story": ["a\x00b"]}, "story", AnswerError.CONTROL),
    ({"story": ["a\x1bb"]}, "story", AnswerError.CONTROL),
    ({"story": ["a\ud800b"]}, "story", AnswerError.CONTROL),
    ({"story": ["a", "b"]}, "story", AnswerError.TWICE),
    ({"contact_interview": ["Jan"]}, "interview", AnswerError.NO_ADDRESS),
    ({"contact_interview": ["a b@example.org"]}, "interview", AnswerError.NO_ADDRESS),
    ({"contact_interview": ["@example.org"]}, "interview", AnswerError.NO_ADDRESS),
    ({"contact_interview": ["iemand@example"]}, "interview", AnswerError.NO_ADDRESS),
    ({"contact_interview": ["a" * 250 + "@example.org"]}, "interview", AnswerError.TOO_LONG),
]


@pytest.mark.parametrize(("change", "question", "trouble"), MESSAGES)
def test_what_cannot_be_kept_gets_a_message_and_is_not_kept(
    routing: Routing, change: dict[str, list[str]], question: str, trouble: AnswerError
) -> None:
    reading = _read(routing, change)
    assert [(message.question, message.code) for message in reading.messages] == [
        (question, trouble)
    ]
    assert question not in {**reading.answers, **reading.contacts}
    assert set(GOOD) - {question} <= set(reading.answers)


@pytest.mark.parametrize(
    ("change", "name", "value"),
    [
        ({"job": ["other"], "job_other": [" smid "]}, "job_other", "smid"),
        ({"bread": ["other", "white"], "bread_other": ["x" * LONGEST_OTHER]}, "bread_other",
         "x" * LONGEST_OTHER),
        ({"bread": ["none"]}, "bread", ("none",)),
        ({"story": [" een\r\ntwee\rdrie "]}, "story", "een\ntwee\ndrie"),
        ({"story": ["zorgcoo\u0308rdinator"]}, "story", "zorgcoördinator"),
        ({"story": ["een\ttab, een 😀 en '; DROP TABLE--"]}, "story",
         "een\ttab, een 😀 en '; DROP TABLE--"),
        ({"remarks": ["Dank"]}, "remarks", "Dank"),
    ],
)  # fmt: skip
def test_what_is_kept(
    routing: Routing, change: dict[str, list[str]], name: str, value: Value
) -> None:
    reading = _read(routing, change)
    assert reading.messages == ()
    assert reading.answers[name] == value


def test_what_need_not_be_filled_in(routing: Routing) -> None:
    reading = _read(routing, {"remarks": [""], "contact_interview": [" "]})
    assert reading.messages == ()
    assert "remarks" not in reading.answers
    assert reading.contacts == {}


def test_an_address_is_no_answer_and_never_printed(routing: Routing) -> None:
    reading = _read(routing, {"contact_interview": [" Iemand@example.org "]})
    assert reading.contacts == {"interview": "Iemand@example.org"}
    assert "Iemand" not in repr(reading)
    assert "interview" not in reading.answers
    kept = keep({}, reading)
    assert not [value for value in kept.values() if "@" in str(value)]


def test_only_what_is_asked_on_the_page_is_read() -> None:
    routing = Routing(load(STUDIES / "routing"))
    page = routing.pages[3]
    form = {"most": ["yes"], "bridge": ["yes"], "pets": ["yes"], "remarks": ["x"]}
    reading = read(routing, page, "veen", {"district": "veen_noord", "pets": "no"}, form)
    assert (reading.answers, reading.messages) == ({"bridge": "yes"}, ())
    assert reading.shown == {"bridge"}
    off_the_path = {"pets": "no", "most": "yes"}
    assert keep(off_the_path, reading) == off_the_path | {"bridge": "yes"}


def test_answers_of_a_page_replace_those_before(routing: Routing) -> None:
    change = {"job": ["other"], "job_other": ["smid"], "remarks": ["Dank"]}
    first = keep({"elsewhere": "kept"}, _read(routing, change))
    assert (first["job_other"], first["remarks"]) == ("smid", "Dank")
    second = keep(first, _read(routing, {}))
    assert (second["job"], second["elsewhere"]) == ("baker", "kept")
    assert "job_other" not in second
    assert "remarks" not in second


def test_messages_are_there_in_every_language_of_the_study(routing: Routing) -> None:
    reading = _read(routing, {"job": [], "story": ["x" * 6000]})
    assert [message.text["nl"] for message in reading.messages] == [
        "Kies één antwoord.",
        "Deze tekst is te lang. Er is plaats voor 5000 tekens.",
    ]
    assert all(set(message.text) == {"nl", "en"} for message in reading.messages)


@pytest.mark.parametrize("trouble", AnswerError)
def test_every_trouble_has_words(trouble: AnswerError, routing: Routing) -> None:
    # Room for a text is counted in words of its own; every other limit is written as it is.
    found = error_text(trouble, routing.study, 5 if trouble is AnswerError.TOO_LONG else Decimal(5))
    assert found["nl"] != found["en"]
    assert "{" not in "".join(found.values())
