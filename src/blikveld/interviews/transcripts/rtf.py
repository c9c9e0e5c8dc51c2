"""RTF: the words of a rich text, with the signs of its code page put right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from blikveld.interviews.transcripts import plain
from blikveld.interviews.transcripts.turns import Heard, TranscriptRefused, cleaned

_PIECE = re.compile(
    r"\\'(?P<byte>[0-9a-fA-F]{2})|\\u(?P<code>-?\d+) ?|\\(?P<word>[a-z]+)(?P<number>-?\d+)? ?"
    r"|\\(?P<sign>[^a-z])|(?P<open>\{)|(?P<close>\})|[\r\n]+|(?P<text>[^\\{}\r\n]+)"
)
_WRITTEN = {"par": "\n", "line": "\n", "sect": "\n", "row": "\n", "cell": "\t", "tab": "\t"} | {
    "emdash": "—",
    "endash": "–",
    "bullet": "•",
    "emspace": " ",
    "enspace": " ",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
}
_NO_WORDS = frozenset(
    (
        "fonttbl",
        "colortbl",
        "stylesheet",
        "info",
        "pict",
        "object",
        "header",
        "footer",
        "annotation",
    )
) | {"generator", "listtable", "listoverridetable", "themedata", "datastore"}
_PAGES = {"ansi": "cp1252", "mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
_ESCAPED = {"~": "\u00a0", "_": "\u2011", "-": ""}


def read(raw: bytes, name: str) -> Heard:
    """The turns of a rich text. Raises TranscriptRefused."""
    pieces = "".join(_Reader().signs(raw.decode("latin-1")))
    # Signs above the first plane come as two halves.
    text = pieces.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if not text.strip():
        raise TranscriptRefused("empty", name, "No words stand in it.", "Save it again as .docx.")
    return plain.heard(cleaned(text).split("\n"))


@dataclass
class _Group:
    """What holds inside a pair of braces: whether it is words, and how a sign is written twice."""

    hidden: bool = False
    twice: int = 1


@dataclass
class _Reader:
    """Where a reader is: its groups, its code page, and the bytes that stand for a sign read."""

    groups: list[_Group] = field(default_factory=lambda: [_Group()])
    page: str = "cp1252"
    skip: int = 0

    def signs(self, source: str) -> Iterator[str]:
        """The words of RTF, piece by piece; groups that only describe are left out."""
        for match in _PIECE.finditer(source):
            if match["open"]:
                self.groups.append(_Group(self.groups[-1].hidden, self.groups[-1].twice))
            elif match["close"]:
                del self.groups[max(len(self.groups) - 1, 1) :]
            elif match["sign"] == "*":
                self.groups[-1].hidden = True
            elif match["word"]:
                yield self._command(match["word"], match["number"])
            elif not self.groups[-1].hidden:
                yield self._shown(match)

    def _command(self, word: str, number: str | None) -> str:
        group = self.groups[-1]
        group.hidden = group.hidden or word in _NO_WORDS
        group.twice = int(number) if word == "uc" and number else group.twice
        if word == "ansicpg" and number:
            self.page = f"cp{number}"
        self.page = _PAGES.get(word, self.page)
        return "" if group.hidden else _WRITTEN.get(word, "")

    def _shown(self, match: re.Match[str]) -> str:
        if match["code"]:
            self.skip = self.groups[-1].twice
            return chr(int(match["code"]) % 0x1_0000)
        if match["byte"]:
            skipped, self.skip = self.skip > 0, max(self.skip - 1, 0)
            return "" if skipped else self._decoded(match["byte"])
        text = match["text"] or _ESCAPED.get(match["sign"] or "", match["sign"] or "")
        text, self.skip = text[self.skip :], 0
        return text

    def _decoded(self, byte: str) -> str:
        try:
            return bytes.fromhex(byte).decode(self.page, "replace")
        except LookupError:
            return bytes.fromhex(byte).decode("cp1252", "replace")
