"""How much of the names in text that others marked is found: CoNLL-2002 Dutch and deduce's cases.

python world/names.py DIR [half]

DIR holds `nltk_data/conll2002.zip`, `deduce/*.json`, and `sources.csv` with the columns file,
repository and commit. The results go to `names.md` beside this file. `half` is 'testb', which was
opened at the end, or 'testa', on which rules may be tried.
"""

from __future__ import annotations

import json
import re
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from provenance import list_sources, tell_when

from blikveld.interviews.deidentification import (
    Context,
    IdentifierKind,
    KnownNames,
    Speaker,
    suggestions,
)
from blikveld.interviews.deidentification.find import second_look
from blikveld.interviews.deidentification.words import TITLES, Category

TABLE = Path(__file__).with_suffix(".md")
_TITLES = re.compile(rf"^(?:(?:{'|'.join(TITLES)}|de|het)\.?\s+)+", re.IGNORECASE)
_CLOSE = frozenset(".,;:!?)]}%…")
_OPEN = frozenset("([{")
_TAGS = {"persoon": "person", "locatie": "place", "instelling": "organisation"} | {
    "ziekenhuis": "organisation",
    "zorginstelling": "organisation",
    "patient": "person",
}
_VALUES, _SHOWN = 1_000, 60
_LENGTH, _ROWS = 2_500, 100
"""Words of a text for the second look, and its rows that count."""
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
    unjudged: frozenset[IdentifierKind] = frozenset(),
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


_UNMARKED = frozenset(
    (IdentifierKind.DATE, IdentifierKind.AGE, IdentifierKind.PHONE, IdentifierKind.MAIL)
)
_NEWS = {"PER": "person", "LOC": "place", "ORG": "organisation", "MISC": "other"}


def on_news(archive: Path, half: str, hide: tuple[Category, ...], *, lines: bool) -> Score:
    """The score on the news. Names of other things (MISC) may be hidden, and need not."""
    score = Score()
    for text, marks in news(archive, half, lines=lines):
        named = [Mark(mark.start, mark.end, _NEWS[mark.kind]) for mark in marks]
        judge(score, text, named, Context(hide=frozenset(hide)), _UNMARKED)
    return score


def on_second_look(archive: Path, half: str) -> tuple[Score, Score]:
    """Of the names that the rules miss, those that the second look shows among its first rows.

    Articles are taken together until they are as long as an interview. The first score is of names
    that were missed as a whole, the second of those of which a part was.
    """
    whole, partly = Score(), Score()
    context = Context(hide=frozenset(HIDE))
    for text, marks in _together(news(archive, half, lines=False)):
        spans = suggestions(text, context)
        closed = {place for span in spans for place in range(span.start, span.end)}
        rows = second_look(text, spans, context.hide)[:_ROWS]
        shown = {p for row in rows for at in row.starts for p in range(at, at + len(row.words))}
        for mark in marks:
            letters = [p for p in range(mark.start, mark.end) if text[p].isalnum()]
            bare = [p for p in letters if p not in closed]
            if bare and mark.kind != "MISC":
                score = whole if len(bare) == len(letters) else partly
                score.marked["all"] += 1
                score.covered["all"] += not shown.isdisjoint(bare)
    return whole, partly


def _together(articles: Iterable[tuple[str, list[Mark]]]) -> Iterator[tuple[str, list[Mark]]]:
    text, marks = "", []
    for words, found in articles:
        marks += [Mark(m.start + len(text), m.end + len(text), m.kind) for m in found]
        text += f"{words}\n\n"
        if len(text.split()) >= _LENGTH:
            yield text, marks
            text, marks = "", []
    yield text, marks


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


def _citizen(chance: Random) -> str:
    while True:
        found = [chance.randrange(10) for _ in range(8)]
        last = sum(d * w for d, w in zip(found, range(9, 1, -1), strict=True)) % 11
        if last < 10 and any(found):
            return "".join(map(str, (*found, last)))


def _account(chance: Random) -> str:
    bank, number = chance.choice(("ABNA", "INGB", "RABO", "SNSB")), chance.randrange(10**10)
    rest = "".join(str(int(sign, 36)) for sign in f"{bank}{number:010}NL00")
    raw = f"NL{98 - int(rest) % 97:02}{bank}{number:010}"
    return raw if chance.random() < 0.5 else " ".join(raw[i : i + 4] for i in range(0, 18, 4))


def _letters(chance: Random, count: int) -> str:
    return "".join(chance.choice("BDFGHJKLNPRSTVXZ") for _ in range(count))


def _numbers(chance: Random, count: int) -> str:
    return "".join(chance.choice("0123456789") for _ in range(count))


MADE: Mapping[str, Callable[[Random], str]] = {
    "bsn": _citizen,
    "iban": _account,
    "postcode": lambda c: f"{c.randrange(1000, 9999)} {_letters(c, 2)}",
    "address": lambda c: (
        f"{c.choice(('Beuken', 'Molen', 'Koninginne', 'Kerk', 'Vecht', 'Heide'))}"
        f"{c.choice(('straat', 'laan', 'weg', 'plein', 'dijk', 'hof'))} {c.randrange(1, 399)}"
        f"{c.choice(('', '', 'a', ' B', '-2'))}"
    ),
    "mobile": lambda c: c.choice(("06-{}{}", "06 {} {}", "+31 6 {}{}", "06{}{}")).format(
        _numbers(c, 4), _numbers(c, 4)
    ),
    "landline": lambda c: f"0{c.choice(('20', '10', '30', '24'))}-{c.randrange(10**6, 10**7)}",
    "service": lambda c: f"0900-{_numbers(c, 4)}",
    "abroad": lambda c: f"+{c.choice(('32', '49', '44'))} {_numbers(c, 3)} {_numbers(c, 6)}",
    "plate": lambda c: f"{_letters(c, 2)}-{_numbers(c, 3)}-{_letters(c, 1)}",
    "mail": lambda c: f"{_letters(c, 5).lower()}.{_letters(c, 4).lower()}@voorbeeld.example",
    "link": lambda c: f"https://www.{_letters(c, 7).lower()}.nl/{_letters(c, 4).lower()}",
    "handle": lambda c: f"@{_letters(c, 6).lower()}{_numbers(c, 2)}",
    "date": lambda c: c.choice(("{0}-{1}-{3}", "{0}/{1}/{3}", "{0} {2} {3}", "{0} {2}")).format(
        c.randrange(1, 29), c.randrange(1, 13), c.choice(("mei", "maart")), c.randrange(1950, 2024)
    ),
    "case": lambda c: f"dossiernummer {c.randrange(2010, 2024)}/{_numbers(c, 5)}",
    "student": lambda c: f"studentnummer {_numbers(c, 7)}",
}
"""Kinds of values, and how one is made up."""
_CUES = ("dossiernummer ", "studentnummer ")
_ODD = {" ": "\u00a0", "-": "\u2011"}


def generated(count: int, seed: int = 20) -> Score:
    """The score on values that were made up, a third of them with odd spaces and hyphens."""
    chance, score = Random(seed), Score()
    for number in range(count):
        kind = list(MADE)[number % len(MADE)]
        value = MADE[kind](chance)
        if number % 3 == 0:
            value = "".join(_ODD.get(sign, sign) for sign in value)
        text = f"Ik schreef het op: {value}, zei hij."
        start = text.index(value)
        cue = next((len(cue) for cue in _CUES if value.replace("\u00a0", " ").startswith(cue)), 0)
        judge(score, text, [Mark(start + cue, start + len(value), kind)], Context())
    return score


def invented(folder: Path) -> Iterator[tuple[str, Score, Score]]:
    """The scores on the invented turns of the tests, as they are and in lower case."""
    for path in sorted(folder.glob("*.txt")):
        lines = path.read_text(encoding="utf-8").splitlines()
        names = [line[11:] for line in lines if line.startswith("# speaker: ")]
        people = KnownNames(tuple(Speaker((name,), "Spreker") for name in names))
        text, marks = _unmarked("\n".join(line for line in lines if line and line[0] != "#"))
        scores = Score(), Score()
        for score, shown in zip(scores, (text, text.lower()), strict=True):
            judge(score, shown, marks, Context(people))
        yield path.stem, *scores


_MARKED = re.compile(r"\{(?P<kind>[a-z]+)\|(?P<words>[^}]*)\}")
_SORTS = {"name": "person", "place": "place", "org": "organisation"}


def _unmarked(raw: str) -> tuple[str, list[Mark]]:
    text, marks, place = "", [], 0
    for match in _MARKED.finditer(raw):
        text += raw[place : match.start()]
        kind = _SORTS.get(match["kind"], "structured")
        marks.append(Mark(len(text), len(text) + len(match["words"]), kind))
        text += match["words"]
        place = match.end()
    return text + raw[place:], marks


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
    found, first = on_cases(cases, HIDE), next(iter(news_rows.values()))
    others = [kind for kind in sorted(found.marked) if kind not in kinds]
    parts = [
        "# Names in foreign text",
        "",
        tell_when(),
        "",
        *list_sources(folder),
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
        *_own_sets(),
        *_looked_at(archive, half),
        *_failures("Missed in the news", first.missed),
        *_failures("Hidden in the news though unmarked", first.too_much),
        *_failures("Missed in deduce's cases", found.missed),
    ]
    return "\n".join(parts)


def _own_sets() -> Iterator[str]:
    sorts = ("person", "place", "organisation", "structured")
    yield "Invented turns of the tests (`apart` by somebody who knew no rules), speakers listed:"
    yield ""
    yield f"| set | {' | '.join(sorts)} | precision | all, in lower case |"
    yield f"|---|{'---|' * len(sorts)}---|---|"
    for name, score, lower in invented(Path(__file__).parents[1] / "tests/interviews/protection"):
        whole = lower.covered.total(), lower.marked.total()
        share = whole[0] / whole[1]
        yield f"{row(name, score, sorts)} {whole[0]} of {whole[1]} ({share:.3f}) |"
    made = generated(_VALUES)
    yield ""
    yield f"Of {_VALUES:,} values that were made up {made.covered.total()} are found."
    yield ""
    yield from _failures("Missed of those", made.missed)


def _looked_at(archive: Path, half: str) -> Iterator[str]:
    whole, partly = on_second_look(archive, half)
    both = Score(whole.marked + partly.marked, whole.covered + partly.covered)
    yield f"The second look shows of what is missed in the news ({half}), in texts of {_LENGTH:,}"
    yield f"words, all hidden, in its first {_ROWS} rows: names missed as a whole"
    yield f"{_found(whole, 'all')}, names missed in part {_found(partly, 'all')}, together"
    yield f"{_found(both, 'all')}. Titles count here."
    yield ""


def _failures(title: str, rows: list[str]) -> Iterator[str]:
    """A list of what went wrong, the first of each kind of words."""
    yield f"## {title}: {len(rows)}"
    yield ""
    # Words of the foreign text are quoted one by one, never in their sentences.
    short = dict.fromkeys(row.split(" (", 1)[0] for row in rows)
    yield from (f"- {line}" for line in list(short)[:_SHOWN])
    yield ""


if __name__ == "__main__":
    WORLD = Path(sys.argv[1])
    HALF = sys.argv[2] if len(sys.argv) > 2 else "testb"
    if not (WORLD / "nltk_data/conll2002.zip").exists():
        sys.exit(f"{WORLD} holds no nltk_data/conll2002.zip.")
    RESULT = table(WORLD, HALF)
    if HALF == "testb":
        TABLE.write_text(RESULT, encoding="utf-8")
    print(RESULT)
