"""Optional programs that suggest names: Frog and DEDUCE."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from blikveld.errors import BlikveldError
from blikveld.interviews.deidentification.spans import IdentifierKind, Span, SuggestionSource

_KINDS: Mapping[str, IdentifierKind] = {
    "PER": IdentifierKind.PERSON,
    "LOC": IdentifierKind.TOWN,
    "ORG": IdentifierKind.ORGANISATION,
}
_ARGUMENTS = ("--skip=mpcla",)
"""Only words and names: no morphology, chunks, lemmas or parse."""
_WORD, _FIRST = 1, 2
_NAME = re.compile(r"O|[BI]-[A-Za-z]+")
_EDGES = ".,;:!?'\"“”‘’()"
_SECONDS = 120
_NOTHING: tuple[int, int, IdentifierKind | None] = (0, 0, None)


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
    index, open_ = 0, _NOTHING
    for word, tag in _tagged(lines):
        start = text.find(word, index) if word else -1
        kind = _KINDS.get(tag[2:5].upper()) if start >= 0 else None
        index = start + len(word) if start >= 0 else index
        if kind is not None and tag.startswith("I-") and open_[2] is kind:
            open_ = (open_[0], index, kind)
            continue
        yield from _closed(text, *open_)
        open_ = (start, index, kind) if kind is not None else _NOTHING
    yield from _closed(text, *open_)


def _tagged(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        columns = line.rstrip("\n").split("\t")
        # Versions differ in how many columns stand before that of the names.
        name = next((c for c in columns[_FIRST:] if _NAME.fullmatch(c)), None)
        # A sentence ends with an empty line; no name runs over it.
        yield (columns[_WORD], name) if name is not None else ("", "O")


def _closed(text: str, start: int, end: int, kind: IdentifierKind | None) -> Iterator[Span]:
    words = text[start:end]
    start += len(words) - len(words.lstrip(_EDGES))
    end -= len(words) - len(words.rstrip(_EDGES))
    if kind is not None and any(sign.isalnum() for sign in text[start:end]):
        yield Span(start, end, kind, SuggestionSource.PROGRAM)


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


_PROGRAM_KINDS: Mapping[str, IdentifierKind] = {
    "persoon": IdentifierKind.PERSON,
    "locatie": IdentifierKind.TOWN,
    "instelling": IdentifierKind.ORGANISATION,
    "ziekenhuis": IdentifierKind.ORGANISATION,
    "telefoonnummer": IdentifierKind.PHONE,
    "emailadres": IdentifierKind.MAIL,
    "datum": IdentifierKind.DATE,
}


def installed() -> tuple[Callable[[str], Iterator[Span]], ...]:
    """The programs that are there: deduce, when the extra `deduce` was installed, and frog.

    The first run of deduce on a machine builds tables for a minute or two.
    """
    spec = find_spec("deduce")
    # A folder that an uninstalled program left behind is found as well, but has no file of its own.
    python = (deduced,) if spec is not None and spec.origin is not None else ()
    return (*python, *((frogged,) if there() else ()))


def deduced(text: str) -> Iterator[Span]:
    """What deduce finds of the kinds we know; its other kinds are left out.

    Raises ProgramFailed.
    """
    try:
        annotations = _deduce().deidentify(text).annotations
    except (ImportError, OSError, LookupError, RuntimeError, ValueError) as error:
        mend = "Install the extra `deduce` again, or take it away and go on without."
        problem = f"It stopped: {type(error).__name__}."
        raise ProgramFailed("deduce", "deduce", problem, mend) from None
    for annotation in annotations:
        kind = _PROGRAM_KINDS.get(annotation.tag)
        if kind is not None:
            yield Span(annotation.start_char, annotation.end_char, kind, SuggestionSource.PROGRAM)


@cache
def _deduce() -> Any:
    return import_module("deduce").Deduce()
