"""Which code a text may want: by how much it is like words that have a code already.

Likeness is that of runs of three and four letters within words, so that Dutch words written
together ('schoolleider') are like their parts. A run counts the more, the fewer codes have it:
'medewerker' stands under many codes and tells nothing, 'leerplicht' under one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import log, sqrt

from blikveld.study.labels import fold_text
from blikveld.study.model import Coded, Study

MOST = 5
_LEAST = 0.1
_NEAR = 0.4
"""What is less than this part as like as the likeliest only distracts."""

_RUNS = (3, 4)

Weights = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class CodeSuggestion:
    """A code, how like it is (0 to 1), and the words it is like."""

    code: str
    score: float
    like: str


def suggestions(
    study: Study, variable: Coded, decided: Mapping[str, str], text: str
) -> tuple[CodeSuggestion, ...]:
    """The codes a text may want, the likeliest first, at most five.

    Words that have a code: the labels of the codes, the answers offered that are mapped to one,
    the study's coding file, and what was coded at the desk before.
    """
    known = [(words, code, _runs(words)) for words, code in _known(study, variable, decided)]
    rarity = _rarity(known)
    wanted = _weighed(_runs(fold_text(text)), rarity)
    best: dict[str, CodeSuggestion] = {}
    for words, code, runs in known:
        score = _alike(wanted, _weighed(runs, rarity))
        if score >= _LEAST and (code not in best or score > best[code].score):
            best[code] = CodeSuggestion(code, score, words)
    ranked = sorted(best.values(), key=lambda one: (-one.score, one.code))[:MOST]
    return tuple(one for one in ranked if one.score >= _NEAR * ranked[0].score)


def _runs(text: str) -> Counter[str]:
    """The runs of letters in the words of a text; a space marks where a word begins or ends."""
    plain = "".join(sign if sign.isalnum() else " " for sign in text)
    words = (f" {word} " for word in plain.split())
    return Counter(
        word[at : at + length]
        for word in words
        for length in _RUNS
        for at in range(len(word) - length + 1)
    )


def _rarity(known: list[tuple[str, str, Counter[str]]]) -> Weights:
    """How much a run tells: the more, the fewer codes have words with it."""
    codes: defaultdict[str, set[str]] = defaultdict(set)
    for _, code, runs in known:
        for run in runs:
            codes[run].add(code)
    number = 1 + len({code for _, code, _ in known})
    return {run: log(number / (1 + len(having))) + 0.05 for run, having in codes.items()}


def _weighed(runs: Counter[str], rarity: Weights) -> Weights:
    # A run that no code has is as rare as can be: it makes the text less like all of them.
    most = max(rarity.values(), default=1.0)
    return {run: sqrt(times) * rarity.get(run, most) for run, times in runs.items()}


def _alike(one: Weights, other: Weights) -> float:
    """The cosine between two weighed texts; 0 where one is empty."""
    together = sum(weight * other.get(run, 0.0) for run, weight in one.items())
    lengths = _length(one) * _length(other)
    return together / lengths if lengths else 0.0


def _length(weights: Weights) -> float:
    return sqrt(sum(weight * weight for weight in weights.values()))


def _known(study: Study, variable: Coded, decided: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for code in variable.codes:
        yield from ((fold_text(label), code.code) for label in code.label.values())
    question = study.questions.get(variable.source)
    for option in question.options if question else ():
        if option.code in variable.map:
            yield from (
                (fold_text(words), variable.map[option.code]) for words in option.label.values()
            )
    yield from variable.texts.items()
    yield from decided.items()
