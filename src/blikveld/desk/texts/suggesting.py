"""Which code a text may want: by how much it is like words that have a code already."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from blikveld.study.model import Coded, Study
from blikveld.study.texts import fold

MOST = 5
_LEAST = 0.5
_NEAR = 0.15
"""How much less like than the likeliest a suggestion may be: what lies further only distracts."""

_LONG = 5
"""Letters of a word that says something by itself."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A code, how like it is (0 to 1), and the words it is like."""

    code: str
    score: float
    like: str


def suggestions(
    study: Study, variable: Coded, decided: dict[str, str], text: str
) -> tuple[Suggestion, ...]:
    """The codes a text may want, the likeliest first, at most five.

    Words that have a code: the labels of the codes, the answers offered that are mapped to one,
    the study's coding file, and what was coded at the desk before.
    """
    wanted = fold(text)
    best: dict[str, tuple[float, str]] = {}
    for words, code in _known(study, variable, decided):
        score = alike(wanted, words)
        if score >= _LEAST and score > best.get(code, (0.0, ""))[0]:
            best[code] = (score, words)
    ranked = sorted(best.items(), key=lambda one: (-one[1][0], one[0]))
    near = [one for one in ranked if one[1][0] >= ranked[0][1][0] - _NEAR][:MOST]
    return tuple(Suggestion(code, score, like) for code, (score, like) in near)


def alike(one: str, other: str) -> float:
    """How like two folded texts are: by their signs, or by a long word that stands in both."""
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    by_signs = matcher.ratio() if matcher.real_quick_ratio() >= _LEAST else 0.0
    return max(by_signs, _by_words(_long_words(one), _long_words(other)))


def _by_words(ours: set[str], theirs: set[str]) -> float:
    if not ours or not theirs:
        return 0.0
    if ours & theirs:
        return 0.75 + 0.2 * len(ours & theirs) / len(ours | theirs)
    # Dutch writes words together: 'schoolleider' tells of a school.
    parts = (min(len(a), len(b)) / max(len(a), len(b)) for a in ours for b in theirs if _in(a, b))
    return max((0.5 + 0.3 * part for part in parts), default=0.0)


def _in(one: str, other: str) -> bool:
    return one in other or other in one


def _long_words(text: str) -> set[str]:
    plain = "".join(sign if sign.isalnum() else " " for sign in text)
    return {word for word in plain.split() if len(word) >= _LONG}


def _known(study: Study, variable: Coded, decided: dict[str, str]) -> Iterator[tuple[str, str]]:
    for code in variable.codes:
        yield from ((fold(label), code.code) for label in code.label.values())
    question = study.questions.get(variable.source)
    for option in question.options if question else ():
        if option.code in variable.map:
            yield from ((fold(words), variable.map[option.code]) for words in option.label.values())
    yield from variable.texts.items()
    yield from decided.items()
