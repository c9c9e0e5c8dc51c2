"""The published report: cleared numbers in own sentences, charts, tables and footnotes."""

from __future__ import annotations

from blikveld.report.build import asks, build, required_cells, statistics, tables
from blikveld.report.model import FunnelStep, Report, ReportFunnel
from blikveld.report.text.files import is_spoken
from blikveld.report.text.run import ClaimError
from blikveld.results.cell import DataOrigin

__all__ = [
    "ClaimError",
    "DataOrigin",
    "FunnelStep",
    "Report",
    "ReportFunnel",
    "asks",
    "build",
    "is_spoken",
    "required_cells",
    "statistics",
    "tables",
]
