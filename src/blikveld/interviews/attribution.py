"""Name who is quoted by role ('Jongerenwerker C'), and widen a role that one person holds.

A label is published, so it is checked like any published cell. A role that one interview has is
replaced by the wider one of its category, and that by the widest when it would stand alone too. A
letter stays with its interview for good and is never given to another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from blikveld.study.model import Study, Text

FEWEST = 2
"""Interviews that have to share a role before it is printed."""


@dataclass(frozen=True, slots=True)
class SpeakerRole:
    """What somebody is called, from the nearest word to the widest: youth worker, professional.

    `keys` name the levels; two interviews with one key at a level share the word there.
    """

    keys: tuple[str, ...]
    labels: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Naming:
    """What people are called: by role, by category, and when that is too narrow as well.

    A role is an item of the nearest level of a classification, its category one of the widest.
    """

    category_of: Mapping[str, str]
    nearest: Mapping[str, Text]
    category_labels: Mapping[str, Text]
    fallback_label: Text

    @classmethod
    def of_study(cls, study: Study) -> Naming:
        """The words that the study itself has for its roles."""
        roles = study.roles
        nearest = roles.at(roles.nearest.name) if roles else ()
        widest = roles.at(roles.widest.name) if roles else ()
        return cls(
            roles.category_of if roles else {},
            {item.code: item.label for item in nearest},
            {item.code: item.label for item in widest},
            dict.fromkeys(study.languages, "Professional"),
        )

    def role(self, role: str) -> SpeakerRole:
        """What somebody with this role is called, from the nearest word to the widest."""
        category = self.category_of.get(role, "")
        words = (
            self.nearest.get(role, self.fallback_label),
            self.category_labels.get(category, self.fallback_label),
            self.fallback_label,
        )
        return SpeakerRole((f"role {role}", f"category {category}", "anybody"), words)


@dataclass(frozen=True, slots=True)
class Label:
    """What is printed under a quote. `level` tells how far the role was widened; 0 is not."""

    key: str
    words: Text
    letter: str
    level: int

    def text(self, language: str) -> str:
        """The label in one language of the study."""
        return f"{self.words[language]} {self.letter}"


def labels(
    roles: Mapping[str, SpeakerRole], before: Mapping[str, Label] | None = None
) -> Mapping[str, Label]:
    """A label for every interview; `roles` is from interview to role, in the order they were held.

    Labels given `before` are kept as long as they point at nobody. Letters that were given are not
    given again, also when their interview was withdrawn.
    """
    kept = dict(before or {})
    used = {(label.key, label.letter) for label in kept.values()}
    levels = _levels(roles)
    made: dict[str, Label] = {}
    for interview, role in roles.items():
        old = kept.get(interview)
        if old is not None and old.level >= levels[interview]:
            made[interview] = old
            continue
        key, words = role.keys[levels[interview]], role.labels[levels[interview]]
        letter = _free(key, used)
        used.add((key, letter))
        made[interview] = Label(key, words, letter, levels[interview])
    return made


def _levels(roles: Mapping[str, SpeakerRole]) -> Mapping[str, int]:
    # Widening one can leave nobody alone but itself: repeat until nothing stands alone.
    levels = dict.fromkeys(roles, 0)
    while True:
        shared = Counter(role.keys[levels[i]] for i, role in roles.items())
        alone = [
            interview
            for interview, role in roles.items()
            if shared[role.keys[levels[interview]]] < FEWEST
            and levels[interview] < len(role.keys) - 1
        ]
        if not alone:
            return levels
        for interview in alone:
            levels[interview] += 1


def _free(key: str, used: Iterable[tuple[str, str]]) -> str:
    taken = set(used)
    return next(letter for n in range(len(taken) + 1) if (key, letter := _letter(n)) not in taken)


def _letter(number: int) -> str:
    """A, B, … Z, AA, AB, …"""
    index, last = divmod(number, 26)
    return (_letter(index - 1) if index else "") + chr(ord("A") + last)


@dataclass(frozen=True, slots=True)
class Quote:
    """Words from a protected text with what is printed under them.

    `theme` is the code they illustrate; `invented` tells that nobody said them. `translated` has
    the words in other languages.
    """

    theme: str
    interview: str
    start: int
    end: int
    words: str
    label: Label
    invented: bool
    translated: Text = field(default_factory=dict)

    def printed(self, language: str) -> str:
        """The quote as it stands in a report of this language."""
        return f"“{self.translated.get(language, self.words)}” ({self.label.text(language)})"
