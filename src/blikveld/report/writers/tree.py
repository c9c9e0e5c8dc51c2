"""A report as plain JSON, for writers in other languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from blikveld.report.model import FigureBlock, Heading, Report, TableBlock
from blikveld.report.writers.paging import fresh, whole


def tree(report: Report, *, paper: bool = False) -> dict[str, Any]:
    """The report with everything in it as objects, arrays and text. `kind` names each class.

    On paper a figure is drawn wide and has no table of its numbers beside it.
    """
    year, month, day = (int(part) for part in report.date.split("-"))
    return {
        "language": report.language,
        "title": report.title,
        "subtitle": report.subtitle,
        "warning": report.warning,
        "about": list(report.about),
        "year": year,
        "month": month,
        "day": day,
        "version_line": report.words["version"].format(study=report.study, version=report.version),
        "snapshot_line": report.words["snapshot"].format(digest=report.snapshot),
        "words": dict(report.words),
        "blocks": _blocks(report, paper=paper),
        "figures": len(report.figures),
        "tables": len(report.tables),
        "notes": [branch(note) for note in report.notes],
    }


def _blocks(report: Report, *, paper: bool) -> list[Any]:
    """Blocks, and of headings whether they begin a page."""
    begin = fresh(report.blocks)
    made = [
        _figure(block, paper=paper) if isinstance(block, FigureBlock) else branch(block)
        for block in report.blocks
    ]
    for here, block in zip(made, report.blocks, strict=True):
        if isinstance(block, Heading):
            here["fresh"] = block.anchor in begin
    return made


def _figure(block: FigureBlock, *, paper: bool) -> dict[str, Any]:
    told = ["anchor", "label", "title", "subtitle", "description", "notes", "wide"]
    if not paper:
        told += ["narrow", "specification", "data"]
    return {"kind": "figureblock"} | {name: branch(getattr(block, name)) for name in told}


def branch(value: Any) -> Any:
    """One part of a report as JSON, with what is in it."""
    if is_dataclass(value) and not isinstance(value, type):
        made = {f.name: branch(getattr(value, f.name)) for f in fields(value)}
        if isinstance(value, TableBlock):
            made |= {"grouped": value.grouped, "whole": whole(value)}
        return {"kind": type(value).__name__.lower(), **made}
    if isinstance(value, tuple | list):
        return [branch(item) for item in value]
    if isinstance(value, Mapping):
        return {key: branch(item) for key, item in value.items()}
    return value
