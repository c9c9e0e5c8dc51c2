"""Other programs that find names, when they are installed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from blikveld.interviews.protect.frog import ProgramFailed, frogged, there
from blikveld.interviews.protect.spans import Kind, Source, Span

_KINDS: Mapping[str, Kind] = {
    "persoon": Kind.PERSON,
    "locatie": Kind.TOWN,
    "instelling": Kind.ORGANISATION,
    "ziekenhuis": Kind.ORGANISATION,
    "telefoonnummer": Kind.PHONE,
    "emailadres": Kind.MAIL,
    "datum": Kind.DATE,
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
        kind = _KINDS.get(annotation.tag)
        if kind is not None:
            yield Span(annotation.start_char, annotation.end_char, kind, Source.PROGRAM)


@cache
def _deduce() -> Any:
    return import_module("deduce").Deduce()
