"""Plain text: a line 'Name: words' begins a turn."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from blikveld.interviews.transcripts.turn import Heard, Turn, joined

_HEAD = re.compile(
    r"\s*(?:\[?\d{1,2}:\d{2}(?::\d{2})?\]?\s+)?([^\W\d_][^:\n]{0,59}?)\s*:\s+(\S.*)$"
)
_LONGEST = 6


def read(text: str, name: str) -> Heard:
    """The turns of a text. What stands before a colon is a speaker when it stands there twice.

    Where every line has the form of a turn, once is enough.
    """
    lines = text.split("\n")
    heads = Counter(match[1] for line in lines if (match := _HEAD.match(line)))
    spoken = [line for line in lines if line.strip()]
    least = 1 if sum(heads.values()) == len(spoken) else 2
    known = {head for head, times in heads.items() if _like_a_name(head) and times >= least}
    turns = tuple(joined(_turns(lines, known)))
    notes = () if known else ("No speakers are named in this file.",)
    return Heard(turns, notes)


def _like_a_name(head: str) -> bool:
    words = head.split()
    return len(words) <= _LONGEST and (words[0][0].isupper() or words[-1][0].isupper())


def _turns(lines: list[str], known: set[str]) -> Iterator[Turn]:
    speaker: str | None = None
    for line in lines:
        match = _HEAD.match(line)
        if match and match[1] in known:
            speaker = match[1]
            yield Turn(speaker, match[2])
        else:
            yield Turn(speaker, " ".join(line.split()))
