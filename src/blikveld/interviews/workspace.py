"""The folder in which interviews are worked on, and out of which one can be withdrawn.

drafts/        taken in, for a person to judge the suggestions; each is removed when protected
texts/         protected, never to change
certificates/  of an interview that was withdrawn: what was removed with it, as counts
register       what stands behind the placeholders, locked; the key lies elsewhere

What it holds names no speaker. An interview is withdrawn with everything made of it. What somebody
typed from it into the codebook cannot be told for sure, so the codes to look at are named: those
that share four words in a row with the text.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from blikveld.errors import BlikveldError
from blikveld.interviews.coding import Action, ActionKind, CodebookCode, CodingState, Log, store
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
        withdrawn = (self.folder / "certificates" / f"{checked_key(key)}.json").exists()
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

    def forget_names(self, others: Iterable[PseudonymisedText], gone: PseudonymisedText) -> None:
        """Take out of the register what only a text that is gone had. Numbers stay used."""
        kept = {(p.kind, p.number) for text in others for p in text.placeholders}
        register = self.register()
        for placeholder in gone.placeholders:
            if (placeholder.kind, placeholder.number) not in kept:
                register.entries.pop((placeholder.kind, placeholder.number), None)
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


CERTIFICATES = "certificates"
_IN_A_ROW = 4
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class WithdrawalCertificate:
    """What was removed with an interview, by whom and when, and the codes a person has to read."""

    text: str
    by: str
    when: str
    codings: int
    memos: int
    quotes: int
    codes_to_read: tuple[str, ...]


def withdraw_interview(work: Workspace, key: str, by: str) -> WithdrawalCertificate:
    """Remove an interview with all that was made of it.

    Raises WorkspaceError and InvalidPseudonymKey.
    """
    with alone(work.folder):
        texts, path = work.texts(), work.folder / "log.jsonl"
        if key not in texts:
            problem = f"There is no text {key!r}."
            raise WorkspaceError("no-text", key, problem, "Look whether it was withdrawn already.")
        log = Log.read(path) if path.exists() else Log()
        made = certificate(log.state, texts[key], by)
        lengths = {name: len(text.text) for name, text in texts.items()}
        action = Action(ActionKind.WITHDRAW_TEXT, text=key)
        log.done(by, action, lengths, lead=True).append_to(path)
        _keep(work.folder, made)
        store.destroy(path, key)
        for end in ("txt", "json"):
            (work.folder / "texts" / f"{key}.{end}").unlink()
        _forget(work.folder, key)
        work.forget_names((text for name, text in texts.items() if name != key), texts[key])
    return made


def certificates(folder: Path) -> tuple[WithdrawalCertificate, ...]:
    """The certificates of what was withdrawn, the latest first."""
    found = [json.loads(path.read_bytes()) for path in (folder / CERTIFICATES).glob("*.json")]
    rows = (
        WithdrawalCertificate(**{**row, "codes_to_read": tuple(row["codes_to_read"])})
        for row in found
    )
    return tuple(sorted(rows, key=lambda one: one.when, reverse=True))


def certificate(state: CodingState, text: PseudonymisedText, by: str) -> WithdrawalCertificate:
    """What would be removed with a text now."""
    return WithdrawalCertificate(
        text=text.key,
        by=by,
        when=datetime.now(UTC).isoformat(timespec="seconds"),
        codings=sum(passage.text == text.key for passage in state.given),
        memos=sum(memo.about == text.key for memo in state.memos.values()),
        quotes=sum(quote.text == text.key for quote in state.quotes),
        codes_to_read=tuple(code.name for code in state.codes.values() if _shares(code, text.text)),
    )


def _shares(code: CodebookCode, text: str) -> bool:
    said = set(_rows(text))
    fields = (code.name, code.definition, code.include, code.exclude, code.example)
    return any(row in said for words in fields for row in _rows(words))


def _rows(text: str) -> Iterator[tuple[str, ...]]:
    words = [word.casefold() for word in _WORD.findall(text)]
    return (tuple(words[n : n + _IN_A_ROW]) for n in range(len(words) - _IN_A_ROW + 1))


def _keep(folder: Path, made: WithdrawalCertificate) -> None:
    (folder / CERTIFICATES).mkdir(exist_ok=True)
    raw = json.dumps(asdict(made), ensure_ascii=False, indent=1)
    written(folder / CERTIFICATES / f"{made.text}.json", raw.encode())


def _forget(folder: Path, key: str) -> None:
    """What was known of who spoke goes; the letter stays given, so that nobody gets it again."""
    path = folder / "about.json"
    if not path.exists():
        return
    found = json.loads(path.read_bytes())
    found.get("interviews", {}).pop(key, None)
    labels: Mapping[str, object] = found.get("labels", {})
    found["labels"] = {
        (f"withdrawn-{number}" if name == key else name): label
        for number, (name, label) in enumerate(labels.items())
    }
    raw = json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True)
    written(path, raw.encode())
