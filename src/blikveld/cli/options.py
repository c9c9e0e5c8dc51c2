"""What several commands take."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Annotated, TypeAlias

from cyclopts import Parameter

from blikveld.errors import BlikveldError
from blikveld.study.model import Study
from blikveld.study.reading.source import usual

USUAL = usual()
"""The study that commands take when none is given."""

StudyName: TypeAlias = Annotated[
    str, Parameter(help="A study's folder, or the name of a shipped study.")
]


def formats_of(given: Iterable[str], known: Collection[str], problem: str) -> tuple[str, ...]:
    """Formats that were given alone or several with commas, each once.

    Raises BlikveldError for one that is not known; `problem` says what is wrong with `{}`.
    """
    wanted = dict.fromkeys(part.strip() for each in given for part in each.split(","))
    for name in wanted:
        if name not in known:
            mend = f"Choose from: {', '.join(known)}."
            what = problem.format(repr(name))
            raise BlikveldError("no-such-format", f"--format {name}", what, mend)
    return tuple(wanted)


def checked_language(study: Study, language: str) -> str:
    """The language to write in. Raises BlikveldError for one that the study does not have."""
    if language and language not in study.languages:
        raise BlikveldError(
            "language",
            f"study {study.key!r}",
            f"It has no language {language!r}.",
            f"Choose from {', '.join(study.languages)}.",
        )
    return language or study.languages[0]
