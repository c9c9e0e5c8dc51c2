"""Comparing coders: alpha per code, over all text or over what was coded.

Only where it fits. In reflexive thematic analysis a second coder brings another reading, not a
check, so a study that says 'reflexive' gets no number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from blikveld.errors import BlikveldError
from blikveld.interviews.alpha import Agreement, alpha
from blikveld.interviews.coding.state import CodedSegment, CodingState
from blikveld.interviews.text_lines import Unit


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
