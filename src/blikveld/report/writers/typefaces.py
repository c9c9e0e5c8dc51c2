"""The fonts that come with the report. Those of the machine are never used."""

from __future__ import annotations

from pathlib import Path

from blikveld.errors import BlikveldError

FOLDER = Path(__file__).parent / "fonts"
PAPER = ("SourceSansPro-Regular.otf", "SourceSansPro-Semibold.otf", "SourceSansPro-It.otf")
SCREEN = {400: "source-sans-3-latin-400-normal.woff2", 600: "source-sans-3-latin-600-normal.woff2"}


class MissingFont(BlikveldError):
    """A font that comes with the report is not where it should be."""


def complete(folder: Path | None = None) -> Path:
    """The folder of fonts. Raises MissingFont; without it a drawing would get other letters."""
    found = folder or FOLDER
    for name in (*PAPER, *SCREEN.values()):
        if not (found / name).is_file():
            raise MissingFont(
                "missing-font",
                str(found / name),
                "This font is not there, so the report would get other letters.",
                "It comes with Blikveld: install Blikveld again.",
            )
    return found
