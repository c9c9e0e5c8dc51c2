"""Commands for the fieldwork: serve, close, snapshot, addresses, backups, and erasing."""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import IO, Annotated

from cyclopts import App, Parameter

from blikveld.cli.console import console, say
from blikveld.cli.options import USUAL, StudyName
from blikveld.contacts import SealedContact, make_keys, unseal
from blikveld.contacts.keys import write_private
from blikveld.desk import commands
from blikveld.desk import keeping as of_desk
from blikveld.errors import BlikveldError, ExitCode
from blikveld.fieldwork import Phase
from blikveld.responses.snapshot import Origin, write
from blikveld.study.load import load
from blikveld.study.model import Mode, Study
from blikveld.web import erasing, fieldwork, keeping, process, running
from blikveld.web.databases import CONTACTS
from blikveld.web.environment import Environment, read

Data = Annotated[Path, Parameter(help="The data folder of the fieldwork.")]

contacts_app = App(name="contacts", help="The addresses of who offered to be interviewed.")
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
    for place in study.municipalities:
        say(f"{address}/{study.languages[0]}/v/{place.key}/")
    if Mode.PHONE in study.modes:
        say("Interviewers find the questions at the desk: blikveld desk.")


def close(*, data: Data, study: StudyName = USUAL) -> int:
    """Take no answers from now on, and rewrite both databases in random order."""
    check_data(data)
    fieldwork.close(data, load(study))
    console.print("Closed. The databases were rewritten.")
    return ExitCode.DONE


def snapshot(
    *,
    data: Data,
    out: Path,
    release_all_texts: Annotated[
        bool,
        Parameter(
            negative="", help="Put in what people wrote, unread. The desk's journal says so."
        ),
    ] = False,
    study: StudyName = USUAL,
) -> int:
    """Write the answers to a new folder, hashed, with nothing that tells who or when.

    What people wrote in their own words stands in it as far as it was released at the desk. Codes
    given there are in it too.
    """
    check_data(data)
    loaded = load(study)
    judged = commands.judged_texts(data, loaded, all_of_them=release_all_texts)
    answers = fieldwork.responses(data, loaded)
    made = write(judged.study, answers, out, origin=Origin.FIELDWORK, texts=judged.texts)
    say(f"{made.rows:,} respondents, SHA-256 {made.digest}")
    _tell_texts(judged.waiting, release_all_texts)
    return ExitCode.DONE


def _tell_texts(waiting: int, released: bool) -> None:
    if waiting and released:
        say(f"Careful: {waiting:,} texts stand in it that nobody read. They can name people.")
    elif waiting:
        say(f"{waiting:,} texts were held back: nobody has released them yet.")
        say("Read and release them at the desk: blikveld desk, Free texts.")


def erase(
    *,
    data: Data,
    contacts: Annotated[bool, Parameter(help="Erase the addresses.")] = False,
    answers: Annotated[bool, Parameter(help="Erase all answers.")] = False,
    calls: Annotated[bool, Parameter(help="Erase the call list; its counts stay.")] = False,
    certificate: Annotated[Path | None, Parameter(help="Default: standard output.")] = None,
    study: StudyName = USUAL,
) -> int:
    """Erase addresses, answers or the call list: from every file and backup made by this.

    Writes a certificate of what was erased, when, and the hash of what remains. Exit code 1 when
    a backup is no longer where it was made.
    """
    asked = {
        erasing.What.ADDRESSES: contacts,
        erasing.What.ANSWERS: answers,
        erasing.What.CALLS: calls,
    }
    wanted = [what for what, given in asked.items() if given]
    if len(wanted) != 1:
        problem = "It has to be said what to erase, one thing at a time."
        raise BlikveldError("erase-what", "erase", problem, "Add --contacts, --answers or --calls.")
    check_data(data)
    what, loaded = wanted[0], load(study)
    if what is erasing.What.ANSWERS:
        commands.forget_texts(data, loaded)
        of_desk.forget_texts(data)
    done = erasing.erase(data, loaded, what)
    if certificate is None:
        sys.stdout.write(done.text())
    else:
        certificate.write_text(done.text(), encoding="utf-8")
        say(f"{done.rows} {what.name.lower()} erased. Certificate: {certificate}")
    return ExitCode.DIFFERENT if done.missing else ExitCode.DONE


@contacts_app.command
def keys(file: Annotated[Path, Parameter(help="A new file for the private key.")]) -> int:
    """Make a pair of keys on the researcher's own machine; the private one never leaves it."""
    made = make_keys()
    write_private(made, file)
    say(f"The private key stands in {file}. Whoever loses it loses the addresses.")
    say(f"For the server: BLIKVELD_PUBLIC_KEY={made.public}")
    return ExitCode.DONE


@contacts_app.command(name="open")
def open_contacts(
    *,
    data: Annotated[Path, Parameter(help="The data folder of the fieldwork, or a backup of it.")],
    key: Annotated[Path, Parameter(help="The file with the private key.")],
    out: Annotated[Path | None, Parameter(help="A CSV file. Default: standard output.")] = None,
    study: StudyName = USUAL,
) -> int:
    """Read the sealed addresses, on the researcher's own machine."""
    check_data(data)
    private = key.read_text(encoding="ascii")
    found = list(keeping.contacts_in(data, load(study)))
    if out is None:
        _write(sys.stdout, found, private)
        return ExitCode.DONE
    with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        _write(file, found, private)
    say(f"{len(found)} addresses stand in {out}.")
    return ExitCode.DONE


@fieldwork_app.command
def rewrite(*, data: Data, study: StudyName = USUAL) -> int:
    """Write both databases anew in random order, with an empty log. `serve` does so at night."""
    check_data(data)
    keeping.rewrite(data, load(study))
    console.print("Rewritten.")
    return ExitCode.DONE


def backup(*, data: Data, out: Path, study: StudyName = USUAL) -> int:
    """Make a backup in OUT, in place of the one that is there: one backup a folder, never two.

    The desk comes along without its keys: keep DATA/desk/secret_key and talks.key elsewhere.
    """
    check_data(data)
    loaded = load(study)
    made = keeping.backup(data, loaded, out)
    with_desk = of_desk.copy(data, loaded, made)
    say(f"The backup stands in {made}.")
    if with_desk:
        say("The desk is in it, without its keys: keep secret_key and talks.key somewhere else.")
    return ExitCode.DONE


def restore(backup: Path, *, data: Data, study: StudyName = USUAL) -> int:
    """Put a backup back into a data folder that has no databases yet, or into empty databases."""
    loaded = load(study)
    of_desk.check_back(backup, data, loaded)
    keeping.restore(backup, data, loaded)
    say(f"Put back in {data}.")
    if of_desk.put_back(backup, data):
        say("The desk is back without its keys. Put secret_key and talks.key in its folder, or")
        say("let everybody in anew with blikveld desk invite.")
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
    if not on_postgresql and not (data / keeping.FILES[CONTACTS]).exists():
        problem = "There is no fieldwork in this folder."
        raise BlikveldError("no-fieldwork", str(data), problem, "Look for the folder of --data.")


def _write(file: IO[str], found: Iterable[SealedContact], private: str) -> None:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(("key", "municipality", "domain", "suspicion", "address"))
    words = {True: "yes", False: "no", None: ""}
    for one in found:
        address = unseal(one.sealed, private)
        row = (one.key, one.municipality, one.domain or "", words[one.suspicion], address)
        writer.writerow(row)
