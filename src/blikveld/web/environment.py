"""The settings a server is started with. They come from the environment and from nowhere else."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from blikveld.errors import BlikveldError

_PREFIX = "BLIKVELD_"
_OTHERS = (_PREFIX + "TESTS_", _PREFIX + "DESK_", _PREFIX + "HELD")
"""What tests, desk and processes use for themselves; no setting of the respondents' server."""
_KNOWN = (
    "STUDY",
    "DATA",
    "PUBLIC_KEY",
    "DURABLE",
    "DATABASE_URL",
    "CONTACTS_URL",
    "HTTPS",
    "SECRET_KEY",
    "STARTS",
)
_FLAGS: Mapping[str, bool] = {"1": True, "yes": True, "0": False, "no": False}


class SettingRefused(BlikveldError):
    """A setting that is unknown or cannot be used; the server does not start."""


@dataclass(frozen=True, slots=True)
class Environment:
    """Everything a server is told.

    `study` is the name of a shipped study or a folder, `data` the folder with its databases.
    `public_key` seals addresses. With `durable` false a power cut may lose answers: for rehearsals
    only.
    `database_url` and `contacts_url` name PostgreSQL databases instead of the SQLite files.
    `https` tells that the site is reached over HTTPS alone. `starts` is how many questionnaires may
    begin a minute at one link in each process, against robots; 0 is no limit.
    """

    study: str = ""
    data: Path = Path()
    public_key: str | None = None
    durable: bool = True
    database_url: str | None = field(default=None, repr=False)
    contacts_url: str | None = field(default=None, repr=False)
    https: bool = False
    secret_key: str | None = field(default=None, repr=False)
    starts: int = 300

    def variables(self) -> dict[str, str]:
        """The same as environment variables, for a server that is started as a process."""
        found = {
            "STUDY": self.study,
            "DATA": str(self.data),
            "PUBLIC_KEY": self.public_key,
            "DURABLE": _flag_text(self.durable),
            "DATABASE_URL": self.database_url,
            "CONTACTS_URL": self.contacts_url,
            "HTTPS": _flag_text(self.https),
            "SECRET_KEY": self.secret_key,
            "STARTS": str(self.starts),
        }
        return {_PREFIX + name: value for name, value in found.items() if value is not None}


def read(variables: Mapping[str, str]) -> Environment:
    """Read the BLIKVELD_ variables. Raises SettingRefused for one that is unknown or unusable."""
    given = {
        name.removeprefix(_PREFIX): value
        for name, value in variables.items()
        if name.startswith(_PREFIX) and not name.startswith(_OTHERS) and value
    }
    for name in given:
        if name not in _KNOWN:
            _refuse(name, "There is no such setting.", f"Known are: {', '.join(_KNOWN)}.")
    usual = Environment()
    return Environment(
        study=given.get("STUDY", usual.study),
        data=Path(given.get("DATA", ".")).absolute(),
        public_key=given.get("PUBLIC_KEY"),
        durable=_flag(given, "DURABLE", usual.durable),
        database_url=given.get("DATABASE_URL"),
        contacts_url=given.get("CONTACTS_URL"),
        https=_flag(given, "HTTPS", usual.https),
        secret_key=given.get("SECRET_KEY"),
        starts=_number(given, "STARTS", usual.starts),
    )


def secret_key(environment: Environment) -> str:
    """The key that signs cookies: given, or made once and kept in the data folder.

    Without a data folder (a type check, say) it is a new one that is kept nowhere.
    """
    if environment.secret_key:
        return environment.secret_key
    if not environment.study:
        return secrets.token_hex(32)
    return kept_key(environment.data)


def phone_key(data: Path) -> str:
    """The key that seals the interviewers' pass of a day: for this server and for the desk."""
    return kept_key(data, "phone_key")


def kept_key(folder: Path, name: str = "secret_key") -> str:
    """The key in a folder, made when there is none yet."""
    path = folder / name
    fresh = folder / f"{name}.{secrets.token_hex(4)}"
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_private(fresh, secrets.token_hex(32))
        _first_one_wins(fresh, path)
    return path.read_text(encoding="ascii").strip()


def _write_private(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)


def _first_one_wins(fresh: Path, path: Path) -> None:
    # Several processes may start at once: a link is made by exactly one of them.
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()


def _flag_text(value: bool) -> str:
    return "1" if value else "0"


def _flag(given: Mapping[str, str], name: str, usual: bool) -> bool:
    text = given.get(name)
    if text is None:
        return usual
    if text not in _FLAGS:
        _refuse(name, f"{text!r} is neither yes nor no.", "Write 1 or 0.")
    return _FLAGS[text]


def _number(given: Mapping[str, str], name: str, usual: int) -> int:
    text = given.get(name)
    if text is None:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        _refuse(name, f"{text!r} is no whole number.", "Write a number, 0 for no limit.")
    return int(text)


def _refuse(name: str, problem: str, mend: str) -> None:
    raise SettingRefused("bad-setting", _PREFIX + name, problem, mend)
