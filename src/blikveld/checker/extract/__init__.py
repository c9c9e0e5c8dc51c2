"""From a file to lines of text and tables, whatever its format, within limits."""

from __future__ import annotations

from blikveld.checker.extract.files import SUFFIXES, read

__all__ = ["SUFFIXES", "read"]
