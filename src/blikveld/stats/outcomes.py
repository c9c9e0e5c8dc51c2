"""Outcome rates of a sample of which every case has a final disposition.

Source: American Association for Public Opinion Research, Standard Definitions (10th edition, 2023).
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from blikveld.errors import UnusableData


@dataclass(frozen=True, slots=True)
class Dispositions:
    """How many cases ended how. Raises UnusableData for a count below nought.

    The letters of the source stand beside each.
    """

    complete: int = 0
    """I: complete interviews."""
    partial: int = 0
    """P: enough was answered to be used."""
    refused: int = 0
    """R: refused, or broke off."""
    not_reached: int = 0
    """NC: eligible, but nobody was spoken to."""
    other: int = 0
    """O: eligible and reached, but no interview for another reason."""
    unknown_household: int = 0
    """UH: not known whether there is anybody to interview."""
    unknown_other: int = 0
    """UO: somebody is there, not known whether eligible."""
    not_eligible: int = 0
    """Turned out to be outside the population. In no rate; used to estimate eligibility."""

    def __post_init__(self) -> None:
        for field in fields(self):
            if getattr(self, field.name) < 0:
                raise UnusableData(
                    "disposition-below-nought",
                    f"disposition {field.name}",
                    "Its count is below nought.",
                    "Count the cases that ended this way.",
                )

    @property
    def interviews(self) -> int:
        """Complete and partial: I + P."""
        return self.complete + self.partial

    @property
    def eligible(self) -> int:
        """Cases known to be eligible: I + P + R + NC + O."""
        return self.interviews + self.refused + self.not_reached + self.other

    @property
    def unknown(self) -> int:
        """Cases of unknown eligibility: UH + UO."""
        return self.unknown_household + self.unknown_other


@dataclass(frozen=True, slots=True)
class Rates:
    """The rates of the source by its own abbreviations, 0 to 1; None where nobody is in the base.

    `e` is the share of unknown cases taken to be eligible, used by RR3, RR4, REF2 and CON2.
    """

    rr1: float | None
    rr2: float | None
    rr3: float | None
    rr4: float | None
    rr5: float | None
    rr6: float | None
    coop1: float | None
    coop2: float | None
    coop3: float | None
    coop4: float | None
    ref1: float | None
    ref2: float | None
    ref3: float | None
    con1: float | None
    con2: float | None
    con3: float | None
    e: float


def eligibility(cases: Dispositions) -> float:
    """Return the share of eligible among the cases of which eligibility is known; 1 when of none.

    The proportional method: it takes unknown cases to be like known ones. 1 is the careful choice,
    as it never makes a response rate larger.

    >>> eligibility(Dispositions(complete=60, refused=20, not_eligible=20))
    0.8
    """
    known = cases.eligible + cases.not_eligible
    return cases.eligible / known if known else 1.0


def rates(cases: Dispositions, e: float | None = None) -> Rates:
    """Return all rates. `e` is estimated by `eligibility` unless given. Raises UnusableData outside
    [0, 1].

    >>> found = rates(Dispositions(complete=400, partial=50, refused=200, not_reached=350))
    >>> found.rr1, found.coop4, found.ref1, found.con1
    (0.4, 0.6923076923076923, 0.2, 0.65)
    """
    e = eligibility(cases) if e is None else e
    if not 0 <= e <= 1:
        raise UnusableData(
            "eligibility-outside",
            "outcome rates",
            f"The share of eligible cases among the unknown is {e:g}.",
            "Give a share between 0 and 1.",
        )
    most, likely, least = cases.eligible + cases.unknown, _likely(cases, e), cases.eligible
    return Rates(
        **_response(cases, most, likely, least),
        **_cooperation(cases),
        **_by_base("ref", cases.refused, most, likely, least),
        **_by_base("con", cases.interviews + cases.refused + cases.other, most, likely, least),
        e=e,
    )


def _likely(cases: Dispositions, e: float) -> float:
    return cases.eligible + e * cases.unknown


def _response(cases: Dispositions, *bases: float) -> dict[str, float | None]:
    rates: dict[str, float | None] = {}
    for number, base in enumerate(bases):
        rates[f"rr{2 * number + 1}"] = _share(cases.complete, base)
        rates[f"rr{2 * number + 2}"] = _share(cases.interviews, base)
    return rates


def _cooperation(cases: Dispositions) -> dict[str, float | None]:
    """COOP1 and 2 count everybody reached; 3 and 4 only who could have taken part."""
    reached = cases.interviews + cases.refused + cases.other
    able = cases.interviews + cases.refused
    return {
        "coop1": _share(cases.complete, reached),
        "coop2": _share(cases.interviews, reached),
        "coop3": _share(cases.complete, able),
        "coop4": _share(cases.interviews, able),
    }


def _by_base(name: str, count: int, *bases: float) -> dict[str, float | None]:
    return {f"{name}{number}": _share(count, base) for number, base in enumerate(bases, 1)}


def _share(count: int, base: float) -> float | None:
    return count / base if base else None
