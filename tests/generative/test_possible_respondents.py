"""The solver says of all possible respondents what trying every one of them says.

Small invented studies with every kind of question, in which each respondent is made by the routing
and the coding, and each rule is answered by the evaluator: for everybody who stays, leaves at any
page, or goes back and leaves then.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import combinations, product
from pathlib import Path
from types import ModuleType

import pytest

from blikveld.kinds import Multiple, OpenText, Single
from blikveld.questionnaire import Routing, walk_path
from blikveld.responses.derive import code_and_derive
from blikveld.rules import EVERYBODY, Person, Rule, Truth, Value, evaluate
from blikveld.rules.nodes import (
    And,
    Answered,
    Asked,
    Chosen,
    Compare,
    CompareTerms,
    ComparisonOperator,
    Constant,
    CountChosen,
    CountTrue,
    Empty,
    Flag,
    IsTrue,
    Not,
    OneOf,
    Or,
)
from blikveld.rules.terms import (
    Coalesce,
    ConstantTerm,
    CountTerm,
    Minus,
    Plus,
    SumTerm,
    Term,
    Times,
    VariableTerm,
)
from blikveld.study import (
    respondent_model,
    rule_literals,
    solver,
    term_literals,
    whole_numbers,
)
from blikveld.study.goals import item_goals
from blikveld.study.loader.option_lists import asked_if_offered
from blikveld.study.model import (
    Code,
    Coded,
    ContactItem,
    Derived,
    DerivedCase,
    Item,
    Mode,
    Option,
    Period,
    Question,
    QuestionKind,
    Score,
    Section,
    Study,
    TextItem,
    Variable,
    VariableKind,
    other_key,
)
from blikveld.study.reachability import decide
from blikveld.study.respondent_model import RespondentModel
from blikveld.study.sites import LocalOption, Site, Sites
from blikveld.study.solver import Solver

WORDS = {"en": "…"}
DAY = Period(date(2026, 1, 1), date(2026, 12, 31))
NORTH, SOUTH, DUNE = (LocalOption(f"veen_{name}", name) for name in ("noord", "zuid", "duin"))
SITES = (
    Site("veen", "Veen", {"districts": (NORTH, SOUTH)}),
    Site("zand", "Zand", {"districts": (replace(DUNE, code="zand_duin"),)}),
)


def _sites(number: int) -> Sites:
    return Sites("municipality", "municipalities", WORDS, WORDS, SITES[:number])


# 170 is the first whose rules tie a district to its site. Later ones limit how many are chosen,
# and the last ask for a text at several options of a question.
STUDIES = (*range(80), *range(170, 173), *range(182, 187))
SHORT = (*range(12), *STUDIES[80:])
EACH = [pytest.param(n, marks=[] if n in SHORT else [pytest.mark.long]) for n in STUDIES]
RULES = 30
MOST_ANSWERS = 240


class _Maker:
    """Makes one small study from a seed."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.filters = seed % 3 == 0
        """Whether some options are for some respondents only."""
        self.limits = seed > 170
        """Whether so many options have to be chosen, or may be."""
        self.boxes = seed in range(182, 187)
        """Whether the first option asks for a text too."""

    def study(self) -> Study:
        plain = Study(
            key="generated",
            version="1",
            languages=("en",),
            title=WORDS,
            period=DAY,
            fieldwork=DAY,
            modes=(Mode.WEB, Mode.PHONE)[: self.dice.randint(1, 2)],
            sites=_sites(self.dice.randint(1, 2)),
            classifications=(),
            sections=(),
            coded=(),
            derived=(),
            scores=(),
            inclusion=(),
            tables=(),
        )
        asked = plain
        while True:
            asked = self._with_questions(plain)
            if _combinations(asked) <= MOST_ANSWERS:
                break
        return self._with_made(asked)

    def _with_questions(self, study: Study) -> Study:
        items: list[Item] = []
        parts: list[Section] = []
        for number in range(self.dice.randint(2, 4)):
            so_far = replace(study, sections=(Section("all", WORDS, tuple(items)),))
            if number == 2 and self.dice.random() < 0.5:
                # What is made from the questions so far may route the next ones.
                cases = tuple(DerivedCase(c, WORDS, self.rule(so_far, asking=True)) for c in "lm")
                study = replace(study, derived=(Derived("r", WORDS, cases),))
                so_far = replace(so_far, derived=study.derived)
            items.append(self._question(so_far, number))
            known = replace(study, sections=(Section("all", WORDS, tuple(items)),))
            if self.dice.random() < 0.3:
                rule = self.rule(known, asking=True)
                items.append(TextItem(f"t{number}", WORDS, ask_if=rule))
            if self.dice.random() < 0.3:
                rule = self.rule(known, asking=True)
                items.append(ContactItem(f"c{number}", WORDS, WORDS, ask_if=rule))
        cut = self.dice.randint(0, len(items) - 1)
        parts = [Section("a", WORDS, tuple(items[:cut]))] if cut else []
        parts.append(Section("b", WORDS, tuple(items[cut:]), new_page=self.dice.random() < 0.6))
        return replace(study, sections=tuple(parts))

    def _question(self, study: Study, number: int) -> Question:
        kind = self.dice.choice(
            (
                Single(),
                Single(),
                Multiple(),
                Multiple(),
                OpenText(),
            )
        )
        options: list[Option] = []
        if kind.variable_kind is not VariableKind.TEXT:
            codes = "abc"[: self.dice.randint(1, 3)]
            options = [Option(code, WORDS, WORDS) for code in codes]
            if self.dice.random() < 0.6:
                options.append(Option("other", WORDS, WORDS, text=WORDS))
            if kind.variable_kind is VariableKind.MULTIPLE and self.dice.random() < 0.5:
                options.append(Option("none", WORDS, WORDS, exclusive=True))
            if self.boxes:
                options[0] = replace(options[0], text=WORDS)
        if self.limits and kind.variable_kind is VariableKind.MULTIPLE:
            kind = self._limited(options)
        if self.filters and number:
            options = [
                replace(option, show_if=self.rule(study, asking=True))
                if self.dice.random() < 0.5
                else option
                for option in options
            ]
        question = Question(
            key=f"q{number}",
            number="",
            kind=kind,
            text=WORDS,
            short=WORDS,
            ask_if=self.rule(study, asking=True) if self.dice.random() < 0.7 else EVERYBODY,
            required=self.dice.random() < 0.6,
            options=tuple(options),
            site_list="districts"
            if kind.variable_kind is VariableKind.SINGLE and self.dice.random() < 0.25
            else None,
        )
        return asked_if_offered(question)

    def _limited(self, options: list[Option]) -> Multiple:
        free = sum(not option.exclusive for option in options)
        least = self.dice.randint(0, free)
        return Multiple(least, self.dice.choice((0, self.dice.randint(max(least, 1), free))))

    def _with_made(self, study: Study) -> Study:
        sources = [q for q in study.questions.values() if self.dice.random() < 0.5]
        # Of several texts nobody can say which one is coded.
        sources = [question for question in sources if len(question.other_keys) < 2][:2]
        coded = tuple(self._coded(study, n, q) for n, q in enumerate(sources))
        study = replace(study, coded=self._with_texts(coded))
        for number in range(self.dice.randint(0, 2)):
            cases = tuple(
                DerivedCase(code, WORDS, self.rule(study))
                for code in "xyz"[: self.dice.randint(1, 3)]
            )
            made = Derived(f"d{number}", WORDS, cases)
            study = replace(study, derived=(*study.derived, made))
        singles = [v for v in study.variables.values() if v.kind is VariableKind.SINGLE]
        source = self.dice.choice(singles)
        values = {c.code: self.dice.randint(-2, 2) / 2 for c in source.codes[:-1] or source.codes}
        return replace(study, scores=(Score("s", WORDS, source.name, values),))

    def _coded(self, study: Study, number: int, source: Question) -> Coded:
        codes = tuple(Code(code, WORDS) for code in "uvw"[: self.dice.randint(1, 3)])
        keys = [code.code for code in codes]
        answers = [c.code for c in study.variables[source.key].codes]
        mapped = {a: self.dice.choice(keys) for a in answers if self.dice.random() < 0.6}
        return Coded(
            key=f"k{number}",
            label=WORDS,
            source=source.key,
            codes=codes,
            map=mapped if source.variable_kind is VariableKind.SINGLE else {},
            texts={},
            default=self.dice.choice([None, *keys]),
        )

    def _with_texts(self, coded: tuple[Coded, ...]) -> tuple[Coded, ...]:
        # One text for every way in which it can be coded, so that any code can be had.
        return tuple(
            replace(each, texts={f"text {code.code}": code.code for code in each.codes})
            for each in coded
        )

    def rule(self, study: Study, *, asking: bool = False) -> Rule:
        """A rule over what the study has so far; `completed` is not known while asking."""
        depth = self.dice.random()
        if depth < 0.5:
            return self._leaf(study, asking=asking)
        if depth < 0.6:
            return Not(self.rule(study, asking=asking))
        if depth < 0.63:
            return IsTrue(self.rule(study, asking=asking))
        if depth < 0.7:
            rules = tuple(self.rule(study, asking=asking) for _ in range(self.dice.randint(2, 3)))
            comparison = self.dice.choice(tuple(ComparisonOperator))
            return CountTrue(rules, comparison, self.dice.randint(0, 3))
        parts = tuple(self.rule(study, asking=asking) for _ in range(2))
        return And(parts) if depth < 0.85 else Or(parts)

    def _leaf(self, study: Study, *, asking: bool) -> Rule:
        known = [v for v in study.variables.values() if not (asking and v.name == "completed")]
        variable = self.dice.choice([*known, *known[-4:]])
        name, codes = variable.name, [code.code for code in variable.codes]
        if self.dice.random() < 0.2:
            return self._sums(study, known)
        words = self._words(study, name)
        if words and not asking and self.dice.random() < 0.7:
            return self.dice.choice(
                (
                    Compare(name, ComparisonOperator.EQUAL, self.dice.choice(words)),
                    OneOf(name, tuple(self.dice.sample(words, min(2, len(words))))),
                )
            )
        routes = asking and name in study.made_from
        if (self.dice.random() < 0.35 and not routes) or variable.kind is VariableKind.TEXT:
            return self.dice.choice((Asked, Answered, Empty))(name)
        comparison = self.dice.choice(tuple(ComparisonOperator))
        equal = self.dice.choice((ComparisonOperator.EQUAL, ComparisonOperator.NOT_EQUAL))
        match variable.kind:
            case VariableKind.FLAG:
                return Flag(name)
            case VariableKind.NUMBER:
                return Compare(name, comparison, self.dice.randint(-2, 2) / 2)
            case VariableKind.SINGLE if self.dice.random() < 0.5:
                return Compare(name, equal, self.dice.choice(codes))
            case VariableKind.SINGLE:
                return OneOf(name, tuple(self.dice.sample(codes, min(2, len(codes)))))
            case _ if self.dice.random() < 0.5:
                return Chosen(name, self.dice.choice(codes))
            case _:
                return CountChosen(name, comparison, self.dice.randint(0, len(codes) + 1))

    def _words(self, study: Study, name: str) -> list[str]:
        """Texts that somebody writes in this variable, save the one that nobody codes."""
        sources = (c for c in study.coded if name in (c.source, other_key(c.source)))
        kinds = [study.variables[name].kind is VariableKind.TEXT and c.texts for c in sources]
        return list(dict.fromkeys(text for texts in kinds for text in texts or ()))

    def _sums(self, study: Study, known: list[Variable]) -> Rule:
        """A comparison of sums of counts and scores."""
        terms: list[Term] = [
            VariableTerm(v.name) if v.kind is VariableKind.NUMBER else CountTerm(v.name)
            for v in known
            if v.kind in (VariableKind.NUMBER, VariableKind.MULTIPLE)
        ]
        if not terms:
            return Constant(self.dice.random() < 0.5)
        one, other, constant = self.dice.choice(terms), self.dice.choice(terms), self._constant()
        least = self.dice.randint(1, 2)
        left = self.dice.choice(
            (
                Plus(one, Times(other, constant)),
                Minus(Times(one, constant), other),
                SumTerm((one, other), least),
                Coalesce(one, constant),
                Minus(Coalesce(one, constant), SumTerm((other, ConstantTerm(constant)), least)),
            )
        )
        right = self.dice.choice((ConstantTerm(self._constant()), other))
        return CompareTerms(left, self.dice.choice(tuple(ComparisonOperator)), right)

    def _constant(self) -> Decimal:
        return Decimal(self.dice.randint(-6, 6)) / 2


# Trying everybody


def _combinations(study: Study) -> int:
    number = 1
    for question in study.questions.values():
        number *= len(_answers(study, question, SITES[0].key)) + 1
    return number


def _answers(study: Study, question: Question, site: str) -> list[dict[str, Value]]:
    """Every way to answer one question at one site, its text included."""
    texts = dict.fromkeys(text for c in study.coded if c.source == question.key for text in c.texts)
    # Capitals are coded alike, and are another word for a rule.
    words = [*texts, *(text.upper() for text in texts), "uncoded"]
    if question.variable_kind is VariableKind.TEXT:
        return [{question.key: text} for text in words]
    found: list[dict[str, Value]] = []
    for chosen in _sets(question.kind, study.options(question, site)):
        codes = tuple(option.code for option in chosen)
        answer: Value = codes if question.variable_kind is VariableKind.MULTIPLE else codes[0]
        boxes = [question.box_keys[code] for code in codes if code in question.box_keys]
        for written in product(words, repeat=len(boxes)):
            found.append({question.key: answer, **dict(zip(boxes, written, strict=True))})
    return found


def _sets(kind: QuestionKind, options: tuple[Option, ...]) -> Iterator[tuple[Option, ...]]:
    least, most = kind.choice_limits()
    for size in range(1, 2 if kind.variable_kind is VariableKind.SINGLE else len(options) + 1):
        for chosen in combinations(options, size):
            alone = any(option.exclusive for option in chosen)
            if (alone and size == 1) or (not alone and least <= size <= (most or size)):
                yield chosen


@dataclass(frozen=True)
class Everybody:
    """All respondents of a study who differ in their record."""

    study: Study
    people: tuple[Person, ...]
    met: frozenset[str]
    """Items on the path of somebody who stays to the end."""
    paths: frozenset[tuple[str, tuple[str, ...]]]
    """Site and items met, of those who stay."""


@cache
def everybody(seed: int) -> Everybody:
    study = _Maker(seed).study()
    routing = Routing(study)
    found: dict[tuple[tuple[str, Value], ...], Person] = {}
    met = set[str]()
    paths = set[tuple[str, tuple[str, ...]]]()
    for site, mode in product(study.sites, study.modes):
        system = {"municipality": site.key, "mode": mode.value, "language": "en"}
        each = [[{}, *_answers(study, q, site.key)] for q in study.questions.values()]
        for fragments in product(*each):
            answers: dict[str, Value] = {n: v for part in fragments for n, v in part.items()}
            for done in range(len(routing.pages) + 1):
                if not _can_be(routing, {**system, **answers}, done):
                    break
                completed = done == len(routing.pages)
                record = routing.complete(
                    site=site.key,
                    mode=mode.value,
                    language="en",
                    answers=answers,
                    completed=completed,
                    pages_done=done,
                )
                found.setdefault(tuple(record.items()), record)
                if completed:
                    items = _items(routing, {**system, **answers})
                    met.update(items)
                    paths.add((site.key, items))
    people = tuple(code_and_derive(study, record) for record in found.values())
    return Everybody(study, people, frozenset(met), frozenset(paths))


def _can_be(routing: Routing, answers: dict[str, Value], done: int) -> bool:
    """Whether somebody can have submitted so many pages: all that is required is there."""
    opened = routing.first_open(answers)
    return opened is None or opened.number > done


def _items(routing: Routing, answers: dict[str, Value]) -> tuple[str, ...]:
    pages = routing.pages
    return tuple(item.key for page in pages for item in routing.items(page, answers))


@cache
def _tried(seed: int) -> tuple[tuple[Rule, frozenset[Truth]], ...]:
    """Random rules, each with every truth that it has for somebody."""
    whole = everybody(seed)
    maker = _Maker(seed + 1_000)
    rules = [maker.rule(whole.study) for _ in range(RULES)]
    rules += [case.when for derived in whole.study.derived for case in derived.cases]
    rules += [
        Compare(v.name, ComparisonOperator.EQUAL, code.code)
        for v in whole.study.variables.values()
        if v.kind is VariableKind.SINGLE
        for code in v.codes
    ]
    return tuple(
        (rule, frozenset(evaluate(rule, person) for person in whole.people)) for rule in rules
    )


def _differences(make: Callable[..., RespondentModel], seed: int, **mode: bool) -> list[Rule]:
    """The rules of which the solver says something else than trying everybody."""
    wrong = []
    with Solver() as solver:
        model = make(solver, everybody(seed).study, **mode)
        for rule, truths in _tried(seed):
            true, false = model.truth(rule)
            found = frozenset(
                truth
                for truth, literals in ((True, (true,)), (False, (false,)), (None, (-true, -false)))
                if solver.solve(literals)
            )
            if found != truths:
                wrong.append(rule)
    return wrong


@pytest.mark.parametrize("seed", EACH)
def test_every_truth_of_a_rule_that_somebody_has_is_found_and_no_other(seed: int) -> None:
    assert _differences(RespondentModel, seed, known_texts=True) == []
    # Each code has a text here, so before anything is coded the same holds.
    assert _differences(RespondentModel, seed) == []


@pytest.mark.parametrize("seed", EACH)
def test_an_item_is_reached_where_somebody_reaches_it(seed: int) -> None:
    whole = everybody(seed)
    items = [item.key for part in whole.study.sections for item in part.items]
    with Solver() as solver:
        answers = decide(RespondentModel(solver, whole.study), tuple(item_goals(whole.study)))
    assert {key for key, met in zip(items, answers, strict=True) if met} == whole.met


@pytest.mark.parametrize("seed", EACH)
def test_a_walk_visits_every_path_with_its_texts_and_offers_of_contact(seed: int) -> None:
    whole = everybody(seed)
    routing = Routing(whole.study)
    walks = list(walk_path(whole.study))
    found = {(path.site, _items(routing, dict(path.answers))) for path in walks}
    assert found == whole.paths
    assert len(walks) == len(found)
    assert all(path.pages == routing.path(path.answers) for path in walks)


# Deliberate mistakes


MISTAKES = {
    "not keeps its truth": (rule_literals, "return false, true", "return true, false"),
    "and is false only where all parts are": (
        rule_literals,
        "return every(true for true, _ in truths), some(false for _, false in truths)",
        "return every(true for true, _ in truths), every(false for _, false in truths)",
    ),
    "who has no answer has another answer": (
        rule_literals,
        "every((known, literal)), every((known, -literal))",
        "every((known, literal)), -literal",
    ),
    "who left was not asked": (
        rule_literals,
        "asked = some((variable.asked, variable.lost))",
        "asked = variable.asked",
    ),
    "a lost answer is known not to be there": (
        rule_literals,
        "if moment is Moment.BREAKING_OFF:\n            return variable.answered",
        "if moment is None:\n            return variable.answered",
    ),
    "a question that was certainly lost is unknown": (
        rule_literals,
        "known = some((-variable.lost, variable.certainly_lost))",
        "known = -variable.lost",
    ),
    "at least means more than": (
        rule_literals,
        "case ComparisonOperator.AT_LEAST:\n                return reached",
        "case ComparisonOperator.AT_LEAST:\n                return passed",
    ),
    "a single answer may be two": (
        respondent_model,
        "if question.variable_kind is VariableKind.SINGLE:",
        "if question.kind is None:",
    ),
    "an exclusive answer goes with others": (
        respondent_model,
        "if other != option.code:",
        "if other == '':",
    ),
    "what is required may be left blank": (
        respondent_model,
        "if question.required:",
        "if question is None:",
    ),
    "an answer needs no question": (
        respondent_model,
        "self.solver.add(-answered, asked)",
        "self.solver.add(-answered, answered)",
    ),
    "answers of another site are offered": (
        respondent_model,
        "self.solver.add(-found[local.code], sites[site.key])",
        "pass",
    ),
    "who left comes back": (
        respondent_model,
        "self.solver.add(-earlier, later)",
        "pass",
    ),
    "what hangs on a lost answer was not asked": (
        respondent_model,
        "every((-true, -false, before))",
        "every((-true, -false, FALSE))",
    ),
    "a later case takes from an earlier one": (
        respondent_model,
        "self.circuit.every((true, *(-at for at in earlier)))",
        "true",
    ),
    "the map goes before the text": (
        respondent_model,
        "without = self.circuit.every((source.answered, *(-at for at in codes.values())))",
        "without = source.answered",
    ),
    "at least so many rules, when one is unknown": (
        rule_literals,
        "return self._reached(known, number), -self._reached(possible, number)",
        "return self._reached(known, number), -self._reached(known, number)",
    ),
    "is_true is unknown": (rule_literals, "return true, -true", "return self.truth(part, moment)"),
    "empty is not answered": (
        rule_literals,
        "self._circuit.every((asked[0], answered[1])), answered[0]",
        "answered[1], answered[0]",
    ),
    "a sum needs one more": (
        term_literals,
        "for known, _ in parts], least)[-1]",
        "for known, _ in parts], least + 1)[-1]",
    ),
    "coalesce is unknown": (
        term_literals,
        "return TRUE, arithmetic.plus(*both)",
        "return known, arithmetic.plus(*both)",
    ),
    "minus is plus": (
        term_literals,
        "join = arithmetic.plus if isinstance(term, Plus) else arithmetic.minus",
        "join = arithmetic.plus",
    ),
    "a word is nobody's": (
        rule_literals,
        "self._circuit.some(map(variable.text.word, codes))",
        "FALSE",
    ),
    "nothing is carried": (
        whole_numbers,
        "(self._circuit.every((first, second)), self._circuit.every((either, carry)))",
        "(self._circuit.every((first, second)), FALSE)",
    ),
    "at most is less than": (
        whole_numbers,
        "every, some, found = self._circuit.every, self._circuit.some, TRUE",
        "every, some, found = self._circuit.every, self._circuit.some, FALSE",
    ),
    "everybody is offered an option": (
        respondent_model,
        "self.solver.add(-found[option.code], shown)",
        "pass",
    ),
    "so many is one more": (solver, "[TRUE] + [FALSE] * most", "[TRUE] * 2 + [FALSE] * most"),
}


def _rebuilt(
    monkeypatch: pytest.MonkeyPatch, changed: ModuleType | None = None, old: str = "", new: str = ""
) -> type[RespondentModel]:
    """The model made anew from its source, with one piece of it changed."""
    for module in (solver, whole_numbers, term_literals, rule_literals, respondent_model):
        source = Path(str(module.__file__)).read_text(encoding="utf-8")
        if module is changed:
            assert source.count(old) == 1, old
            source = source.replace(old, new)
        copy = ModuleType(module.__name__)
        monkeypatch.setitem(sys.modules, module.__name__, copy)
        exec(compile(source, module.__name__, "exec"), copy.__dict__)  # noqa: S102 (our own source)
    made: type[RespondentModel] = copy.RespondentModel
    return made


def test_the_model_made_anew_without_a_change_is_right(monkeypatch: pytest.MonkeyPatch) -> None:
    made = _rebuilt(monkeypatch)
    assert not any(_differences(made, seed, known_texts=True) for seed in SHORT)


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_deliberate_mistake_is_seen(mistake: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = _rebuilt(monkeypatch, *MISTAKES[mistake])
    assert any(_differences(made, seed, known_texts=True) for seed in STUDIES)
