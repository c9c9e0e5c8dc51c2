"""Commands for the in-depth interviews: choose, print the guide, take in, protect, exchange."""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from rich.table import Table as Grid

from blikveld.atomic_files import private
from blikveld.cli.terminal import USUAL, StudyName, console
from blikveld.contacts import SealedContact, unseal
from blikveld.errors import BlikveldError, ExitCode
from blikveld.interviews import exchange, refi
from blikveld.interviews.deidentification import Context
from blikveld.interviews.deidentification.programs import installed
from blikveld.interviews.drafts import WaitingTranscript
from blikveld.interviews.selection import MissingReason, Sample, Selection, from_contacts
from blikveld.interviews.selection import select as choose
from blikveld.interviews.study_files import hidden, load_shipped, print_guide
from blikveld.interviews.study_files import load_topic_guide as read_guide
from blikveld.interviews.workspace import Workspace, people
from blikveld.study.labels import Labels, place_names
from blikveld.study.load import load
from blikveld.study.model import Study
from blikveld.web import fieldwork

interviews = App(
    name="interviews", help="Choose whom to interview, protect transcripts, exchange codes."
)
Keys = Annotated[Path | None, Parameter(help="A file with one key a line.")]
Folder = Annotated[Path, Parameter(help="Where the interviews are worked on.")]
Key = Annotated[Path, Parameter(help="The file with the key, outside that folder.")]
_WHY: Mapping[MissingReason, str] = {
    MissingReason.NO_OFFER: "nobody who is eligible offered",
    MissingReason.REFUSED: "all who offered refused",
    MissingReason.NO_SAMPLE: "there was no place left",
}


@interviews.command
def select(
    data: Annotated[Path, Parameter(help="The data folder of the fieldwork.")],
    *,
    study: StudyName = USUAL,
    sample_size: Annotated[
        int | None, Parameter(help="Default: what the study's guide says.")
    ] = None,
    invited: Keys = None,
    refused: Keys = None,
    private_key: Annotated[Path | None, Parameter(help="Opens the addresses of the fresh.")] = None,
    out: Annotated[Path | None, Parameter(help="A CSV file with who is invited.")] = None,
) -> int:
    """Fill the places from those who offered: each is covered first, then evenly.

    After a refusal, give the keys that were invited and those that refused: the fresh ones are the
    next best. Addresses stay sealed but for those who are invited now, and only in OUT.
    """
    loaded = load(study)
    contacts = {contact.key: contact for contact in fieldwork.contacts(data, loaded)}
    wanted = Sample.of(loaded, sample_size or read_guide(loaded).sample_size)
    found = choose(
        from_contacts(contacts.values()), wanted, invited=_keys(invited), refused=_keys(refused)
    )
    _show(loaded, found)
    if out is not None:
        _write(out, found, contacts, private_key)
    return ExitCode.DONE


@interviews.command
def topic_guide(
    *,
    study: StudyName = USUAL,
    language: Annotated[str, Parameter(help="One of the study's.")] = "nl",
    out: Annotated[
        Path | None, Parameter(help="An HTML file. Without it: standard output.")
    ] = None,
) -> int:
    """Write the interview guide as a page to print."""
    loaded = load(study)
    page = print_guide(loaded, read_guide(loaded), language)
    if out is None:
        sys.stdout.write(page)
    else:
        out.write_text(page, encoding="utf-8")
    return ExitCode.DONE


@interviews.command
def import_(
    file: Annotated[Path, Parameter(help="A transcript: captions, document, table, JSON or text.")],
    *,
    name: Annotated[str, Parameter(help="What to call it from now on, such as g1.")],
    people_file: Annotated[Path, Parameter(name="--people", help="YAML with who speaks.")],
    folder: Folder,
    key: Key,
    study: StudyName = USUAL,
) -> int:
    """Import a transcript. Replace speaker names and list other identifying text for review.

    Judge the suggestions in the draft: set `accept` to false where nothing has to go.
    """
    loaded = load(study)
    workplace = Workspace.at(folder, key)
    known = people(people_file)
    waiting = workplace.import_transcript(
        file.read_bytes(),
        file.name,
        known,
        name,
        language=loaded.languages[0],
        context=Context(known, place_names(loaded), installed(), hidden(loaded)),
    )
    _imported(waiting, folder / "drafts" / f"{name}.json")
    return ExitCode.DONE


@interviews.command
def pseudonymise(name: str, *, folder: Folder, key: Key) -> int:
    """Make the protected text of a draft that was judged. It never changes again."""
    text = Workspace.at(folder, key).pseudonymise(name)
    console.print(f"{name}: {len(text.placeholders)} placeholders, SHA-256 {text.digest}")
    return ExitCode.DONE


@interviews.command
def quotes(
    *,
    study: StudyName = USUAL,
    language: Annotated[str, Parameter(help="One of the study's.")] = "nl",
) -> int:
    """List the quotes of the interviews that ship with a study, and what speaks of each theme."""
    made = load_shipped(load(study))
    if made.invented:
        console.print("Invented: nobody said this.")
    for location, found in made.at.items():
        for quote in found:
            console.print(f"{location}  {quote.printed(language)}", markup=False, soft_wrap=True)
    grid = Grid("Theme", "interviews")
    for theme, count in made.theme_count().items():
        grid.add_row(made.names[theme][language], str(count))
    console.print(grid)
    return ExitCode.DONE


@interviews.command
def export(out: Path, *, study: StudyName = USUAL) -> int:
    """Write the interviews that ship with a study, and their codes, as a REFI-QDA project."""
    loaded = load(study)
    made = load_shipped(loaded)
    texts = [talk.text for talk in made.interviews.values()]
    title = loaded.title[loaded.languages[0]]
    whole = refi.package(exchange.export_project(title, texts, made.state))
    out.write_bytes(whole.written())
    console.print(f"{out}: {len(texts)} texts, {len(made.state.codes)} codes")
    return ExitCode.DONE


@interviews.command
def inspect(file: Annotated[Path, Parameter(help="A .qdpx of whatever program.")]) -> int:
    """Say what a REFI-QDA project holds, and what is wrong with it."""
    found = refi.project(refi.RefiArchive.read(file.read_bytes(), file.name))
    passages = sum(len(source.selections) for source in found.sources)
    codes = sum(1 for _ in found.all_codes())
    console.print(
        f"{found.name}: {len(found.sources)} texts, {codes} codes, {passages} passages, "
        f"{len(found.notes)} notes, {len(found.users)} coders",
        markup=False,
    )
    for line in found.problems():
        console.print(line, markup=False, soft_wrap=True)
    return ExitCode.DONE


def _keys(path: Path | None) -> frozenset[int]:
    if path is None:
        return frozenset()
    lines = (line.split("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    try:
        return frozenset(int(line) for line in lines if line)
    except ValueError:
        problem = "A line of it is no key."
        raise BlikveldError("keys", str(path), problem, "Write one number a line.") from None


def _show(study: Study, found: Selection) -> None:
    spoken = Labels(study, "en" if "en" in study.languages else study.languages[0])
    for number, (name, counts) in enumerate(found.by.items(), start=1):
        codes = {code.code: spoken.code(name, code.code) for code in study.variables[name].codes}
        title = f"Table {number}. Invited by {spoken.label(name)}"
        console.print(_table(title, counts, codes))
    console.print(
        f"{len(found.invited)} invited, {len(found.fresh)} of them now. "
        f"The fewest that cover all that can be covered: {found.smallest_cover} (proven)."
    )
    for name, missing in found.missing.items():
        for key, why in missing.items():
            console.print(f"Not covered: {spoken.code(name, key)}: {_WHY[why]}.", markup=False)


def _table(title: str, counts: Mapping[str | None, int], names: Mapping[str, str]) -> Grid:
    grid = Grid(title=title, title_justify="left")
    grid.add_column("")
    grid.add_column("n", justify="right")
    for key, count in counts.items():
        grid.add_row(names.get(key or "", "not known"), str(count))
    return grid


def _write(
    out: Path, found: Selection, contacts: Mapping[int, SealedContact], private_key: Path | None
) -> None:
    opening = private_key.read_text(encoding="ascii").strip() if private_key else None
    fresh = {offer.key for offer in found.fresh}
    with private(out) as half, half.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("key", *found.by, "invited", "address"))
        for offer in found.invited:
            now = offer.key in fresh
            address = unseal(contacts[offer.key].sealed, opening) if opening and now else ""
            moment = "now" if now else "before"
            known = (offer.facts.get(name, "") for name in found.by)
            writer.writerow((offer.key, *known, moment, address))


def _imported(waiting: WaitingTranscript, path: Path) -> None:
    for note in waiting.draft.notes:
        console.print(note, markup=False)
    console.print(f"{len(waiting.spans)} suggestions to judge in {path}", markup=False)
