"""Commands of the research desk: serve it, invite somebody, hold its journal against its chain."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Annotated

from cyclopts import App, Parameter

from blikveld.cli.fieldwork import Data, check_data
from blikveld.cli.terminal import USUAL, StudyName, say
from blikveld.desk import commands
from blikveld.desk.environment import SCRIPT
from blikveld.desk.roles import Role
from blikveld.errors import ExitCode
from blikveld.study.load import load
from blikveld.web import process
from blikveld.web.environment import read

desk_app = App(name="desk", help="The researchers' desk: accounts, roles, and a journal.")


@desk_app.command
def serve(
    *,
    data: Data,
    study: StudyName = USUAL,
    host: str = "127.0.0.1",
    port: int = 8001,
    script: Annotated[
        str | None, Parameter(help="Where browsers reach the questions. Or BLIKVELD_DESK_SCRIPT.")
    ] = None,
) -> int:
    """Serve the desk, on this machine only unless a host is given.

    Put a proxy with HTTPS before it, set BLIKVELD_HTTPS=1 and its name in BLIKVELD_DESK_HOSTS.
    """
    check_data(data)
    loaded = load(study)
    commands.prepare(data, loaded)
    environment = replace(read(os.environ), study=str(loaded.folder), data=data.absolute())
    if script:
        os.environ[SCRIPT] = script
    with process.listen(host, port) as listening:
        say(f"{process.address(listening)}/")
        return commands.serve(environment, listening)


@desk_app.command
def invite(
    name: str,
    *,
    role: Role,
    data: Data,
    study: StudyName = USUAL,
    address: Annotated[str, Parameter(help="Where the desk is.")] = "http://127.0.0.1:8001",
) -> int:
    """Print a one-time link with which somebody opens an account. It works for a week."""
    check_data(data)
    token = commands.invite(data, load(study), name, role)
    say(f"{address.rstrip('/')}/nl/welcome/{token}/")
    return ExitCode.DONE


@desk_app.command
def verify_log(
    *,
    data: Data,
    study: StudyName = USUAL,
    hash_: Annotated[
        str | None, Parameter(help="A hash noted down before: it must still be in the chain.")
    ] = None,
) -> int:
    """Check every line of the journal. Exit code 1 when one was changed, put in or left out."""
    check_data(data)
    verdict, found = commands.audit(data, load(study), hash_)
    if verdict.broken_at is not None:
        say(f"The chain is broken at line {verdict.broken_at}.")
        return ExitCode.DIFFERENT
    if not found:
        say("The chain is whole, but the hash you noted down is not in it: lines were cut off.")
        return ExitCode.DIFFERENT
    say(f"The chain is whole: {verdict.lines} lines. Note down the last hash: {verdict.hash}")
    return ExitCode.DONE
