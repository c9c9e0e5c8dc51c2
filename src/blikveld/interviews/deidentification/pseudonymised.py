"""Pseudonymise a draft. The protected text never changes again.

What stands behind its placeholders is in a register. It lies beside the transcripts, locked
(XSalsa20-Poly1305); the key lies elsewhere. Who destroys the key makes every placeholder
irreversible, in every copy of the folder.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from blikveld.errors import BlikveldError
from blikveld.interviews.deidentification.spans import (
    WORDS,
    IdentifierKind,
    Span,
    placeholder,
    settled,
)
from blikveld.study.labels import fold_text


class InvalidPseudonymKey(BlikveldError):
    """A key that cannot be made, read or used."""


@dataclass
class PseudonymRegister:
    """Which words have which number. The same words have the same number in every transcript.

    A given name alone is the person with that given name, when there is just one.
    """

    entries: dict[tuple[IdentifierKind, int], list[str]] = field(default_factory=dict)
    used: dict[IdentifierKind, int] = field(default_factory=dict)
    """The highest number of each kind, also of those whose words are not known any more."""
    _numbers: dict[tuple[IdentifierKind, str], set[int]] = field(
        default_factory=dict, compare=False
    )
    _people: dict[str, set[int]] = field(default_factory=dict, compare=False)
    """Numbers of people by their first name, of those with a surname and of those without."""

    def __post_init__(self) -> None:
        for (kind, number), entries in self.entries.items():
            for words in entries:
                self._learn(kind, number, fold_text(words))

    def number(self, kind: IdentifierKind, words: str) -> int:
        """The number of these words, a new one when they were not seen before."""
        folded = fold_text(words)
        number = self._known(kind, folded)
        if number is None:
            number = self.used.get(kind, 0) + 1
            self.used[kind] = number
        kept = self.entries.setdefault((kind, number), [])
        if words not in kept:
            kept.append(words)
            self._learn(kind, number, folded)
        return number

    def words(self, kind: IdentifierKind, number: int) -> tuple[str, ...]:
        """What stands behind a placeholder, as it was written; empty when nobody knows."""
        return tuple(self.entries.get((kind, number), ()))

    def _known(self, kind: IdentifierKind, words: str) -> int | None:
        exact = self._numbers.get((kind, words), set())
        if exact or kind is not IdentifierKind.PERSON:
            return min(exact) if exact else None
        near = self._people.get(_key(words, of_another=True), set())
        return min(near) if len(near) == 1 else None

    def _learn(self, kind: IdentifierKind, number: int, words: str) -> None:
        self._numbers.setdefault((kind, words), set()).add(number)
        if kind is IdentifierKind.PERSON:
            self._people.setdefault(_key(words), set()).add(number)

    def locked(self, key: bytes) -> bytes:
        """The register as bytes that tell nothing without the key."""
        entries = [[k.value, n, words] for (k, n), words in sorted(self.entries.items(), key=str)]
        used = {kind.value: number for kind, number in self.used.items()}
        content = json.dumps({"entries": entries, "used": used}, ensure_ascii=False)
        return bytes(SecretBox(key).encrypt(content.encode("utf-8")))

    @classmethod
    def opened(cls, raw: bytes, key: bytes) -> PseudonymRegister:
        """The register again.

        Raises InvalidPseudonymKey for another key, or bytes that were changed.
        """
        try:
            content = json.loads(SecretBox(key).decrypt(raw))
        except (CryptoError, ValueError):
            problem = "It was locked with another key, or it was changed."
            mend = "Use the key that was made with this folder."
            raise InvalidPseudonymKey("not-ours", "the register", problem, mend) from None
        entries = {
            (IdentifierKind(kind), int(n)): list(words) for kind, n, words in content["entries"]
        }
        return cls(entries, {IdentifierKind(kind): int(n) for kind, n in content["used"].items()})

    @classmethod
    def after(cls, used: Mapping[IdentifierKind, int]) -> PseudonymRegister:
        """A register that knows nothing and gives no number again that was used."""
        return cls({}, dict(used))


def _key(words: str, *, of_another: bool = False) -> str:
    """The first name, with a sign for a surname behind it.

    'ada' and 'ada van der laan' may be one person, either way round: of the other kind.
    """
    first, _, rest = words.partition(" ")
    return f"{first}+" if bool(rest) is not of_another else first


@dataclass(frozen=True, slots=True)
class KeyFile:
    """The file with the key: 64 hexadecimals that only the owner may read."""

    path: Path

    @classmethod
    def make(cls, path: Path, outside: Iterable[Path] = ()) -> KeyFile:
        """A new key in a new file.

        Raises InvalidPseudonymKey in a folder that holds what it opens.
        """
        for folder in outside:
            if path.resolve().is_relative_to(folder.resolve()):
                problem = "A key does not belong in the folder that it opens."
                raise InvalidPseudonymKey(
                    "key-inside", str(path), problem, "Keep it somewhere else."
                )
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            problem = "A file stands there already, and a key is never written over."
            raise InvalidPseudonymKey(
                "key-exists", str(path), problem, "Choose another name."
            ) from None
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(SecretBox.KEY_SIZE))
        return cls(path)

    def key(self) -> bytes:
        """The key. Raises InvalidPseudonymKey when the file is gone or holds none."""
        try:
            found = bytes.fromhex(self.path.read_text(encoding="ascii").strip())
        except FileNotFoundError:
            problem = "The key is not there. If it was destroyed, nobody can tell any more."
            raise InvalidPseudonymKey(
                "no-key", str(self.path), problem, "Look for the key."
            ) from None
        except ValueError:
            found = b""
        if len(found) != SecretBox.KEY_SIZE:
            problem = f"This is not a key: it has to be {2 * SecretBox.KEY_SIZE} hexadecimals."
            raise InvalidPseudonymKey(
                "bad-key", str(self.path), problem, "Use the file that was made."
            )
        return found

    def destroy(self) -> None:
        """Write over the key and remove it. Copies of the file have to be destroyed as well."""
        size = self.path.stat().st_size
        with self.path.open("r+b") as file:
            file.write(secrets.token_bytes(size))
            file.flush()
            os.fsync(file.fileno())
        self.path.unlink()


_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


class TextChanged(BlikveldError):
    """A protected text is not what it was, or somebody wants it to be something else."""


@dataclass(frozen=True, slots=True)
class TranscriptDraft:
    """A transcript without its speakers, before a person judged what else has to go.

    `notes` say in words what was done with the file when it was taken in. `moments` tell of places
    in the text (code points) when they were said (milliseconds), as far as that is known.
    """

    key: str
    text: str
    language: str = "nl"
    notes: tuple[str, ...] = ()
    moments: tuple[tuple[int, int], ...] = ()
    guid: str = ""
    """What another program knows it by, from which it came."""


@dataclass(frozen=True, slots=True)
class Placeholder:
    """Where a placeholder stands, in code points, and which one."""

    start: int
    end: int
    kind: IdentifierKind
    number: int


@dataclass(frozen=True, slots=True)
class PseudonymisedText:
    """A text that may be coded. `digest` is the SHA-256 of its UTF-8.

    `moments` tell of places in it when they were said, to find them in a recording.
    """

    key: str
    text: str
    language: str = "nl"
    moments: tuple[tuple[int, int], ...] = ()
    guid: str = field(default="", compare=False)
    """What another program knows it by, from which it came."""

    @property
    def digest(self) -> str:
        """What the text is known by."""
        return sha256(self.text.encode("utf-8")).hexdigest()

    @property
    def placeholders(self) -> tuple[Placeholder, ...]:
        """Every placeholder in the text, in order."""
        return tuple(placeholders(self.text, self.language))

    def write(self, folder: Path) -> None:
        """Keep the text in a folder, for reading only. Raises TextChanged where one stands."""
        checked_key(self.key)
        described: dict[str, object] = {"language": self.language, "sha256": self.digest}
        if self.moments:
            described["moments"] = self.moments
        if self.guid:
            described["guid"] = self.guid
        _new_file(folder / f"{self.key}.json", json.dumps(described).encode())
        _new_file(folder / f"{self.key}.txt", self.text.encode("utf-8"))

    @classmethod
    def read(cls, folder: Path, key: str) -> PseudonymisedText:
        """A text that was kept. Raises TextChanged when one byte of it is another."""
        raw = (folder / f"{checked_key(key)}.txt").read_bytes()
        described = json.loads((folder / f"{key}.json").read_bytes())
        if sha256(raw).hexdigest() != described["sha256"]:
            problem = "This text was changed after it was protected; codes would be misplaced."
            mend = "Put the file back from a copy."
            raise TextChanged("text-changed", f"{key}.txt", problem, mend)
        moments = tuple((int(place), int(when)) for place, when in described.get("moments", ()))
        guid = str(described.get("guid", ""))
        return cls(key, raw.decode("utf-8"), described["language"], moments, guid)


def read_texts(folder: Path) -> Mapping[str, PseudonymisedText]:
    """Every protected text of a folder, checked against its hash. Raises TextChanged."""
    keys = sorted(path.stem for path in folder.glob("*.txt"))
    return {key: PseudonymisedText.read(folder, key) for key in keys}


def pseudonymise(
    draft: TranscriptDraft, accepted: Iterable[Span], register: PseudonymRegister
) -> PseudonymisedText:
    """Put placeholders where a person agreed that something had to go."""
    done = rewritten(draft.text, accepted, register, draft.language)
    moments = done.moved(draft.moments)
    return PseudonymisedText(draft.key, done.text, draft.language, moments, draft.guid)


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A text with placeholders, and where each was put: from, up to, and its length now."""

    text: str
    cuts: tuple[tuple[int, int, int], ...]

    def position(self, old: int, *, end: bool = False) -> int:
        """Where a place of the text before stands now.

        One inside of what was replaced goes to the front of the placeholder, or to its `end`.
        """
        shift = 0
        for start, stop, length in self.cuts:
            if old <= start:
                break
            if old < stop:
                return start + shift + (length if end else 0)
            shift += length - (stop - start)
        return old + shift

    def moved(self, moments: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
        """Moments of the text before, at their places now."""
        return tuple((self.position(index), when) for index, when in moments)


def rewritten(
    text: str, spans: Iterable[Span], register: PseudonymRegister, language: str
) -> Rewritten:
    """Put a placeholder in place of each span; where two overlap the surer one counts."""
    parts, cuts, index = [], [], 0
    for span in settled(spans):
        number = register.number(span.kind, span.words(text))
        shown = placeholder(span.kind, number, language)
        parts += [text[index : span.start], shown]
        cuts.append((span.start, span.end, len(shown)))
        index = span.end
    return Rewritten("".join((*parts, text[index:])), tuple(cuts))


def replaced(text: str, spans: Iterable[Span], register: PseudonymRegister, language: str) -> str:
    """The text with a placeholder for each span; where two overlap the surer one counts."""
    return rewritten(text, spans, register, language).text


def placeholders(text: str, language: str) -> Iterator[Placeholder]:
    """Every placeholder in a text, in order."""
    kinds = {word: kind for kind, word in WORDS.get(language, WORDS["en"]).items()}
    form = "|".join(re.escape(word) for word in kinds)
    for match in re.finditer(rf"\[({form}) (\d{{1,6}})\]", text):
        yield Placeholder(*match.span(), kinds[match[1]], int(match[2]))


def used(texts: Iterable[PseudonymisedText]) -> Mapping[IdentifierKind, int]:
    """The highest number of each kind that stands in these texts."""
    highest: Counter[IdentifierKind] = Counter()
    for text in texts:
        for found in text.placeholders:
            highest[found.kind] = max(highest[found.kind], found.number)
    return highest


def checked_key(key: str) -> str:
    """The name of a text, when it can be one. Raises TextChanged."""
    if not _KEY.fullmatch(key):
        problem = f"{key!r} cannot be the name of a text."
        mend = "Use lower-case letters, digits, - and _."
        raise TextChanged("text-key", "a transcript", problem, mend)
    return key


def _new_file(path: Path, raw: bytes) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o444)
    except FileExistsError:
        problem = "A protected text stands there, and it is never written over."
        raise TextChanged("text-exists", path.name, problem, "Choose another name.") from None
    with os.fdopen(handle, "wb") as file:
        file.write(raw)
