"""Transcripts of other programs: whether every word comes in once, in order, and who speaks.

python world/transcripts.py DIR

DIR holds `transcripts/*` and `sources.csv` with the columns file, repository and commit. The
results go to `transcripts.md` beside this file.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from html import unescape
from pathlib import Path

from provenance import list_sources, tell_when

from blikveld.errors import BlikveldError
from blikveld.interviews.transcripts import read_transcript

TABLE = Path(__file__).with_suffix(".md")
_CAPTIONS = (".vtt", ".srt", ".sbv")
_NO_WORDS = re.compile(r"\d+|WEBVTT.*|(?:Kind|Language|X-[\w-]+|Region|Style)\s*:.*|.*-->.*")
_TIMES = re.compile(r"\s*\d?\d:\d\d:\d\d[.,]\d+,\d?\d:\d\d:\d\d[.,]\d+\s*")


def own_words(text: str) -> list[str]:
    """The words of captions by a rule of its own: no numbers, times, notes or styles."""
    words: list[str] = []
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n").lstrip("\ufeff")):
        if re.match(r"(?:NOTE|STYLE|REGION)\b", block):
            continue
        lines = block.split("\n")
        timed = [n for n, line in enumerate(lines) if "-->" in line or _TIMES.fullmatch(line)]
        for line in lines[timed[0] + 1 :] if timed else ():
            if not _NO_WORDS.fullmatch(line.strip()):
                words += unescape(re.sub(r"<[^<>]*>", "", line)).split()
    return words


def row(path: Path) -> str:
    """A row of the table."""
    raw = path.read_bytes()
    try:
        heard = read_transcript(raw, path.name)
    except BlikveldError as refused:
        return f"| {path.name} | refused | – | – | {refused.problem.replace('|', '/')[:110]} |"
    said = " ".join(turn.text for turn in heard.turns).split()
    speakers = dict.fromkeys(turn.speaker for turn in heard.turns if turn.speaker)
    timed = sum(bool(turn.moments) for turn in heard.turns)
    same = "–"
    if path.suffix in _CAPTIONS:
        own = own_words(raw.decode("utf-8-sig"))
        same = "all, in order" if own == said else f"{len(said)} of {len(own)}"
    came = f"{len(heard.turns)} turns, {timed} timed"
    return f"| {path.name} | {came} | {len(speakers)} | {same} | |"


def table(folder: Path) -> Iterator[str]:
    """The results as Markdown."""
    yield "# Transcripts of other programs"
    yield ""
    yield f"{tell_when()} Words are held against a reader of a few"
    yield "lines that knows captions only; captions that YouTube rolls repeat words, ours does not."
    yield ""
    yield "| file | came in as | speakers | words | what was seen |"
    yield "|---|---|---|---|---|"
    paths = sorted(path for path in (folder / "transcripts").iterdir() if path.is_file())
    yield from map(row, paths)
    yield ""
    yield from list_sources(folder, paths)
    yield ""


if __name__ == "__main__":
    RESULT = "\n".join(table(Path(sys.argv[1])))
    TABLE.write_text(RESULT, encoding="utf-8")
    print(RESULT)
