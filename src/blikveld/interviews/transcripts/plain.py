"""Lines of text: who speaks stands before a colon, or above the words with a time.

The forms of text files, Word, OpenDocument, RTF and PDF are the same once they are lines:
'Name: words', '[0:03] Name: words', 'Name  0:03' or '00:00:03 Name' above the words, and words with
their time behind them as f4 writes it ('#00:00:03-5#').
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from blikveld.interviews.deidentification.people import unnamed
from blikveld.interviews.transcripts.turns import (
    CLOCK,
    NO_SPEAKERS,
    ParsedTranscript,
    SpeakerTurn,
    joined,
    make_turn,
    milliseconds,
)

_TIMES = rf"[\[(<]?(?P<time>{CLOCK})[\])>]?"
_NAME = r"(?P<name>[^\W\d_][^:\n\t]{0,59}?)"
_COLON = re.compile(
    rf"\s*(?:{_TIMES}\s+)?(?:-\s)?{_NAME}\s*(?:[\[(](?P<late>{CLOCK})[\])])?\s*:(?:\s+(?P<words>\S.*)|\s*)$"
)
_ABOVE = re.compile(rf"\s*(?P<name>[^\W\d_].{{0,117}}?)(?:\s{{2,}}|\t\s*|\s[-–—]\s){_TIMES}:?\s*$")
_BESIDE = re.compile(rf"\s*(?P<name>[^\W\d_].{{0,59}}?)\s+[\[(](?P<time>{CLOCK})[\])]:?\s*$")
_BEFORE = re.compile(rf"\s*{_TIMES}\s+(?:-\s)?(?P<name>[^\W\d_].{{0,59}}?):?\s*$")
_LOOSE = r"(?:\d{1,2}:){1,2}\d{1,2}[.,]\d+"
_SPAN = re.compile(rf"\s*\[?(?P<time>{_LOOSE})\s*-->\s*{_LOOSE}\]?\s*(?P<words>.*)$")
_ALONE = re.compile(rf"\s*{_TIMES}\s*$")
_F4 = re.compile(r"\s*#(\d{1,2}:\d{2}:\d{2})(?:-(\d))?#\s*")
_BULLET = re.compile(r"^\s*(?:>>|[-–—])\s+")
_LONGEST, _LEAST = 6, 2


def read(text: str, name: str = "") -> ParsedTranscript:
    """The turns of a text. What stands before a colon is a speaker when it stands there twice.

    Where every line has the form of a turn, once is enough. Beside a time twice is enough for all
    names together, for hardly anything else is written so.
    """
    return read_lines(text.split("\n"))


def read_lines(lines: Iterable[str]) -> ParsedTranscript:
    """The turns of lines; words of nobody known end where a line is empty."""
    whole = list(lines)
    speakers = colons(whole) | _above(whole) | _spanned(whole)
    turns = tuple(joined(_turns(whole, speakers)))
    notes = () if any(turn.speaker for turn in turns) else (NO_SPEAKERS,)
    return ParsedTranscript(turns, notes)


def colons(lines: Iterable[str]) -> frozenset[str]:
    """The names that stand before a colon as those of speakers do."""
    spoken = [line for line in lines if line.strip() and not _ALONE.match(line)]
    heads = Counter(match["name"].strip() for line in spoken if (match := _COLON.match(line)))
    least = 1 if sum(heads.values()) == len(spoken) else _LEAST
    return frozenset(n for n, times in heads.items() if _like_a_name(n) and times >= least)


def _above(lines: Iterable[str]) -> frozenset[str]:
    """The names that stand on a line of their own with a time."""
    whole = list(lines)
    behind = Counter(m["name"].strip() for x in whole if (m := _ABOVE.match(x)))
    others = (m for x in whole if (m := _BEFORE.match(x) or _BESIDE.match(x)))
    beside = Counter(m["name"].strip() for m in others)
    sure = {n for n, times in beside.items() if unnamed(n) or times >= _LEAST}
    found = {n for n in behind if behind.total() >= _LEAST} | sure
    return frozenset(filter(_like_a_name, found))


def _spanned(lines: Iterable[str]) -> frozenset[str]:
    """The names that stand under a line of two times, with their words under them."""
    whole = [line.strip() for line in lines if line.strip()]
    pairs = zip(whole, whole[1:], whole[2:], strict=False)
    bare = ((b, c) for a, b, c in pairs if (m := _SPAN.match(a)) and not m["words"])
    under = (b for b, c in bare if not _SPAN.match(c) and not b.endswith((".", "?", "!")))
    return frozenset(filter(_like_a_name, under))


def _like_a_name(head: str) -> bool:
    words = head.split()
    return len(words) <= _LONGEST and (words[0][0].isupper() or words[-1][0].isupper())


def _turns(lines: list[str], speakers: frozenset[str]) -> Iterator[SpeakerTurn]:
    speaker: str | None = None
    when: int | None = None
    below = False
    for line in lines:
        words: str | None = line
        if match := _SPAN.match(line) or _ALONE.match(line):
            when, below = milliseconds(match["time"]), True
            words = match.groupdict().get("words") or None
        elif match := _heading(line, speakers) or (_only_name(line, speakers) if below else None):
            speaker, below = match["name"].strip(), False
            time = match.groupdict().get("time") or match.groupdict().get("late")
            when = milliseconds(time) if time else when
            words = match.groupdict().get("words")
        if words is None:
            continue
        if words.strip():
            below = False
            spoken, when = _spoken(speaker, _BULLET.sub("", words), when)
            yield from spoken
        elif speaker is None:
            yield SpeakerTurn(None, "\n")


def _heading(line: str, speakers: frozenset[str]) -> re.Match[str] | None:
    for form in (_ABOVE, _BESIDE, _BEFORE, _COLON):
        match = form.match(line)
        if match and match["name"].strip() in speakers:
            return match
    return None


def _only_name(line: str, speakers: frozenset[str]) -> re.Match[str] | None:
    match = re.match(r"\s*(?P<name>\S.*?)\s*$", line)
    return match if match and match["name"] in speakers else None


def _spoken(
    speaker: str | None, words: str, when: int | None
) -> tuple[list[SpeakerTurn], int | None]:
    """Words with the times that f4 writes behind them: each begins what comes next."""
    turns, index = [], 0
    for match in _F4.finditer(words):
        turns.append(make_turn(speaker, words[index : match.start()], when))
        when = milliseconds(f"{match[1]}.{match[2] or 0}")
        index = match.end()
    turns.append(make_turn(speaker, words[index:], when))
    return turns, when if index else None
