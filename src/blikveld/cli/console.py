"""Where words go: results to standard output, progress and trouble to standard error."""

from __future__ import annotations

from rich.console import Console

# Nothing of a study is markup: `questionnaire.yaml:100:` names a line, no picture of a hundred.
console = Console(highlight=False, markup=False, emoji=False)
errors = Console(stderr=True, highlight=False, markup=False, emoji=False)


def say(line: str) -> None:
    """A line as it is, to copy from: not wrapped, and no sign in it is markup."""
    console.print(line, soft_wrap=True)
