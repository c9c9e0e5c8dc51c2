"""Serving the desk: a process of its own, beside the respondents' server and apart from it."""

from __future__ import annotations

import os
from socket import socket

from blikveld.desk.environment import without_addresses
from blikveld.web.environment import Environment
from blikveld.web.process import Server, run

APPLICATION = "blikveld.desk.wsgi"


def variables(environment: Environment) -> dict[str, str]:
    """The process's variables: nothing of the addresses goes along."""
    others = {name: text for name, text in os.environ.items() if not _of_fieldwork(name)}
    return {**others, **without_addresses(environment).variables()}


def serve(environment: Environment, listening: socket) -> int:
    """Serve on a port that was taken, until the desk is stopped; gives its exit code."""
    return run(APPLICATION, listening, variables(environment), workers=1).wait()


def _of_fieldwork(name: str) -> bool:
    return name.startswith("BLIKVELD_") and not name.startswith(
        ("BLIKVELD_DESK_", "BLIKVELD_TESTS_")
    )


class Desk(Server):
    """Serves the desk of a data folder on a free port, for as long as the `with` block lasts."""

    application = APPLICATION

    def variables(self) -> dict[str, str]:
        """The variables of the process, without those of the addresses."""
        return variables(self._environment)
