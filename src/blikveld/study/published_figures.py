"""The published figures of a study, one row each, as its folder holds them."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from pathlib import Path

from blikveld.errors import Fault, Faults
from blikveld.rules import EVERYBODY, Rule, RuleError, parse

FILE = "published.csv"


class Measure(Enum):
    """What was published."""

    COUNT = "count"
    SUM = "sum"
    MEAN = "mean"
    SPREAD = "sd"
    CHI_SQUARE = "chi_square"
    T_PAIRED = "t_paired"


class Population(Enum):
    """Among whom it was counted."""

    INCLUDED = "included"
    STARTED = "started"


class Status(Enum):
    """What is expected of a row."""

    REPRODUCE = "reproduce"
    CONTRADICTED = "contradicted"
    """Another published number excludes it; `followed` says which one was followed."""
    NOT_IN_RECORDS = "not_in_records"
    """No answer of a respondent can give it, such as how often a link was opened."""
    PERCENT_ONLY = "percent_only"
    """A percentage printed without its count."""


@dataclass(frozen=True, slots=True)
class PublishedFigure:
    """One published figure.

    `count` and `base` are None where they were not printed; `percent` and `value` are the
    printed text with a decimal point, '' where nothing was printed. With `mentions` the base
    counts chosen options of the question in `condition_rule`. `condition_rule` is what is counted
    and `variables` what a statistic is made of, such as two scores; the other of the two is empty.
    """

    id: str
    measure: Measure
    location: str
    annex: str
    footnote: str
    base_rule: Rule
    population: Population
    condition_rule: Rule
    variables: tuple[str, ...]
    count: int | None
    base: int | None
    mentions: bool
    percent: str
    value: str
    df: int | None
    status: Status
    contradicts: str
    followed: str
    reason: str

    @property
    def limits(self) -> tuple[Decimal, Decimal]:
        """The values that agree with what was printed.

        A range such as '2-3' (an average told in words) agrees with all between; a sum was
        printed as 'at least'; anything else only with itself.
        """
        low, _, high = self.value.partition("-")
        if self.measure is Measure.SUM:
            return Decimal(low), Decimal("Infinity")
        return Decimal(low), Decimal(high or low)


def load(folder: Path) -> tuple[PublishedFigure, ...]:
    """Read a study's published.csv; empty when the study has none.

    Raises Faults with the line of everything that cannot be read.
    """
    path = folder / FILE
    if not path.exists():
        return ()
    faults: list[Fault] = []
    rows: list[PublishedFigure] = []
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        for line in reader:
            try:
                rows.append(_row(line))
            except (ValueError, KeyError, RuleError) as error:
                faults.append(_fault(path, reader.line_num, error))
    faults.extend(_twice(path, rows))
    if faults:
        raise Faults(faults)
    return tuple(rows)


def _fault(path: Path, line: int, error: Exception) -> Fault:
    return Fault(
        "published-row", path.name, line, f"This row cannot be read: {error}", "Mend the row."
    )


def _twice(path: Path, rows: list[PublishedFigure]) -> Iterator[Fault]:
    seen: set[str] = set()
    for number, row in enumerate(rows, start=2):
        if row.id in seen:
            yield Fault(
                "published-twice",
                path.name,
                number,
                f"The id {row.id} is there twice.",
                "Give each row an id of its own.",
            )
        seen.add(row.id)


def _row(line: Mapping[str, str]) -> PublishedFigure:
    measure = Measure(line["kind"])
    counted, told = measure is Measure.COUNT, line["condition_rule"]
    return PublishedFigure(
        id=line["id"],
        measure=measure,
        location=line["where"],
        annex=line["annex"],
        footnote=line["footnote"],
        base_rule=parse(line["base_rule"]),
        population=Population(line["population"]),
        condition_rule=parse(told) if counted else EVERYBODY,
        variables=() if counted else tuple(name.strip() for name in told.split("*")),
        count=_number(line["count"]),
        base=_number(line["base"]),
        mentions=line["base_kind"] == "mentions",
        percent=line["percent"],
        value=line["value"],
        df=_number(line["df"]),
        status=Status(line["status"]),
        contradicts=line["contradicts"],
        followed=line["followed"],
        reason=line["reason"],
    )


def _number(text: str) -> int | None:
    return int(text) if text else None
