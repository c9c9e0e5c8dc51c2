"""What stands behind the placeholders, and the key without which nobody can tell.

The register lies beside the transcripts, locked (XSalsa20-Poly1305); the key lies elsewhere. Who
destroys the key makes every placeholder irreversible, in every copy of the folder.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from blikveld.errors import BlikveldError
from blikveld.interviews.deidentification.spans import IdentifierKind
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
