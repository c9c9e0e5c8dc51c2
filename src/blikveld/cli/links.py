"""`blikveld links`: what each municipal contact gets to spread, and to watch."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import segno
from cyclopts import Parameter

from blikveld.atomic_files import private
from blikveld.cli.options import USUAL, StudyName
from blikveld.cli.terminal import console
from blikveld.errors import BlikveldError, ExitCode
from blikveld.fieldwork.invitation import invitations
from blikveld.study.load import load
from blikveld.study.model import Municipality, Study
from blikveld.web.environment import Environment, secret_key
from blikveld.web.monitor_address import address

_PRIVATE = "links.csv"


def links(
    *,
    url: Annotated[str, Parameter(help="Where the questionnaire is reached: https://…")],
    data: Annotated[Path, Parameter(help="The folder with the fieldwork's databases.")],
    out: Path = Path("links"),
    study: StudyName = USUAL,
) -> int:
    """Write a folder for each municipality: a QR code and an e-mail in every language.

    links.csv lists the open links and the monitors. A monitor's address is a secret between you
    and that municipality's contact.
    """
    loaded = load(study)
    server = _server(url)
    if not data.is_dir():
        problem = "There is no fieldwork in this folder."
        raise BlikveldError("no-fieldwork", str(data), problem, "Open it with `blikveld serve`.")
    key = secret_key(Environment(study=study, data=data.absolute()))
    out.mkdir(parents=True, exist_ok=True)
    rows = [
        row
        for municipality in loaded.municipalities
        for row in _one(loaded, municipality, server, key, out)
    ]
    with private(out / _PRIVATE) as half, half.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("municipality", "language", "link", "monitor"))
        writer.writerows(rows)
    console.print(f"{len(loaded.municipalities)} folders and {_PRIVATE} stand in {out}.")
    return ExitCode.DONE


def _one(
    study: Study, municipality: Municipality, server: str, key: str, out: Path
) -> Iterator[tuple[str, str, str, str]]:
    folder = out / municipality.key
    folder.mkdir(exist_ok=True)
    open_links = {code: f"{server}/{code}/v/{municipality.key}/" for code in study.languages}
    for mail in invitations(study, municipality, open_links):
        (folder / f"e-mail-{mail.language}.txt").write_text(mail.text, encoding="utf-8")
    for language, link in open_links.items():
        # Level Q survives a smudge or a fold on a printed page.
        segno.make(link, error="q").save(str(folder / f"qr-{language}.svg"), scale=8, border=4)
        yield (
            municipality.key,
            language,
            link,
            server + address(study, municipality.key, language, key),
        )


def _server(url: str) -> str:
    if not url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        problem = "A questionnaire is reached over HTTPS, so that nobody can read along."
        raise BlikveldError("no-https", url, problem, "Give an address that begins with https://.")
    return url.rstrip("/")
