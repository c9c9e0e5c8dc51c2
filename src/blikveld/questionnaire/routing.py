"""Pages, and the path of a respondent through them.

What stands on a page never depends on an answer on that page, so the questionnaire needs no script
in the browser, and the same pages serve web and phone. Questions change nothing: a path is
computed, no answer is touched. For checks that must hold everywhere, every path is visited.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from blikveld.responses.derive import as_far_as_known, derive
from blikveld.rules import EVERYBODY, Leaf, Missing, Rule, Special, Value, evaluate, rewrite
from blikveld.rules.nodes import Answered, Asked, Empty, Flag
from blikveld.study.examples import enumerate_paths, read_respondent
from blikveld.study.items import Check, Severity, is_filtered, piped_names
from blikveld.study.model import Grid, Item, Question, Study, TextItem
from blikveld.study.page_breaks import Page, last_question, pages
from blikveld.study.respondent_model import RespondentModel
from blikveld.study.solver import TRUE, Solver
from blikveld.study.term_literals import Moment


@dataclass(frozen=True, slots=True)
class _Step:
    """A question on the way through a study, with what is the same for every respondent.

    `made` are the variables that its rules rest on and that nobody is asked. `converts` tells that
    its answer is kept in another form than its value, `filtered` that not everybody is offered all
    its options.
    """

    question: Question
    made: tuple[str, ...]
    converts: bool
    box_keys: Mapping[str, str]
    filtered: bool


class Routing:
    """The paths through one study. Make it once and keep it: it holds what never changes.

    Every `answers` below maps variable names to what was answered so far, in the form in which it
    is kept: a number as text, texts of 'other, namely' and answers without a value under names of
    their own. It may hold the site, mode and language for rules that name them. An answer that
    is no longer on the path stays in `answers` and is never looked at, so that somebody who goes
    back and forth finds it again.
    """

    def __init__(self, study: Study) -> None:
        self.study = study

    @cached_property
    def pages(self) -> tuple[Page, ...]:
        """Every page of the study; the page with number n stands at index n - 1."""
        return pages(self.study)

    @cached_property
    def page_of(self) -> Mapping[str, int]:
        """The number of the page on which a question stands."""
        return {question.key: page.number for page in self.pages for question in page.questions}

    @cached_property
    def _steps(self) -> tuple[_Step, ...]:
        return tuple(self._step(question) for question in self.study.questions.values())

    def _step(self, question: Question) -> _Step:
        rules = (question.ask_if, *(option.show_if for option in question.options))
        made = dict.fromkeys(name for rule in rules for name in self.made_for(rule))
        converts = question.kind.encoded or bool(question.special_keys)
        filtered = is_filtered(question)
        return _Step(question, tuple(made), converts, question.box_keys, filtered)

    def person(self, answers: Mapping[str, Value]) -> dict[str, Value]:
        """The answers as rules may see them: every question has a value or a kind of missing.

        A question off the path is NOT_ASKED, whatever was answered there before; one on the path
        without an answer is SKIPPED. A rule that is unknown leads nowhere (yet).
        """
        known = ((name, answers.get(name, Missing.NOT_ASKED)) for name in self.study.known_before)
        person: dict[str, Value] = dict(known)
        for step in self._steps:
            question = step.question
            value: Value = Missing.NOT_ASKED
            self._make(step.made, person)
            if _holds(question.ask_if, person):
                value = answers.get(question.key, Missing.SKIPPED)
                if step.converts:
                    value = _read_value(question, answers)
                if step.filtered:
                    value = _as_offered(question, value, person)
            person[question.key] = value
            for code, key in step.box_keys.items():
                person[key] = _other(code, key, value, answers)
        self._make(self._made_for_others, person)
        return person

    def _make(self, made: tuple[str, ...], person: dict[str, Value]) -> None:
        """Add the made variables that a rule looks at: their questions stand before it."""
        if lacking := [name for name in made if name not in person]:
            known = as_far_as_known(self.study, person)
            person.update({name: known[name] for name in lacking})

    def made_for(self, rule: Rule) -> tuple[str, ...]:
        """The variables that a rule rests on and that nobody is asked, in the order of making."""
        if rule not in self._made_for:
            rests, made = self.study.rests_on(rule), self.study.made_from
            self._made_for[rule] = tuple(name for name in made if name in rests)
        return self._made_for[rule]

    @cached_property
    def _made_for(self) -> dict[Rule, tuple[str, ...]]:
        return {}

    @cached_property
    def _made_for_others(self) -> tuple[str, ...]:
        """The variables that nobody is asked, and that rules of texts, offers of contact and
        checks rest on, or words fill in."""
        items = [item for page in self.pages for item in page.items]
        asked = (item.ask_if for item in items if not isinstance(item, Question))
        checks = (check.rule for check in self.study.checks)
        rules = (*asked, *checks, *(Answered(name) for item in items for name in piped_names(item)))
        return tuple(dict.fromkeys(name for rule in rules for name in self.made_for(rule)))

    def asked(self, answers: Mapping[str, Value]) -> tuple[str, ...]:
        """The keys of the questions on the path that these answers open, in order."""
        person = self.person(answers)
        return tuple(key for key in self.study.questions if person[key] is not Missing.NOT_ASKED)

    def items(self, page: Page, answers: Mapping[str, Value]) -> tuple[Item, ...]:
        """The items of the page that this respondent gets to see, with the rows and the options
        that they are shown."""
        return shown_items(page, self.person(answers))

    def next_page(self, number: int, answers: Mapping[str, Value]) -> Page | None:
        """The first page after `number` with something to ask; None when this was the last.

        With 0 it gives the first page.
        """
        return self._first_filled(self.pages[max(number, 0) :], answers)

    def previous_page(self, number: int, answers: Mapping[str, Value]) -> Page | None:
        """The last page before `number` with something to ask; None when this was the first.

        With a number over that of the last page it gives the last page of the path.
        """
        return self._first_filled(reversed(self.pages[: max(number - 1, 0)]), answers)

    def path(self, answers: Mapping[str, Value]) -> tuple[Page, ...]:
        """Every page on the path that these answers open."""
        person = self.person(answers)
        return tuple(page for page in self.pages if _filled(page, person))

    def first_open(self, answers: Mapping[str, Value]) -> Page | None:
        """The first page on which a required answer is still missing, or where a check refuses what
        is there; None when all are there and right.

        Nobody needs to see a page after this one: its questions may still change.
        """
        person = self.person(answers)
        for question in self.study.questions.values():
            if question.required and person[question.key] is Missing.SKIPPED:
                return self.pages[self.page_of[question.key] - 1]
            if any(check.severity is Severity.HARD for check in self.failing(question, person)):
                return self.pages[self.page_of[question.key] - 1]
        return None

    def failing(self, question: Question, person: Mapping[str, Value]) -> tuple[Check, ...]:
        """The checks that the person's answers make false, of those that stand at this question:
        it is the last that they look at. Those that refuse come first."""
        if person[question.key] is Missing.NOT_ASKED:
            return ()
        checks = self._checks_at.get(question.key, ())
        return tuple(check for check in checks if evaluate(check.rule, person) is False)

    @cached_property
    def _checks_at(self) -> Mapping[str, tuple[Check, ...]]:
        found: dict[str, tuple[Check, ...]] = {}
        for check in sorted(self.study.checks, key=lambda check: check.severity is Severity.SOFT):
            if (last := last_question(self.study, check.rule)) is not None:
                found[last.key] = (*found.get(last.key, ()), check)
        return found

    def complete(
        self,
        *,
        site: str,
        mode: str,
        language: str,
        answers: Mapping[str, Value],
        completed: bool,
        pages_done: int,
    ) -> dict[str, Value]:
        """The record of a respondent who is finished or gone: every variable has a value.

        `pages_done` is the number of the page that was submitted last, 0 for none. On the path an
        answer stays, wherever it stands; without one a question is SKIPPED up to that page and
        BROKEN_OFF after it. Off the path everything is NOT_ASKED, save what came after the break
        and hung on an answer that never came: that too is BROKEN_OFF. A text of 'other, namely'
        is missing in the way its question is, and NOT_ASKED beside another answer.
        """
        known_before = dict(zip(self.study.known_before, (site, mode, language), strict=True))
        person = self.person({**answers, **known_before})
        person["completed"] = completed
        record = person if completed else self._broken_off(person, pages_done)
        return {name: value for name, value in record.items() if name not in self.study.made_from}

    def _broken_off(self, person: Mapping[str, Value], pages_done: int) -> dict[str, Value]:
        lost = _Lost(self)
        for question in self.study.questions.values():
            open_still = person[question.key] in (Missing.SKIPPED, Missing.NOT_ASKED)
            if open_still and self.page_of[question.key] > pages_done:
                lost.look_at(question, person)
        return {**person, **dict.fromkeys(lost.names, Missing.BROKEN_OFF)}

    def _first_filled(
        self, candidates: Iterable[Page], answers: Mapping[str, Value]
    ) -> Page | None:
        person = self.person(answers)
        return next((page for page in candidates if _filled(page, person)), None)


class _Lost:
    """The answers that never came, because somebody left before the question."""

    def __init__(self, routing: Routing) -> None:
        self._routing = routing
        self._derived = {derived.key: derived for derived in routing.study.derived}
        self.names = set[str]()
        self.certain = set[str]()
        """Questions that would have been asked, whatever the other lost answers had been."""

    def look_at(self, question: Question, person: Mapping[str, Value]) -> None:
        """Add the question if it would have been asked, or if nobody can know."""
        rule, study = question.ask_if, self._routing.study
        truth = evaluate(rewrite(rule, self._as_known), self._with_made(rule, person))
        hangs = not self.names.isdisjoint(study.rests_on(rule))
        if truth or (truth is None and hangs):
            self.names.update((question.key, *question.other_keys))
        if truth:
            self.certain.add(question.key)

    def _with_made(self, rule: Rule, person: Mapping[str, Value]) -> Mapping[str, Value]:
        """The person with the variables that the rule rests on, as far as they are known."""
        made = self._routing.made_for(rule)
        if not made:
            return person
        known = {name: value for name, value in person.items() if name not in made}
        for name in made:
            known[name] = self._made(name, known)
        return known

    def _made(self, name: str, known: Mapping[str, Value]) -> Value:
        derived = self._derived.get(name)
        if derived is None:
            return as_far_as_known(self._routing.study, known)[name]
        cases = (replace(c, when=rewrite(c.when, self._as_known)) for c in derived.cases)
        return derive(replace(derived, cases=tuple(cases)), known)

    def _as_known(self, leaf: Leaf) -> Rule:
        # Whether somebody would have been asked, and answered, is as unknown as the answer.
        match leaf:
            case Answered(name) | Empty(name) if name in self.names:
                return Flag(name)
            case Asked(name) if name in self.names - self.certain:
                return Flag(name)
            case _:
                return leaf


def _holds(rule: Rule, person: Mapping[str, Value]) -> bool:
    return rule is EVERYBODY or evaluate(rule, person) is True


def _read_value(question: Question, answers: Mapping[str, Value]) -> Value:
    for key in question.special_keys:
        if key in answers:
            return Special(str(answers[key]))
    answer = answers.get(question.key)
    return question.kind.read_value(answer) if isinstance(answer, str | tuple) else Missing.SKIPPED


def _other(code: str, key: str, value: Value, answers: Mapping[str, Value]) -> Value:
    """The text beside the option `code`, which is asked for where that option is chosen."""
    if isinstance(value, Missing):
        return value
    chosen = value if isinstance(value, tuple) else (value,)
    return answers.get(key, Missing.SKIPPED) if code in chosen else Missing.NOT_ASKED


def _as_offered(question: Question, value: Value, person: Mapping[str, Value]) -> Value:
    """The value without options that are not offered (any more); SKIPPED when nothing is left."""
    if isinstance(value, Missing):
        return value
    gone = {option.code for option in question.options if not _holds(option.show_if, person)}
    if isinstance(value, tuple):
        return tuple(code for code in value if code not in gone) or Missing.SKIPPED
    return Missing.SKIPPED if value in gone else value


def shown_items(page: Page, person: Mapping[str, Value]) -> tuple[Item, ...]:
    """The items of the page that a respondent gets to see, with the rows and the options that they
    are shown. `person` is as `Routing.person` makes it."""
    shown = tuple(item for item in page.items if _is_shown(item, person))
    return tuple(_what_is_shown(item, person) for item in shown) if page.is_filtered else shown


def _is_shown(item: Item, person: Mapping[str, Value]) -> bool:
    if not _holds(item.ask_if, person):
        return False
    return not isinstance(item, Grid) or any(_holds(row.ask_if, person) for row in item.rows)


def _what_is_shown(item: Item, person: Mapping[str, Value]) -> Item:
    match item:
        case Grid():
            rows = (row for row in item.rows if _holds(row.ask_if, person))
            return replace(item, rows=tuple(_with_offered(row, person) for row in rows))
        case Question():
            return _with_offered(item, person)
        case _:
            return item


def _with_offered(question: Question, person: Mapping[str, Value]) -> Question:
    options = (option for option in question.options if not option.closed)
    offered = (option for option in options if _holds(option.show_if, person))
    return replace(question, options=tuple(offered))


def _filled(page: Page, person: Mapping[str, Value]) -> bool:
    only_texts = not page.questions and not page.contacts
    # A text alone fills a page only where nothing else could have stood.
    filling = (item for item in page.items if only_texts or not isinstance(item, TextItem))
    return any(_is_shown(item, person) for item in filling)


@dataclass(frozen=True, slots=True)
class PathWalk:
    """One path: who walks it, the answers that open it, and the pages in the order of visiting."""

    site: str
    mode: str
    language: str
    answers: Mapping[str, Value]
    pages: tuple[Page, ...]


def walk_path(study: Study) -> Iterator[PathWalk]:
    """Yield every path through the questionnaire at each site, once.

    Two paths differ where an item (question, grid, text or offer of contact) stands on one of
    them only. Each is walked by somebody who answers all that is asked there, as far as answers
    go together. Raises TooManyPaths when there are more than can be listed.
    """
    routing = Routing(study)
    with Solver() as solver:
        model = RespondentModel(solver, study, known_texts=True)
        solver.prefer(model.variable(name).answered for name in study.questions)
        for _ in enumerate_paths(model, model.completed, _marks(model)):
            person = read_respondent(model)
            known_before = {name: person.record[name] for name in study.known_before}
            answers = {**known_before, **person.answers}
            visited = tuple(_visited(routing, answers))
            yield PathWalk(person.site, person.mode, person.language, answers, visited)


def _marks(model: RespondentModel) -> tuple[int, ...]:
    """The literals by which two paths differ: the site, and whether each item is met."""
    items = (item for part in model.study.sections for item in part.items)
    met = (model.truth(item.ask_if, Moment.FILLING_IN)[0] for item in items)
    marks = dict.fromkeys((*model.variable(model.study.sites.name).codes.values(), *met))
    return tuple(mark for mark in marks if abs(mark) != TRUE)


def _visited(routing: Routing, answers: Mapping[str, Value]) -> Iterator[Page]:
    page = routing.next_page(0, answers)
    while page is not None:
        yield page
        page = routing.next_page(page.number, answers)
