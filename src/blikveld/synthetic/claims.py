"""Published figures as claims about records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from blikveld.rules import Rule, join_rules, names
from blikveld.study.published_figures import Measure, Population, PublishedFigure, Status


@dataclass(frozen=True, slots=True)
class Target:
    """One published figure that the records must give again.

    A count claims that from `low` to `high` respondents meet `rule`. Any other measure claims
    the `value` as printed, of `variables` among the `base` respondents who meet `rule`.
    """

    key: str
    measure: Measure
    population: Population
    rule: Rule
    low: int = 0
    high: int = 0
    base: int = 0
    value: str = ""
    variables: tuple[str, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """Every variable the claim looks at."""
        return names(self.rule) | frozenset(self.variables)


def collect_targets(published: Iterable[PublishedFigure]) -> tuple[Target, ...]:
    """Return what the records must give again: rows of which another published figure excludes
    nothing.

    The base of a row is a claim of its own. A percentage without a count becomes a range; one
    that no whole number gives is left out. Claims that say the same stand once.
    """
    found: dict[tuple[object, ...], Target] = {}
    for row in published:
        for claim in _targets(row):
            same = (claim.measure, claim.population, claim.rule, claim.low, claim.high)
            found.setdefault((*same, claim.value, claim.variables), claim)
    return tuple(found.values())


def _targets(row: PublishedFigure) -> Iterator[Target]:
    if row.status not in (Status.REPRODUCE, Status.PERCENT_ONLY):
        return
    if row.base is not None and not row.mentions:
        rule = row.base_rule
        key = f"{row.id} (base)"
        yield Target(key, Measure.COUNT, row.population, rule, row.base, row.base)
    if row.measure is not Measure.COUNT:
        yield _statistic(row)
    elif row.count is not None:
        yield _count(row, row.count, row.count)
    elif row.base is not None:
        low, high = fitting(row.percent, row.base)
        if low <= high:
            yield _count(row, low, high)


def fitting(percent: str, base: int) -> tuple[int, int]:
    """Return the least and the largest count of `base` that rounds (half up) to this printed
    percentage.

    The first is larger than the second when there is none.
    """
    printed = Decimal(percent)
    half = Decimal(1).scaleb(int(printed.as_tuple().exponent)) / 2
    low = ((printed - half) * base / 100).to_integral_value(ROUND_CEILING)
    beyond = ((printed + half) * base / 100).to_integral_value(ROUND_CEILING)
    return int(low), int(beyond) - 1


def _count(row: PublishedFigure, low: int, high: int) -> Target:
    rule = join_rules(row.base_rule, row.condition_rule)
    return Target(row.id, row.measure, row.population, rule, low, high)


def _statistic(row: PublishedFigure) -> Target:
    return Target(
        key=row.id,
        measure=row.measure,
        population=row.population,
        rule=row.base_rule,
        base=row.base or 0,
        value=row.value,
        variables=row.variables,
    )
