"""A project of another program as texts and actions of our own, to go on coding with.

What has no place here (pictures, graphs, selections without a code) stays in the package it came
in; write back over that package and it comes out again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from blikveld.interviews.coding.actions import Action, Kind, MemoKind, free_key
from blikveld.interviews.coding.state import State
from blikveld.interviews.exchange import known_guid
from blikveld.interviews.protect.protected import Protected
from blikveld.interviews.refi.model import Code, Coding, Document, Project, same

UNKNOWN = "unknown coder"


@dataclass(frozen=True, slots=True)
class Foreign:
    """Texts, actions with who did them, in an order in which each can be, and what was left out."""

    texts: tuple[Protected, ...]
    actions: tuple[tuple[str, Action], ...]
    trouble: tuple[str, ...]


def taken_over(project: Project, language: str = "nl", known: State | None = None) -> Foreign:
    """What a project holds that can be coded on.

    A code or memo that this program sent out before is the one that is `known`; every other keeps
    the guid it came with, so that no name can put it over one that is there. Texts are taken as
    they are: whether they are protected is for a person to see. Codings of a whole text become
    passages from its first sign to its last.
    """
    state = known or State()
    there = [source for source in project.sources if source.text]
    texts = _keys((source.guid, source.name or "text") for source in there)
    codes = _identified("code", state.codes, (code.guid for code in project.all_codes()))
    coders = {same(user.guid): user.name or user.login or user.guid for user in project.users}
    named = ((code.guid, code.name) for code in project.all_codes())
    called = _keys(named, taken=(code.called for code in state.codes.values()))
    made = (action for code in project.codes for action in _code(code, codes, called, ""))
    actions = (
        *((UNKNOWN, action) for action in made if action.code not in state.codes),
        *(step for source in there for step in _passages(source, texts, codes, coders)),
        *_memos(project, texts, codes, coders, state),
    )
    taken = (Protected(texts[same(s.guid)], s.text or "", language) for s in there)
    trouble = (*project.trouble(), *_namesakes(project, codes, state))
    # A program may have coded one passage twice with one code; once is enough here.
    return Foreign(tuple(taken), tuple(dict.fromkeys(actions)), trouble)


def _namesakes(project: Project, codes: Mapping[str, str], known: State) -> Iterator[str]:
    """Codes that are called like one that is there, and are another."""
    names = {code.name.casefold() for code in known.codes.values()}
    for code in project.all_codes():
        if codes[same(code.guid)] not in known.codes and code.name.casefold() in names:
            yield f"There are two codes {code.name!r} now: the other program's is kept apart."


def _identified(kind: str, known: Iterable[str], guids: Iterable[str]) -> dict[str, str]:
    """The identifier of each guid: our own where we sent it out, else the guid."""
    ours = {same(known_guid(kind, key)): key for key in known}
    return {same(guid): ours.get(same(guid), same(guid)) for guid in guids}


def _keys(named: Iterable[tuple[str, str]], taken: Iterable[str] = ()) -> dict[str, str]:
    """A short key for each guid, from its name; a number tells equal ones apart."""
    found: dict[str, str] = {}
    used = set(taken)
    for guid, name in named:
        found[same(guid)] = free_key(name, used)
        used.add(found[same(guid)])
    return found


def _code(
    code: Code, codes: Mapping[str, str], called: Mapping[str, str], parent: str
) -> Iterator[Action]:
    key, words, short = codes[same(code.guid)], code.description or "", called[same(code.guid)]
    yield Action(
        Kind.SET_CODE,
        code=key,
        name=code.name or short,
        definition=words,
        parent=parent,
        report_key=short,
    )
    for inner in code.codes:
        yield from _code(inner, codes, called, key)


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
    project: Project,
    texts: Mapping[str, str],
    codes: Mapping[str, str],
    coders: Mapping[str, str],
    known: State,
) -> Iterator[tuple[str, Action]]:
    keys = _identified("memo", known.memos, (note.guid for note in project.notes))
    about = {
        same(n): (codes[same(c.guid)], MemoKind.CODE) for c in project.all_codes() for n in c.notes
    }
    about |= {
        same(n): (texts[same(s.guid)], MemoKind.TEXT)
        for s in project.sources
        if same(s.guid) in texts
        for n in s.notes
    }
    for note in project.notes:
        thing, kind = about.get(same(note.guid), ("", MemoKind.REFLECTION))
        words = note.text or note.description or note.name
        key = keys[same(note.guid)]
        if words and key not in known.memos:
            action = Action(Kind.MEMO, memo=key, memo_kind=kind, words=words, about=thing)
            yield coders.get(same(note.user or ""), UNKNOWN), action
