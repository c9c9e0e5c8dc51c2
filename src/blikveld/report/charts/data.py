"""What a chart shows: its questions to the answers, later its bars, and the words beside them.

How each form is drawn is settled in `forms`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from blikveld.disclosure import SafeCell
from blikveld.report.claims.facts import Facts, FalseClaim
from blikveld.report.claims.shares import base_of, share_and_count, variable_of
from blikveld.report.printed import share_text
from blikveld.results.cell import CellRequest
from blikveld.results.formatting import count, count_or_range, number
from blikveld.rules import EVERYBODY, Rule, join_rules, parse
from blikveld.study.model import Question, Study, Variable
from blikveld.study.variables import rule_of

_LAST = ("other", "dont_know")
_Kind = TypeVar("_Kind", bound=Enum)


class Form(Enum):
    """How bars stand."""

    BARS = "bars"
    GROUPED = "grouped"
    STACKED = "stacked"
    DIVERGING = "diverging"


class BarOrder(Enum):
    """In which order the answers stand."""

    CODE = "code"
    SIZE = "size"


@dataclass(frozen=True, slots=True)
class Plot:
    """A chart that a text asks for.

    `grid` has for each group (one, with an empty code, where there is no grouping) a request for
    each answer. With `rule` the answers of `variable` are the groups, and each bar is the share
    of the rule in its group. With `rows`, statements of a grid stand in the place of groups.
    """

    key: str
    variable: str
    of: Rule
    by: str
    rule: Rule | None
    form: Form
    order: BarOrder
    codes: tuple[str, ...]
    groups: tuple[str, ...]
    grid: tuple[tuple[CellRequest, ...], ...]
    called: Mapping[str, str]
    rows: bool = False
    half: bool = False

    @property
    def asks(self) -> tuple[CellRequest, ...]:
        """Everything that has to be counted, the whole base included."""
        return (*(ask for line in self.grid for ask in line), CellRequest(self.of, EVERYBODY))


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it is called, to which series it belongs, and its cleared number.

    `beside` is for answers that are no part of a scale, such as 'don't know'.
    """

    label: str
    series: str
    cell: SafeCell
    printed: str
    beside: bool = False

    @property
    def share(self) -> float | None:
        """The share for the length of the bar; None where there is nothing to draw."""
        if not self.cell.base or self.cell.count is None:
            return None
        return self.cell.count / self.cell.base

    @property
    def ends(self) -> tuple[float, float] | None:
        """Between which shares the bar ends, where only a range is known of a printed base."""
        band, base = self.cell.count_band, self.cell.base
        return (band.low / base, min(band.high / base, 1.0)) if band and base else None


def plot(
    study: Study,
    variable: str,
    *,
    of: str | None = None,
    by: str = "",
    rule: str = "",
    form: str = "",
    order: str = "code",
    without: Sequence[str] = (),
    groups: Sequence[str] = (),
    without_groups: Sequence[str] = (),
    key: str = "",
    called: Mapping[str, str] | None = None,
    half: bool = False,
) -> Plot:
    """A chart of the answers to a question, of everybody or for each group of `by`.

    The key of a grid gives a line for each of its statements, around the middle of their scale.
    With `rule`, a chart of the share of that rule in each group of `variable`. `called` has other
    words for groups of `by`; `groups` chooses some of them, `without_groups` leaves some out. Two
    charts that are `half` as wide as the page stand beside each other.
    Without `of` it counts who was asked the question.
    Raises FalseClaim for what the study does not have, and RuleError.
    """
    rows, share = _statements(study, variable), parse(rule) if rule else None
    base = base_of(study, rows[0].key if rows else variable, of)
    if rows:
        return _scaled(study, variable, rows, base, form, order, without, key)
    found = variable_of(study, variable)
    codes = tuple(code.code for code in found.codes if code.code not in without)
    chosen = _groups(study, by, groups, without_groups) if by else ("",)
    return Plot(
        key or "-".join(part for part in (variable, by) if part).replace("_", "-"),
        variable,
        base,
        by,
        share,
        _choice(Form, form or ("grouped" if by else "bars"), "form"),
        _choice(BarOrder, order, "order"),
        codes,
        chosen,
        tuple(_line(study, found, codes, base, by, group, share) for group in chosen),
        called or {},
        half=half,
    )


def _groups(
    study: Study, by: str, groups: Sequence[str], without: Sequence[str]
) -> tuple[str, ...]:
    """The groups that stand beside each other. Raises FalseClaim for one that there is not."""
    known = tuple(code.code for code in variable_of(study, by).codes)
    for group in (*groups, *without):
        if group not in known:
            raise FalseClaim(f"{by} has no group {group!r}.", f"Groups: {', '.join(known)}.")
    return tuple(code for code in groups or known if code not in without)


def _statements(study: Study, grid: str) -> tuple[Question, ...]:
    return tuple(question for question in study.questions.values() if question.grid == grid)


def _scaled(
    study: Study,
    grid: str,
    rows: Sequence[Question],
    of: Rule,
    form: str,
    order: str,
    without: Sequence[str],
    key: str,
) -> Plot:
    """A chart of the statements of a grid."""
    codes = tuple(o.code for o in rows[0].options if o.code not in without)
    made = [variable_of(study, row.key) for row in rows]
    return Plot(
        key=key or grid.replace("_", "-"),
        variable=rows[0].key,
        of=of,
        by=grid,
        rule=None,
        form=_choice(Form, form or Form.DIVERGING.value, "form"),
        order=_choice(BarOrder, order, "order"),
        codes=codes,
        groups=tuple(row.key for row in rows),
        grid=tuple(tuple(CellRequest(of, rule_of(v, code)) for code in codes) for v in made),
        called={},
        rows=True,
    )


def _line(
    study: Study,
    variable: Variable,
    codes: Sequence[str],
    of: Rule,
    by: str,
    group: str,
    rule: Rule | None,
) -> tuple[CellRequest, ...]:
    if rule is not None:
        return tuple(CellRequest(join_rules(of, rule_of(variable, c)), rule) for c in codes)
    base = join_rules(of, rule_of(variable_of(study, by), group)) if by else of
    return tuple(CellRequest(base, rule_of(variable, code)) for code in codes)


def _choice(kind: type[_Kind], value: str, name: str) -> _Kind:
    try:
        return kind(value)
    except ValueError:
        known = ", ".join(str(item.value) for item in kind)
        raise FalseClaim(f"There is no {name} {value!r}.", f"Choose from: {known}.") from None


def bars(wanted: Plot, facts: Facts) -> tuple[Bar, ...]:
    """The bars in the order they stand, the answers of one group after those of another."""
    ordered = _ordered(wanted, facts)
    return tuple(
        _bar(wanted, facts, group, code, line[wanted.codes.index(code)])
        for group, line in zip(wanted.groups, wanted.grid, strict=True)
        for code in ordered
    )


def _bar(wanted: Plot, facts: Facts, group: str, code: str, ask: CellRequest) -> Bar:
    cell = facts.cell(ask)
    label = facts.labels.code(wanted.variable, code)
    if wanted.rule is not None:
        label = _with_base(label, cell, facts)
    series = ""
    if wanted.rows:
        series = facts.labels.label(group)
    elif wanted.by:
        name = wanted.called.get(group) or facts.labels.code(wanted.by, group)
        series = _with_base(name, cell, facts)
    return Bar(label, series, cell, _printed(cell, facts), code in _LAST)


def _printed(cell: SafeCell, facts: Facts) -> str:
    """What stands at a bar: its share, or else a range of percentages, or of people."""
    if cell.count is not None and cell.base is not None:
        return share_and_count(cell, facts.language)[0]
    if cell.base:
        return share_text(cell, facts.language)
    return count_or_range(cell.count, cell.count_band, facts.language)


def _with_base(label: str, cell: SafeCell, facts: Facts) -> str:
    return label if cell.base is None else f"{label} (n={number(cell.base, facts.language)})"


def _ordered(wanted: Plot, facts: Facts) -> tuple[str, ...]:
    if wanted.order is BarOrder.CODE:
        return wanted.codes
    cells = {c: [facts.cell(line[i]) for line in wanted.grid] for i, c in enumerate(wanted.codes)}

    def size(code: str) -> tuple[bool, float]:
        shares = [_middle(c) / c.base for c in cells[code] if c.base]
        return code in _LAST, -sum(shares)

    return tuple(sorted(wanted.codes, key=size))


def _middle(cell: SafeCell) -> float:
    """A count, or the middle of its range: all that the order of bars may tell of it."""
    band = cell.count_band
    return (band.low + band.high) / 2 if band else float(cell.count or 0)


def find_largest(bars: Sequence[Bar]) -> tuple[Bar, ...]:
    """Return the bars to highlight: the largest, with ties; none where a range could be larger.

    Answers beside a scale, such as 'don't know', are never what a chart is about.
    """
    named = [bar for bar in bars if not bar.beside and (bar.ends or bar.share)]
    low = max((_low(bar) for bar in named), default=0.0)
    top = tuple(bar for bar in named if _low(bar) == low)
    return top if all(_high(bar) <= low for bar in named if bar not in top) else ()


def _low(bar: Bar) -> float:
    return bar.ends[0] if bar.ends else bar.share or 0.0


def _high(bar: Bar) -> float:
    return bar.ends[1] if bar.ends else bar.share or 0.0


def description(wanted: Plot, facts: Facts, found: Sequence[Bar]) -> str:
    """All that the chart shows, for those who do not see it."""
    amount = len(found) if wanted.form is Form.BARS else len(wanted.groups)
    if wanted.form in (Form.STACKED, Form.DIVERGING):
        amount = len(wanted.codes)
    told = [facts.say(wanted.form.value, amount=number(amount, facts.language))]
    for bar in found:
        label = ", ".join(part for part in (bar.series, bar.label) if part)
        if bar.cell.count is None and bar.cell.count_band is None:
            told.append(facts.say("bar_hidden", label=label, sign=bar.printed))
        elif (band := bar.cell.count_band) is not None:
            low, high = (number(end, facts.language) for end in (band.low, band.high))
            base = number(bar.cell.base or 0, facts.language)
            key = "bar_withheld" if bar.cell.base else "bar_range"
            told.append(
                facts.say(key, label=label, share=bar.printed, low=low, high=high, base=base)
            )
        else:
            _, n = share_and_count(bar.cell, facts.language)
            base = count(bar.cell.base, facts.language)
            told.append(facts.say("bar_share", label=label, share=bar.printed, count=n, base=base))
    return " ".join(told)


WIDE, NARROW = 605, 288
"""Widths in CSS pixels: 160 and 76 mm at 96 to the inch."""
