"""The picture on the first page, made from data: a dot a person, a disc a group of people."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from blikveld.report.charts.data import Bar, Plot, bars, description, plot
from blikveld.report.charts.drawing import FONT, NAVY
from blikveld.report.charts.figures import list_bar_entries
from blikveld.report.claims.facts import Facts, FalseClaim
from blikveld.report.model import Cover, ManifestEntry
from blikveld.report.text.files import BadSettings, read_settings
from blikveld.results.formatting import count_or_range, number
from blikveld.study.model import Study

_DOTS = 6_000
"""So many dots can still be told apart on a page."""
_COVER = (595.0, 480.0)
"""Width and height of the picture on a cover, in points: an A4 page from side to side."""
_STEP, _GAP, _NAMED = 5.1, 22.0, 34.0
"""In points: how far dots stand apart at most, room between discs, room for two lines under one."""
_GOLDEN = math.pi * (3 - math.sqrt(5))
_HOT, _COLD = "#f2914f", "#5d7fa3"


def plot_cover(study: Study) -> Plot | None:
    """Return what has to be counted for the picture on a cover, where report.yaml asks for one.

    Raises BadSettings for a variable that there is not.
    """
    wanted = read_settings(study).picture
    if wanted is None:
        return None
    try:
        return plot(study, wanted.by, rule=wanted.rule, of="True", key="cover")
    except FalseClaim as error:
        raise BadSettings(study.folder / "report" / "report.yaml", error.problem) from None


def list_cover_entries(facts: Facts) -> Iterator[ManifestEntry]:
    """Yield what the manifest says of every number on the cover."""
    wanted = plot_cover(facts.study)
    yield from list_bar_entries(wanted, facts, "cover") if wanted else ()


def draw_cover(facts: Facts) -> Cover | None:
    """Return the first page: who made the report, and a disc of dots for each group of people."""
    told = {name: text[facts.language] for name, text in facts.settings.cover.items()}
    picture, wanted = facts.settings.picture, plot_cover(facts.study)
    if not told or picture is None or wanted is None:
        return Cover(**told) if told else None
    found = [bar for bar in bars(wanted, facts) if bar.cell.base]
    if sum(bar.cell.base or 0 for bar in found) > _DOTS:
        return Cover(**told)
    drawing, words = draw_discs(found, facts), description(wanted, facts, found)
    return Cover(**told, drawing=drawing, description=words, key=picture.key[facts.language])


def draw_discs(found: Sequence[Bar], facts: Facts) -> str:
    """Return a dot a person and a disc a group; for whom the rule is true stands in its heart."""
    step, rows = _STEP, _shelves(found, _STEP)
    while sum(max(_size(bar, step) for bar in row) + _NAMED for row in rows) > _COVER[1]:
        step *= 0.96
        rows = _shelves(found, step)
    parts, top = [], 0.0
    for row in rows:
        tall = max(_size(bar, step) for bar in row)
        wide = sum(_size(bar, step) + _GAP for bar in row) - _GAP
        x = (_COVER[0] - wide) / 2
        for bar in row:
            radius = _size(bar, step) / 2
            parts.append(_disc(bar, facts, x + radius, top + tall / 2, step))
            x += 2 * radius + _GAP
        top += tall + _NAMED
    size = f'width="{_COVER[0]:g}pt" height="{top:.1f}pt" viewBox="0 0 {_COVER[0]:g} {top:.1f}"'
    ground = f'<rect width="{_COVER[0]:g}" height="{top:.1f}" fill="{NAVY}"/>'
    look = f'xmlns="http://www.w3.org/2000/svg" font-family="{FONT}" text-anchor="middle"'
    return f"<svg {look} {size}>{ground}{''.join(parts)}</svg>"


def _shelves(found: Sequence[Bar], step: float) -> list[list[Bar]]:
    """Discs in rows, the largest first; a row is not wider than the page."""
    rows: list[list[Bar]] = [[]]
    for bar in sorted(found, key=lambda one: -(one.cell.base or 0)):
        wide = sum(_size(other, step) + _GAP for other in rows[-1]) + _size(bar, step)
        if rows[-1] and wide > _COVER[0] - 2 * _GAP:
            rows.append([])
        rows[-1].append(bar)
    return rows


def _size(bar: Bar, step: float) -> float:
    return 2 * (step * math.sqrt(bar.cell.base or 0) + 3)


def _disc(bar: Bar, facts: Facts, x: float, y: float, step: float) -> str:
    amount, low = bar.cell.base or 0, bar.cell.count_band.low if bar.cell.count_band else 0
    hot = low if bar.cell.count is None else bar.cell.count
    dots = "".join(
        f'<circle cx="{x + step * math.sqrt(i + 0.5) * math.cos(i * _GOLDEN):.1f}" '
        f'cy="{y + step * math.sqrt(i + 0.5) * math.sin(i * _GOLDEN):.1f}" r="1.45" '
        f'fill="{_HOT if i < hot else _COLD}"/>'
        for i in range(amount)
    )
    counted = count_or_range(bar.cell.count, bar.cell.count_band, facts.language)
    told = facts.say("count_of", count=counted, base=number(amount, facts.language))
    name = escape(bar.label.partition(" (n=")[0])
    under = y + _size(bar, step) / 2 + 10
    return (
        f'{dots}<text x="{x:.1f}" y="{under:.1f}" font-size="9.5" font-weight="600" '
        f'fill="#ffffff">{name}</text><text x="{x:.1f}" y="{under + 11.5:.1f}" font-size="9" '
        f'fill="#dbe6f0">{escape(told)}</text>'
    )
