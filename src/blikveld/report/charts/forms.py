"""Each form of chart, drawn: bars of one question, two groups as dots, more groups in panels of one
scale, and lines that are divided into parts.

Values are printed beside what they are of, so there is no axis to read them from. Labels are
wrapped by their letters, never cut, and stand above the bars where they would take more than two
lines beside them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import assert_never

from blikveld.report.charts.data import WIDE, Bar, Form, find_largest
from blikveld.report.charts.drawing import INK, LETTER, LINE, Drawing, lines_of, wide

HIGHLIGHT, SECOND, MUTED, PALE = "#b8431a", "#1d5a8c", "#8295a8", "#d5dce3"
"""What a chart is about, a group beside it, everything else, and lines."""
_GAP = 8.0
_BESIDE = 0.42
"""The part of the width that labels beside bars take at most."""
_FEW = 12
"""So many answers of two groups still read as dots on a line."""


def draw(bars: Sequence[Bar], form: Form, width: float) -> str:
    """Return a chart as SVG. `width` is that of the whole drawing in CSS pixels."""
    drawing = Drawing(width)
    match form:
        case Form.BARS:
            _bars(drawing, bars, _layout(bars, width), (0.0, 0.0), _ROOMY)
        case Form.GROUPED if _two(bars):
            _dots(drawing, bars)
        case Form.GROUPED:
            _panels(drawing, bars)
        case Form.STACKED:
            _divided(drawing, bars, dict.fromkeys(_series(bars), 0.0), SHADES)
        case Form.DIVERGING:
            _diverging(drawing, bars)
        case _:
            assert_never(form)
    return drawing.svg()


def _series(bars: Sequence[Bar]) -> list[str]:
    return list(dict.fromkeys(bar.series for bar in bars))


def _two(bars: Sequence[Bar]) -> bool:
    """Two groups whose every share is known: a range would hide the other group's dot."""
    known = all(bar.share is not None for bar in bars)
    return known and len(_series(bars)) == 2 and len(bars) <= 2 * _FEW


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where labels, bars and values stand: the same in every panel of a chart.

    Labels end at `edge`, bars begin at `left`; `pixels` is the length of a share of 1, `longest`
    that of the longest bar.
    """

    labels: float
    above: bool
    edge: float
    left: float
    pixels: float
    longest: float

    def lines(self, label: str) -> list[str]:
        return lines_of(label, self.labels, 600)


@dataclass(frozen=True, slots=True)
class _Density:
    """How thick a bar is, how tall its row at least, and what is free under a bar that has its
    label above it.
    """

    thick: float
    step: float
    under: float = 7.0


_ROOMY, _CLOSE, _DOTTED = _Density(18, 27), _Density(14, 21), _Density(18, 24, 5)


def _layout(bars: Sequence[Bar], width: float, before: float = 0.0) -> _Layout:
    """How a chart or panel is divided. `before` is the room that values need before the bars."""
    room = min(max(wide(bar.label, 600) for bar in bars) + 0.1, width * _BESIDE)
    above = any(len(lines_of(bar.label, room, 600)) > 2 for bar in bars)
    left = before + (0.0 if above else room + _GAP)
    behind = max(wide(bar.printed, 600) for bar in bars) + 7
    length = width - left - behind
    largest = max(_reach(bar) for bar in bars)
    return _Layout(
        width if above else room,
        above,
        left - before - _GAP,
        left,
        length / (largest or 1.0),
        length if largest else 0.0,
    )


def _reach(bar: Bar) -> float:
    return bar.ends[1] if bar.ends else bar.share or 0.0


def _bars(
    drawing: Drawing,
    bars: Sequence[Bar],
    layout: _Layout,
    corner: tuple[float, float],
    density: _Density,
) -> None:
    """Draw a bar for each answer, from an upper left corner. The largest is highlighted."""
    x, y = corner
    largest = find_largest(bars)
    for bar in bars:
        # Never by colour alone: what is highlighted is also semibold.
        hot = bar in largest
        middle, y = _label(drawing, bar.label, layout, (x, y), density, 600 if hot else 400)
        begin, name = x + layout.left, "hot" if hot else "muted"
        fill = HIGHLIGHT if hot else MUTED
        low = begin + layout.pixels * (bar.ends[0] if bar.ends else bar.share or 0.0)
        end = begin + layout.pixels * _reach(bar)
        top = middle - density.thick / 2
        drawing.bar((begin, top), (low - begin, density.thick), fill, name)
        drawing.hatched((low, middle), end, density.thick, fill, name)
        place = (end + 5, middle)
        if hot:
            drawing.text(place, bar.printed, weight=600, fill=HIGHLIGHT, name="hot")
        else:
            drawing.text(place, bar.printed)


def _label(
    drawing: Drawing,
    label: str,
    layout: _Layout,
    corner: tuple[float, float],
    density: _Density,
    weight: int = 400,
) -> tuple[float, float]:
    """Write the label of a row. Return the middle of its bar, and where the next row begins."""
    x, y = corner
    lines = layout.lines(label)
    tall = len(lines) * LINE
    if layout.above:
        drawing.text((x, y + tall / 2), lines, weight=weight)
        middle = y + tall + 2 + density.thick / 2
        return middle, middle + density.thick / 2 + density.under
    row = max(density.step, tall + 6)
    drawing.text((x + layout.edge, y + row / 2), lines, anchor="end", weight=weight)
    return y + row / 2, y + row


def _panels(drawing: Drawing, bars: Sequence[Bar]) -> None:
    """Draw each group apart, all on one scale, so that panels can be laid beside each other."""
    columns, between = (2, 28.0) if drawing.width >= WIDE else (1, 0.0)
    room = (drawing.width - between * (columns - 1)) / columns
    layout = _layout(bars, room)
    groups = [(name, [bar for bar in bars if bar.series == name]) for name in _series(bars)]
    top = 0.0
    for start in range(0, len(groups), columns):
        row = groups[start : start + columns]
        titles = [lines_of(name, room, 600) for name, _ in row]
        tall = max(map(len, titles)) * LINE
        for place, ((_, found), title) in enumerate(zip(row, titles, strict=True)):
            x = place * (room + between)
            foot = top + tall
            drawing.text((x, foot - len(title) * LINE / 2), title, weight=600)
            drawing.line((x, foot + 3), (x + room, foot + 3), PALE)
            _bars(drawing, found, layout, (x, foot + 6), _CLOSE)
        top = drawing.height + 14


def _dots(drawing: Drawing, bars: Sequence[Bar]) -> None:
    """Draw a line for each answer, with a dot for each of two groups and its value outside."""
    first, second = _series(bars)
    tints = {first: (HIGHLIGHT, "hot", 6.0), second: (SECOND, "second", 4.5)}
    y = _key(drawing, [(name, tints[name][0], tints[name][1]) for name in (first, second)])
    before = max(wide(bar.printed, 600) for bar in bars) + 16
    layout = _layout(bars, drawing.width - 9, before)
    for label in dict.fromkeys(bar.label for bar in bars):
        pair = sorted((b for b in bars if b.label == label), key=lambda b: b.share or 0.0)
        middle, y = _label(drawing, label, layout, (0.0, y), _DOTTED)
        ends = [layout.left + layout.pixels * (bar.share or 0.0) for bar in pair]
        drawing.line((layout.left, middle), (layout.left + layout.longest, middle), PALE)
        drawing.bar((ends[0], middle - 1.5), (ends[1] - ends[0], 3), MUTED, "muted")
        for bar, x in sorted(
            zip(pair, ends, strict=True), key=lambda one: -tints[one[0].series][2]
        ):
            fill, name, radius = tints[bar.series]
            drawing.dot((x, middle), radius, fill, name)
        for bar, x, side in zip(pair, ends, (-1, 1), strict=True):
            fill, name, _ = tints[bar.series]
            anchor = "end" if side < 0 else "start"
            place = (x + side * 9, middle)
            drawing.text(place, bar.printed, anchor=anchor, weight=600, fill=fill, name=name)


def _key(drawing: Drawing, names: Sequence[tuple[str, str, str]]) -> float:
    """Write what each colour stands for, in as few lines as fit. Return where the chart begins."""
    x = y = 0.0
    for words, fill, name in names:
        lines = lines_of(words, drawing.width - 16)
        across = 16 + max(wide(line) for line in lines)
        if x and x + across > drawing.width:
            x, y = 0.0, drawing.height + 3
        tall = len(lines) * LINE
        drawing.bar((x, y + LINE / 2 - 5), (10, 10), fill, name)
        drawing.text((x + 16, y + tall / 2), lines)
        x += across + 18
    return drawing.height + 8


# From much to little of one thing; the last carry dark letters.
SHADES = ("#12395a", "#2c6592", "#4a7ba6", "#8fb3d1", "#b9cfe2", "#9a9a9a", "#c4c4c4")
# From the one end of a scale to the other, with its middle apart.
SIDES, MIDDLE, BESIDE = ("#a6491f", "#e0a37e", "#8fb3d1", "#1b4f72"), "#d3d3d3", "#9a9a9a"
_DARK = {*SHADES[:3], SIDES[0], SIDES[3]}
_THICK = 26.0


def _diverging(drawing: Drawing, bars: Sequence[Bar]) -> None:
    """As stacked, but the middle of the scale stands in one place in every line.

    Answers beside the scale, such as 'don't know', come behind it in grey.
    """
    scale = [bar.label for bar in bars if not bar.beside and bar.series == bars[0].series]
    half = len(scale) // 2
    below, middle = scale[:half], scale[half] if len(scale) % 2 else ""
    shifts = {
        series: sum(
            (bar.share or 0) * (0.5 if bar.label == middle else 1)
            for bar in bars
            if bar.series == series and bar.label in (*below, middle)
        )
        for series in _series(bars)
    }
    sides = (*SIDES[:half], *((MIDDLE,) if middle else ()), *SIDES[len(SIDES) - half :])
    rest = len({bar.label for bar in bars}) - len(scale)
    _divided(drawing, bars, shifts, (*sides, *(BESIDE,) * rest))


@dataclass(slots=True)
class _Part:
    """A part of a line, in shares, and where its value stands: in it, above (-1) or under (1)."""

    bar: Bar
    begin: float
    end: float
    at: float = 0.0
    side: int = 0


def _divided(
    drawing: Drawing, bars: Sequence[Bar], shifts: dict[str, float], tints: Sequence[str]
) -> None:
    """Draw a line a series, its parts end to end, moved to the left by its shift in shares."""
    answers = list(dict.fromkeys(bar.label for bar in bars))
    colour = dict(zip(answers, tints, strict=False))
    y = _key(drawing, [(answer, colour[answer], "part") for answer in answers])
    names = _series(bars)
    room = min(max(wide(name) for name in names) + 0.1, drawing.width * _BESIDE)
    above = room > 0 and any(len(lines_of(name, room)) > 3 for name in names)
    left = 0.0 if above or not any(names) else room + _GAP
    lines = [_parts(list(found), shifts[s]) for s, found in groupby(bars, lambda b: b.series)]
    begin, pixels = _scaled(lines, drawing.width - left, whole=not any(shifts.values()))
    for name, parts in zip(names, lines, strict=True):
        told = lines_of(name, drawing.width if above else room) if name else []
        tall = len(told) * LINE
        up = 17 * any(part.side < 0 for part in parts)
        down = 17 * any(part.side > 0 for part in parts)
        if above:
            drawing.text((0, y + tall / 2), told)
            y += tall + 2
        middle = y + max(up + _THICK / 2, 0 if above else tall / 2)
        if told and not above:
            drawing.text((room, middle), told, anchor="end")
        for part in parts:
            _draw_part(drawing, part, (left - begin * pixels, middle), pixels, colour)
        y = max(middle + _THICK / 2 + down, 0 if above else middle + tall / 2) + 12
    drawing.reach(y - 12)


def _draw_part(
    drawing: Drawing,
    part: _Part,
    nought: tuple[float, float],
    pixels: float,
    colour: dict[str, str],
) -> None:
    x, middle = nought
    if part.end <= part.begin:
        return
    fill = colour[part.bar.label]
    start, across = x + part.begin * pixels, (part.end - part.begin) * pixels
    drawing.bar((start, middle - _THICK / 2), (max(across - 1, 0.5), _THICK), fill, "part")
    ink, name = ("#ffffff", "on-dark") if fill in _DARK else (INK, "on-light")
    if part.side:
        ink, name = INK, "ink"
    down = part.side * (_THICK / 2 + LETTER / 2 + 2)
    place = (x + part.at * pixels, middle + down)
    drawing.text(place, part.bar.printed, anchor="middle", fill=ink, name=name)


def _parts(bars: Sequence[Bar], shift: float) -> list[_Part]:
    made, before = [], -shift
    for bar in bars:
        made.append(_Part(bar, before, before + (bar.share or 0.0)))
        before = made[-1].end
    return made


def _scaled(lines: Sequence[list[_Part]], room: float, *, whole: bool) -> tuple[float, float]:
    """Where the scale begins, and how many pixels a share of 1 gets, so that every value fits.

    Without shifts a line is at least one `whole`.
    """
    begin = min(part.begin for parts in lines for part in parts)
    end = max(part.end for parts in lines for part in parts)
    end = max(1.0, end) if whole else end
    pixels = room / (end - begin)
    for _ in range(20):
        _place(lines, pixels)
        sides = [
            (part.at - _half(part) / pixels, part.at + _half(part) / pixels)
            for part in _outside(lines)
        ]
        low = min([begin, *(one for one, _ in sides)])
        high = max([end, *(one for _, one in sides)])
        if (high - low) * pixels <= room + 0.1:
            return low, pixels
        pixels *= 0.97 * room / ((high - low) * pixels)
    return low, pixels


def _half(part: _Part) -> float:
    return wide(part.bar.printed) / 2 + 1


def _outside(lines: Sequence[list[_Part]]) -> Iterator[_Part]:
    return (part for parts in lines for part in parts if part.side)


def _place(lines: Sequence[list[_Part]], pixels: float) -> None:
    """Put the value of each part in it, or by turns above and under it.

    Outside, a value moves to the right as far as the one before it needs.
    """
    for parts in lines:
        side, free = 1, {1: float("-inf"), -1: float("-inf")}
        for part in parts:
            half = (_half(part) + 1) / pixels
            part.at, part.side = (part.begin + part.end) / 2, 0
            if part.end - part.begin >= 2 * half or part.end == part.begin:
                side = 1
                continue
            side = -side
            part.side = side
            part.at = max(part.at, free[side] + half)
            free[side] = part.at + half
