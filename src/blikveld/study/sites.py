"""Where a study is held, how it classifies, and what collecting and interviews use of it.

A study has its own words for both: a site may be a town, a department or a school, and the name of
its variable stands in rules and columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from blikveld.rules import Rule
from blikveld.study.items import Text
from blikveld.study.variables import Code


@dataclass(frozen=True, slots=True)
class LocalOption:
    """An answer that one site alone offers, such as a part of a town. Its label is a name."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Site:
    """Where the study is held; each has one open link. `lists` are its local answers by name."""

    key: str
    name: str
    lists: Mapping[str, tuple[LocalOption, ...]] = field(default_factory=dict)

    def options(self, list_name: str) -> tuple[LocalOption, ...]:
        """The local answers of a list; none where this site has no such list."""
        return self.lists.get(list_name, ())


@dataclass(frozen=True, slots=True)
class SiteGroup:
    """Sites that are shown together."""

    key: str
    label: Text
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sites:
    """All sites, in the order of the file, and the study's words for them.

    `name` is the variable that says where somebody is, `plural_name` what report texts call all of
    them. `label` and `plural` are the words for one and for several.
    """

    name: str
    plural_name: str
    label: Text
    plural: Text
    every: tuple[Site, ...]
    groups: tuple[SiteGroup, ...] = ()

    def __iter__(self) -> Iterator[Site]:
        return iter(self.every)

    def __len__(self) -> int:
        return len(self.every)

    def __getitem__(self, key: str) -> Site:
        return {site.key: site for site in self.every}[key]

    @property
    def keys(self) -> tuple[str, ...]:
        """The codes of the variable."""
        return tuple(site.key for site in self.every)

    def one(self, language: str) -> str:
        """The word for one, as it stands within a sentence."""
        return _within_sentence(self.label[language])

    def many(self, language: str) -> str:
        """The word for several, as it stands within a sentence."""
        return _within_sentence(self.plural[language])


def _within_sentence(word: str) -> str:
    return word[:1].lower() + word[1:]


@dataclass(frozen=True, slots=True)
class ClassificationLevel:
    """A level of a classification: a variable of this name has its items as codes."""

    name: str
    plural_name: str
    label: Text
    plural: Text


@dataclass(frozen=True, slots=True)
class ClassItem:
    """An item of a classification, with those below it."""

    code: str
    label: Text
    items: tuple[ClassItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Classification:
    """Items in levels, the widest level first: jobs within fields of work, for example."""

    key: str
    levels: tuple[ClassificationLevel, ...]
    items: tuple[ClassItem, ...]

    def at(self, level: str) -> tuple[ClassItem, ...]:
        """The items of a level, in order. KeyError when it has no such level."""
        found = self.items
        for each in self.levels:
            if each.name == level:
                return found
            found = tuple(below for item in found for below in item.items)
        raise KeyError(level)

    def codes(self, level: str) -> tuple[Code, ...]:
        """The values of a level's variable. KeyError when it has no such level."""
        return tuple(Code(item.code, item.label) for item in self.at(level))

    def above(self, level: str) -> Mapping[str, str]:
        """From each item right under a level to the item of the level that holds it."""
        return {below.code: item.code for item in self.at(level) for below in item.items}

    def holders(self, level: str) -> Mapping[str, str]:
        """From each item of the nearest level to the item of this level that holds it, or is it."""
        names = [each.name for each in self.levels]
        found = {item.code: item.code for item in self.at(level)}
        for lower in names[names.index(level) : -1]:
            found = {below: found[code] for below, code in self.above(lower).items()}
        return found

    @property
    def category_of(self) -> Mapping[str, str]:
        """From each item of the nearest level to the item of the widest that holds it."""
        return self.holders(self.widest.name)

    @property
    def nearest(self) -> ClassificationLevel:
        """The last level: its items hold no others."""
        return self.levels[-1]

    @property
    def widest(self) -> ClassificationLevel:
        """The first level."""
        return self.levels[0]


@dataclass(frozen=True, slots=True)
class Collecting:
    """What collecting uses of a study: names of variables with a single answer.

    `monitor_by` are counted at the desk. `call_column` stands in a list of calls beside the site.
    `offer_facts` are all that is kept with an offer to be interviewed.
    """

    monitor_by: tuple[str, ...] = ()
    call_column: str | None = None
    offer_facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InterviewPlan:
    """Whom a study interviews: for whom `eligible` is true, so that each code of `cover` is met.

    Both look at the facts of an offer alone. `roles` is the key of the classification that says
    what people are called under a quote; None where a study has none.
    """

    eligible: Rule
    cover: tuple[str, ...]
    roles: str | None = None
