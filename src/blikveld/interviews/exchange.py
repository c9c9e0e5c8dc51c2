"""Projects exchanged with other programs: export ours, import theirs."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5

from blikveld.interviews.coding.actions import Action, ActionKind, MemoKind, free_key
from blikveld.interviews.coding.state import CodebookCode, CodedSegment, CodingState, Memo
from blikveld.interviews.deidentification.pseudonymised import PseudonymisedText, TranscriptDraft
from blikveld.interviews.refi import model
from blikveld.interviews.refi.model import RefiCode, RefiCoding, RefiDocument, RefiProject, same

_ORIGIN = "Blikveld"
_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LINES = (("include", "Include"), ("exclude", "Exclude"), ("example", "Example"))


def export_project(
    name: str, texts: Iterable[PseudonymisedText], state: CodingState
) -> model.RefiProject:
    """A project with every text, code, passage, memo and coder.

    The same thing has the same guid each time, so that a program that imports a later export knows
    what it has. What a code includes and excludes stands in its description, for the standard has
    no place of its own for it.
    """
    memos = {key: known_guid("memo", key) for key in state.memos}
    whole = list(texts)
    return model.RefiProject(
        name=name,
        users=tuple(model.RefiUser(_guid("coder", coder), coder) for coder in _coders(state)),
        codes=tuple(_code(code, state, memos) for code in state.codes.values() if not code.parent),
        sources=tuple(_source(text, state, memos) for text in whole),
        notes=tuple(_note(memo) for memo in state.memos.values()),
        origin=_ORIGIN,
        about=tuple(memos[key] for key, memo in state.memos.items() if _loose(memo, state, whole)),
    )


def known_guid(kind: str, key: str) -> str:
    """The guid by which other programs know a code or memo; what came from them keeps its own."""
    return key.upper() if _GUID.fullmatch(key) else _guid(kind, key)


def text_guid(text: PseudonymisedText) -> str:
    """The guid by which other programs know a text; one that came from them keeps its own."""
    return text.guid or _guid("text", text.key)


def _guid(kind: str, *names: str) -> str:
    return str(uuid5(NAMESPACE_URL, "\0".join(("blikveld", kind, *names)))).upper()


def _coders(state: CodingState) -> list[str]:
    given = (passage.author for passage in state.segments)
    return sorted({*given, *(memo.author for memo in state.memos.values())})


def _code(code: CodebookCode, state: CodingState, memos: Mapping[str, str]) -> model.RefiCode:
    under = (c for c in state.codes.values() if c.parent == code.key)
    return model.RefiCode(
        guid=known_guid("code", code.key),
        name=code.name,
        description=_described(code),
        notes=_about(code.key, state, memos),
        codes=tuple(_code(inner, state, memos) for inner in under),
    )


def _described(code: CodebookCode) -> str | None:
    lines = [f"{word}: {getattr(code, field)}" for field, word in _LINES if getattr(code, field)]
    return "\n".join((*((code.definition,) if code.definition else ()), *lines)) or None


def _source(
    text: PseudonymisedText, state: CodingState, memos: Mapping[str, str]
) -> model.RefiDocument:
    places: dict[tuple[int, int], list[CodedSegment]] = {}
    for passage in sorted(p for p in state.segments if p.text == text.key):
        places.setdefault((passage.start, passage.end), []).append(passage)
    return model.RefiDocument(
        guid=text_guid(text),
        name=text.key,
        text=text.text,
        selections=tuple(_selection(text.key, *p, given) for p, given in places.items()),
        notes=_about(text.key, state, memos),
    )


def _selection(
    text: str, start: int, end: int, given: Iterable[CodedSegment]
) -> model.RefiSelection:
    place = (text, str(start), str(end))
    codings = tuple(
        model.RefiCoding(
            _guid("coding", *place, passage.code, passage.author),
            known_guid("code", passage.code),
            _guid("coder", passage.author),
        )
        for passage in given
    )
    return model.RefiSelection(_guid("selection", *place), start, end, codings=codings)


def _about(key: str, state: CodingState, memos: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(memos[memo] for memo, found in state.memos.items() if found.about == key)


def _loose(memo: Memo, state: CodingState, texts: Iterable[PseudonymisedText]) -> bool:
    return memo.about not in state.codes and memo.about not in {text.key for text in texts}


def _note(memo: Memo) -> model.RefiDocument:
    name = f"{memo.kind.value}: {memo.key}"
    user = _guid("coder", memo.author)
    return model.RefiDocument(known_guid("memo", memo.key), name, memo.words, user=user)


UNKNOWN = "unknown coder"
_TEXT = "text"


@dataclass(frozen=True, slots=True)
class ImportedProject:
    """Texts that nobody protected yet, actions with who did them, and what was left out.

    Actions stand in an order in which each can be; those on a text wait until it is protected.
    """

    texts: tuple[TranscriptDraft, ...]
    actions: tuple[tuple[str, Action], ...]
    problems: tuple[str, ...]

    def on(self, text: str) -> tuple[tuple[str, Action], ...]:
        """The actions on one text: its codings and its memos. '' stands for all others."""
        keys = {draft.key for draft in self.texts}
        return tuple(
            (who, action)
            for who, action in self.actions
            if (_text_of(action) if _text_of(action) in keys else "") == text
        )


def import_project(
    project: RefiProject,
    language: str = "nl",
    known: CodingState | None = None,
    there: Collection[PseudonymisedText] = (),
    waiting: Collection[str] = (),
) -> ImportedProject:
    """What a project holds that can be coded on.

    A code or memo that this program sent out before is the one that is `known`; every other keeps
    the guid it came with, so that no name can put it over one that is there. A text that is `there`
    and came back unchanged gets what was coded in it; every other is numbered, for what another
    program calls it may be somebody's name. `waiting` are keys of drafts. Codings of a whole text
    become passages from its first sign to its last.
    """
    state = known or CodingState()
    whole = [source for source in project.sources if source.text]
    ours = {(same(text_guid(text)), text.text): text.key for text in there}
    known_texts = {
        same(s.guid): ours[same(s.guid), s.text or ""]
        for s in whole
        if (same(s.guid), s.text or "") in ours
    }
    new = [source for source in whole if same(source.guid) not in known_texts]
    taken = (*(text.key for text in there), *waiting)
    texts = known_texts | _keys(((source.guid, _TEXT) for source in new), taken)
    codes = _identified("code", state.codes, (code.guid for code in project.all_codes()))
    coders = {same(user.guid): user.name or user.login or user.guid for user in project.users}
    named = ((code.guid, code.name) for code in project.all_codes())
    called = _keys(named, taken=(code.called for code in state.codes.values()))
    made = (action for code in project.codes for action in _foreign_code(code, codes, called, ""))
    actions = (
        *((UNKNOWN, action) for action in made if action.code not in state.codes),
        *(
            step
            for source in whole
            for step in _passages(source, texts, codes, coders)
            if not _is_there(*step, state)
        ),
        *_memos(project, texts, codes, coders, state),
    )
    drafts = (
        TranscriptDraft(texts[same(s.guid)], s.text or "", language, guid=same(s.guid).upper())
        for s in new
    )
    trouble = (*project.problems(), *_namesakes(project, codes, state))
    # A program may have coded one passage twice with one code; once is enough here.
    return ImportedProject(tuple(drafts), tuple(dict.fromkeys(actions)), trouble)


def _is_there(author: str, action: Action, known: CodingState) -> bool:
    place = action.text, action.start, action.end
    return CodedSegment(*place, action.code, author) in known.given


def _text_of(action: Action) -> str:
    return action.about if action.kind is ActionKind.MEMO else action.text


def _namesakes(project: RefiProject, codes: Mapping[str, str], known: CodingState) -> Iterator[str]:
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


def _foreign_code(
    code: RefiCode, codes: Mapping[str, str], called: Mapping[str, str], parent: str
) -> Iterator[Action]:
    key, words, short = codes[same(code.guid)], code.description or "", called[same(code.guid)]
    yield Action(
        ActionKind.SET_CODE,
        code=key,
        name=code.name or short,
        definition=words,
        parent=parent,
        report_key=short,
    )
    for inner in code.codes:
        yield from _foreign_code(inner, codes, called, key)


def _passages(
    source: RefiDocument,
    texts: Mapping[str, str],
    codes: Mapping[str, str],
    coders: Mapping[str, str],
) -> Iterator[tuple[str, Action]]:
    key, length = texts[same(source.guid)], len(source.text or "")
    places = [(s.start, s.end, s.user, s.codings) for s in source.selections]
    for start, end, user, codings in (*places, (0, length, source.user, source.codings)):
        for coding in codings:
            code = codes.get(same(coding.code))
            if code is not None and 0 <= start < end <= length:
                action = Action(ActionKind.CODE, code=code, text=key, start=start, end=end)
                yield _who(coding, user, coders), action


def _who(coding: RefiCoding, user: str | None, coders: Mapping[str, str]) -> str:
    return coders.get(same(coding.user or user or ""), UNKNOWN)


def _memos(
    project: RefiProject,
    texts: Mapping[str, str],
    codes: Mapping[str, str],
    coders: Mapping[str, str],
    known: CodingState,
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
            action = Action(ActionKind.MEMO, memo=key, memo_kind=kind, words=words, about=thing)
            yield coders.get(same(note.user or ""), UNKNOWN), action
