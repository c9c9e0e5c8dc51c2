"""Coding: a log that only grows, coders apart, comparing, counting, and who is quoted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from blikveld.interviews.attribution import Quote, SpeakerRole, labels
from blikveld.interviews.coding import (
    Action,
    ActionKind,
    CodebookCode,
    CodedSegment,
    Log,
    LogRefused,
    MemoKind,
)
from blikveld.interviews.coding.compare import (
    Approach,
    DoesNotFit,
    agreement,
    saturation,
)
from blikveld.interviews.coding.retrieval import (
    PassageFilter,
    by_attribute,
    find_passages,
    search,
    theme_count,
    together,
)
from blikveld.interviews.text_lines import sentences

TEXTS = {"one": 100, "two": 100}
WHEN = datetime(2021, 10, 2, 9, tzinfo=UTC)


def code(key: str, parent: str = "") -> Action:
    return Action(ActionKind.SET_CODE, code=key, name=key.title(), parent=parent)


def passage(key: str, start: int, end: int, text: str = "one") -> Action:
    return Action(ActionKind.CODE, code=key, text=text, start=start, end=end)


def log(*steps: tuple[str, Action]) -> Log:
    made = Log()
    for author, action in steps:
        made = made.done(author, action, TEXTS, WHEN)
    return made


def test_a_code_has_a_definition_and_stands_under_a_theme() -> None:
    action = Action(
        ActionKind.SET_CODE,
        code="online",
        name="Online",
        definition="d",
        include="i",
        exclude="e",
        example="x",
        parent="werving",
    )
    state = log(("ann", code("werving")), ("ann", action)).state
    assert state.codes["online"] == CodebookCode("online", "Online", "d", "i", "e", "x", "werving")
    assert state.themes() == ("werving",)
    assert list(state.above("online")) == ["online", "werving"]


def test_every_action_stays_and_the_last_own_one_can_be_taken_back() -> None:
    made = log(("ann", code("a")), ("ann", passage("a", 0, 5)), ("bob", passage("a", 2, 6)))
    back = made.undone("ann", TEXTS, WHEN)
    assert back.entries[:3] == made.entries
    assert back.state.segments == {CodedSegment("one", 2, 6, "a", "bob")}
    with pytest.raises(LogRefused, match="nothing of theirs"):
        back.undone("cor", TEXTS, WHEN)


def test_a_coder_sees_only_own_passages() -> None:
    state = log(("ann", code("a")), ("ann", passage("a", 3, 5)), ("bob", passage("a", 0, 4))).state
    assert state.of_coder("ann") == (CodedSegment("one", 3, 5, "a", "ann"),)
    assert state.coders == ("ann", "bob")


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (passage("b", 0, 5), "no code 'b'"),
        (passage("a", 0, 5, "three"), "no text 'three'"),
        (passage("a", 5, 5), "does not lie in the text"),
        (passage("a", 90, 101), "does not lie in the text"),
        (passage("a", 0, 4), "has this code already"),
        (
            Action(ActionKind.UNCODE, code="a", text="one", start=0, end=9),
            "does not have this code",
        ),
        (Action(ActionKind.SET_CODE, code="c"), "needs a key and a name"),
        (code("c", "zzz"), "no code 'zzz'"),
        (replace(code("a", "a"), seen=1), "under itself"),
        (Action(ActionKind.DROP_CODE, code="zzz"), "no code 'zzz'"),
        (Action(ActionKind.MEMO, memo="m"), "needs a key, a kind and words"),
        (Action(ActionKind.UNDO, target=1), "one's own"),
    ],
)
def test_what_cannot_be_is_refused_and_not_written(action: Action, words: str) -> None:
    made = log(("ann", code("a")), ("bob", passage("a", 0, 4)))
    with pytest.raises(LogRefused, match=words):
        made.done("bob", action, TEXTS, WHEN)


def test_passages_go_with_their_code_and_memos_can_be_rewritten() -> None:
    memo = Action(ActionKind.MEMO, memo="m", memo_kind=MemoKind.METHOD, words="eerst", about="a")
    made = log(
        ("ann", code("a")),
        ("ann", passage("a", 0, 4)),
        ("ann", memo),
        ("ann", Action(ActionKind.MEMO, memo="m", memo_kind=MemoKind.METHOD, words="later")),
        ("ann", Action(ActionKind.DROP_CODE, code="a")),
    )
    assert made.state.segments == frozenset()
    assert made.state.memos["m"].words == "later"
    assert len(made.undone("ann", TEXTS, WHEN).state.segments) == 1


def test_a_kept_log_comes_back_and_grows_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    memo = Action(ActionKind.MEMO, memo="m", memo_kind=MemoKind.REFLECTION, words="👀\r\n")
    first = log(("ann", code("a")), ("ann", memo))
    first.append_to(path)
    before = path.read_bytes()
    second = first.done("bob", passage("a", 0, 4), TEXTS, WHEN)
    second.append_to(path)
    assert path.read_bytes().startswith(before)
    assert Log.read(path) == second
    with pytest.raises(LogRefused, match="Somebody else"):
        first.done("ann", code("b"), TEXTS, WHEN).append_to(path)


def test_a_line_that_was_changed_or_is_gone_shows(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    log(("ann", code("a")), ("ann", code("b")), ("ann", code("c"))).append_to(path)
    lines = path.read_text(encoding="utf-8").splitlines()
    other = lines[0].replace('"text": ""', '"text": "one"')
    for wrong in ([other, *lines[1:]], [lines[0], lines[2]], ["{}"]):
        path.write_text("\n".join(wrong), encoding="utf-8")
        with pytest.raises(LogRefused, match="not what was written"):
            Log.read(path)
    path.write_text("\n".join(lines), encoding="utf-8")
    bodies = tmp_path / "bodies/project.jsonl"
    said = bodies.read_text(encoding="utf-8")
    for wrong_words in (said.replace("ann", "bob", 1), said.split("\n", 1)[1], ""):
        bodies.write_text(wrong_words, encoding="utf-8")
        with pytest.raises(LogRefused, match="not what was written"):
            Log.read(path)


def test_agreement_over_all_text_and_over_what_was_coded() -> None:
    texts = {"one": "Een. Twee. Drie. Vier. Vijf. Zes. Zeven. Acht. Negen. Tien."}
    units = sentences(texts)
    assert len(units) == 10
    # The ten-segment example again (alpha .095): which sentences each coder gave the code.
    state = log(
        ("ann", code("a")),
        *(("ann", passage("a", units[i].start, units[i].end)) for i in (1, 8)),
        *(("bob", passage("a", units[i].start, units[i].end)) for i in (0, 1, 2, 5)),
    ).state
    coders = ("ann", "bob")
    every = agreement(Approach.CODING_RELIABILITY, state, units, coders)["a"]
    assert every.alpha == pytest.approx(0.095, abs=0.0005)
    coded = agreement(Approach.CODEBOOK, state, units, coders, coded_only=True)["a"]
    # By hand: five sentences, one agreed on; 1 - 9 * 4 / (4 * 6) = -0.5.
    assert (coded.units, coded.alpha) == (5, pytest.approx(-0.5))


def test_a_reflexive_study_gets_no_number() -> None:
    state = log(("ann", code("a"))).state
    with pytest.raises(DoesNotFit, match="reflexively"):
        agreement(Approach.REFLEXIVE, state, (), ("ann",))
    with pytest.raises(DoesNotFit, match="reflexively"):
        saturation(Approach.REFLEXIVE, state, ("one",))


def test_new_codes_per_interview() -> None:
    state = log(
        *(("ann", code(key)) for key in "abc"),
        ("ann", passage("a", 0, 1)),
        ("ann", passage("b", 0, 1)),
        ("ann", passage("b", 0, 1, "two")),
        ("ann", passage("c", 0, 1, "two")),
    ).state
    assert saturation(Approach.CODEBOOK, state, ("one", "two")) == (2, 1)
    assert saturation(Approach.CODEBOOK, state, ("two", "one")) == (2, 1)


def test_matrices_count_interviews_and_overlaps() -> None:
    state = log(
        ("ann", code("theme")),
        ("ann", code("a", "theme")),
        ("ann", code("b", "theme")),
        ("ann", passage("a", 0, 5)),
        ("ann", passage("a", 10, 15)),
        ("ann", passage("b", 4, 9)),
        ("bob", passage("b", 0, 5)),
        ("ann", passage("b", 5, 9, "two")),
    ).state
    assert by_attribute(state, {"one": "youth", "two": "youth"}) == {
        ("theme", "youth"): 2,
        ("a", "youth"): 1,
        ("b", "youth"): 2,
    }
    assert together(state) == {("a", "b"): 1}
    assert theme_count(state) == {"theme": 2, "a": 1, "b": 2}


def role(*keys: str) -> SpeakerRole:
    return SpeakerRole(keys, tuple({"nl": key.title(), "en": key} for key in keys))


YOUTH = role("jongerenwerker", "professional jeugd", "professional")
SCHOOL = role("mentor", "professional onderwijs", "professional")
CARE = role("hulpverlener", "professional jeugd", "professional")


def texts_of(roles: dict[str, SpeakerRole]) -> list[str]:
    return [label.text("nl") for label in labels(roles).values()]


def test_roles_that_several_have_get_letters() -> None:
    assert texts_of({"1": YOUTH, "2": YOUTH, "3": YOUTH}) == [
        "Jongerenwerker A",
        "Jongerenwerker B",
        "Jongerenwerker C",
    ]


def test_a_role_that_occurs_once_is_widened_until_it_points_at_nobody() -> None:
    roles = {"1": YOUTH, "2": YOUTH, "3": CARE, "4": SCHOOL}
    # The care worker alone in the wider group would be pointed at again, so both go up.
    assert texts_of(roles) == [
        "Jongerenwerker A",
        "Jongerenwerker B",
        "Professional A",
        "Professional B",
    ]


def test_letters_stay_and_are_not_given_again() -> None:
    first = labels({"1": YOUTH, "2": YOUTH, "3": YOUTH})
    later = labels({"3": YOUTH, "1": YOUTH, "4": YOUTH}, first)
    assert [label.text("nl") for label in later.values()] == [
        "Jongerenwerker C",
        "Jongerenwerker A",
        "Jongerenwerker D",
    ]


def test_a_label_that_points_at_somebody_after_a_withdrawal_is_widened() -> None:
    first = labels({"1": YOUTH, "2": YOUTH, "3": SCHOOL, "4": SCHOOL})
    later = labels({"1": YOUTH, "3": SCHOOL, "4": SCHOOL}, first)
    assert later["1"].text("nl") == "Professional A"
    assert later["3"] == first["3"]


def test_letters_go_on_after_the_alphabet() -> None:
    found = texts_of({str(n): YOUTH for n in range(28)})
    assert found[25:] == ["Jongerenwerker Z", "Jongerenwerker AA", "Jongerenwerker AB"]


def test_a_quote_carries_its_label() -> None:
    given = labels({"one": YOUTH, "two": YOUTH})
    quote = Quote("theme", "two", 0, 8, "two 👋zegt", given["two"], invented=True)
    assert quote.printed("nl") == "“two 👋zegt” (Jongerenwerker B)"


def test_what_is_frozen_cannot_be_changed_by_taking_back_what_came_before() -> None:
    """Before, such an undo went through, and from then on every action was refused."""
    made = log(
        ("ann", code("a")),
        ("ann", code("b")),
        ("cor", passage("a", 0, 5)),
        ("bob", passage("a", 0, 5)),
        ("cor", Action(ActionKind.UNCODE, code="a", text="one", start=0, end=5)),
        ("cor", passage("a", 0, 5)),
        *((who, Action(ActionKind.FINISH, text="one")) for who in ("bob", "cor")),
        ("bob", Action(ActionKind.START_COMPARISON, text="one")),
    )
    assert made.state.independent("one") == made.state.frozen["one"]
    for target in (3, 4, 5, 6, 9):
        who = made.entries[target - 1].author
        with pytest.raises(LogRefused):
            made.undone(who, TEXTS, WHEN, target=target)
    assert made.done("ann", code("c"), TEXTS, WHEN).state.codes["c"].name == "C"


def test_what_was_done_in_one_go_is_taken_back_in_one_go() -> None:
    steps = (replace(code("b"), batch="x"), replace(passage("b", 0, 5), batch="x"))
    made = log(("ann", code("a")), *(("ann", step) for step in steps))
    back = made.undone("ann", TEXTS, WHEN, event="e")
    assert list(back.state.codes) == ["a"]
    assert back.state.segments == frozenset()
    # Sent twice, it counts once.
    assert back.undone("ann", TEXTS, WHEN, event="e") == back


def test_a_memo_that_changed_since_it_was_seen_is_kept_beside_the_new_one() -> None:
    memo = Action(ActionKind.MEMO, memo="m", memo_kind=MemoKind.TEXT, words="een", about="one")
    made = log(("ann", memo), ("ann", replace(memo, words="twee", seen=1)))
    assert [m.words for m in made.state.memos.values()] == ["twee"]
    both = made.done("ann", replace(memo, words="drie", seen=1), TEXTS, WHEN)
    assert sorted(m.words for m in both.state.memos.values()) == ["drie", "twee"]


def test_a_memo_on_a_passage_lies_in_its_text() -> None:
    memo = Action(
        ActionKind.MEMO, memo="m", memo_kind=MemoKind.SEGMENT, words="w", about="one", end=5
    )
    assert log(("ann", memo)).state.memos["m"].end == 5
    with pytest.raises(LogRefused, match="does not lie in the text"):
        log(("ann", replace(memo, end=101)))


def test_a_lead_reads_along_but_not_in_a_text_of_their_own() -> None:
    state = log(
        ("ann", code("a")),
        ("ann", passage("a", 0, 5)),
        ("bob", passage("a", 6, 9)),
        ("bob", passage("a", 0, 5, "two")),
    ).state
    seen = state.visible_to("ann", lead=True).segments
    assert {(p.text, p.author) for p in seen} == {("one", "ann"), ("two", "bob")}
    assert {p.author for p in state.visible_to("ann").segments} == {"ann"}


def test_a_passage_gets_a_code_once_also_under_a_code_that_was_merged() -> None:
    made = log(
        ("ann", code("a")),
        ("ann", code("b")),
        ("ann", passage("a", 0, 5)),
        ("ann", Action(ActionKind.MERGE_CODES, code="a", into="b")),
    )
    with pytest.raises(LogRefused, match="has this code already"):
        made.done("ann", passage("b", 0, 5), TEXTS, WHEN)


def test_passages_and_words_are_found_over_all_texts() -> None:
    texts = {"one": "Schuld bij de buren. Een fiets.", "two": "Geen schuld. De  buren zwegen."}
    state = log(
        ("ann", code("t")),
        ("ann", code("a", "t")),
        ("ann", passage("a", 0, 20)),
        ("bob", passage("t", 0, 12, "two")),
    ).state
    about = {"one": ("mentor", "ede"), "two": ("agent", "ede")}

    def found(**wanted: str) -> list[str]:
        return [p.text for p in find_passages(state, texts, about, PassageFilter(**wanted))]

    assert found(code="t") == ["one", "two"]
    assert found(code="a") == ["one"]
    assert found(role="agent") == ["two"]
    assert found(coder="ann") == ["one"]
    assert found(words="BUREN") == ["one"]
    assert found(site="almelo") == []
    hits = search(texts, "de buren")
    assert [texts[h.text][h.start : h.end] for h in hits] == ["de buren", "De  buren"]
    assert search(texts, "d") == ()
