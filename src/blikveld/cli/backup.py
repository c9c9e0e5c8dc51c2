"""Commands that take out of a fieldwork: snapshot, addresses, backup and its way back, erasing."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Annotated

from cyclopts import App, Parameter

from blikveld.atomic_files import private
from blikveld.backup import backup as fieldwork_backup
from blikveld.backup import erasure
from blikveld.cli.fieldwork import Data, check_data
from blikveld.cli.terminal import USUAL, StudyName, say, tell_changes
from blikveld.contacts import SealedContact, make_keys, unseal, write_private
from blikveld.desk import commands
from blikveld.errors import BlikveldError, ExitCode
from blikveld.responses.export.write import read_recodes, write_recode_list
from blikveld.responses.snapshot import read, rewrite, write
from blikveld.results.cell import DataOrigin
from blikveld.study.load import load
from blikveld.study.model import Study
from blikveld.web import fieldwork, stored_data


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
        erasure.ErasedData.ADDRESSES: contacts,
        erasure.ErasedData.ANSWERS: answers,
        erasure.ErasedData.CALLS: calls,
    }
    wanted = [what for what, given in asked.items() if given]
    if len(wanted) != 1:
        problem = "It has to be said what to erase, one thing at a time."
        raise BlikveldError("erase-what", "erase", problem, "Add --contacts, --answers or --calls.")
    check_data(data)
    what, loaded = wanted[0], load(study)
    if what is erasure.ErasedData.ANSWERS:
        commands.forget_texts(data, loaded)
        fieldwork_backup.forget_desk_texts(data)
    done = erasure.erase(data, loaded, what)
    if certificate is None:
        sys.stdout.write(done.text())
    else:
        certificate.write_text(done.text(), encoding="utf-8")
        say(f"{done.rows} {what.name.lower()} erased. Certificate: {certificate}")
    return ExitCode.DIFFERENT if done.missing else ExitCode.DONE


def backup(*, data: Data, out: Path, study: StudyName = USUAL) -> int:
    """Back up the fieldwork to OUT and replace any backup there.

    Keep one: two reveal who answered in between.

    The desk comes along without its keys: keep DATA/desk/secret_key and interviews.key elsewhere.
    """
    check_data(data)
    loaded = load(study)
    made = fieldwork_backup.back_up(data, loaded, out)
    with_desk = fieldwork_backup.copy_desk(data, loaded, made)
    say(f"The backup stands in {made}.")
    if with_desk:
        say("The desk is in it, without its keys: keep secret_key and interviews.key elsewhere.")
    return ExitCode.DONE


def restore(backup: Path, *, data: Data, study: StudyName = USUAL) -> int:
    """Put a backup back into a data folder that has no databases yet, or into empty databases."""
    loaded = load(study)
    fieldwork_backup.check_desk(backup, data, loaded)
    fieldwork_backup.restore_backup(backup, data, loaded)
    say(f"Put back in {data}.")
    if fieldwork_backup.restore_desk(backup, data):
        say(
            "The desk is back without its keys. Put secret_key and interviews.key in its folder, or"
        )
        say("let everybody in anew with blikveld desk invite.")
    return ExitCode.DONE


def snapshot(
    *,
    data: Annotated[Path | None, Parameter(help="The data folder of the fieldwork.")] = None,
    from_: Annotated[
        Path | None, Parameter(name="--from", help="A snapshot, to write as the study is by now.")
    ] = None,
    out: Annotated[Path | None, Parameter(help="A new folder.")] = None,
    recodes: Annotated[
        Path | None, Parameter(help="With --from: other codes for texts, by their number.")
    ] = None,
    list_texts: Annotated[
        Path | None, Parameter(help="With --from: write the texts with number and code, to recode.")
    ] = None,
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
    given there are in it too. With --from an earlier snapshot is written anew, also when the
    answers were erased: what is made from them is made as the study says by now.
    """
    loaded = load(study)
    if from_ is not None and list_texts is not None:
        return _list_texts(loaded, from_, list_texts)
    if from_ is not None and data is None and out is not None:
        return _rewrite(loaded, from_, out, recodes)
    if data is None or from_ is not None or out is None:
        problem = "It has to be said what to write, and where."
        mend = "Give --out, and either --data or --from."
        raise BlikveldError("snapshot-what", "snapshot", problem, mend)
    check_data(data)
    judged = commands.judged_texts(data, loaded, all_of_them=release_all_texts)
    answers = fieldwork.responses(data, loaded)
    made = write(judged.study, answers, out, origin=DataOrigin.FIELDWORK, texts=judged.texts)
    say(f"{made.rows:,} respondents, SHA-256 {made.digest}")
    _tell_texts(judged.waiting, release_all_texts)
    return ExitCode.DONE


def _rewrite(study: Study, old: Path, out: Path, list_: Path | None) -> int:
    recodes = read_recodes(study, old, list_) if list_ is not None else {}
    taken = read(study, old)
    tell_changes(taken)
    made = rewrite(taken, out, recodes)
    if recodes:
        say(f"{len(recodes):,} codes of texts stand as the list has them.")
    say(f"{made.rows:,} respondents, SHA-256 {made.digest}")
    return ExitCode.DONE


def _list_texts(study: Study, old: Path, path: Path) -> int:
    read(study, old)
    with private(path) as half, half.open("w", encoding="utf-8", newline="") as file:
        write_recode_list(study, old, file)
    say(f"The texts stand in {path}. Change codes, and give the list back with --recodes.")
    return ExitCode.DONE


def _tell_texts(waiting: int, released: bool) -> None:
    if waiting and released:
        say(f"Careful: {waiting:,} texts stand in it that nobody read. They can name people.")
    elif waiting:
        say(f"{waiting:,} texts were held back: nobody has released them yet.")
        say("Read and release them at the desk: blikveld desk serve, Free texts.")


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
    """Read the sealed addresses, on the researcher's own machine.

    Beside them stands what enough people share; in a backup of a running fieldwork nothing.
    """
    check_data(data)
    private_key = key.read_text(encoding="ascii")
    loaded = load(study)
    is_backup = (data / stored_data.ABOUT).exists()
    read_all = stored_data.contacts_in_backup if is_backup else fieldwork.contacts
    found = list(read_all(data, loaded))
    if out is None:
        _write_addresses(sys.stdout, loaded, found, private_key)
        return ExitCode.DONE
    with private(out) as half, half.open("w", encoding="utf-8", newline="") as file:
        _write_addresses(file, loaded, found, private_key)
    say(f"{len(found)} addresses stand in {out}.")
    return ExitCode.DONE


def _write_addresses(
    file: IO[str], study: Study, found: Iterable[SealedContact], private_key: str
) -> None:
    kept = study.collecting.offer_facts
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(("key", *kept, "address"))
    for one in found:
        address = unseal(one.sealed, private_key)
        writer.writerow((one.key, *(one.facts.get(name, "") for name in kept), address))
