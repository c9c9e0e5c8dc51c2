"""Protected texts and codes as a REFI-QDA project, for other programs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from uuid import NAMESPACE_URL, uuid5

from blikveld.interviews.coding.state import Code, Memo, Passage, State
from blikveld.interviews.protect.protected import Protected
from blikveld.interviews.refi import model

_ORIGIN = "Blikveld"
_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LINES = (("include", "Include"), ("exclude", "Exclude"), ("example", "Example"))


def project(name: str, texts: Iterable[Protected], state: State) -> model.Project:
    """A project with every text, code, passage, memo and coder.

    The same thing has the same guid each time, so that a program that imports a later export knows
    what it has. What a code includes and excludes stands in its description, for the standard has
    no place of its own for it.
    """
    memos = {key: known_guid("memo", key) for key in state.memos}
    whole = list(texts)
    return model.Project(
        name=name,
        users=tuple(model.User(_guid("coder", coder), coder) for coder in _coders(state)),
        codes=tuple(_code(code, state, memos) for code in state.codes.values() if not code.parent),
        sources=tuple(_source(text, state, memos) for text in whole),
        notes=tuple(_note(memo) for memo in state.memos.values()),
        origin=_ORIGIN,
        about=tuple(memos[key] for key, memo in state.memos.items() if _loose(memo, state, whole)),
    )


def known_guid(kind: str, key: str) -> str:
    """The guid by which other programs know a code or memo; what came from them keeps its own."""
    return key.upper() if _GUID.fullmatch(key) else _guid(kind, key)


def _guid(kind: str, *names: str) -> str:
    return str(uuid5(NAMESPACE_URL, "\0".join(("blikveld", kind, *names)))).upper()


def _coders(state: State) -> list[str]:
    given = (passage.author for passage in state.passages)
    return sorted({*given, *(memo.author for memo in state.memos.values())})


def _code(code: Code, state: State, memos: Mapping[str, str]) -> model.Code:
    under = (c for c in state.codes.values() if c.parent == code.key)
    return model.Code(
        guid=known_guid("code", code.key),
        name=code.name,
        description=_described(code),
        notes=_about(code.key, state, memos),
        codes=tuple(_code(inner, state, memos) for inner in under),
    )


def _described(code: Code) -> str | None:
    lines = [f"{word}: {getattr(code, field)}" for field, word in _LINES if getattr(code, field)]
    return "\n".join((*((code.definition,) if code.definition else ()), *lines)) or None


def _source(text: Protected, state: State, memos: Mapping[str, str]) -> model.Document:
    places: dict[tuple[int, int], list[Passage]] = {}
    for passage in sorted(p for p in state.passages if p.text == text.key):
        places.setdefault((passage.start, passage.end), []).append(passage)
    return model.Document(
        guid=_guid("text", text.key),
        name=text.key,
        text=text.text,
        selections=tuple(_selection(text.key, *p, given) for p, given in places.items()),
        notes=_about(text.key, state, memos),
    )


def _selection(text: str, start: int, end: int, given: Iterable[Passage]) -> model.Selection:
    place = (text, str(start), str(end))
    codings = tuple(
        model.Coding(
            _guid("coding", *place, passage.code, passage.author),
            known_guid("code", passage.code),
            _guid("coder", passage.author),
        )
        for passage in given
    )
    return model.Selection(_guid("selection", *place), start, end, codings=codings)


def _about(key: str, state: State, memos: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(memos[memo] for memo, found in state.memos.items() if found.about == key)


def _loose(memo: Memo, state: State, texts: Iterable[Protected]) -> bool:
    return memo.about not in state.codes and memo.about not in {text.key for text in texts}


def _note(memo: Memo) -> model.Document:
    name = f"{memo.kind.value}: {memo.key}"
    user = _guid("coder", memo.author)
    return model.Document(known_guid("memo", memo.key), name, memo.words, user=user)
