"""The rooms of the desk. A new room adds itself to ROOMS, and to APPS when it keeps something.

A room is a module that holds its `SECTION`, or a package with such a module. Its templates stand in
a folder `templates/<room>/`, the desk's or its own. Every view says which permission it takes
(`access.requires`): one that says nothing is refused to everybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module

from django.urls import URLPattern

from blikveld.desk.roles import Permission
from blikveld.study.model import Text

APPS = (
    "blikveld.desk.apps.AuditLogConfig",
    "blikveld.desk.accounts",
    "blikveld.desk.apps.OpenAnswersConfig",
)
"""Rooms with tables of their own, in the desk's database."""

ROOMS = (
    "blikveld.desk.monitoring",
    "blikveld.desk.phone.section",
    "blikveld.desk.open_answers.section",
    "blikveld.desk.interviews.section",
    "blikveld.desk.export",
    "blikveld.desk.accounts.views",
    "blikveld.desk.audit_log.views",
)
"""The module with the section of every room, in the order of the menu."""


@dataclass(frozen=True, slots=True)
class MenuLink:
    """A page in the menu: shown to who has `permission`. `name` is that of its url."""

    name: str
    permission: Permission
    title: Text
    about: Text


@dataclass(frozen=True, slots=True)
class DeskSection:
    """A room: its pages, which of them the menu shows, and the acts it writes in the journal.

    The pattern of every url begins with `<str:language>/`. `acts` is from the key of an act to
    what the journal calls it; an act that is not declared cannot be written.
    """

    key: str
    urls: tuple[URLPattern, ...]
    links: tuple[MenuLink, ...] = ()
    acts: Mapping[str, Text] = field(default_factory=dict)


_ROOMS_OF_BEFORE = {"talks": "interviews", "texts": "open_answers", "calls": "phone"}
"""Rooms under the names that acts in older audit logs begin with."""


def current_act(act: str) -> str:
    """Name an act as it is called now.

    An entry is inside the hash chain, so that its act is never rewritten; only what is shown is.
    """
    room, dot, rest = act.partition(".")
    return f"{_ROOMS_OF_BEFORE.get(room, room)}{dot}{rest}"


@lru_cache(maxsize=1)
def sections() -> tuple[DeskSection, ...]:
    """Every room, in the order of the menu. Reads the rooms when first asked."""
    return tuple(import_module(room).SECTION for room in ROOMS)


@lru_cache(maxsize=1)
def acts() -> Mapping[str, Text]:
    """Every act of every room."""
    return {key: text for section in sections() for key, text in section.acts.items()}
