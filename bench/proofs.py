"""What the proofs over all possible respondents cost: on the shipped study and on larger ones.

    .venv/bin/python bench/proofs.py [--people 14000]

Prints the machine, then CPU seconds (best of several) to prove everything of the shipped study and
of studies of 50 to 1,000 made-up questions; what example respondents cost, and how many of them the
routing, the coding and the evaluator confirm.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from blikveld.kinds import Multiple, Single
from blikveld.questionnaire import Routing
from blikveld.responses.derive import code_and_derive
from blikveld.rules import EVERYBODY, Rule, evaluate
from blikveld.rules.nodes import And, Compare, ComparisonOperator, Not, Or
from blikveld.study.examples import example_respondents
from blikveld.study.goals import made_goals
from blikveld.study.items import Option, Question, Section
from blikveld.study.load import load
from blikveld.study.loader.study_files import usual
from blikveld.study.model import Derived, DerivedCase, Study
from blikveld.study.reachability import check_reachability, prove_results
from blikveld.study.variables import COMPLETED
from blikveld.yaml_reading.fault_log import FaultLog

WORDS = {"en": "…", "nl": "…"}
ANSWERS = tuple(Option(code, WORDS, WORDS) for code in ("a", "b", "c", "d"))
T = TypeVar("T")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--people", type=int, default=14_000)
    people = arguments.parse_args().people
    print(_machine())
    flagship = load(usual())
    _line("the shipped study, everything proven", _best(lambda: _proven(flagship)), flagship)
    for number in (50, 200, 500, 1_000):
        study = _large(flagship, number)
        _line(f"{number} made-up questions", _best(lambda s=study: _proven(s), 3), study)
    _examples(flagship, people)
    _confirmed(flagship)


def _machine() -> str:
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    return f"{model}, {os.cpu_count()} processors, Python {platform.python_version()}"


def _best(run: Callable[[], object], times: int = 5) -> float:
    def once() -> float:
        began = time.process_time()
        run()
        return time.process_time() - began

    return min(once() for _ in range(times))


def _proven(study: Study) -> FaultLog:
    ledger = FaultLog()
    check_reachability(study, ledger)
    prove_results(study, ledger)
    return ledger


def _line(what: str, seconds: float, study: Study) -> None:
    ledger = _proven(study)
    found = f"{len(ledger.faults)} faults, {len(ledger.remarks)} hints"
    print(f"{what:45} {seconds:7.3f} CPU-s   {found}")


def _large(pattern: Study, number: int) -> Study:
    """A study of so many questions, each asked after a rule over earlier ones; invented."""
    dice = random.Random(number)
    questions: list[Question] = []
    for at in range(number):
        kind = Multiple() if dice.random() < 0.3 else Single()
        rule = _rule(dice, questions) if questions and dice.random() < 0.6 else EVERYBODY
        questions.append(Question(f"q{at}", "", kind, WORDS, WORDS, ask_if=rule, options=ANSWERS))
    singles = [q for q in questions if isinstance(q.kind, Single)]
    derived = tuple(
        Derived(
            f"d{at}", WORDS, tuple(DerivedCase(c, WORDS, _rule(dice, singles)) for c in ("x", "y"))
        )
        for at in range(number // 5)
    )
    return replace(
        pattern,
        sections=(Section("all", WORDS, tuple(questions)),),
        coded=(),
        derived=derived,
        scores=(),
        tables=(),
        inclusion=(),
    )


def _rule(dice: random.Random, earlier: list[Question]) -> Rule:
    singles = [q for q in earlier[-40:] if isinstance(q.kind, Single)]
    if not singles:
        return EVERYBODY
    leaves = [
        Compare(dice.choice(singles).key, ComparisonOperator.EQUAL, dice.choice("abcd"))
        for _ in range(dice.randint(1, 3))
    ]
    parts: tuple[Rule, ...] = tuple(Not(one) if dice.random() < 0.3 else one for one in leaves)
    return parts[0] if len(parts) == 1 else (And(parts) if dice.random() < 0.5 else Or(parts))


def _examples(study: Study, number: int) -> None:
    began = time.process_time()
    routing = Routing(study)
    people = list(example_respondents(study, number))
    seconds = time.process_time() - began
    ways = {routing.asked(person.answers) for person in people}
    print(f"{number:,} example respondents over {len(ways)} ways {seconds:18.3f} CPU-s")


def _confirmed(study: Study) -> None:
    """For each value that can be had, somebody who has it, held against the product's own code."""
    routing, right, asked = Routing(study), 0, 0
    for goal in made_goals(study):
        rule = goal.demands[0].rule
        for person in example_respondents(study, 20, among=And((rule, COMPLETED))):
            made = routing.complete(
                site=person.site,
                mode=person.mode,
                language=person.language,
                answers=person.answers,
                completed=person.completed,
                pages_done=person.pages_done,
            )
            asked += 1
            same = made == person.record
            right += same and evaluate(rule, code_and_derive(study, made)) is True
    print(f"{right:,} of {asked:,} example respondents confirmed")


if __name__ == "__main__":
    main()
