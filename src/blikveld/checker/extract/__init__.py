"""From a file to lines of text and tables, whatever its format, within limits."""

from __future__ import annotations

from blikveld.checker.extract.files import read

__all__ = ["read"]
