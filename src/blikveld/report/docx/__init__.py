"""The report for editors who work in a word processor: native notes, captions and styles."""

from blikveld.report.docx.writing import write

__all__ = ["write"]
