"""The ways through a questionnaire: one respondent for each way its rules can take the answers.

Two answers that no rule tells apart lead the same way, so one of them stands for both. That keeps
the ways few enough to visit them all, and a proof over them is a proof over all answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from blikveld.errors import BlikveldError
from blikveld.rules import Leaf, Missing, Rule, Truth, Value, evaluate, leaves
from blikveld.rules.nodes import Chosen, CountChosen
from blikveld.study.model import Kind, Option, Question, Study, other_key

BOUND = 100_000
"""So many ways are visited at most; a questionnaire with more is not proven."""
_MOST_OPTIONS = 12

Answers = dict[str, Value]


class TooManyWays(BlikveldError):
    """A questionnaire whose ways cannot all be visited in reasonable time."""

    def __init__(self, place: str) -> None:
        super().__init__(
            "too-many-ways",
            place,
            f"Its rules can be met in over {BOUND:,} ways, more than are tried.",
            "Let the rules look at fewer questions.",
        )


def ways(
    study: Study, names: Iterable[str], rules: Sequence[Rule]
) -> Iterator[Mapping[str, Value]]:
    """Every way to answer the questions in `names`, up to what `rules` can tell apart.

    `names` are questions or municipality, mode and language; whatever their own rules name must
    be among them. A question off the path is NOT_ASKED, one left blank SKIPPED. Raises TooManyWays.
    """
    walker = _Walker(study, rules)
    wanted = set(names)
    order = [name for name in (*_SYSTEM, *study.questions) if name in wanted]
    yield from walker.walk(order, {})


_SYSTEM = ("municipality", "mode", "language")


class _Walker:
    """Walks the questions in order and branches at each."""

    def __init__(self, study: Study, rules: Sequence[Rule]) -> None:
        self.study = study
        self.leaves = tuple(dict.fromkeys(leaf for rule in rules for leaf in leaves(rule)))
        self.visited = 0

    def walk(self, order: Sequence[str], so_far: Answers) -> Iterator[Answers]:
        self.visited += 1
        if self.visited > BOUND:
            raise TooManyWays(f"study {self.study.key!r}")
        if not order:
            yield so_far
            return
        for step in self._branches(order[0], order, so_far):
            yield from self.walk(order[1:], so_far | step)

    def _branches(
        self, name: str, order: Sequence[str], so_far: Mapping[str, Value]
    ) -> Iterator[Answers]:
        if name not in _SYSTEM:
            yield from self._answers(self.study.questions[name], so_far)
            return
        steps: list[Answers] = [{name: code.code} for code in self.study.variables[name].codes]
        # Each municipality offers districts of its own, so there every one counts.
        local = any(self.study.questions[q].of_districts for q in order if q not in _SYSTEM)
        keep_all = local and name == "municipality"
        yield from steps if keep_all else self._different(steps)

    def _answers(self, question: Question, so_far: Mapping[str, Value]) -> Iterator[Answers]:
        names = (question.key, *question.other_keys)
        if evaluate(question.ask_if, so_far) is not True:
            yield dict.fromkeys(names, Missing.NOT_ASKED)
            return
        yield from self._different(self._candidates(question, so_far))

    def _candidates(self, question: Question, so_far: Mapping[str, Value]) -> Iterator[Answers]:
        options = self.study.options(question, str(so_far.get("municipality", "")))
        if question.kind is Kind.OPEN:
            yield {question.key: "…"}
        elif question.kind is Kind.SINGLE:
            yield from (_answer(question, (option,)) for option in options)
        else:
            yield from (_answer(question, chosen) for chosen in self._sets(question, options))
        if not question.required:
            yield dict.fromkeys((question.key, *question.other_keys), Missing.SKIPPED)

    def _sets(self, question: Question, options: Sequence[Option]) -> Iterator[tuple[Option, ...]]:
        named, number = self._looked_at(question.key)
        told = [o for o in options if (o.code in named or o.text) and not o.exclusive]
        rest = [o for o in options if o not in told and not o.exclusive]
        if len(told) > _MOST_OPTIONS:
            raise TooManyWays(f"question {question.key!r}")
        for size in range(len(told) + 1):
            for picked in combinations(told, size):
                for more in range(min(len(rest), number + 1) + 1):
                    together = {*(o.code for o in picked), *(o.code for o in rest[:more])}
                    if together:
                        yield tuple(o for o in options if o.code in together)
        yield from ((option,) for option in options if option.exclusive)

    def _looked_at(self, name: str) -> tuple[set[str], int]:
        """The options that a rule looks for, and the highest count it looks for."""
        mine = [leaf for leaf in self.leaves if leaf.name == name]
        named = {leaf.option for leaf in mine if isinstance(leaf, Chosen)}
        return named, max((leaf.value for leaf in mine if isinstance(leaf, CountChosen)), default=0)

    def _different(self, candidates: Iterable[Answers]) -> Iterator[Answers]:
        """The first of all candidates that the rules cannot tell apart."""
        seen = set[tuple[Truth, ...]]()
        for candidate in candidates:
            signature = tuple(self._told(candidate))
            if signature not in seen:
                seen.add(signature)
                yield candidate

    def _told(self, candidate: Answers) -> Iterator[Truth]:
        mine: Iterator[Leaf] = (leaf for leaf in self.leaves if leaf.name in candidate)
        return (evaluate(leaf, candidate) for leaf in mine)


def _answer(question: Question, chosen: tuple[Option, ...]) -> Answers:
    codes = tuple(option.code for option in chosen)
    answer: Answers = {question.key: codes if question.kind is Kind.MULTIPLE else codes[0]}
    for key in question.other_keys:
        asks = any(option.text for option in chosen)
        answer[key] = "…" if asks else Missing.NOT_ASKED
    return answer


def needed(study: Study, rule: Rule) -> frozenset[str]:
    """The questions and system variables on which a rule hangs, near and far."""
    owner = {other_key(key): key for key in study.questions} | dict.fromkeys(study.questions)
    found, waiting = set[str](), {leaf.name for leaf in leaves(rule)}
    while waiting:
        name = waiting.pop()
        key = name if name in study.questions or name in _SYSTEM else owner.get(name)
        if key is None or key in found:
            continue
        found.add(key)
        question = study.questions.get(key)
        if question is not None:
            waiting.update(leaf.name for leaf in leaves(question.ask_if))
            waiting.update({"municipality"} if question.of_districts else ())
    return frozenset(found)
