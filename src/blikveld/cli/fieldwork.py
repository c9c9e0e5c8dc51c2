"""Commands of a fieldwork: serve it, check its server, spread its links, open, close, shuffle it.

What is taken out of it is in `backup`: who serves pages loads none of the table engine.
"""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import segno
from cyclopts import App, Parameter

from blikveld.atomic_files import private
from blikveld.cli.terminal import USUAL, StudyName, console, say
from blikveld.errors import BlikveldError, ExitCode
from blikveld.fieldwork import Phase
from blikveld.locale import respondents
from blikveld.locale.conventions import day
from blikveld.study.load import load
from blikveld.study.model import Mode, Study
from blikveld.study.sites import Site
from blikveld.web import fieldwork, process, stored_data
from blikveld.web.databases import CONTACTS
from blikveld.web.deploy_checks import check_deployment
from blikveld.web.environment import Environment, monitor_address, read, secret_key

Data = Annotated[Path, Parameter(help="The data folder of the fieldwork.")]
fieldwork_app = App(name="fieldwork", help="Keep the databases of a fieldwork.")
_LISTED = "links.csv"


def serve(
    *,
    data: Data,
    study: StudyName = USUAL,
    host: str = "127.0.0.1",
    port: int = 8000,
    workers: int = 2,
    public_key: Annotated[str | None, Parameter(help="Or BLIKVELD_PUBLIC_KEY.")] = None,
) -> int:
    """Start the questionnaire server.

    The first start opens the fieldwork; a closed fieldwork stays closed. Every night both databases
    are rewritten, so that no file tells who came when. Put a proxy with HTTPS before it, and set
    BLIKVELD_HTTPS=1.
    """
    loaded = load(study)
    environment = _environment(loaded, data, public_key)
    fieldwork.check(environment, loaded)
    with process.listen(host, port) as listening:
        if fieldwork.phase(data, loaded) is Phase.PREPARED:
            fieldwork.open_(data, loaded)
        _tell_links(loaded, process.address(listening))
        return fieldwork.serve(environment, loaded, listening, workers)


def check_deploy(
    *,
    data: Annotated[Path, Parameter(help="The data folder of the server.")],
    url: Annotated[
        str | None, Parameter(help="Where the server is reached, to look from outside.")
    ] = None,
    study: StudyName = USUAL,
) -> int:
    """Check a server before respondents come: HTTPS, policy, keys, files, backups and disk.

    Exit code 1 when something is to be mended.
    """
    environment = replace(read(os.environ), data=data.absolute())
    lines = list(check_deployment(environment, load(study), url))
    for line in lines:
        sys.stdout.write(f"{'mend' if line.mend else 'ok':5} {line.name}: {line.text}\n")
        if line.mend:
            sys.stdout.write(f"      {line.mend}\n")
    return ExitCode.DIFFERENT if any(line.mend for line in lines) else ExitCode.DONE


def _tell_links(study: Study, address: str) -> None:
    for site in study.sites:
        say(f"{address}/{study.languages[0]}/v/{site.key}/")
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


def links(
    *,
    url: Annotated[str, Parameter(help="Where the questionnaire is reached: https://…")],
    data: Annotated[Path, Parameter(help="The folder with the fieldwork's databases.")],
    out: Path = Path("links"),
    study: StudyName = USUAL,
) -> int:
    """Write a folder for each site: a QR code and an e-mail in every language.

    links.csv lists the open links and the monitors. A monitor's address is a secret between you
    and that site's contact.
    """
    loaded = load(study)
    server = _server(url)
    if not data.is_dir():
        problem = "There is no fieldwork in this folder."
        raise BlikveldError("no-fieldwork", str(data), problem, "Open it with `blikveld serve`.")
    key = secret_key(Environment(study=study, data=data.absolute()))
    out.mkdir(parents=True, exist_ok=True)
    rows = [row for site in loaded.sites for row in _write_folder(loaded, site, server, key, out)]
    with private(out / _LISTED) as half, half.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow((loaded.sites.name, "language", "link", "monitor"))
        writer.writerows(rows)
    console.print(f"{len(loaded.sites)} folders and {_LISTED} stand in {out}.")
    return ExitCode.DONE


def _write_folder(
    study: Study, site: Site, server: str, key: str, out: Path
) -> Iterator[tuple[str, str, str, str]]:
    folder = out / site.key
    folder.mkdir(exist_ok=True)
    open_links = {code: f"{server}/{code}/v/{site.key}/" for code in study.languages}
    for mail in write_invitations(study, site, open_links):
        (folder / f"e-mail-{mail.language}.txt").write_text(mail.text, encoding="utf-8")
    for language, link in open_links.items():
        # Level Q survives a smudge or a fold on a printed page.
        segno.make(link, error="q").save(str(folder / f"qr-{language}.svg"), scale=8, border=4)
        yield (
            site.key,
            language,
            link,
            server + monitor_address(study, site.key, language, key),
        )


def _server(url: str) -> str:
    if not url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        problem = "A questionnaire is reached over HTTPS, so that nobody can read along."
        raise BlikveldError("no-https", url, problem, "Give an address that begins with https://.")
    return url.rstrip("/")


@dataclass(frozen=True, slots=True)
class InvitationText:
    """An e-mail in one language: `text` begins with its subject."""

    language: str
    text: str


def write_invitations(study: Study, site: Site, links: Mapping[str, str]) -> list[InvitationText]:
    """Return one e-mail for each language of the study; `links` is from language to open link."""
    return [
        InvitationText(
            language,
            respondents(language, study.folder)
            .text("invitation.text")
            .format(
                title=study.title[language],
                site=site.name,
                link=links[language],
                until=day(study.fieldwork.last, language),
            ),
        )
        for language in study.languages
    ]
