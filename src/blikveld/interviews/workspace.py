"""The folder in which interviews are worked on. What it holds names no speaker.

drafts/        taken in, for a person to judge the suggestions; each is removed when protected
texts/         protected, never to change
certificates/  of an interview that was withdrawn: what was removed with it, as counts
register       what stands behind the placeholders, locked; the key lies elsewhere
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from blikveld.errors import BlikveldError
from blikveld.interviews.coding import Action, Log
from blikveld.interviews.deidentification import (
    Context,
    KeyFile,
    KnownNames,
    PseudonymisedText,
    PseudonymRegister,
    Speaker,
    TranscriptDraft,
    pseudonymise,
    suggest,
)
from blikveld.interviews.deidentification.lower import has_no_capitals
from blikveld.interviews.deidentification.pseudonymised import (
    checked_key,
    placeholders,
    read_texts,
    used,
)
from blikveld.interviews.drafts import WaitingTranscript
from blikveld.interviews.exchange import ImportedProject
from blikveld.interviews.importing import Hiding, drafted, kept_of, moved_codings, without_names
from blikveld.interviews.refi import RefiArchive
from blikveld.interviews.refi.elements import joined
from blikveld.interviews.study_files import read_yaml
from blikveld.interviews.transcripts import import_transcript
from blikveld.yaml_reading.yaml_node import YamlNode

_FAILED: Mapping[str, str] = {
    "nl": "Het programma {} is er, maar doet zijn werk niet; zonder gegevens bijvoorbeeld. "
    "Zijn voorstellen ontbreken. Lees de tekst extra goed.",
    "en": "The program {} is there, but does not do its work. Its suggestions are missing, so read "
    "the text with more care.",
}


CERTIFICATES = "certificates"
OTHERS = "others.qde"
"""The file with what other programs had and we do not use."""
_LOWER: Mapping[str, str] = {
    "nl": "In {} van de {} beurten staan geen hoofdletters. Lees die regel voor regel: van de "
    "namen daarin wordt een op de vijf gemist.",
    "en": "{} of the {} turns have no capitals. Read those line by line: one in five names in them "
    "is missed.",
}


class WorkspaceError(BlikveldError):
    """Something that cannot be done in this folder as it is."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder and the file with its key."""

    folder: Path
    key: KeyFile

    @classmethod
    def at(cls, folder: Path, key: Path) -> Workspace:
        """A folder to work in, made when it is not there. Raises InvalidPseudonymKey.

        A key is made when neither a register nor a key is there. With a register and no key nobody
        can tell any more what stands behind its placeholders; then only a new folder helps.
        """
        for part in ("drafts", "texts"):
            (folder / part).mkdir(parents=True, exist_ok=True)
        if not key.exists() and not (folder / "register").exists():
            KeyFile.make(key, outside=[folder])
        return cls(folder, KeyFile(key))

    def register(self) -> PseudonymRegister:
        """What stands behind the placeholders. Raises InvalidPseudonymKey without the key."""
        path = self.folder / "register"
        if path.exists():
            return PseudonymRegister.opened(path.read_bytes(), self.key.key())
        return PseudonymRegister.after(used(self.texts().values()))

    def import_transcript(
        self,
        raw: bytes,
        name: str,
        people: KnownNames,
        key: str,
        *,
        language: str,
        context: Context,
    ) -> WaitingTranscript:
        """Take a file in: a draft without speakers, and suggestions that all stand accepted."""
        withdrawn = (self.folder / CERTIFICATES / f"{checked_key(key)}.json").exists()
        if withdrawn or (self.folder / "texts" / f"{key}.txt").exists():
            problem = f"There is a protected text {key!r}, and it never changes."
            raise WorkspaceError("text-exists", name, problem, "Choose another name.")
        with alone(self.folder):
            register = self.register()
            draft = import_transcript(raw, name, people, register, key=key, language=language)
            self._keep(register)
        return self._suggested(draft, context)

    def _suggested(
        self, draft: TranscriptDraft, context: Context, codings: tuple[tuple[str, Action], ...] = ()
    ) -> WaitingTranscript:
        """Keep a draft with suggestions that all stand accepted, and with notes to read first."""
        found = suggest(draft.text, context)
        failed = _FAILED.get(draft.language, _FAILED["en"])
        notes = (
            *draft.notes,
            *(failed.format(f.location) for f in found.failures),
            *_lower_case(draft.text, draft.language),
        )
        noted = replace(draft, notes=notes)
        waiting = WaitingTranscript(noted, found.spans, (True,) * len(found.spans), codings)
        self.judge(waiting)
        return waiting

    def take_over(
        self, foreign: ImportedProject, context: Context, package: RefiArchive | None = None
    ) -> tuple[WaitingTranscript, ...]:
        """Take in what another program made: its codebook at once, its texts as drafts.

        Speakers on the list go before anything is stored. What was said in codes and memos is
        replaced wherever a name may stand, for nobody judges it. What we do not use of a `package`
        is kept to go out again. Raises WorkspaceError and LogRefused; then nothing was stored.
        """
        used_keys = {*self.drafts(), *self.texts()}
        for draft in foreign.texts:
            if draft.key in used_keys:
                problem = f"There is a text {draft.key!r} already."
                raise WorkspaceError("text-exists", draft.key, problem, "Take it over once more.")
        with alone(self.folder):
            register = self.register()
            hiding = Hiding.of(foreign.texts, register, context)
            log = self._logged(without_names(foreign.on(""), hiding), self._log())
            drafts = [drafted(draft, foreign, hiding) for draft in foreign.texts]
            others = kept_of(package, hiding) if package is not None else b""
            self._keep(register)
            log.append_to(self.folder / "log.jsonl")
            self._keep_others(others)
        return tuple(self._suggested(draft, context, codings) for draft, codings in drafts)

    def _keep_others(self, raw: bytes) -> None:
        path = self.folder / OTHERS
        before = [path.read_bytes()] if path.exists() else []
        if raw:
            written(path, joined([*before, raw]))

    def _log(self) -> Log:
        path = self.folder / "log.jsonl"
        return Log.read(path) if path.exists() else Log()

    def _logged(self, actions: Iterable[tuple[str, Action]], log: Log) -> Log:
        lengths = {key: len(text.text) for key, text in self.texts().items()}
        for author, action in actions:
            log = log.done(author, action, lengths)
        return log

    def judge(self, waiting: WaitingTranscript, seen: str | None = None) -> None:
        """Keep a draft with what was decided on its suggestions.

        Raises WorkspaceError where somebody decided otherwise since a person saw the version
        `seen`: their decisions stand at other places then.
        """
        key = waiting.draft.key
        if seen is not None and self.waiting(key).version != seen:
            problem = "Somebody else judged this draft meanwhile."
            mend = "Look at what they decided, and decide again."
            raise WorkspaceError("judged-meanwhile", key, problem, mend)
        written(self.folder / "drafts" / f"{key}.json", waiting.written())

    def drafts(self) -> tuple[str, ...]:
        """The names of drafts that wait for a person."""
        return tuple(sorted(path.stem for path in (self.folder / "drafts").glob("*.json")))

    def waiting(self, key: str) -> WaitingTranscript:
        """A draft that was taken in. Raises WorkspaceError."""
        path = self.folder / "drafts" / f"{checked_key(key)}.json"
        try:
            found = json.loads(path.read_bytes())
            return WaitingTranscript.read(found)
        except FileNotFoundError:
            problem, mend = "There is no such draft.", "Take the transcript in first."
        except (ValueError, KeyError, TypeError):
            problem = "This is not the draft as it was written."
            mend = "Change nothing but 'accept', or take the transcript in again."
        raise WorkspaceError("no-draft", path.name, problem, mend)

    def pseudonymise(self, key: str) -> PseudonymisedText:
        """Make the protected text of a draft, for good, and remove the draft."""
        with alone(self.folder):
            waiting, register = self.waiting(key), self.register()
            taken = [s for s, yes in zip(waiting.spans, waiting.accepted, strict=True) if yes]
            text = pseudonymise(waiting.draft, taken, register)
            moved = moved_codings(waiting.draft, waiting.codings, taken, register)
            self._keep(register)
            text.write(self.folder / "texts")
            if moved:
                self._logged(moved, self._log()).append_to(self.folder / "log.jsonl")
            (self.folder / "drafts" / f"{key}.json").unlink()
        return text

    def texts(self) -> Mapping[str, PseudonymisedText]:
        """Every protected text, checked against its hash. Raises TextChanged."""
        return read_texts(self.folder / "texts")

    def interviews(self) -> Mapping[str, PseudonymisedText]:
        """Every protected text, and every draft as it stands."""
        waiting = {key: self.waiting(key).draft for key in self.drafts()}
        drafts = {
            key: PseudonymisedText(key, d.text, d.language, d.moments, d.guid)
            for key, d in waiting.items()
        }
        return {**self.texts(), **drafts}

    def forget_names(
        self, others: Iterable[PseudonymisedText], gone: PseudonymisedText, elsewhere: str
    ) -> None:
        """Take out of the register what only an interview that goes had. Numbers stay used.

        So goes what stands nowhere any more: in no interview, and not in the words `elsewhere`.
        """
        kept = {(p.kind, p.number) for text in others for p in text.placeholders}
        loose = {(p.kind, p.number) for p in placeholders(elsewhere, gone.language)}
        kept |= loose - {(p.kind, p.number) for p in gone.placeholders}
        register = self.register()
        for placeholder in register.entries.keys() - kept:
            del register.entries[placeholder]
        self._keep(register)

    def _keep(self, register: PseudonymRegister) -> None:
        written(self.folder / "register", register.locked(self.key.key()))


def _lower_case(text: str, language: str) -> Iterator[str]:
    """A warning where turns are written without capitals."""
    turns = [turn for turn in text.split("\n") if turn.strip()]
    lower = sum(has_no_capitals(turn.split(": ", 1)[-1]) for turn in turns)
    if lower:
        yield _LOWER.get(language, _LOWER["en"]).format(lower, len(turns))


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Wait until nobody else writes in a folder, and keep others waiting."""
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def people(path: Path) -> KnownNames:
    """The list of speakers from a YAML file. Raises Faults.

    speakers: [{name: …, label: …, also: […]}] and, if need be, organisations: […].
    """
    return read_yaml(path, None, _people)


def _people(root: YamlNode) -> KnownNames:
    fields = root.fields("speakers", optional=("organisations",))
    organisations = fields["organisations"].optional(lambda o: o.each(YamlNode.string)) or ()
    return KnownNames(fields["speakers"].some(_speaker), organisations)


def _speaker(node: YamlNode) -> Speaker:
    fields = node.fields("name", "label", optional=("also",))
    also = fields["also"].optional(lambda a: a.each(YamlNode.string)) or ()
    return Speaker((fields["name"].string(), *also), fields["label"].string())


def written(path: Path, raw: bytes) -> None:
    """Write a file so that the whole of it stands there, or what stood there before."""
    # Whole or not at all: a power cut leaves the old file.
    beside = path.with_name(f"{path.name}.new")
    with beside.open("wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
