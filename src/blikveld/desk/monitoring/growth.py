"""How the number of finished questionnaires grew, as a stepped line that needs no script."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from blikveld.locale.conventions import short_day

_WIDTH, _HEIGHT = 340, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 330, 16, 158


@dataclass(frozen=True, slots=True)
class Growth:
    """`steps` are the days (YYYY-MM-DD) with the number reached, the oldest first.

    `opening` is the day on which the study planned to begin; the line begins there with nobody.
    """

    opening: str
    steps: tuple[tuple[str, int], ...]

    def rows(self, language: str) -> list[tuple[str, int]]:
        """The steps with their days as people write them."""
        return [(said(day, language), number) for day, number in self.steps]

    def picture(self, title: str, language: str) -> Markup:
        """The line as SVG, with `title` for who cannot see it. There is at least one step."""
        first, last = min(self.opening, self.steps[0][0]), self.steps[-1][0]
        most = max(number for _, number in self.steps)
        span = max(1, (_date(last) - _date(first)).days)

        def across(day: str) -> float:
            return _LEFT + (_RIGHT - _LEFT) * (_date(day) - _date(first)).days / span

        def up(number: int) -> float:
            return _BOTTOM - (_BOTTOM - _TOP) * number / max(1, most)

        line = f"M{_LEFT} {_BOTTOM}" + "".join(
            f"H{across(day):.1f}V{up(number):.1f}" for day, number in self.steps
        )
        return Markup(
            '<svg class="growth" viewBox="0 0 {w} {h}" role="img" aria-label="{title}">'
            '<path class="axis" d="M{left} {top}V{bottom}H{right}"/>'
            '<path class="line" d="{line}"/>'
            '<text x="{number}" y="{most_at}" text-anchor="end">{most}</text>'
            '<text x="{number}" y="{bottom}" text-anchor="end">0</text>'
            '<text x="{left}" y="{under}">{first}</text>'
            '<text x="{right}" y="{under}" text-anchor="end">{last}</text></svg>'
        ).format(
            w=_WIDTH,
            h=_HEIGHT,
            title=title,
            left=_LEFT,
            right=_RIGHT,
            top=_TOP,
            bottom=_BOTTOM,
            line=line,
            number=_LEFT - 8,
            most_at=_TOP + 10,
            most=most,
            under=_BOTTOM + 22,
            first=said(first, language),
            last=said(last, language),
        )


def said(day: str, language: str) -> str:
    """A day as people write it: '7 apr 2021'."""
    return short_day(_date(day), language)


def _date(day: str) -> date:
    return date.fromisoformat(day)
