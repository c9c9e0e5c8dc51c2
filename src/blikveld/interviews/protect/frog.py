"""Frog, a program of its own that finds Dutch names, when it is installed beside Blikveld.

Frog is free software under the GPL. It is called as a program, never imported, and Blikveld works
without it. Nothing is written to disk: the text goes in and the words come out through pipes.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping

from blikveld.errors import BlikveldError
from blikveld.interviews.protect.spans import Kind, Source, Span

_KINDS: Mapping[str, Kind] = {"PER": Kind.PERSON, "LOC": Kind.TOWN, "ORG": Kind.ORGANISATION}
_ARGUMENTS = ("--skip=mpcla",)
"""Only words and names: no morphology, chunks, lemmas or parse."""
_WORD, _FIRST = 1, 2
_NAME = re.compile(r"O|[BI]-[A-Za-z]+")
_EDGES = ".,;:!?'\"“”‘’()"
_SECONDS = 120
_NOTHING: tuple[int, int, Kind | None] = (0, 0, None)


class ProgramFailed(BlikveldError):
    """A program that finds names is there, but does not do its work."""


def there() -> bool:
    """Whether frog can be called."""
    return shutil.which("frog") is not None


def frogged(text: str) -> Iterator[Span]:
    """What frog finds of people, places and organisations. Raises ProgramFailed."""
    yield from spans(text, _said(text))


def spans(text: str, lines: Iterable[str]) -> Iterator[Span]:
    """Names in frog's columns, put back where they stand in the text.

    The columns hold words and no positions, so each word is sought behind the one before it.
    """
    place, open_ = 0, _NOTHING
    for word, tag in _tagged(lines):
        start = text.find(word, place) if word else -1
        kind = _KINDS.get(tag[2:5].upper()) if start >= 0 else None
        place = start + len(word) if start >= 0 else place
        if kind is not None and tag.startswith("I-") and open_[2] is kind:
            open_ = (open_[0], place, kind)
            continue
        yield from _closed(text, *open_)
        open_ = (start, place, kind) if kind is not None else _NOTHING
    yield from _closed(text, *open_)


def _tagged(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        columns = line.rstrip("\n").split("\t")
        # Versions differ in how many columns stand before that of the names.
        name = next((c for c in columns[_FIRST:] if _NAME.fullmatch(c)), None)
        # A sentence ends with an empty line; no name runs over it.
        yield (columns[_WORD], name) if name is not None else ("", "O")


def _closed(text: str, start: int, end: int, kind: Kind | None) -> Iterator[Span]:
    words = text[start:end]
    start += len(words) - len(words.lstrip(_EDGES))
    end -= len(words) - len(words.rstrip(_EDGES))
    if kind is not None and any(sign.isalnum() for sign in text[start:end]):
        yield Span(start, end, kind, Source.PROGRAM)


def _said(text: str) -> list[str]:
    program = shutil.which("frog") or "frog"
    # Frog leaves notes for its makers in the folder it runs in.
    with tempfile.TemporaryDirectory(prefix="blikveld-") as folder:
        try:
            done = subprocess.run(  # noqa: S603 (a fixed program, and nobody's words as arguments)
                (program, *_ARGUMENTS),
                input=text + "\n",
                capture_output=True,
                encoding="utf-8",
                cwd=folder,
                timeout=_SECONDS,
                check=True,
            )
        except (OSError, subprocess.SubprocessError) as error:
            mend = "See whether `frog` runs by itself, or take it away and go on without."
            problem = f"It stopped: {type(error).__name__}."
            raise ProgramFailed("frog", "frog", problem, mend) from None
    return done.stdout.splitlines()
