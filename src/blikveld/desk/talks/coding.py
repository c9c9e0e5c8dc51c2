"""Coding: choose a sentence, make it longer or shorter by words, give it a code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from blikveld.desk import rendering
from blikveld.desk.guard import allowed, person
from blikveld.desk.roles import Task
from blikveld.desk.talks.place import room
from blikveld.desk.talks.showing import field, leads, number, shown
from blikveld.desk.talks.words import MEMOS
from blikveld.desk.telling import reason, told
from blikveld.desk.words import of_study
from blikveld.errors import BlikveldError
from blikveld.interviews.coding import (
    Action,
    Code,
    Kind,
    MemoKind,
    Passage,
    State,
    TakesFromOthers,
    free_key,
    new_identifier,
)
from blikveld.interviews.protect import Protected
from blikveld.interviews.reading import TurnOf, stepped, turns
from blikveld.report.build import places
from blikveld.web import site

_STEPS: Mapping[str, tuple[int, int]] = {
    "front_out": (-1, 0),
    "front_in": (1, 0),
    "back_in": (0, -1),
    "back_out": (0, 1),
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """The words that are chosen, and for each step where a link to it leads."""

    start: int
    end: int
    words: str
    steps: Mapping[str, str]


@allowed(Task.CODE_TALKS)
@require_http_methods(["GET", "HEAD", "POST"])
@told
def text(request: HttpRequest, language: str, name: str) -> HttpResponse:
    """A text with this coder's own codes."""
    whole = room().texts().get(name)
    if whole is None:
        raise Http404
    if request.method != "POST":
        return _text(request, language, whole)
    try:
        room().do(person(request).name, _action(request, name))
    except BlikveldError as refused:
        return _text(request, language, whole, reason(refused))
    where = {"start": field(request, "start"), "end": field(request, "end")}
    query = f"?{urlencode(where)}#chosen" if where["end"] else ""
    return rendering.go(language, "talks_text", name, query=query)


def _action(request: HttpRequest, name: str) -> Action:
    start, end = number(request.POST.get("start")), number(request.POST.get("end"))
    code, what = field(request, "code"), field(request, "do")
    if what == "memo":
        words, about_ = field(request, "words"), _memo_kind(field(request, "kind"))
        memo = new_identifier()
        return Action(Kind.MEMO, memo=memo, memo_kind=about_, words=words, about=name)
    if what == "finish":
        return Action(Kind.FINISH, text=name)
    kinds = {"code": Kind.CODE, "uncode": Kind.UNCODE, "quote": Kind.QUOTE}
    about = field(request, "place") if what == "quote" else ""
    kind = kinds.get(what, Kind.CODE)
    return Action(kind, code=code, text=name, start=start, end=end, about=about)


def _memo_kind(text: str) -> MemoKind:
    known = {kind.value: kind for kind in MemoKind}
    return known.get(text, MemoKind.TEXT)


def _text(request: HttpRequest, language: str, whole: Protected, problem: str = "") -> HttpResponse:
    state, me = room().log().state, person(request).name
    given = request.POST if request.method == "POST" else request.GET
    chosen = _chosen(whole, number(given.get("start")), number(given.get("end")))
    mine = [p for p in state.of_coder(me) if p.text == whole.key]
    study = site.current().study
    return shown(
        request,
        "text",
        language,
        422 if problem else 200,
        name=whole.key,
        problem=problem,
        turns=[_turn(turn, mine, state) for turn in turns(whole)],
        chosen=chosen,
        tree=tree(state),
        mine=[(p, state.codes[p.code].name, whole.text[p.start : p.end]) for p in mine],
        places=places(study, of_study(study, language)),
        kinds=[(kind.value, MEMOS[kind][language]) for kind in MemoKind],
        memos=[m for m in state.memos.values() if m.about == whole.key and m.author == me],
        finished=(whole.key, me) in state.finished,
    )


def _chosen(whole: Protected, start: int, end: int) -> Chosen | None:
    if not 0 <= start < end <= len(whole.text):
        return None
    steps = {}
    for name, (front, back) in _STEPS.items():
        first, last = stepped(whole.text, start, end, front=front, back=back)
        steps[name] = f"?{urlencode({'start': first, 'end': last})}#chosen"
    return Chosen(start, end, whole.text[start:end], steps)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence to choose, with the names of the codes this coder gave in it."""

    start: int
    end: int
    words: str
    codes: tuple[str, ...]


def _turn(turn: TurnOf, mine: list[Passage], state: State) -> tuple[TurnOf, list[Sentence]]:
    whole = turn.words
    found = []
    for unit in turn.sentences:
        names = (state.codes[p.code].name for p in mine if unit.touches(p))
        words = whole[unit.start - turn.start : unit.end - turn.start]
        found.append(Sentence(unit.start, unit.end, words, tuple(dict.fromkeys(names))))
    return turn, found


def tree(state: State) -> list[tuple[int, Code]]:
    """Codes under their themes, each with its depth."""

    def under(parent: str, depth: int) -> list[tuple[int, Code]]:
        here = [code for code in state.codes.values() if code.parent == parent]
        return [pair for code in here for pair in [(depth, code), *under(code.key, depth + 1)]]

    return under("", 0)


@allowed(Task.CODE_TALKS)
@require_http_methods(["GET", "HEAD", "POST"])
@told
def codes(request: HttpRequest, language: str) -> HttpResponse:
    """The codebook: make a code, change one, or take one out."""
    if request.method != "POST":
        return _codes(request, language, _of_key(request.GET.get("code", "")))
    action = _codebook_action(request)
    typed = action.kind is Kind.SET_CODE
    edited = _typed(action) if typed else Code("", "")
    try:
        room().do(person(request).name, action, lead=leads(request))
    except TakesFromOthers as refused:
        takes = (action.code, refused.number) if leads(request) else None
        return _codes(request, language, edited, reason(refused), takes)
    except BlikveldError as refused:
        return _codes(request, language, edited, reason(refused))
    return rendering.go(language, "talks_codes")


def _codes(
    request: HttpRequest,
    language: str,
    edited: Code,
    problem: str = "",
    takes: tuple[str, int] | None = None,
) -> HttpResponse:
    """The codebook as a page. `takes` is a code that a lead may drop, and how much others lose."""
    state = room().log().state
    there = edited if edited.key in state.codes else Code("", "")
    return shown(
        request,
        "codes",
        language,
        422 if problem else 200,
        tree=tree(state),
        problem=problem,
        takes=takes,
        edited=edited,
        changes=bool(there.key),
        seen=state.changed[there.key][0] if there.key else 0,
        parents=[("", "–"), *((c.key, c.name) for c in state.codes.values() if c.key != there.key)],
    )


def _of_key(key: str) -> Code:
    return room().log().state.codes.get(key, Code("", ""))


def _codebook_action(request: HttpRequest) -> Action:
    match field(request, "do"):
        case "drop":
            return _drop(request)
        case "merge":
            code, into = field(request, "code"), field(request, "into")
            return Action(Kind.MERGE_CODES, code=code, into=into)
        case _:
            return _set(request)


def _drop(request: HttpRequest) -> Action:
    lost = max(number(request.POST.get("number")), 0)
    return Action(Kind.DROP_CODE, code=field(request, "code"), number=lost)


def _set(request: HttpRequest) -> Action:
    name, key = field(request, "name"), field(request, "code")
    # A name tells who a code is for people, never for the log: two may bear the same.
    code = key or new_identifier()
    taken = {c.called for c in room().log().state.codes.values() if c.key != code}
    return Action(
        Kind.SET_CODE,
        code=code,
        name=name,
        parent=field(request, "parent"),
        definition=field(request, "definition"),
        include=field(request, "include"),
        exclude=field(request, "exclude"),
        example=field(request, "example"),
        report_key=field(request, "report_key") or free_key(name, taken),
        seen=max(number(request.POST.get("seen")), 0) if key else 0,
    )


def _typed(action: Action) -> Code:
    """What somebody filled in, to stand in the form again when it was refused."""
    words = (action.name, action.definition, action.include, action.exclude, action.example)
    return Code(action.code, *words, action.parent, action.report_key)


@allowed(Task.CODE_TALKS)
@require_POST
@told
def undo(request: HttpRequest, language: str) -> HttpResponse:
    """Take back one's last action, or the one that was pointed at."""
    target = number(request.POST.get("target"))
    room().undo(person(request).name, target if target > 0 else None)
    return rendering.go(language, "talks_log")
