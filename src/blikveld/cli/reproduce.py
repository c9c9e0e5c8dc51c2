"""Commands that compute every published figure again and compare it with what was printed."""

from __future__ import annotations

import json
import sys
from collections import Counter as Tally
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter
from rich.table import Table as Grid

from blikveld import inclusion
from blikveld.checker.rounding import RoundingVerdict, verdict
from blikveld.cli import terminal
from blikveld.cli.terminal import USUAL, StudyName, console
from blikveld.errors import ExitCode
from blikveld.publish import sources
from blikveld.rules import format_rule
from blikveld.study import published_figures
from blikveld.study.load import load
from blikveld.study.published_figures import Measure
from blikveld.tabulation.reproduce import FigureCheck, Reproduction
from blikveld.tabulation.reproduce import reproduce_figures as recount

Snapshot = Annotated[
    Path | None,
    Parameter(help="A snapshot's folder. Without it: the reference respondents of the study."),
]


def reproduce(
    snapshot: Snapshot = None,
    *,
    study: StudyName = USUAL,
    format: Literal["text", "json"] = "text",  # noqa: A002
    manifest: Annotated[
        Path | None, Parameter(help="Where to list every number computed. Not for publication.")
    ] = None,
) -> int:
    """Count every published figure again and hold it against what was printed.

    Exit code 1 when a figure does not come out again. No protection is applied, so the manifest
    does not belong in a folder that is published.
    """
    loaded = load(study)
    with terminal.opened_snapshot(loaded, snapshot) as taken:
        outcome = recount(loaded, taken, published_figures.load(loaded.folder))
    if manifest is not None:
        sources.write_json(manifest, figures_manifest(outcome))
    if format == "json":
        content = {"publication": terminal.MARK, **as_json(outcome)}
        sys.stdout.write(json.dumps(content, ensure_ascii=False, indent=1))
        sys.stdout.write("\n")
    else:
        with terminal.not_for_publication():
            print_reproduction(outcome)
    return ExitCode.DIFFERENT if outcome.missed else ExitCode.DONE


def funnel(snapshot: Snapshot = None, *, study: StudyName = USUAL) -> int:
    """Show who counts, and who left by which rule."""
    loaded = load(study)
    with terminal.opened_snapshot(loaded, snapshot) as taken, terminal.not_for_publication():
        terminal.show_funnel(inclusion.funnel(loaded, taken))
    return ExitCode.DONE


def print_reproduction(result: Reproduction) -> None:
    """Published against computed: totals, then what did not come out again and why."""
    console.print(_totals(result))
    judged = (f"{number:,} {kind.value}" for kind, number in percentages(result).items())
    console.print(f"Printed percentages next to their own counts: {', '.join(judged)}.\n")
    if result.missed:
        console.print(_rows("Missed", result.missed, _missed_reason))
    if result.contradicted:
        console.print(_rows("Contradicted by another published figure", result.contradicted, _why))
    if result.outside:
        console.print(_rows("Not in any answer", result.outside, _why))


def _totals(result: Reproduction) -> Grid:
    grid = Grid(title="Published figures, counted again", title_justify="left")
    grid.add_column("")
    for name in ("published", "came out again", "contradicted", "missed"):
        grid.add_column(name, justify="right")
    for name, outcomes in _kinds(result).items():
        part = Reproduction(tuple(outcomes))
        numbers = (part.judged, part.reproduced, part.contradicted, part.missed)
        grid.add_row(name, *(f"{len(group):,}" for group in numbers))
    return grid


def _kinds(result: Reproduction) -> dict[str, list[FigureCheck]]:
    kinds: dict[str, list[FigureCheck]] = {
        "counts in the annexes": [],
        "counts in footnotes": [],
        "counts in the text": [],
        "sums, means and tests": [],
        "all": list(result.outcomes),
    }
    for outcome in result.outcomes:
        kinds[_kind(outcome)].append(outcome)
    return kinds


def _kind(outcome: FigureCheck) -> str:
    row = outcome.published
    if row.measure is not Measure.COUNT:
        return "sums, means and tests"
    if row.annex:
        return "counts in the annexes"
    return "counts in footnotes" if row.footnote else "counts in the text"


def _rows(title: str, outcomes: Iterable[FigureCheck], why: Any) -> Grid:
    grid = Grid(title=title, title_justify="left", show_lines=True)
    grid.add_column("Where", ratio=2)
    grid.add_column("Printed", ratio=1)
    grid.add_column("Why", ratio=4)
    for outcome in outcomes:
        grid.add_row(outcome.published.location, printed(outcome), why(outcome))
    return grid


def _missed_reason(outcome: FigureCheck) -> str:
    return f"The snapshot gives {outcome.computed or 'nothing'}."


def _why(outcome: FigureCheck) -> str:
    return outcome.published.reason


def printed(outcome: FigureCheck) -> str:
    """Return the figure as it was published, in one line."""
    row = outcome.published
    if row.measure is not Measure.COUNT:
        return row.value
    share = f" ({row.percent}%)" if row.percent else ""
    count = "" if row.count is None else f"{row.count:,}"
    base = "" if row.base is None else f" of {row.base:,}"
    return f"{count}{base}{share}".strip()


def percentages(result: Reproduction) -> dict[RoundingVerdict, int]:
    """Return how many printed percentages are right, rounded twice, truncated or wrong."""
    return Tally(judged for o in result.outcomes if (judged := percent(o)) is not None)


def percent(outcome: FigureCheck) -> RoundingVerdict | None:
    """Return the verdict on the printed percentage, from its own printed count and base."""
    row = outcome.published
    if not row.percent or row.count is None or row.base is None:
        return None
    return verdict(row.percent, row.count, row.base)


def as_json(result: Reproduction) -> dict[str, Any]:
    """Return what `blikveld reproduce --format json` prints."""
    return {
        "published": len(result.judged),
        "reproduced": len(result.reproduced),
        "annex_counts": sum(bool(o.published.annex) for o in result.reproduced),
        "footnote_percentages": sum(
            bool(o.published.footnote and o.published.percent) for o in result.judged
        ),
        "percentages": {v.value: n for v, n in percentages(result).items()},
        "contradicted": [
            {
                "where": [o.published.location, o.published.contradicts],
                "printed": printed(o),
                "followed": o.published.followed,
                "reason": o.published.reason,
            }
            for o in result.contradicted
        ],
        "not_in_records": [
            {"where": o.published.location, "printed": printed(o), "reason": o.published.reason}
            for o in result.outside
        ],
        "missed": [
            {
                "id": o.published.id,
                "where": o.published.location,
                "printed": printed(o),
                "computed": o.computed,
            }
            for o in result.missed
        ],
    }


def figures_manifest(result: Reproduction) -> list[dict[str, Any]]:
    """Return every number computed, with the rules it was counted by."""
    return [
        {
            "publication": terminal.MARK,
            "id": o.published.id,
            "where": o.published.location,
            "measure": o.published.measure.value,
            "base_rule": format_rule(o.published.base_rule),
            "rule": " * ".join(o.published.variables) or format_rule(o.published.condition_rule),
            "count": o.count,
            "base": o.base,
            "computed": o.computed,
            "printed": printed(o),
            "agrees": o.agrees,
        }
        for o in result.outcomes
    ]
