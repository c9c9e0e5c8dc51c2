"""From published figures to respondents, pass by pass."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from blikveld.rules import Missing, Value
from blikveld.study.model import Study
from blikveld.study.published_figures import Measure, Population, PublishedFigure
from blikveld.synthetic import cells as cells_
from blikveld.synthetic import constraints, drawn_details
from blikveld.synthetic.cells import Cells, allocate, expand
from blikveld.synthetic.claims import Target, collect_targets
from blikveld.synthetic.constraints import Ready, pins, score_rows
from blikveld.synthetic.drawn_details import DrawnRespondent, draw_days, draw_excluded
from blikveld.synthetic.lookup import Lookup
from blikveld.synthetic.plan import Behind, Pass, Plan, check, load
from blikveld.synthetic.records import ReferenceRecord
from blikveld.synthetic.solve import Infeasible, IntegerProgram, Ints, solve
from blikveld.synthetic.statistic import fix

Progress: TypeAlias = Callable[[str, int, int], None]
"""Called with what is being done, how many steps are done, and how many there are."""

FILE = "reconstruct.yaml"
_TRIES = 12
_WRITTEN = "written"
"""In the plan's chances: a text where an answer was offered."""
_INTERVIEW = "interview"
"""In the plan's chances: wants to be interviewed."""


@dataclass(frozen=True, slots=True)
class Work:
    """What every step of one reconstruction shares."""

    study: Study
    plan: Plan
    claims: tuple[Target, ...]

    def draw(self, what: str) -> random.Random:
        """Return a source of chance of its own for each step: a change in one step moves no
        other."""
        return random.Random(f"{self.plan.seed} {what}")


def reconstruct(
    study: Study, published: Iterable[PublishedFigure], progress: Progress
) -> list[ReferenceRecord]:
    """Find respondents that agree with every published figure of a study.

    The study's folder holds the plan (reconstruct.yaml). The same study and figures give the
    same respondents. Raises PlanError, NotDecided, and Infeasible when figures exclude another.
    """
    work = Work(study, load(study.folder / FILE), collect_targets(published))
    check(study, work.plan)
    people = decided(work, progress)
    drafts = [DrawnRespondent(person) for person in people]
    drafts += draw_excluded(study, people, work.plan.copies, work.draw("leavers"))
    _write_texts(work, drafts)
    progress("records", len(work.plan.steps), len(work.plan.steps))
    return list(_records(work, drafts))


def decided(work: Work, progress: Progress) -> list[dict[str, Value]]:
    """Return the included respondents, with every variable of the plan's passes decided."""
    people: list[dict[str, Value]] = [dict(work.plan.start) for _ in range(work.plan.respondents)]
    for number, step in enumerate(work.plan.steps):
        if isinstance(step, Pass):
            progress(step.name, number, len(work.plan.steps))
            decide(work, step, people)
    return people


def decide(work: Work, step: Pass, people: Sequence[dict[str, Value]]) -> None:
    """Decide the new variables of one pass for everybody. Raises Infeasible and NotDecided."""
    before = Lookup(work.study, people[0])
    after = Lookup(work.study, {*people[0], *step.new})
    claims = [c for c in work.claims if c.population is Population.INCLUDED]
    ready = constraints.ready(work.plan, claims, step, before, after)
    cells = cells_.build(people, step, after, ready.variables(), ready.never)
    draw = work.draw(step.name)
    found = _numbers(work, step, cells, ready, draw)
    (allocate if step.allocate else expand)(cells, found, people, draw)


def _numbers(work: Work, step: Pass, cells: Cells, ready: Ready, draw: random.Random) -> Ints:
    """How many persons are in each cell; tries other sums and tables when some cannot hold."""
    plain = IntegerProgram(
        step.name,
        constraints.weights(cells, work.plan, step, ready, draw),
        cells.sizes[cells.group_of],
        constraints.constraint_rows(cells, step, ready),
    )
    failure: Infeasible | None = None
    choices = list(pins(ready.targets, _TRIES))
    for attempt in range(_TRIES if choices else 0):
        try:
            pin = choices[attempt % len(choices)]
            rows = [*plain.rows, *score_rows(cells, ready.targets, pin)]
            problem = _with_tables(cells, replace(plain, rows=rows), ready, draw)
            return solve(problem, np.array([draw.random() for _ in range(cells.size)]))
        except Infeasible as error:
            failure = failure or error
    raise failure or Infeasible(step.name, ["no whole sums fit the printed means"])


def _with_tables(
    cells: Cells, problem: IntegerProgram, ready: Ready, draw: random.Random
) -> IntegerProgram:
    for claim in ready.targets:
        if claim.measure is Measure.CHI_SQUARE:
            rows = [*problem.rows, *fix(cells, problem, claim, draw)]
            problem = replace(problem, rows=rows)
    return problem


def _write_texts(work: Work, drafts: Sequence[DrawnRespondent]) -> None:
    known, draw = drawn_details.load_texts(work.study.folder), work.draw("texts")
    coded = {c.key: c for c in work.study.coded}
    behind = [coded[step.coded] for step in work.plan.steps if isinstance(step, Behind)]
    written = work.plan.chances.get(_WRITTEN, 0.0)
    for draft in drafts:
        for variable in behind:
            drawn_details.answer_behind(work.study, variable, known, draft.person, written, draw)
        for question in work.study.questions.values():
            if question.key not in draft.person:
                free = known.free.get(question.key, ())
                says = free and draw.random() < work.plan.chances.get(question.key, 0.0)
                draft.person[question.key] = draw.choice(sorted(free)) if says else Missing.SKIPPED
        drawn_details.write_other(work.study, known, draft.person, draw)


def _records(work: Work, drafts: Sequence[DrawnRespondent]) -> Iterator[ReferenceRecord]:
    """The records in order of their day, numbered from 1."""
    draw = work.draw("records")
    order = list(drafts)
    draw.shuffle(order)
    dated = zip(
        sorted(draw_days(work.study.fieldwork, work.plan, len(order), draw)), order, strict=True
    )
    for number, (day, draft) in enumerate(dated, start=1):
        open_to_talk = draft.cut is None and draw.random() < work.plan.chances.get(_INTERVIEW, 0.0)
        yield ReferenceRecord(
            respondent=number,
            site=str(draft.person[work.study.sites.name]),
            mode=str(draft.person["mode"]),
            language=str(draft.person["language"]),
            day=day,
            completed=draft.cut is None,
            last_question=draft.cut or None,
            answers=_answers(work.study, draft),
            address=f"respondent-{number:04d}@voorbeeld.invalid" if open_to_talk else None,
        )


def _answers(study: Study, draft: DrawnRespondent) -> dict[str, str | tuple[str, ...]]:
    found: dict[str, str | tuple[str, ...]] = {}
    if draft.cut == "":
        return found
    for question in study.questions.values():
        for name in (question.key, *question.other_keys):
            value = draft.person[name]
            if isinstance(value, str | tuple):
                found[name] = value
        if question.key == draft.cut:
            break
    return found
