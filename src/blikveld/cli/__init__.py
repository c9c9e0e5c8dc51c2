"""The command line: the only room that knows all the others."""

from __future__ import annotations

from blikveld.cli.app import main

__all__ = ["main"]
