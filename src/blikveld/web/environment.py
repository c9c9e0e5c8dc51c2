"""Server settings, from environment variables alone, and logging without personal data."""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
import os
import secrets
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from blikveld.errors import BlikveldError
from blikveld.study.model import Study

_PREFIX = "BLIKVELD_"
_OTHERS = (_PREFIX + "TESTS_", _PREFIX + "DESK_", _PREFIX + "HELD")
"""What tests, desk and processes use for themselves; no setting of the respondents' server."""
_KNOWN = (
    "STUDY",
    "DATA",
    "PUBLIC_KEY",
    "FSYNC",
    "DATABASE_URL",
    "CONTACTS_URL",
    "HTTPS",
    "SECRET_KEY",
    "MAX_STARTS_PER_MINUTE",
)
_FLAGS: Mapping[str, bool] = {"1": True, "yes": True, "0": False, "no": False}


class SettingRefused(BlikveldError):
    """A setting that is unknown or cannot be used; the server does not start."""


@dataclass(frozen=True, slots=True)
class Environment:
    """Everything a server is told.

    `study` is the name of a shipped study or a folder, `data` the folder with its databases.
    `public_key` seals addresses. With `fsync` false a power cut may lose answers: for rehearsals
    only.
    `database_url` and `contacts_url` name PostgreSQL databases instead of the SQLite files.
    `https` tells that the site is reached over HTTPS alone. `max_starts_per_minute` is how
    many questionnaires may begin at one link in each process, against robots; 0 is no limit.
    """

    study: str = ""
    data: Path = Path()
    public_key: str | None = None
    fsync: bool = True
    database_url: str | None = field(default=None, repr=False)
    contacts_url: str | None = field(default=None, repr=False)
    https: bool = False
    secret_key: str | None = field(default=None, repr=False)
    max_starts_per_minute: int = 300

    def variables(self) -> dict[str, str]:
        """The same as environment variables, for a server that is started as a process."""
        found = {
            "STUDY": self.study,
            "DATA": str(self.data),
            "PUBLIC_KEY": self.public_key,
            "FSYNC": _flag_text(self.fsync),
            "DATABASE_URL": self.database_url,
            "CONTACTS_URL": self.contacts_url,
            "HTTPS": _flag_text(self.https),
            "SECRET_KEY": self.secret_key,
            "MAX_STARTS_PER_MINUTE": str(self.max_starts_per_minute),
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
        fsync=_flag(given, "FSYNC", usual.fsync),
        database_url=given.get("DATABASE_URL"),
        contacts_url=given.get("CONTACTS_URL"),
        https=_flag(given, "HTTPS", usual.https),
        secret_key=given.get("SECRET_KEY"),
        max_starts_per_minute=_number(given, "MAX_STARTS_PER_MINUTE", usual.max_starts_per_minute),
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


class FaultFormatter(logging.Formatter):
    """Tells a fault by kind and place. A line without an exception gets its fixed words alone."""

    def format(self, record: logging.LogRecord) -> str:
        """One line; the arguments of the message are left out, for they come from a request."""
        fault = record.exc_info[1] if record.exc_info else None
        words = tell(fault) if fault else str(record.msg)
        return f"{record.levelname} {record.name}: {words}"


def tell(fault: BaseException) -> str:
    """A fault and what led to it, by kind and place."""
    return " <- ".join(map(_told, _chain(fault)))


def _chain(fault: BaseException | None) -> Iterator[BaseException]:
    while fault is not None:
        yield fault
        fault = fault.__cause__ or fault.__context__


def _told(fault: BaseException) -> str:
    """'ValueError at views.py:75, store.py:12': places of our own program, the last one first."""
    frames = traceback.extract_tb(fault.__traceback__)
    own = [frame for frame in frames if "blikveld" in frame.filename] or list(frames)
    places = ", ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in own[::-1])
    code = f" {fault.code}" if isinstance(fault, BlikveldError) else ""
    return f"{type(fault).__name__}{code} at {places}"


QUIET = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": FaultFormatter}},
    "handlers": {"errors": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "loggers": {"django": {"handlers": ["errors"], "level": "ERROR", "propagate": False}},
}


_BYTES = 20
"""160 bits: nobody finds an address by trying."""


def monitor_secret(study: Study, site: str, key: str) -> str:
    """The secret part of a site's monitor address, 32 lower-case letters and digits.

    Made from the server's own key, so that it is kept nowhere; a new key makes new addresses.
    """
    text = f"monitor\n{study.key}\n{site}".encode()
    digest = hmac.new(key.encode(), text, hashlib.sha256).digest()[:_BYTES]
    return base64.b32encode(digest).decode("ascii").lower()


def monitor_address(study: Study, site: str, language: str, key: str) -> str:
    """The path of a site's monitor on the server."""
    return f"/{language}/monitor/{site}/{monitor_secret(study, site, key)}/"
