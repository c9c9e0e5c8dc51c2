"""How far coders agree beyond chance, by Krippendorff's alpha.

Source: K. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), and Content Analysis
(4th edition, 2018), chapter 12. Values are paired within units; a unit that fewer than two coders
gave a value says nothing and is left out, so coders need not have done everything.

Codes are compared only where it fits. In reflexive thematic analysis a second coder brings another
reading, not a check, so a study that says 'reflexive' gets no number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import permutations
from typing import assert_never

from blikveld.errors import BlikveldError
from blikveld.interviews.coding.state import CodedSegment, CodingState
from blikveld.interviews.text_lines import Unit

Value = str | int | float
Pairs = Mapping[tuple[Value, Value], float]
"""The coincidence matrix: how often each ordered pair of values met in a unit."""
Distance = Callable[[Value, Value], float]


class Scale(Enum):
    """What the values mean, which decides how far apart two of them are."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"
    RATIO = "ratio"


class NotNumbers(BlikveldError):
    """Values that cannot be placed on the scale that was asked for."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Alpha and what it rests on.

    `alpha` is 1 for complete agreement, 0 for chance, below 0 for less than chance; None when
    there is nothing to agree on: no pairs, or all values the same. `values` is the number of
    values that could be paired, `units` the number of units they stand in.
    """

    alpha: float | None
    values: int
    units: int


def alpha(units: Iterable[Sequence[Value | None]], scale: Scale = Scale.NOMINAL) -> Agreement:
    """Agreement over units; each is the values its coders gave, None where one gave nothing.

    Values are any text or number on the nominal scale, and numbers on the others, where an
    ordinal scale takes their order only. Raises NotNumbers.

    >>> round(alpha([("a", "a"), ("a", "b"), ("b", "b")]).alpha, 3)
    0.444
    """
    kept = [given for unit in units if len(given := _given(unit)) > 1]
    pairs = coincidences(kept)
    totals = _totals(pairs)
    pairable = sum(len(unit) for unit in kept)
    _check(totals, scale)
    distance = _distance(scale, totals)
    expected = sum(totals[c] * totals[k] * distance(c, k) for c, k in permutations(totals, 2))
    if not expected:
        return Agreement(None, pairable, len(kept))
    observed = sum(count * distance(c, k) for (c, k), count in pairs.items() if c != k)
    return Agreement(1 - (pairable - 1) * observed / expected, pairable, len(kept))


def coincidences(units: Iterable[Sequence[Value]]) -> Pairs:
    """The coincidence matrix of units with two or more values each.

    Every unit spreads its m values over m(m-1) ordered pairs that weigh 1/(m-1), so that the
    matrix adds up to the number of values.
    """
    found: dict[tuple[Value, Value], float] = {}
    for unit in units:
        for pair in permutations(unit, 2):
            found[pair] = found.get(pair, 0.0) + 1 / (len(unit) - 1)
    return found


def _given(unit: Sequence[Value | None]) -> list[Value]:
    return [value for value in unit if value is not None]


def _totals(pairs: Pairs) -> Mapping[Value, float]:
    totals: Counter[Value] = Counter()
    for (first, _), count in pairs.items():
        totals[first] += count  # type: ignore[assignment]
    return totals


def _check(values: Iterable[Value], scale: Scale) -> None:
    if scale is Scale.NOMINAL:
        return
    wrong = [value for value in values if not isinstance(value, int | float)]
    low = [value for value in values if isinstance(value, int | float) and value < 0]
    if wrong or (scale is Scale.RATIO and low):
        value = (wrong or low)[0]
        problem = f"{value!r} has no place on the {scale.value} scale."
        mend = "Give numbers, of 0 or more on the ratio scale, or use the nominal scale."
        raise NotNumbers("scale", "the values of a comparison", problem, mend)


def _distance(scale: Scale, totals: Mapping[Value, float]) -> Distance:
    match scale:
        case Scale.NOMINAL:
            return _nominal
        case Scale.ORDINAL:
            return _ordinal(totals)
        case Scale.INTERVAL:
            return _interval
        case Scale.RATIO:
            return _ratio
        case _:
            assert_never(scale)


def _nominal(one: Value, other: Value) -> float:
    return float(one != other)


def _interval(one: Value, other: Value) -> float:
    return (float(one) - float(other)) ** 2


def _ratio(one: Value, other: Value) -> float:
    total = float(one) + float(other)
    return ((float(one) - float(other)) / total) ** 2 if total else 0.0


def _ordinal(totals: Mapping[Value, float]) -> Distance:
    # Two ranks are as far apart as there are values from one to the other, ends counted half.
    place, below = {}, 0.0
    for value in sorted(totals, key=float):
        place[value] = below + totals[value] / 2
        below += totals[value]
    return lambda one, other: (place[one] - place[other]) ** 2


class Approach(Enum):
    """How a study analyses its interviews (Braun and Clarke's three families)."""

    REFLEXIVE = "reflexive"
    CODEBOOK = "codebook"
    CODING_RELIABILITY = "coding_reliability"


class DoesNotFit(BlikveldError):
    """A number that has no meaning in the approach of the study."""

    def __init__(self, what: str) -> None:
        super().__init__(
            "approach",
            what,
            "The study analyses reflexively, and there this number has no meaning.",
            "Set another approach in the study's guide.yaml if that is how it was done.",
        )


def agreement(
    approach: Approach,
    state: CodingState,
    units: Sequence[Unit],
    coders: Sequence[str],
    *,
    coded_only: bool = False,
) -> Mapping[str, Agreement]:
    """Alpha of every code: whether each coder gave it to each unit.

    With `coded_only` units that no coder gave any code are left out, so that what everybody passed
    over does not count as agreement. Raises DoesNotFit.
    """
    if approach is Approach.REFLEXIVE:
        raise DoesNotFit("agreement between coders")
    passages = [p for p in state.segments if p.author in coders]
    found = {unit: [p for p in passages if unit.touches(p)] for unit in units}
    kept = [unit for unit in units if found[unit] or not coded_only]
    return {
        code: alpha(_values(code, [found[unit] for unit in kept], coders)) for code in state.codes
    }


@dataclass(frozen=True, slots=True)
class CodedSentence:
    """A sentence that somebody coded, and the codes each coder gave it."""

    unit: Unit
    given: Mapping[str, frozenset[str]]

    @property
    def any(self) -> frozenset[str]:
        """The codes that somebody gave."""
        return frozenset().union(*self.given.values())

    @property
    def same(self) -> bool:
        """Whether all coders gave the same codes."""
        return len(set(self.given.values())) <= 1

    def shared(self, code: str) -> bool:
        """Whether every coder gave this code here."""
        return all(code in given for given in self.given.values())


def side_by_side(
    state: CodingState, units: Sequence[Unit], coders: Sequence[str]
) -> tuple[CodedSentence, ...]:
    """The sentences that at least one of these coders coded, in order."""
    found = []
    for unit in units:
        inside = [p for p in state.segments if p.author in coders and unit.touches(p)]
        if inside:
            given = {c: frozenset(p.code for p in inside if p.author == c) for c in coders}
            found.append(CodedSentence(unit, given))
    return tuple(found)


def _values(
    code: str, found: Iterable[list[CodedSegment]], coders: Sequence[str]
) -> Iterator[tuple[int, ...]]:
    for passages in found:
        given = {p.author for p in passages if p.code == code}
        yield tuple(int(coder in given) for coder in coders)


def saturation(approach: Approach, state: CodingState, order: Sequence[str]) -> tuple[int, ...]:
    """How many codes each interview adds that no earlier one had, in this order of texts.

    Raises DoesNotFit.
    """
    if approach is Approach.REFLEXIVE:
        raise DoesNotFit("a saturation curve")
    seen: set[str] = set()
    curve = []
    for text in order:
        new = {p.code for p in state.segments if p.text == text} - seen
        curve.append(len(new))
        seen |= new
    return tuple(curve)
