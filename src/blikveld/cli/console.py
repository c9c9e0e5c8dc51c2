"""Where words go: results to standard output, progress and trouble to standard error."""

from __future__ import annotations

from rich.console import Console

console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)


def say(line: str) -> None:
    """A line as it is, to copy from: not wrapped, and no sign in it is markup."""
    console.print(line, markup=False, soft_wrap=True)
