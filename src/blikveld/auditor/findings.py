"""What a reader can learn that was not to be learnt, and the steps by which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import permutations, product

import numpy as np

from blikveld.auditor.bounds import Bounds, Equation, find_bounds
from blikveld.auditor.conditions import join_conditions
from blikveld.auditor.imagining import imagine_crowd
from blikveld.auditor.population import AskedVariable, AuditedPopulation
from blikveld.auditor.relations import RelationKind, RespondentGroup, Web, relate_groups
from blikveld.auditor.statements import Publication, Total, Where, list_conditions

_LONGEST_PROOF = 12


class FindingKind(Enum):
    """What was learnt. `is_leak` kinds make a publication unfit to give out."""

    PRINTED = "printed"
    """A small count is printed as it is."""
    EXACT = "exact"
    """A withheld count is known exactly."""
    NARROW = "narrow"
    """A withheld count is known to be small, and closer than small counts may be."""
    DIFFERENCE = "difference"
    """A few people whom no table counts are what two printed groups differ by."""
    SAME = "same"
    """Everybody in a group gave one answer, so that each member's answer is known."""
    ELSEWHERE = "elsewhere"
    """A count is withheld in one place and printed in another, of any size."""
    TEST = "test"
    """A withheld count is one of those that a printed test of independence was made of."""


@dataclass(frozen=True, slots=True)
class Step:
    """One sum that a reader does: the groups with their least and most, and what they add up to."""

    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Between `low` and `high` people are in `group`, which `where` prints or withholds."""

    kind: FindingKind
    group: str
    low: int
    high: int
    where: tuple[Where, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Audit:
    """All findings, and how much was read."""

    threshold: int
    findings: tuple[Finding, ...]
    groups: int
    withheld: int
    relations: int
    passed_over: tuple[Where, ...]

    def count(self, kind: FindingKind) -> int:
        """How many findings of a kind there are."""
        return sum(finding.kind is kind for finding in self.findings)

    @property
    def exact_small(self) -> int:
        """How many withheld counts are known exactly and are of one to under the threshold."""
        known = (found.low for found in self.findings if found.kind is FindingKind.EXACT)
        return sum(0 < low < self.threshold for low in known)


def audit_publication(
    population: AuditedPopulation, publication: Publication, threshold: int
) -> Audit:
    """Attack a publication: all that follows for groups under `threshold` people.

    Raises Contradiction when the numbers cannot all be true of one population.
    """
    publication, tested = _with_tested(population, publication)
    crowd = imagine_crowd(population, list_conditions(publication))
    web = relate_groups(population, crowd, publication)
    bounds = find_bounds(web)
    judge = _FindingJudge(web, bounds, threshold, tested)
    findings = sorted(judge.judge(), key=lambda found: (found.kind.value, found.group))
    return Audit(
        threshold,
        tuple(findings),
        sum(group.is_published for group in web.groups),
        len(judge.withheld),
        len(web.relations),
        tuple(publication.passed_over),
    )


def _with_tested(
    population: AuditedPopulation, publication: Publication
) -> tuple[Publication, Sequence[Total]]:
    """The publication with how many were tested, as sums of the pairs of answers of each test."""
    found = Publication()
    found.extend(publication)
    tested = []
    for test in publication.tests:
        codes = [_answers(population, name) for name in (test.first, test.second)]
        if not all(codes):
            found.passed_over.append(test.where)
            continue
        pairs = product(*codes)
        cells = tuple(join_conditions(test.base, one, other) for one, other in pairs)
        tested.append(Total(cells, test.value, test.where))
    found.totals += tested
    return found, tested


def _answers(population: AuditedPopulation, name: str) -> Sequence[str]:
    """A condition for each answer of a variable with one answer a person; none for others."""
    variable = population.by_name.get(name)
    if variable is None or (isinstance(variable, AskedVariable) and variable.several):
        return ()
    return tuple(f"{name} == {code!r}" for code in variable.codes)


class _FindingJudge:
    """Looks at each group once for each kind of finding."""

    def __init__(
        self, web: Web, bounds: Bounds, threshold: int, tested: Sequence[Total] = ()
    ) -> None:
        self._web, self._bounds, self._threshold = web, bounds, threshold
        self._tested = tested
        self.withheld = [
            index
            for index, group in enumerate(web.groups)
            if group.statements and not any(s.is_exact for s in group.statements)
        ]

    def judge(self) -> Iterator[Finding]:
        yield from self._withheld()
        for index, group in enumerate(self._web.groups):
            if any(s.is_exact for s in group.statements) and self._is_small(index):
                yield self._finding(FindingKind.PRINTED, index)
            elif not group.statements and self._is_small(index):
                yield self._finding(FindingKind.DIFFERENCE, index)
            if _has_two_fates(group):
                yield self._finding(FindingKind.ELSEWHERE, index)
        yield from self._unrelated_differences()
        yield from self._everybody_the_same()
        yield from self._told_by_tests()

    def _told_by_tests(self) -> Iterator[Finding]:
        """With the sums around it the outcome of a test can tell what is inside its table."""
        for test in self._tested:
            for cell in dict.fromkeys(self._web.places[group] for group in test.groups):
                group = self._web.groups[cell]
                if group.statements and not self._bounds.is_exact(cell):
                    found = self._finding(FindingKind.TEST, cell)
                    yield replace(found, where=(test.where, *found.where))

    def _withheld(self) -> Iterator[Finding]:
        for index in self.withheld:
            low, high = self._bounds.low[index], self._bounds.high[index]
            if low == high:
                yield self._finding(FindingKind.EXACT, index)
            elif high < self._threshold and not (low <= 1 and high == self._threshold - 1):
                yield self._finding(FindingKind.NARROW, index)

    def _is_small(self, index: int) -> bool:
        """Whether the count is known, and of one to under the threshold."""
        return self._bounds.is_exact(index) and 0 < self._bounds.low[index] < self._threshold

    def _unrelated_differences(self) -> Iterator[Finding]:
        """Printed groups of which one lies within the other and that nearly have one size.

        Those that some relation connects were judged with their rest.
        """
        related = {
            (r.whole, part)
            for r in self._web.relations
            if r.kind is RelationKind.SUM and len(r.parts) == 2
            for part in r.parts
        }
        sizes = self._bounds.low
        known = [index for index in self._published() if self._bounds.is_exact(index)]
        known.sort(key=sizes.__getitem__)
        packed = np.packbits(self._web.masks, axis=1)
        start = 0
        for end, whole in enumerate(known):
            while sizes[whole] - sizes[known[start]] >= self._threshold:
                start += 1
            for part in known[start:end]:
                if sizes[part] == sizes[whole] or not sizes[part] or (whole, part) in related:
                    continue
                if not (packed[part] & ~packed[whole]).any():
                    yield self._difference(whole, part)

    def _published(self) -> Iterator[int]:
        return (p for p, group in enumerate(self._web.groups) if group.statements)

    def _difference(self, whole: int, part: int) -> Finding:
        count = self._bounds.low[whole] - self._bounds.low[part]
        one, other = self._web.groups[whole], self._web.groups[part]
        return Finding(
            FindingKind.DIFFERENCE,
            f"({one.name}) and not ({other.name})",
            count,
            count,
            (*_places(one)[:1], *_places(other)[:1]),
            (Step(f"{self._say(whole)} − {self._say(part)} = {count}"),),
        )

    def _everybody_the_same(self) -> Iterator[Finding]:
        """Groups of which one part is all of them, though other answers were open to them."""
        pairs = (*self._whole_parts(), *self._equal_in_size())
        for whole, part in dict.fromkeys(pairs):
            group = self._web.groups[part]
            is_all = self._bounds.low[part] == self._bounds.high[whole]
            if is_all and (group.statements or group.is_one_answer):
                yield self._same(whole, part)

    def _whole_parts(self) -> Iterator[tuple[int, int]]:
        for relation in self._web.relations:
            if relation.kind is RelationKind.SUM and self._is_watched(relation.whole):
                yield from ((relation.whole, part) for part in relation.parts)

    def _equal_in_size(self) -> Iterator[tuple[int, int]]:
        """Printed groups of one size, of which one lies within the other."""
        of_size: dict[int, list[int]] = defaultdict(list)
        for index in self._published():
            if self._is_watched(index) and self._bounds.is_exact(index):
                of_size[self._bounds.low[index]].append(index)
        for equal in of_size.values():
            for whole, part in permutations(equal, 2):
                if not (self._web.masks[part] & ~self._web.masks[whole]).any():
                    yield whole, part

    def _is_watched(self, whole: int) -> bool:
        """Whether few are in a group: of them nobody may see that all gave one answer."""
        low, high = self._bounds.low[whole], self._bounds.high[whole]
        return 0 < low <= high < 3 * self._threshold

    def _same(self, whole: int, part: int) -> Finding:
        group = self._web.groups[part]
        return Finding(
            FindingKind.SAME,
            group.name,
            self._bounds.low[part],
            self._bounds.high[part],
            (*_places(self._web.groups[whole])[:1], *_places(group)[:1]),
            (Step(f"{self._say(part)} of {self._say(whole)}"),),
        )

    def _finding(self, kind: FindingKind, index: int) -> Finding:
        group = self._web.groups[index]
        low, high = self._bounds.low[index], self._bounds.high[index]
        return Finding(kind, group.name, low, high, _places(group), self._steps(index))

    def _steps(self, index: int) -> tuple[Step, ...]:
        """The sums that lead to a group's bounds, the first one to do first."""
        found: dict[Equation, None] = {}
        self._collect(index, found, set())
        steps = [Step(self._write(equation)) for equation in found]
        return tuple(steps[:_LONGEST_PROOF])

    def _collect(self, index: int, found: dict[Equation, None], seen: set[int]) -> None:
        if index in seen or len(found) > _LONGEST_PROOF:
            return
        seen.add(index)
        bounds = self._bounds
        reasons = [bounds.reason_low.get(index), bounds.reason_high.get(index)]
        for equation in (*bounds.proof.get(index, ()), *filter(None, reasons)):
            for other in equation.groups:
                self._collect(other, found, seen)
            found[equation] = None

    def _write(self, equation: Equation) -> str:
        whole, *parts = equation.groups
        sign = "=" if equation.low == equation.high else "≤" if equation.high == 0 else "≥"
        return f"{self._say(whole)} {sign} {' + '.join(map(self._say, parts))}"

    def _say(self, index: int) -> str:
        low, high = self._bounds.low[index], self._bounds.high[index]
        count = str(low) if low == high else f"{low}–{high}"
        return f"{count} [{self._web.groups[index].name}]"


def _has_two_fates(group: RespondentGroup) -> bool:
    """Whether a reader finds in one place what another one keeps back."""
    printed = any(s.is_exact and not s.withheld for s in group.statements)
    return printed and any(s.withheld for s in group.statements)


def _places(group: RespondentGroup) -> tuple[Where, ...]:
    return tuple(dict.fromkeys(statement.where for statement in group.statements))
