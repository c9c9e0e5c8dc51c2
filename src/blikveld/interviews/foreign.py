"""A project of another program as texts and actions of our own, to go on coding with.

What has no place here (pictures, graphs, selections without a code) stays in the package it came
in; write back over that package and it comes out again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from blikveld.interviews.coding.actions import Action, Kind, MemoKind
from blikveld.interviews.protect.protected import Protected
from blikveld.interviews.refi.model import Code, Coding, Document, Project, same

UNKNOWN = "unknown coder"
_NOT_KEY = re.compile(r"[^a-z0-9]+")
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Foreign:
    """Texts, actions with who did them, in an order in which each can be, and what was left out."""

    texts: tuple[Protected, ...]
    actions: tuple[tuple[str, Action], ...]
    trouble: tuple[str, ...]


def taken_over(project: Project, language: str = "nl") -> Foreign:
    """What a project holds that can be coded on.

    Texts are taken as they are: whether they are protected is for a person to see. Codings of a
    whole text become passages from its first sign to its last.
    """
    there = [source for source in project.sources if source.text]
    texts = _keys((source.guid, source.name or "text") for source in there)
    codes = _keys((code.guid, code.name) for code in project.all_codes())
    coders = {same(user.guid): user.name or user.login or user.guid for user in project.users}
    actions = (
        *((UNKNOWN, action) for code in project.codes for action in _code(code, codes, "")),
        *(step for source in there for step in _passages(source, texts, codes, coders)),
        *_memos(project, texts, codes, coders),
    )
    made = (Protected(texts[same(s.guid)], s.text or "", language) for s in there)
    # A program may have coded one passage twice with one code; once is enough here.
    return Foreign(tuple(made), tuple(dict.fromkeys(actions)), project.trouble())


def _keys(named: Iterable[tuple[str, str]]) -> dict[str, str]:
    """A short key for each guid, from its name; a number tells equal ones apart."""
    found: dict[str, str] = {}
    for guid, name in named:
        stem = _NOT_KEY.sub("-", name.casefold()).strip("-")[:_LONGEST] or "x"
        key, number = stem, 1
        while key in found.values():
            number += 1
            key = f"{stem}-{number}"
        found[same(guid)] = key
    return found


def _code(code: Code, codes: Mapping[str, str], parent: str) -> Iterator[Action]:
    key, words = codes[same(code.guid)], code.description or ""
    name = code.name or key
    yield Action(Kind.SET_CODE, code=key, name=name, definition=words, parent=parent)
    for inner in code.codes:
        yield from _code(inner, codes, key)


def _passages(
    source: Document, texts: Mapping[str, str], codes: Mapping[str, str], coders: Mapping[str, str]
) -> Iterator[tuple[str, Action]]:
    key, length = texts[same(source.guid)], len(source.text or "")
    places = [(s.start, s.end, s.user, s.codings) for s in source.selections]
    for start, end, user, codings in (*places, (0, length, source.user, source.codings)):
        for coding in codings:
            code = codes.get(same(coding.code))
            if code is not None and 0 <= start < end <= length:
                action = Action(Kind.CODE, code=code, text=key, start=start, end=end)
                yield _who(coding, user, coders), action


def _who(coding: Coding, user: str | None, coders: Mapping[str, str]) -> str:
    return coders.get(same(coding.user or user or ""), UNKNOWN)


def _memos(
    project: Project, texts: Mapping[str, str], codes: Mapping[str, str], coders: Mapping[str, str]
) -> Iterator[tuple[str, Action]]:
    about = {
        same(n): (codes[same(c.guid)], MemoKind.CODE) for c in project.all_codes() for n in c.notes
    }
    about |= {
        same(n): (texts[same(s.guid)], MemoKind.TEXT)
        for s in project.sources
        if same(s.guid) in texts
        for n in s.notes
    }
    names = _keys((note.guid, note.name or "memo") for note in project.notes)
    for note in project.notes:
        thing, kind = about.get(same(note.guid), ("", MemoKind.REFLECTION))
        words = note.text or note.description or note.name
        if words:
            key = names[same(note.guid)]
            action = Action(Kind.MEMO, memo=key, memo_kind=kind, words=words, about=thing)
            yield coders.get(same(note.user or ""), UNKNOWN), action
