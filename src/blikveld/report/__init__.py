"""The published report: cleared numbers in own sentences, charts, tables and footnotes."""

from blikveld.report.build import asks, build, spoken, statistics, tables
from blikveld.report.model import Funnel, Report, Standing, Step
from blikveld.report.phrases import speaks
from blikveld.report.recorder import ClaimError

__all__ = [
    "ClaimError",
    "Funnel",
    "Report",
    "Standing",
    "Step",
    "asks",
    "build",
    "speaks",
    "spoken",
    "statistics",
    "tables",
]
