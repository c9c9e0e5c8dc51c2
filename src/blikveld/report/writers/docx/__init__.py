"""The report for editors who work in a word processor: native notes, captions and styles."""

from __future__ import annotations

from blikveld.report.writers.docx.writing import write

__all__ = ["write"]
