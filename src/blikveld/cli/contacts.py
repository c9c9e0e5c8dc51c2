"""Commands for the addresses of respondents who offered an interview."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Annotated

from cyclopts import App, Parameter

from blikveld.atomic_files import private
from blikveld.cli.fieldwork import check_data
from blikveld.cli.terminal import USUAL, StudyName, say
from blikveld.contacts import SealedContact, make_keys, unseal
from blikveld.contacts.sealing import write_private
from blikveld.errors import ExitCode
from blikveld.study.load import load
from blikveld.web import stored_data

contacts_app = App(name="contacts", help="The addresses of who offered to be interviewed.")


@contacts_app.command
def keys(file: Annotated[Path, Parameter(help="A new file for the private key.")]) -> int:
    """Make a pair of keys on the researcher's own machine; the private one never leaves it."""
    made = make_keys()
    write_private(made, file)
    say(f"The private key stands in {file}. Whoever loses it loses the addresses.")
    say(f"For the server: BLIKVELD_PUBLIC_KEY={made.public}")
    return ExitCode.DONE


@contacts_app.command
def decrypt(
    *,
    data: Annotated[Path, Parameter(help="The data folder of the fieldwork, or a backup of it.")],
    key: Annotated[Path, Parameter(help="The file with the private key.")],
    out: Annotated[Path | None, Parameter(help="A CSV file. Default: standard output.")] = None,
    study: StudyName = USUAL,
) -> int:
    """Read the sealed addresses, on the researcher's own machine."""
    check_data(data)
    private_key = key.read_text(encoding="ascii")
    found = list(stored_data.contacts_in(data, load(study)))
    if out is None:
        _write(sys.stdout, found, private_key)
        return ExitCode.DONE
    with private(out) as half, half.open("w", encoding="utf-8", newline="") as file:
        _write(file, found, private_key)
    say(f"{len(found)} addresses stand in {out}.")
    return ExitCode.DONE


def _write(file: IO[str], found: Iterable[SealedContact], private_key: str) -> None:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(("key", "municipality", "domain", "suspicion", "address"))
    words = {True: "yes", False: "no", None: ""}
    for one in found:
        address = unseal(one.sealed, private_key)
        row = (one.key, one.municipality, one.domain or "", words[one.suspicion], address)
        writer.writerow(row)
