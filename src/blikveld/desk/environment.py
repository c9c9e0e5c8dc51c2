"""Environment of the desk: the settings of the fieldwork, and the names of its own host."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from blikveld.web.environment import Environment

HOSTS = "BLIKVELD_DESK_HOSTS"
"""The names, with spaces between, under which a proxy shows the desk. Loopback is always there."""

SCRIPT = "BLIKVELD_DESK_SCRIPT"
"""The address of the respondents' server, as an interviewer's browser reaches it."""

_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_FOLDER = "desk"


def hosts(variables: Mapping[str, str]) -> list[str]:
    """The names the desk answers to: a page elsewhere cannot make a browser call it another."""
    return [*_LOOPBACK, *variables.get(HOSTS, "").split()]


def folder(data: Path) -> Path:
    """Where the desk keeps its own: apart from what the respondents' server keeps."""
    return data / _FOLDER


def without_addresses(environment: Environment) -> Environment:
    """The fieldwork's settings with nothing of the addresses in them."""
    return Environment(
        study=environment.study,
        data=environment.data,
        fsync=environment.fsync,
        database_url=environment.database_url,
        https=environment.https,
    )


_RENAMED = (("talks", "interviews"), ("talks.key", "interviews.key"))


def rename_old_files(own: Path) -> None:
    """Give what an older desk kept in its folder, or put in a backup, the names of now; once."""
    for old, new in _RENAMED:
        if (own / old).exists() and not (own / new).exists():
            (own / old).rename(own / new)
