"""Example respondents could exist, and come evenly over the ways through a questionnaire."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from blikveld.questionnaire import Routing
from blikveld.responses.derive import code_and_derive
from blikveld.rules import EVERYBODY, Missing, evaluate, parse
from blikveld.study import examples
from blikveld.study.examples import ExampleRespondent, example_respondents
from blikveld.study.load import load
from blikveld.study.model import Study

STUDIES = Path(__file__).parents[1] / "studies"


def _complete(routing: Routing, person: ExampleRespondent) -> dict[str, object]:
    return dict(
        routing.complete(
            site=person.site,
            mode=person.mode,
            language=person.language,
            answers=person.answers,
            completed=person.completed,
            pages_done=person.pages_done,
        )
    )


@pytest.mark.parametrize("name", ["first", "routing", "answers", "made", "small", "flagship"])
def test_the_record_is_what_the_routing_makes_of_the_answers(name: str, flagship: Study) -> None:
    study = flagship if name == "flagship" else load(STUDIES / name)
    routing = Routing(study)
    people = list(example_respondents(study, 300, among=EVERYBODY))
    assert len(people) == 300
    assert {person.completed for person in people} == {True, False}
    for person in people:
        assert _complete(routing, person) == person.record
        offered = {q.key: study.options(q, person.site) for q in study.questions.values()}
        for question in study.questions.values():
            value = person.answers.get(question.key, ())
            chosen = value if isinstance(value, tuple) else (value,)
            if offered[question.key]:
                assert set(chosen) <= {option.code for option in offered[question.key]}
            assert len(chosen) < 2 or not any(
                option.exclusive for option in question.options if option.code in chosen
            )


def test_every_way_comes_equally_often_however_rare_its_answers(flagship: Study) -> None:
    routing = Routing(flagship)
    asked = Counter(routing.asked(p.answers) for p in example_respondents(flagship, 1_000))
    assert len(asked) == 10
    assert set(asked.values()) == {100}


def test_every_code_of_a_coded_text_comes_about_as_often_as_the_others(flagship: Study) -> None:
    coded = flagship.coded[0]
    people = example_respondents(flagship, 4_000)
    counts = Counter(code_and_derive(flagship, p.record)[coded.key] for p in people)
    assert set(coded.texts.values()) <= set(counts)
    # Evenly: forty answers and texts share 4,000 people; the rarest has half of its share.
    assert min(counts[code] for code in coded.texts.values()) > 50


def test_the_same_seed_gives_the_same_people_and_another_gives_others() -> None:
    study = load(STUDIES / "routing")
    first = list(example_respondents(study, 50, seed=4))
    assert first == list(example_respondents(study, 50, seed=4))
    assert first != list(example_respondents(study, 50, seed=5))


def test_only_people_for_whom_the_rule_is_true_come() -> None:
    study = load(STUDIES / "routing")
    rule = parse("'dog' in animals and municipality == 'zand' and not completed")
    people = list(example_respondents(study, 40, among=rule))
    assert len(people) == 40
    assert all(evaluate(rule, person.record) is True for person in people)
    assert (
        list(example_respondents(study, 40, among=parse("'dog' in animals and pets == 'no'"))) == []
    )


def test_with_too_many_ways_to_list_everything_is_asked_and_passed_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(examples, "_MOST_WAYS", 2)
    study = load(STUDIES / "routing")
    people = list(example_respondents(study, 120))
    assert len(people) == 120
    for key in ("animals", "most", "walk", "strange", "bridge", "crossed"):
        passed = sum(person.record[key] is Missing.NOT_ASKED for person in people)
        assert 20 <= passed <= 100
