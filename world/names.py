"""How much of the names in text that others marked is found: CoNLL-2002 Dutch and deduce's cases.

python world/names.py DIR [half]

DIR holds `nltk_data/conll2002.zip`, `deduce/*.json`, and `sources.csv` with the columns file,
repository and commit. The results go to `names.md` beside this file. `half` is 'testb', which was
opened at the end, or 'testa', on which rules may be tried.
"""

from __future__ import annotations

import csv
import json
import platform
import re
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from blikveld.interviews.protect import Context, Kind, suggestions
from blikveld.interviews.protect.words import TITLES, Category

TABLE = Path(__file__).with_suffix(".md")
_TITLES = re.compile(rf"^(?:(?:{'|'.join(TITLES)}|de|het)\.?\s+)+", re.IGNORECASE)
_CLOSE = frozenset(".,;:!?)]}%…")
_OPEN = frozenset("([{")
_TAGS = {"persoon": "person", "locatie": "place", "instelling": "organisation"} | {
    "ziekenhuis": "organisation",
    "zorginstelling": "organisation",
    "patient": "person",
}
HIDE = (Category.COUNTRIES, Category.NATIONAL_BODIES)


@dataclass(frozen=True)
class Mark:
    """What somebody marked: from, up to, and of what kind."""

    start: int
    end: int
    kind: str


@dataclass
class Score:
    """Marks and covered marks by kind, suggestions and those that touch no mark."""

    marked: Counter[str] = field(default_factory=Counter)
    covered: Counter[str] = field(default_factory=Counter)
    suggested: int = 0
    right: int = 0
    missed: list[str] = field(default_factory=list)
    too_much: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """The share of suggestions that touch a mark."""
        return self.right / self.suggested if self.suggested else 1.0


def judge(
    score: Score,
    text: str,
    marks: Iterable[Mark],
    context: Context,
    unjudged: frozenset[Kind] = frozenset(),
) -> None:
    """Hold the suggestions of a text against its marks, but those of kinds that were not marked.

    A mark is covered when each of its letters and digits is, titles and articles aside.
    """
    spans = [span for span in suggestions(text, context) if span.kind not in unjudged]
    whole = list(marks)
    hidden = {place for span in spans for place in range(span.start, span.end)}
    for mark in whole:
        words = text[mark.start : mark.end]
        title = _TITLES.match(words)
        start = mark.start + (title.end() if title and title.end() < len(words) else 0)
        letters = [place for place in range(start, mark.end) if text[place].isalnum()]
        score.marked[mark.kind] += 1
        if all(place in hidden for place in letters):
            score.covered[mark.kind] += 1
        else:
            around = text[max(0, mark.start - 25) : mark.end + 15].replace("\n", " ")
            score.missed.append(f"{mark.kind}: {words} ({around})")
    there = {place for mark in whole for place in range(mark.start, mark.end)}
    for span in spans:
        score.suggested += 1
        touches = not there.isdisjoint(range(span.start, span.end))
        score.right += touches
        if not touches:
            around = text[max(0, span.start - 25) : span.end + 15].replace("\n", " ")
            score.too_much.append(f"{span.kind.value}: {span.words(text)} ({around})")


def news(archive: Path, half: str, *, lines: bool) -> Iterator[tuple[str, list[Mark]]]:
    """The articles of CoNLL-2002 Dutch with their marks; a line a sentence, or a paragraph each."""
    with zipfile.ZipFile(archive) as whole:
        rows = whole.read(f"conll2002/ned.{half}").decode("utf-8").split("\n")
    article: list[list[tuple[str, str]]] = [[]]
    for row in (*rows, "-DOCSTART- -DOCSTART- O"):
        word, _, tag = [*row.split(" "), "", ""][:3] if row.strip() else ("", "", "")
        if word == "-DOCSTART-":
            if any(article):
                yield _written(article, "\n" if lines else " ")
            article = [[]]
        elif not word:
            article.append([])
        else:
            article[-1].append((word, tag))


def _written(sentences: list[list[tuple[str, str]]], between: str) -> tuple[str, list[Mark]]:
    text, marks = "", []
    for sentence in filter(None, sentences):
        text += between if text else ""
        text, more = _sentence(text, sentence)
        marks += more
    return text, marks


def _sentence(text: str, sentence: list[tuple[str, str]]) -> tuple[str, list[Mark]]:
    marks: list[Mark] = []
    glue, quoted = True, False
    for word, tag in sentence:
        quote = word in ("'", '"')
        if not (glue or word in _CLOSE or (quote and quoted)):
            text += " "
        start, text = len(text), text + word
        quoted = quoted != quote
        glue = word in _OPEN or (quote and quoted)
        if tag.startswith("B-"):
            marks.append(Mark(start, len(text), tag[2:]))
        elif tag.startswith("I-") and marks:
            marks[-1] = Mark(marks[-1].start, len(text), marks[-1].kind)
    return text, marks


_UNMARKED = frozenset((Kind.DATE, Kind.AGE, Kind.PHONE, Kind.LINK, Kind.MAIL))
_NEWS = {"PER": "person", "LOC": "place", "ORG": "organisation", "MISC": "other"}


def on_news(archive: Path, half: str, hide: tuple[Category, ...], *, lines: bool) -> Score:
    """The score on the news. Names of other things (MISC) may be hidden, and need not."""
    score = Score()
    for text, marks in news(archive, half, lines=lines):
        named = [Mark(mark.start, mark.end, _NEWS[mark.kind]) for mark in marks]
        judge(score, text, named, Context(hide=frozenset(hide)), _UNMARKED)
    return score


def on_cases(folder: Path, hide: tuple[Category, ...]) -> Score:
    """The score on deduce's cases of names, places, bodies and structured kinds."""
    score = Score()
    for path in sorted(folder.glob("*.json")):
        for case in json.loads(path.read_text(encoding="utf-8"))["examples"]:
            marks = [
                Mark(a["start_char"], a["end_char"], _TAGS.get(a["tag"], a["tag"]))
                for a in case["annotations"]
            ]
            judge(score, case["text"], marks, Context(hide=frozenset(hide)))
    return score


def row(name: str, score: Score, kinds: Iterable[str]) -> str:
    """A row of the table: found of marked, its share, and the precision."""
    cells = [_found(score, kind) for kind in kinds]
    return f"| {name} | {' | '.join(cells)} | {score.precision:.3f} |"


def _found(score: Score, kind: str) -> str:
    marked, covered = score.marked[kind], score.covered[kind]
    return f"{covered} of {marked} ({covered / marked:.3f})" if marked else "–"


def table(folder: Path, half: str) -> str:
    """The results as Markdown."""
    archive, cases = folder / "nltk_data/conll2002.zip", folder / "deduce"
    kinds = ("person", "place", "organisation")
    news_rows = {
        f"news ({half}), a paragraph, all hidden": on_news(archive, half, HIDE, lines=False),
        f"news ({half}), a line a sentence, all hidden": on_news(archive, half, HIDE, lines=True),
        f"news ({half}), a paragraph, countries and national bodies readable": on_news(
            archive, half, (), lines=False
        ),
    }
    found = on_cases(cases, HIDE)
    others = [kind for kind in sorted(found.marked) if kind not in kinds]
    parts = [
        "# Names in foreign text",
        "",
        *_provenance(folder),
        "",
        "A mark counts as found when each of its letters and digits is hidden, titles aside;",
        "precision is the share of suggestions that touch a mark. No program was asked.",
        "",
        f"| set | {' | '.join(kinds)} | precision |",
        f"|---|{'---|' * len(kinds)}---|",
        *(row(name, score, kinds) for name, score in news_rows.items()),
        row("deduce's cases, all hidden", found, kinds),
        "",
        "| deduce's cases, structured kinds | found |",
        "|---|---|",
        *(f"| {kind} | {_found(found, kind)} |" for kind in others),
        "",
    ]
    return "\n".join(parts)


def _provenance(folder: Path) -> Iterator[str]:
    commit = subprocess.run(
        ("git", "rev-parse", "--short", "HEAD"), capture_output=True, text=True, check=False
    ).stdout.strip()
    yield f"Measured on {datetime.now(UTC):%d %B %Y}, commit {commit}, {platform.machine()}, "
    yield f"Python {platform.python_version()}."
    yield ""
    yield "| file | repository | commit | SHA-256 |"
    yield "|---|---|---|---|"
    with (folder / "sources.csv").open(encoding="utf-8", newline="") as file:
        for source in csv.DictReader(file):
            path = folder / source["file"]
            if path.is_file():
                digest = sha256(path.read_bytes()).hexdigest()[:16]
                where, when = source["repository"], source["commit"][:12]
                yield f"| {source['file']} | {where} | {when} | {digest} |"


if __name__ == "__main__":
    WORLD = Path(sys.argv[1])
    HALF = sys.argv[2] if len(sys.argv) > 2 else "testb"
    if not (WORLD / "nltk_data/conll2002.zip").exists():
        sys.exit(f"{WORLD} holds no nltk_data/conll2002.zip.")
    RESULT = table(WORLD, HALF)
    if HALF == "testb":
        TABLE.write_text(RESULT, encoding="utf-8")
    print(RESULT)
