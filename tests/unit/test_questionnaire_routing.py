"""The path of a respondent, and the record of one who finished or left."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from blikveld.questionnaire import Routing
from blikveld.rules import Missing, Value
from blikveld.study.load import load

STUDIES = Path(__file__).parents[1] / "studies"
VEEN: dict[str, Value] = {"municipality": "veen", "mode": "web", "language": "nl"}


@pytest.fixture(scope="module")
def routing() -> Routing:
    return Routing(load(STUDIES / "routing"))


def test_at_first_only_what_hangs_on_nothing_is_asked(routing: Routing) -> None:
    assert routing.asked({}) == ("district", "pets", "age", "remarks")


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        ({"pets": "no"}, set()),
        ({"pets": "yes"}, {"animals", "cats_are_fun", "dogs_are_fun"}),
        ({"pets": "yes", "mode": "phone"}, {"animals"}),
        (
            {"pets": "yes", "animals": ("cat", "fish"), "mode": "phone"},
            {"animals", "most"},
        ),
        # Unknown is not false: who gave no age is not 18 or older.
        ({"pets": "yes", "animals": ("dog",), "mode": "phone"}, {"animals"}),
        ({"pets": "yes", "animals": ("dog",), "mode": "phone", "age": "0-17"}, {"animals"}),
        (
            {"pets": "yes", "animals": ("dog",), "mode": "phone", "age": "18+"},
            {"animals", "walk"},
        ),
        (
            {"pets": "yes", "animals": ("other",), "animals_other": "rat", "mode": "phone"},
            {"animals", "strange"},
        ),
        ({"district": "veen_noord"}, {"bridge"}),
        ({"district": "veen_noord", "bridge": "yes"}, {"bridge", "crossed"}),
        ({"district": "elsewhere", "municipality": "zand", "bridge": "yes"}, set()),
    ],
)
def test_a_rule_that_is_true_leads_to_its_question(
    routing: Routing, answers: dict[str, Value], asked: set[str]
) -> None:
    always = {"district", "pets", "age", "remarks"}
    assert set(routing.asked(VEEN | answers)) == always | asked


def test_an_answer_off_the_path_is_not_looked_at_and_not_lost(routing: Routing) -> None:
    before = VEEN | {"pets": "yes", "animals": ("cat", "dog"), "most": "yes"}
    away = before | {"pets": "no"}
    assert "most" not in routing.asked(away)
    assert routing.person(away)["animals"] is Missing.NOT_ASKED
    assert routing.asked(away | {"pets": "yes"}) == routing.asked(before)
    assert away["animals"] == ("cat", "dog")


def test_pages_with_nothing_to_ask_are_skipped_both_ways(routing: Routing) -> None:
    answers = VEEN | {"district": "veen_noord", "pets": "no", "bridge": "no"}
    numbers = [page.number for page in routing.path(answers)]
    assert numbers == [1, 2, 3, 4, 6]
    forth = routing.next_page(4, answers)
    assert forth is not None
    assert forth.number == 6
    back = routing.previous_page(6, answers)
    assert back is not None
    assert back.number == 4
    assert routing.next_page(6, answers) is None
    assert routing.previous_page(1, answers) is None


def test_a_text_that_introduces_a_question_is_shown_only_with_a_question(
    routing: Routing,
) -> None:
    page = routing.pages[2]
    no_animals = [item.key for item in routing.items(page, {"pets": "no"})]
    assert no_animals == ["about_animals", "age"]


def test_the_first_page_that_is_still_open(routing: Routing) -> None:
    answers: dict[str, Value] = VEEN | {"district": "veen_zuid"}
    page = routing.first_open(answers)
    assert page is not None
    assert page.number == 2
    answers |= {"pets": "no"}
    assert routing.first_open(answers) is None


def _record(routing: Routing, answers: dict[str, Value], done: int) -> dict[str, Value]:
    return routing.complete(
        site="veen",
        mode="web",
        language="nl",
        answers=answers,
        completed=False,
        pages_done=done,
    )


def test_the_record_of_one_who_finished(routing: Routing) -> None:
    answers: dict[str, Value] = {"district": "veen_zuid", "pets": "no", "most": "yes"}
    record = routing.complete(
        site="veen",
        mode="phone",
        language="en",
        answers=answers,
        completed=True,
        pages_done=6,
    )
    assert record["completed"] is True
    assert (record["municipality"], record["mode"], record["language"]) == ("veen", "phone", "en")
    assert record["pets"] == "no"
    assert record["age"] is Missing.SKIPPED
    for name in ("animals", "animals_other", "most", "strange", "bridge", "cats_are_fun"):
        assert record[name] is Missing.NOT_ASKED
    assert set(record) == {*VEEN, "completed", *routing.study.questions, "animals_other"}


def test_the_record_of_one_who_left(routing: Routing) -> None:
    record = _record(routing, {"district": "veen_noord", "pets": "yes"}, done=2)
    assert record["pets"] == "yes"
    # Asked on the next page, or hanging on what would have been asked there.
    broken = ("animals", "animals_other", "age", "most", "walk", "strange", "bridge", "crossed")
    assert {record[name] for name in (*broken, "remarks")} == {Missing.BROKEN_OFF}


def test_who_left_before_a_page_that_was_not_for_them_is_not_broken_off_there(
    routing: Routing,
) -> None:
    record = _record(routing, {"district": "veen_zuid", "pets": "no"}, done=2)
    assert record["age"] is Missing.BROKEN_OFF
    for name in ("animals", "animals_other", "most", "bridge", "crossed", "cats_are_fun"):
        assert record[name] is Missing.NOT_ASKED


def test_who_went_back_and_left_keeps_what_is_still_on_the_path(routing: Routing) -> None:
    answers: dict[str, Value] = {
        "district": "veen_noord",
        "pets": "yes",
        "animals": ("other",),
        "animals_other": "rat",
        "strange": "no",
        "bridge": "yes",
    }
    record = _record(routing, answers, done=2)
    assert {name: record[name] for name in answers} == answers
    assert record["crossed"] is Missing.BROKEN_OFF
    record = _record(routing, answers | {"pets": "no"}, done=2)
    assert record["animals"] is record["animals_other"] is record["strange"] is Missing.NOT_ASKED


def test_one_who_opened_the_link_and_left(routing: Routing) -> None:
    record = _record(routing, {}, done=0)
    assert record["district"] is record["pets"] is record["crossed"] is Missing.BROKEN_OFF


def test_a_text_is_missing_in_the_way_its_question_is(routing: Routing) -> None:
    on_path: dict[str, Value] = {"pets": "yes", "animals": Missing.REFUSED}
    record = _record(routing, {"district": "veen_zuid"} | on_path, done=3)
    assert record["animals"] is record["animals_other"] is Missing.REFUSED
    record = _record(routing, {"district": "veen_zuid", "pets": "yes", "animals": ("cat",)}, done=3)
    assert record["animals_other"] is Missing.NOT_ASKED


def test_a_question_behind_a_derived_variable_and_a_sum_comes_on_a_page_of_its_own(
    tmp_path: Path,
) -> None:
    folder = shutil.copytree(STUDIES / "made", tmp_path / "study")
    file = folder / "questionnaire.yaml"
    text = file.read_text(encoding="utf-8")
    rule = "likes == 'yes' and sum(liking_score, count(bread), least=1) > 3.5"
    file.write_text(text.replace("liking == 'much'\"\n", f'{rule}"\n'), encoding="utf-8")
    study = load(folder)
    routing = Routing(study)
    assert [[q.key for q in page.questions] for page in routing.pages][-1] == ["baked"]
    answers: dict[str, Value] = {"job": "baker", "liking": "much", "bread": ("white", "brown")}
    assert "baked" in routing.asked(answers)
    assert "baked" not in routing.asked({**answers, "bread": ("white",)})
    assert "baked" not in routing.asked({**answers, "liking": "little"})
    person = routing.complete(
        site=study.sites.every[0].key,
        mode="web",
        language="en",
        answers={"job": "baker"},
        completed=False,
        pages_done=0,
    )
    # What is made is not part of the record; who left before is as lost here as anywhere.
    assert "likes" not in person
    assert person["baked"] is Missing.BROKEN_OFF
