"""What has to be right before respondents come: looked at one by one, each with how to mend it."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from blikveld.contacts import public_key
from blikveld.errors import BlikveldError
from blikveld.questionnaire import Routing
from blikveld.study.model import Study
from blikveld.web import stored_data
from blikveld.web.databases import begin
from blikveld.web.environment import Environment

_HALF_A_YEAR = 15_552_000
_OLDEST_BACKUP = 2 * 24 * 60 * 60
_SHORTEST_KEY = 32
_OUR_OWN = {"'self'", "'none'", "data:"}


@dataclass(frozen=True, slots=True)
class DeployCheck:
    """One thing that was looked at. `mend` is empty where it is right."""

    name: str
    text: str
    mend: str = ""


Headers = Mapping[str, str]
Check = Callable[[Environment, Study, Headers], DeployCheck]


def check_deployment(
    environment: Environment, study: Study, url: str | None = None
) -> Iterator[DeployCheck]:
    """Look at everything. With `url` the headers are those of the server that answers there.

    Raises BlikveldError when nobody answers at that address.
    """
    begin(environment.data, study)
    headers = _asked(url) if url else _our_headers()
    for check in _CHECKS:
        yield check(environment, study, headers)


def _our_headers() -> Headers:
    from django.http import HttpRequest, HttpResponse

    from blikveld.web.middleware import limit_and_protect

    return dict(limit_and_protect(lambda request: HttpResponse())(HttpRequest()).headers.items())


def _asked(url: str) -> Headers:
    try:
        with urlopen(f"{url.rstrip('/')}/health/", timeout=10) as response:  # noqa: S310
            return {name.title(): value for name, value in response.headers.items()}
    except (URLError, OSError, ValueError, HTTPException) as error:
        problem, mend = f"Nobody answers there: {error}", "Start the server, or check the address."
        raise BlikveldError("no-answer", url, problem, mend) from None


def _https(environment: Environment, study: Study, headers: Headers) -> DeployCheck:
    told = headers.get("Strict-Transport-Security", "")
    age = told.partition("max-age=")[2].partition(";")[0].strip()
    if age.isdigit() and int(age) >= _HALF_A_YEAR:
        return DeployCheck("HTTPS only (HSTS)", told)
    return DeployCheck(
        "HTTPS only (HSTS)",
        "browsers are not told to use HTTPS only",
        "Put a proxy with HTTPS before the server and set BLIKVELD_HTTPS=1.",
    )


def _policy(environment: Environment, study: Study, headers: Headers) -> DeployCheck:
    parts = headers.get("Content-Security-Policy", "").split(";")
    allowed = {source for part in parts for source in part.split()[1:]}
    closed = any(part.split()[:2] == ["default-src", "'none'"] for part in parts)
    if closed and allowed <= _OUR_OWN:
        return DeployCheck("Pages ask nothing of other hosts (CSP)", "our own host only")
    strange = ", ".join(sorted(allowed - _OUR_OWN)) or "no policy"
    mend = "Let the proxy pass our own Content-Security-Policy on as it is."
    return DeployCheck("Pages ask nothing of other hosts (CSP)", strange, mend)


def _secret_key(environment: Environment, study: Study, headers: Headers) -> DeployCheck:
    file = environment.data / "secret_key"
    kept = file.read_text(encoding="ascii").strip() if file.exists() else ""
    key = environment.secret_key or kept
    if len(key) >= _SHORTEST_KEY:
        return DeployCheck("Secret key", "long enough")
    told = "too short" if key else "not there yet"
    mend = "Start the server once: it makes one. Or set a longer BLIKVELD_SECRET_KEY."
    return DeployCheck("Secret key", told, mend)


def _key_for_addresses(environment: Environment, study: Study, headers: Headers) -> DeployCheck:
    name = "Key for addresses"
    if not any(page.contacts for page in Routing(study).pages):
        return DeployCheck(name, "no address is asked")
    try:
        public_key(environment.public_key or "")
    except BlikveldError:
        mend = "Run `blikveld contacts keys` on your own machine; set BLIKVELD_PUBLIC_KEY."
        return DeployCheck(name, "lacking, or no key", mend)
    return DeployCheck(name, "only the public half is here")


def _durable(environment: Environment, study: Study, headers: Headers) -> DeployCheck:
    if environment.fsync:
        return DeployCheck("Power cut", "what was acknowledged is on the disk")
    return DeployCheck(
        "Power cut", "answers may be lost", "Leave BLIKVELD_FSYNC out, or set it to 1."
    )


def _files(environment: Environment, study: Study, headers: Headers) -> DeployCheck:
    folder = environment.data
    paths = [folder, *folder.iterdir()] if folder.is_dir() else []
    open_ = [path.name for path in paths if stat.S_IMODE(path.stat().st_mode) & 0o077]
    if paths and not open_:
        return DeployCheck("Files", "for their owner alone")
    told = f"others may enter: {', '.join(sorted(open_))}" if paths else "there is no data folder"
    return DeployCheck("Files", told, f"chmod -R go= {folder}")


def _backup(environment: Environment, study: Study, headers: Headers) -> DeployCheck:
    found = [
        backup_folder
        for backup_folder in stored_data.backup_folders(environment.data)
        if _is_whole(backup_folder, study)
    ]
    ages = [
        time.time() - (backup_folder / stored_data.ABOUT).stat().st_mtime for backup_folder in found
    ]
    mend = "Run `blikveld backup` every night, to an encrypted disk of another machine."
    if not found:
        return DeployCheck("Backup", "there is no whole one", mend)
    if min(ages) > _OLDEST_BACKUP:
        return DeployCheck("Backup", f"{min(ages) / 86_400:.0f} days old", mend)
    return DeployCheck("Backup", "whole, and of the last two days")


def _is_whole(backup_folder: Path, study: Study) -> bool:
    try:
        stored_data.check_backup(backup_folder, study)
    except stored_data.BackupRefused:
        return False
    return True


def _disk(environment: Environment, study: Study, headers: Headers) -> DeployCheck:
    if _is_encrypted(environment.data):
        return DeployCheck("Disk", "encrypted")
    mend = "Encrypt it. Where the hosting company does so, keep their word on it in your files."
    return DeployCheck("Disk", "no encryption can be seen from here", mend)


def _is_encrypted(folder: Path) -> bool:
    """Whether Linux says that the disk of a folder is encrypted by it (LUKS)."""
    if not folder.exists():
        return False
    device = folder.stat().st_dev
    return _has_crypt(Path(f"/sys/dev/block/{os.major(device)}:{os.minor(device)}"))


def _has_crypt(device: Path) -> bool:
    name = device / "dm" / "uuid"
    if name.exists() and name.read_text(encoding="ascii").startswith("CRYPT-"):
        return True
    below = device / "slaves"
    return below.is_dir() and any(_has_crypt(part) for part in below.iterdir())


_CHECKS: tuple[Check, ...] = (
    _https,
    _policy,
    _secret_key,
    _key_for_addresses,
    _durable,
    _files,
    _backup,
    _disk,
)
