"""Fieldwork commands: serve the questionnaire, open, close and shuffle the fieldwork."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from blikveld.cli.options import USUAL, StudyName
from blikveld.cli.terminal import console, say
from blikveld.errors import BlikveldError, ExitCode
from blikveld.fieldwork import Phase
from blikveld.study.load import load
from blikveld.study.model import Mode, Study
from blikveld.web import fieldwork, process, running, stored_data
from blikveld.web.databases import CONTACTS
from blikveld.web.environment import Environment, read

Data = Annotated[Path, Parameter(help="The data folder of the fieldwork.")]
fieldwork_app = App(name="fieldwork", help="Keep the databases of a fieldwork.")


def serve(
    *,
    data: Data,
    study: StudyName = USUAL,
    host: str = "127.0.0.1",
    port: int = 8000,
    workers: int = 2,
    public_key: Annotated[str | None, Parameter(help="Or BLIKVELD_PUBLIC_KEY.")] = None,
) -> int:
    """Serve a study, and open its fieldwork when that was never done. Closed stays closed.

    Every night both databases are rewritten, so that no file tells who came when. Put a proxy
    with HTTPS before it, and set BLIKVELD_HTTPS=1.
    """
    loaded = load(study)
    environment = _environment(loaded, data, public_key)
    running.check(environment, loaded)
    with process.listen(host, port) as listening:
        if fieldwork.phase(data, loaded) is Phase.PREPARED:
            fieldwork.open_(data, loaded)
        _tell_links(loaded, process.address(listening))
        return running.serve(environment, loaded, listening, workers)


def _tell_links(study: Study, address: str) -> None:
    for municipality in study.municipalities:
        say(f"{address}/{study.languages[0]}/v/{municipality.key}/")
    if Mode.PHONE in study.modes:
        say("Interviewers find the questions at the desk: blikveld desk serve.")


@fieldwork_app.command(name="open")
def open_(*, data: Data, study: StudyName = USUAL) -> int:
    """Open the fieldwork, or open it again after it was closed."""
    check_data(data)
    fieldwork.open_(data, load(study))
    console.print("Open.")
    return ExitCode.DONE


@fieldwork_app.command
def close(*, data: Data, study: StudyName = USUAL) -> int:
    """Take no answers from now on, and rewrite both databases in random order."""
    check_data(data)
    fieldwork.close(data, load(study))
    console.print("Closed. The databases were rewritten.")
    return ExitCode.DONE


@fieldwork_app.command
def shuffle(*, data: Data, study: StudyName = USUAL) -> int:
    """Write both databases anew in random order, with an empty log. `serve` does so at night."""
    check_data(data)
    stored_data.rewrite(data, load(study))
    console.print("Rewritten.")
    return ExitCode.DONE


def _environment(study: Study, data: Path, public_key: str | None) -> Environment:
    given = read(os.environ)
    return replace(
        given,
        study=str(study.folder),
        data=data.absolute(),
        public_key=public_key or given.public_key,
    )


def check_data(data: Path) -> None:
    """Raise BlikveldError where a command would make a new database of a mistyped name."""
    on_postgresql = read(os.environ).contacts_url is not None
    if not on_postgresql and not (data / stored_data.FILES[CONTACTS]).exists():
        problem = "There is no fieldwork in this folder."
        raise BlikveldError("no-fieldwork", str(data), problem, "Look for the folder of --data.")
