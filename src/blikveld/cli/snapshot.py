"""The command that writes the answers to a snapshot."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from blikveld.cli.fieldwork import Data, check_data
from blikveld.cli.options import USUAL, StudyName
from blikveld.cli.terminal import say
from blikveld.desk import commands
from blikveld.errors import ExitCode
from blikveld.responses.snapshot import write
from blikveld.results.cell import DataOrigin
from blikveld.study.load import load
from blikveld.web import fieldwork


def snapshot(
    *,
    data: Data,
    out: Path,
    release_all_texts: Annotated[
        bool,
        Parameter(
            negative="", help="Put in what people wrote, unread. The desk's journal says so."
        ),
    ] = False,
    study: StudyName = USUAL,
) -> int:
    """Write the answers to a new folder, hashed, with nothing that tells who or when.

    What people wrote in their own words stands in it as far as it was released at the desk. Codes
    given there are in it too.
    """
    check_data(data)
    loaded = load(study)
    judged = commands.judged_texts(data, loaded, all_of_them=release_all_texts)
    answers = fieldwork.responses(data, loaded)
    made = write(judged.study, answers, out, origin=DataOrigin.FIELDWORK, texts=judged.texts)
    say(f"{made.rows:,} respondents, SHA-256 {made.digest}")
    _tell_texts(judged.waiting, release_all_texts)
    return ExitCode.DONE


def _tell_texts(waiting: int, released: bool) -> None:
    if waiting and released:
        say(f"Careful: {waiting:,} texts stand in it that nobody read. They can name people.")
    elif waiting:
        say(f"{waiting:,} texts were held back: nobody has released them yet.")
        say("Read and release them at the desk: blikveld desk, Free texts.")
