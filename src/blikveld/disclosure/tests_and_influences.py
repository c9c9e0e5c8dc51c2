"""Which outcomes of tests may be printed, and which shares without a stratum.

Both are made of counts, and can give these away: a test with the sums around its table, a share by
what it becomes without a stratum.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from blikveld.disclosure.ledger import LedgerRefused, Numbers, count_key
from blikveld.disclosure.policy import Policy
from blikveld.results.cell import Cell, CellRequest, Hypothesis, Influence, Statistic
from blikveld.rules import Rule, join_rules, names, parse
from blikveld.study.disclosure import ProtectionMethod

_LARGE = 20
"""A paired test needs so many times the threshold of respondents. It is one equation about all
pairs of scores together, which among many people leaves every small count open."""

RestsOn = Callable[[Rule], frozenset[str]]
"""The variables that a rule looks at, and all that those are made from."""


def may_print_test(
    found: Statistic,
    cells: Mapping[CellRequest, Cell],
    numbers: Numbers,
    policy: Policy,
    rests_on: RestsOn = names,
) -> bool:
    """Whether none of what a test is made of is suppressed; `numbers` is what is printed of each.

    Who has both scores of a paired test is such a count. Where a suppressed number looks at both
    scores, the equation that the test is may be the one that tells it.
    """
    if policy.method is ProtectionMethod.ROUNDED:
        # The test was made of exact counts, and would tell them.
        return False
    counts = [cells.get(ask) for row in found.ask.cells for ask in row]
    shown = all(cell is not None and _is_exact(numbers, cell) for cell in counts)
    if not shown or found.ask.comparison is Hypothesis.INDEPENDENCE:
        return shown
    return found.base >= _LARGE * policy.threshold and not _crosses(found, numbers, rests_on)


def check_printed_tests(
    tests: Iterable[Statistic],
    cells: Mapping[CellRequest, Cell],
    before: Numbers,
    numbers: Numbers,
    policy: Policy,
    rests_on: RestsOn = names,
) -> None:
    """A test that could be printed with what was released `before` still tells no new number.

    Raises LedgerRefused.
    """
    for found in tests:
        counts = [cells[ask] for row in found.ask.cells for ask in row]
        if (
            all(count_key(cell) in before for cell in counts)
            and may_print_test(found, cells, before, policy, rests_on)
            and not may_print_test(found, cells, numbers, policy, rests_on)
        ):
            raise LedgerRefused(
                "test-printed",
                f"{found.ask.first} and {found.ask.second}",
                "A test of these two was released before, and would tell a count that is new now.",
                "Leave out the table or sentence that looks at both.",
            )


def _is_exact(numbers: Numbers, cell: Cell) -> bool:
    band = numbers[count_key(cell)]
    return band.low == band.high


def _crosses(found: Statistic, numbers: Numbers, rests_on: RestsOn) -> bool:
    """Whether a number is suppressed of people who differ from others in both scores."""
    ((both,),) = found.ask.cells
    scored = names(both.rule)
    suppressed = (key for key, band in numbers.items() if band.low < band.high)
    return any(
        scored <= rests_on(join_rules(parse(base), parse(rule))) for base, rule, _ in suppressed
    )


def may_stand_alone(found: Influence, policy: Policy) -> bool:
    """Whether neither the stratum's own numbers nor those of the others are too small.

    The stratum's count is the difference of the two shares.
    """
    own = found.own
    parts = (own.count, own.base - own.count, own.base, found.without.base, found.without.count)
    return not any(map(policy.small, parts))
