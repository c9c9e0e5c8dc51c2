"""The report as one web page that needs nothing else: no script, nothing from outside."""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from blikveld.report import typefaces
from blikveld.report.charts import FONT
from blikveld.report.model import Heading, Report, TableBlock, plain
from blikveld.report.tree import tree

_TEMPLATES = Path(__file__).parent / "templates"


def write(report: Report, path: Path) -> None:
    """Write the report as HTML. The same report gives the same bytes."""
    half = path.with_suffix(".html.part")
    half.write_text(page(report), encoding="utf-8")
    half.replace(path)


def page(report: Report) -> str:
    """The report as one HTML page."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined
    )
    made = tree(report)
    return environment.get_template("report.html.j2").render(
        report=report,
        say=report.words,
        blocks=made["blocks"],
        notes=made["notes"],
        names=_names(report),
        headings=report.headings,
        figures=report.figures,
        tables=report.tables,
        plain=plain,
        version_line=made["version_line"],
        snapshot_line=made["snapshot_line"],
        style=_style(),
    )


def _names(report: Report) -> list[str]:
    """For each block the heading above it, to name a table that has no caption of its own.

    The second table under a heading is 'heading (2)': no two regions of a page share a name.
    """
    names, name, used = [], "", Counter[str]()
    for block in report.blocks:
        if isinstance(block, Heading):
            name = plain(block.parts)
        if isinstance(block, TableBlock) and not block.label:
            used[name] += 1
        names.append(f"{name} ({used[name]})" if used[name] > 1 else name)
    return names


def _style() -> str:
    sheet = (_TEMPLATES / "report.css").read_text(encoding="utf-8")
    return "".join(_face(weight, name) for weight, name in typefaces.SCREEN.items()) + sheet


def _face(weight: int, name: str) -> str:
    font = b64encode((typefaces.complete() / name).read_bytes()).decode("ascii")
    source = f"url(data:font/woff2;base64,{font}) format('woff2')"
    return f"@font-face{{font-family:'{FONT}';font-weight:{weight};src:{source}}}\n"
