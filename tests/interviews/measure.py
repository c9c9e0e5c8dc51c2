"""How well protection finds what was marked by hand. A helper of tests, and a report on demand:

python tests/interviews/measure.py [frog]
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from blikveld.interviews.deidentification import (
    Context,
    IdentifierKind,
    KnownNames,
    Span,
    Speaker,
    SuggestionSource,
    suggestions,
)
from blikveld.interviews.deidentification.find import Program
from blikveld.interviews.deidentification.words import TITLES

FOLDER = Path(__file__).parent / "protection"
SETS = ("seen", "held_out", "second", "third", "apart")
"""The sets, by what the author of the rules knew of them. `apart` says how well they really do."""
KINDS = {
    "name": IdentifierKind.PERSON,
    "place": IdentifierKind.TOWN,
    "org": IdentifierKind.ORGANISATION,
    "phone": IdentifierKind.PHONE,
    "mail": IdentifierKind.MAIL,
    "iban": IdentifierKind.ACCOUNT,
    "plate": IdentifierKind.PLATE,
    "date": IdentifierKind.DATE,
    "handle": IdentifierKind.HANDLE,
}
_MARK = re.compile(r"\{([a-z]+)\|([^}]*)\}")
_TITLE = re.compile(rf"^(?:{'|'.join(map(re.escape, (*TITLES, 'de', 'het')))}) ", re.IGNORECASE)


@dataclass(frozen=True)
class MarkedText:
    """Turns with what was marked in them, as one text."""

    text: str
    spans: tuple[Span, ...]
    people: KnownNames
    turns: int


@dataclass
class Score:
    """Counts by kind: marked, covered in full, covered as that kind; and what was too much."""

    marked: Counter[str] = field(default_factory=Counter)
    covered: Counter[str] = field(default_factory=Counter)
    kind_right: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    suggested: int = 0
    too_much: list[str] = field(default_factory=list)

    def recall(self, *kinds: str) -> float:
        wanted = kinds or tuple(self.marked)
        return sum(self.covered[k] for k in wanted) / sum(self.marked[k] for k in wanted)

    @property
    def precision(self) -> float:
        return 1 - len(self.too_much) / self.suggested


def marked(name: str) -> MarkedText:
    """A half of the set."""
    lines = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    heads = [line[2:].split(": ", 1) for line in lines if line.startswith("# ") and ": " in line]
    people = KnownNames(
        tuple(Speaker((v,), "Spreker") for k, v in heads if k == "speaker"),
        tuple(v for k, v in heads if k == "organisation"),
    )
    turns = [line for line in lines if line and not line.startswith("#")]
    text, spans = _unmarked("\n".join(turns))
    return MarkedText(text, spans, people, len(turns))


def _unmarked(raw: str) -> tuple[str, tuple[Span, ...]]:
    text, spans, index = "", [], 0
    for match in _MARK.finditer(raw):
        text += raw[index : match.start()]
        spans.append(
            Span(len(text), len(text) + len(match[2]), KINDS[match[1]], SuggestionSource.RULE)
        )
        text += match[2]
        index = match.end()
    return text + raw[index:], tuple(spans)


def score(half: MarkedText, programs: Iterable[Program] = ()) -> Score:
    """Hold the suggestions against the marks.

    A mark counts as covered when all of its letters are in suggestions, of whatever kind, a title
    such as 'mevrouw' and an article aside. A suggestion is too much when it touches no mark.
    """
    found = suggestions(half.text, Context(half.people, programs=tuple(programs)))
    hidden = {index: span.kind for span in found for index in range(span.start, span.end)}
    result = Score(suggested=len(found))
    for mark in half.spans:
        words = mark.words(half.text)
        title = _TITLE.match(words)
        start = mark.start + (title.end() if title else 0)
        letters = [p for p in range(start, mark.end) if half.text[p].isalnum()]
        name = mark.kind.value
        result.marked[name] += 1
        if all(index in hidden for index in letters):
            result.covered[name] += 1
            result.kind_right[name] += all(hidden[p] is mark.kind for p in letters)
        else:
            result.missed.append(f"{name}: {words}")
    there = {index for mark in half.spans for index in range(mark.start, mark.end)}
    result.too_much = [
        f"{s.kind.value}: {s.words(half.text)}"
        for s in found
        if there.isdisjoint(range(s.start, s.end))
    ]
    return result


def _report(name: str, result: Score) -> None:
    print(f"{name}: recall {result.recall():.3f}, precision {result.precision:.3f}")
    for kind, count in sorted(result.marked.items()):
        right = result.kind_right[kind]
        print(f"  {kind}: {result.covered[kind]} of {count} covered, {right} as such")
    print("  missed:", result.missed)
    print("  too much:", result.too_much)


if __name__ == "__main__":
    import sys

    from blikveld.interviews.deidentification.programs import frogged

    with_frog = "frog" in sys.argv
    long = "\n".join(marked(each).text for each in SETS * 3)[:50_000]
    began = perf_counter()
    suggestions(long, Context())
    print(f"{len(long):,} signs without other programs: {perf_counter() - began:.2f} s")
    for each in SETS:
        _report(each, score(marked(each), (frogged,) if with_frog else ()))
