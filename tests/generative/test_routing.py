"""Whatever the questionnaire and whatever the answers: pages and paths keep their promises."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import chain, combinations, product
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blikveld.kinds import Multiple, OpenText, Single
from blikveld.questionnaire import Routing, keep, read, walk_path
from blikveld.rules import EVERYBODY, Missing, Person, Rule, Value, evaluate, names
from blikveld.rules.nodes import (
    And,
    Answered,
    Asked,
    Chosen,
    Compare,
    ComparisonOperator,
    CountChosen,
    Not,
    OneOf,
    Or,
)
from blikveld.rules.types import VariableKind
from blikveld.study.items import questions_of, rules_of
from blikveld.study.loader.option_lists import asked_if_offered
from blikveld.study.model import (
    Item,
    Mode,
    Option,
    Period,
    Question,
    Section,
    Study,
    TextItem,
)
from blikveld.study.reachability import check_reachability
from blikveld.study.sites import Site, Sites
from blikveld.yaml_reading.fault_log import FaultLog

WORDS = {"en": "…"}
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
fewer = settings(unhurried, max_examples=60)
DAY = Period(date(2026, 1, 1), date(2026, 12, 31))
SYSTEM = {"site": "veen", "mode": "web", "language": "en"}


def _study(parts: tuple[Section, ...]) -> Study:
    return Study(
        key="generated",
        version="1",
        languages=("en",),
        title=WORDS,
        period=DAY,
        fieldwork=DAY,
        modes=(Mode.WEB,),
        sites=Sites("municipality", "municipalities", WORDS, WORDS, (Site("veen", "Veen"),)),
        classifications=(),
        sections=parts,
        coded=(),
        derived=(),
        scores=(),
        inclusion=(),
        tables=(),
        folder=Path(),
        digest="",
    )


@st.composite
def rules(draw: st.DrawFn, earlier: list[Question]) -> Rule:
    """A rule that looks at earlier questions only."""
    if not earlier or draw(st.booleans()):
        return EVERYBODY
    leaf = st.sampled_from(earlier).flatmap(_leaves)
    return draw(st.recursive(leaf, _larger, max_leaves=3))


def _larger(inner: st.SearchStrategy[Rule]) -> st.SearchStrategy[Rule]:
    pair = st.tuples(inner, inner)
    return st.one_of(inner.map(Not), pair.map(And), pair.map(Or))


def _leaves(question: Question) -> st.SearchStrategy[Rule]:
    key, codes = question.key, [option.code for option in question.options]
    found: list[st.SearchStrategy[Rule]] = [
        st.sampled_from([Asked(key), Answered(key), *map(Answered, question.other_keys)])
    ]
    if question.variable_kind is VariableKind.SINGLE:
        ways = st.sampled_from([ComparisonOperator.EQUAL, ComparisonOperator.NOT_EQUAL])
        found.append(st.builds(Compare, st.just(key), ways, st.sampled_from(codes)))
        several = st.lists(st.sampled_from(codes), min_size=1, unique=True).map(tuple)
        found.append(st.builds(OneOf, st.just(key), several))
    if question.variable_kind is VariableKind.MULTIPLE:
        found.append(st.builds(Chosen, st.just(key), st.sampled_from(codes)))
        counts = st.integers(0, len(codes))
        found.append(
            st.builds(CountChosen, st.just(key), st.sampled_from(ComparisonOperator), counts)
        )
    return st.one_of(found)


@st.composite
def questions(draw: st.DrawFn, number: int, earlier: list[Question]) -> Question:
    """One question with a random kind, answers and rule."""
    kind = draw(st.sampled_from((Single(), Multiple(), OpenText())))
    options: list[Option] = []
    if kind.variable_kind is not VariableKind.TEXT:
        other = draw(st.booleans())
        options = [Option(code, WORDS, WORDS) for code in "abc"[: draw(st.integers(1, 3))]]
        options += [Option("other", WORDS, WORDS, text=WORDS)] if other else []
    if kind.variable_kind is VariableKind.MULTIPLE and draw(st.booleans()):
        options.append(Option("none", WORDS, WORDS, exclusive=True))
    if draw(st.booleans()):
        options = [replace(option, show_if=draw(rules(earlier))) for option in options]
    question = Question(
        key=f"q{number}",
        number=str(number),
        kind=kind,
        text=WORDS,
        short=WORDS,
        ask_if=draw(rules(earlier)),
        required=draw(st.booleans()),
        options=tuple(options),
    )
    return asked_if_offered(question)


@st.composite
def studies(draw: st.DrawFn, most: int = 7) -> Study:
    """A study whose rules look backwards, with texts in between and parts that break pages."""
    earlier: list[Question] = []
    parts: list[Section] = []
    items: list[Item] = []
    for number in range(draw(st.integers(1, most))):
        if draw(st.booleans()):
            items.append(TextItem(f"t{number}", WORDS, ask_if=draw(rules(earlier))))
        question = draw(questions(number, earlier))
        items.append(question)
        earlier.append(question)
        if draw(st.integers(0, 2)) == 0:
            parts.append(Section(f"p{number}", WORDS, tuple(items), new_page=draw(st.booleans())))
            items = []
    if items:
        parts.append(Section("last", WORDS, tuple(items)))
    return _study(tuple(parts))


def _possible(question: Question) -> list[dict[str, Value]]:
    """Every way to answer one question, texts of 'other, namely' included, as fragments."""
    if question.variable_kind is VariableKind.TEXT:
        found: list[dict[str, Value]] = [{question.key: "words"}]
    else:
        found = [_fragment(question, chosen) for chosen in _sets(question)]
    return found if question.required else [*found, {}]


def _sets(question: Question) -> Iterator[tuple[Option, ...]]:
    if question.variable_kind is VariableKind.SINGLE:
        yield from ((option,) for option in question.options)
        return
    together = [option for option in question.options if not option.exclusive]
    sizes = range(1, len(together) + 1)
    yield from chain.from_iterable(combinations(together, size) for size in sizes)
    yield from ((option,) for option in question.options if option.exclusive)


def _fragment(question: Question, chosen: tuple[Option, ...]) -> dict[str, Value]:
    codes = tuple(option.code for option in chosen)
    found: dict[str, Value] = {
        question.key: codes if question.variable_kind is VariableKind.MULTIPLE else codes[0]
    }
    if any(option.text for option in chosen):
        found |= dict.fromkeys(question.other_keys, "words")
    return found


@st.composite
def answered(draw: st.DrawFn, most: int = 7) -> tuple[Study, dict[str, Value]]:
    """A study and an answer to each question, on the path or not; some are left out."""
    study = draw(studies(most))
    answers: dict[str, Value] = {}
    for question in study.questions.values():
        answers |= draw(st.sampled_from([*_possible(question), {}]))
    return study, answers


@unhurried
@given(studies())
def test_nothing_on_a_page_depends_on_an_answer_on_that_page(study: Study) -> None:
    pages = Routing(study).pages
    assert [item for page in pages for item in page.items] == [
        item for part in study.sections for item in part.items
    ]
    for page in pages:
        here = {name for q in page.questions for name in (q.key, *q.other_keys)}
        rules_here = (rule for item in page.items for rule in rules_of(item))
        assert not any(names(rule) & here for rule in rules_here)


@unhurried
@given(answered())
def test_forth_and_back_is_the_same_path(given_: tuple[Study, dict[str, Value]]) -> None:
    study, answers = given_
    routing = Routing(study)
    forth, number = [], 0
    while (page := routing.next_page(number, answers)) is not None:
        forth.append(page)
        number = page.number
    back, number = [], len(routing.pages) + 1
    while (page := routing.previous_page(number, answers)) is not None:
        back.append(page)
        number = page.number
    assert tuple(forth) == tuple(reversed(back)) == routing.path(answers)


@unhurried
@given(answered())
def test_a_path_hangs_on_nothing_but_the_answers_on_it(
    given_: tuple[Study, dict[str, Value]],
) -> None:
    study, answers = given_
    routing = Routing(study)
    before = dict(answers)
    asked = routing.asked(answers)
    on_path = {name: answers[name] for name in _names(study, asked) if name in answers}
    assert routing.asked(on_path) == asked
    assert routing.path(on_path) == routing.path(answers)
    assert answers == before


@unhurried
@given(answered())
def test_a_later_answer_changes_no_earlier_page(given_: tuple[Study, dict[str, Value]]) -> None:
    study, answers = given_
    routing = Routing(study)
    for page in routing.pages:
        earlier = {n: v for n, v in answers.items() if _page(routing, n) < page.number}
        assert routing.items(page, earlier) == routing.items(page, answers)


@unhurried
@given(answered())
def test_a_finished_record_holds_the_answers_on_the_path_and_no_others(
    given_: tuple[Study, dict[str, Value]],
) -> None:
    study, answers = given_
    routing = Routing(study)
    asked = set(routing.asked(answers))
    record = routing.complete(**SYSTEM, answers=answers, completed=True, pages_done=0)
    for question in study.questions.values():
        value = record[question.key]
        if question.key in asked:
            assert value == _offered(question, record, answers)
        else:
            assert value is Missing.NOT_ASKED
        assert (evaluate(question.ask_if, record) is True) == (question.key in asked)
    assert Missing.BROKEN_OFF not in record.values()


def _offered(question: Question, record: Person, answers: Mapping[str, Value]) -> Value:
    """The answer without options whose rule is not true of this respondent."""
    value = answers.get(question.key, Missing.SKIPPED)
    gone = {o.code for o in question.options if evaluate(o.show_if, record) is not True}
    if isinstance(value, tuple):
        return tuple(code for code in value if code not in gone) or Missing.SKIPPED
    return Missing.SKIPPED if value in gone else value


@unhurried
@given(answered(), st.integers(0, 7))
def test_a_record_that_was_broken_off_never_keeps_an_answer_off_the_path(
    given_: tuple[Study, dict[str, Value]], done: int
) -> None:
    study, answers = given_
    routing = Routing(study)
    asked = set(_names(study, routing.asked(answers)))
    record = routing.complete(**SYSTEM, answers=answers, completed=False, pages_done=done)
    for name in _names(study, study.questions):
        value = record[name]
        kept = value == answers.get(name) or (
            isinstance(value, tuple) and set(value) < set(answers[name])
        )
        assert isinstance(value, Missing) or (name in asked and kept)
        if value is Missing.BROKEN_OFF:
            assert _page(routing, name) > done
        if value is Missing.SKIPPED:
            assert _page(routing, name) <= done or name.endswith("_other")


@unhurried
@given(answered(), st.integers(0, 7))
def test_who_left_is_called_not_asked_only_where_no_later_answer_could_have_led(
    given_: tuple[Study, dict[str, Value]], done: int
) -> None:
    study, answers = given_
    routing = Routing(study)
    so_far = {name: v for name, v in answers.items() if _page(routing, name) <= done}
    record = routing.complete(**SYSTEM, answers=so_far, completed=False, pages_done=done)
    for key in routing.asked(answers):
        assert record[key] is not Missing.NOT_ASKED


@fewer
@given(studies(most=4))
def test_a_proof_says_what_trying_every_answer_says(study: Study) -> None:
    routing = Routing(study)
    reached, shown = set[str](), set[str]()
    for fragments in product(*map(_possible, study.questions.values())):
        answers = {name: value for part in fragments for name, value in part.items()}
        for page in routing.pages:
            items = routing.items(page, answers)
            reached |= {item.key for item in items}
            offered = (q for item in items for q in questions_of(item))
            shown |= {f"{o.code!r} of {q.key!r}" for q in offered for o in q.options}
    ledger = FaultLog()
    check_reachability(study, ledger)
    every = {item.key for part in study.sections for item in part.items}
    unreached = {
        key
        for key in every
        if any(f"No answers lead to {key!r}:" in f.problem for f in ledger.faults)
    }
    assert unreached == every - reached
    filtered = {
        f"{option.code!r} of {question.key!r}"
        for question in study.questions.values()
        for option in question.options
        if option.show_if is not EVERYBODY
    }
    hidden = {f for f in filtered if any(f"answer {f}:" in w.problem for w in ledger.faults)}
    assert hidden == filtered - shown


@fewer
@given(studies(most=4))
def test_a_walk_visits_every_path(study: Study) -> None:
    routing = Routing(study)
    tried = {
        routing.asked({name: v for part in fragments for name, v in part.items()})
        for fragments in product(*map(_possible, study.questions.values()))
    }
    walked = list(walk_path(study))
    assert {routing.asked(path.answers) for path in walked} == tried
    assert all(path.pages == routing.path(path.answers) for path in walked)


texts = st.one_of(
    st.sampled_from(["a", "b", "c", "other", "none", "", " ", "\x00", "a\r\nb"]),
    st.text(max_size=8),
)


@unhurried
@given(answered(), st.data())
def test_whatever_is_sent_in_only_offered_answers_are_kept(
    given_: tuple[Study, dict[str, Value]], data: st.DataObject
) -> None:
    study, answers = given_
    routing = Routing(study)
    fields = st.sampled_from([*_names(study, study.questions), "csrf"])
    form = data.draw(st.dictionaries(fields, st.lists(texts, max_size=3)))
    for page in routing.pages:
        reading = read(routing, page, "veen", answers, form)
        shown = [q for item in routing.items(page, answers) for q in questions_of(item)]
        offered = {q.key: {o.code for o in q.options} for q in shown}
        assert {name.removesuffix("_other") for name in reading.answers} <= set(offered)
        for question in shown:
            _check_kept(question, reading.answers, offered[question.key])
        if not reading.messages:
            after = keep(answers, reading)
            # An answer that was not shown is neither replaced nor lost.
            assert {n: after[n] for n in set(answers) - reading.shown} == {
                n: answers[n] for n in set(answers) - reading.shown
            }
            opened = routing.first_open(after)
            assert opened is None or opened is not page


def _check_kept(question: Question, kept: Mapping[str, Value], offered: set[str]) -> None:
    value = kept.get(question.key)
    if question.variable_kind is VariableKind.SINGLE:
        assert value is None or value in offered
    elif question.variable_kind is VariableKind.MULTIPLE and value is not None:
        assert isinstance(value, tuple)
        assert value
        assert set(value) <= offered
        assert "none" not in value or value == ("none",)
    boxes = {option.code for option in question.options if option.text}
    chosen = set(value) if isinstance(value, tuple) else {value}
    if question.variable_kind is not VariableKind.TEXT:
        assert (f"{question.key}_other" in kept) == bool(boxes & chosen)


def _names(study: Study, keys: Mapping[str, Question] | tuple[str, ...]) -> list[str]:
    return [name for key in keys for name in (key, *study.questions[key].other_keys)]


def _page(routing: Routing, name: str) -> int:
    return routing.page_of[name.removesuffix("_other")]
