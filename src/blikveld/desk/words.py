"""The desk's words in its languages, from the desk's catalogue; a room's are under its key."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import TypeVar

from blikveld.locale import Audience, by_member, in_all
from blikveld.study.model import Study, Text

LANGUAGES = ("nl", "en")
"""The first is where somebody lands."""

_Member = TypeVar("_Member", bound=Enum)


def texts(room: str) -> Mapping[str, Text]:
    """The words of a room of the desk, in each language: the messages `<room>.…`."""
    return in_all(Audience.DESK, room)


def of_members(members: type[_Member], prefix: str) -> Mapping[_Member, Text]:
    """The words for each member of an enum, in each language. Raises UnknownMessage."""
    return by_member(Audience.DESK, members, prefix)


def acts(room: str) -> Mapping[str, Text]:
    """What the audit log calls the acts of a room, by the key of the act."""
    return {f"{room}.{name}": text for name, text in texts(f"act.{room}").items()}


WORDS = texts("desk")


def translate(words: Mapping[str, Text], language: str) -> Mapping[str, str]:
    """The words in one language."""
    return {key: text[language] for key, text in words.items()}


def of_study(study: Study, language: str) -> str:
    """The language in which a study speaks here: the same, or its first when it lacks that."""
    return language if language in study.languages else study.languages[0]
