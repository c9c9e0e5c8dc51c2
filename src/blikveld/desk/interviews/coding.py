"""Coding: choose a sentence, make it longer or shorter by words, give it a code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from blikveld.desk import rendering
from blikveld.desk.access import requires
from blikveld.desk.accounts.signed_in import current_account
from blikveld.desk.error_pages import reason, show_error_page
from blikveld.desk.interviews.showing import coding_project, field, leads, number, shown
from blikveld.desk.interviews.words import MEMOS
from blikveld.desk.roles import Permission
from blikveld.desk.words import of_study
from blikveld.errors import BlikveldError
from blikveld.interviews.coding import (
    Action,
    ActionKind,
    CodebookCode,
    CodedSegment,
    CodingState,
    MemoKind,
    TakesFromOthers,
    free_key,
    new_identifier,
)
from blikveld.interviews.deidentification import PseudonymisedText
from blikveld.interviews.text_lines import TurnOf, stepped, turns
from blikveld.report.build import quote_sections
from blikveld.web import served_study

_STEPS: Mapping[str, tuple[int, int]] = {
    "front_out": (-1, 0),
    "front_in": (1, 0),
    "back_in": (0, -1),
    "back_out": (0, 1),
}


@dataclass(frozen=True, slots=True)
class SelectedText:
    """The words that are chosen, and for each step where a link to it leads."""

    start: int
    end: int
    words: str
    steps: Mapping[str, str]


@requires(Permission.CODE_INTERVIEWS)
@require_http_methods(["GET", "HEAD", "POST"])
@show_error_page
def text(request: HttpRequest, language: str, name: str) -> HttpResponse:
    """A text with this coder's own codes."""
    whole = coding_project().texts().get(name)
    if whole is None:
        raise Http404
    if request.method != "POST":
        return _text(request, language, whole)
    try:
        coding_project().do(current_account(request).name, _action(request, name))
    except BlikveldError as refused:
        return _text(request, language, whole, reason(refused))
    where = {"start": field(request, "start"), "end": field(request, "end")}
    query = f"?{urlencode(where)}#chosen" if where["end"] else ""
    return rendering.go(language, "interviews_text", name, query=query)


def _action(request: HttpRequest, name: str) -> Action:
    start, end = number(request.POST.get("start")), number(request.POST.get("end"))
    code, what = field(request, "code"), field(request, "do")
    if what == "memo":
        words, about_ = field(request, "words"), _memo_kind(field(request, "kind"))
        memo = new_identifier()
        return Action(ActionKind.MEMO, memo=memo, memo_kind=about_, words=words, about=name)
    if what == "finish":
        return Action(ActionKind.FINISH, text=name)
    kinds = {"code": ActionKind.CODE, "uncode": ActionKind.UNCODE, "quote": ActionKind.QUOTE}
    about = field(request, "place") if what == "quote" else ""
    kind = kinds.get(what, ActionKind.CODE)
    return Action(kind, code=code, text=name, start=start, end=end, about=about)


def _memo_kind(text: str) -> MemoKind:
    known = {kind.value: kind for kind in MemoKind}
    return known.get(text, MemoKind.TEXT)


def _text(
    request: HttpRequest, language: str, whole: PseudonymisedText, problem: str = ""
) -> HttpResponse:
    state, me = coding_project().log().state, current_account(request).name
    given = request.POST if request.method == "POST" else request.GET
    chosen = _chosen(whole, number(given.get("start")), number(given.get("end")))
    mine = [p for p in state.of_coder(me) if p.text == whole.key]
    study = served_study.current().study
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
        places=quote_sections(study, of_study(study, language)),
        kinds=[(kind.value, MEMOS[kind][language]) for kind in MemoKind],
        memos=[m for m in state.memos.values() if m.about == whole.key and m.author == me],
        finished=(whole.key, me) in state.finished,
    )


def _chosen(whole: PseudonymisedText, start: int, end: int) -> SelectedText | None:
    if not 0 <= start < end <= len(whole.text):
        return None
    steps = {}
    for name, (front, back) in _STEPS.items():
        first, last = stepped(whole.text, start, end, front=front, back=back)
        steps[name] = f"?{urlencode({'start': first, 'end': last})}#chosen"
    return SelectedText(start, end, whole.text[start:end], steps)


@dataclass(frozen=True, slots=True)
class ShownSentence:
    """A sentence to choose, with the names of the codes this coder gave in it."""

    start: int
    end: int
    words: str
    codes: tuple[str, ...]


def _turn(
    turn: TurnOf, mine: list[CodedSegment], state: CodingState
) -> tuple[TurnOf, list[ShownSentence]]:
    whole = turn.words
    found = []
    for unit in turn.sentences:
        names = (state.codes[p.code].name for p in mine if unit.touches(p))
        words = whole[unit.start - turn.start : unit.end - turn.start]
        found.append(ShownSentence(unit.start, unit.end, words, tuple(dict.fromkeys(names))))
    return turn, found


def tree(state: CodingState) -> list[tuple[int, CodebookCode]]:
    """Codes under their themes, each with its depth."""

    def under(parent: str, depth: int) -> list[tuple[int, CodebookCode]]:
        here = [code for code in state.codes.values() if code.parent == parent]
        return [pair for code in here for pair in [(depth, code), *under(code.key, depth + 1)]]

    return under("", 0)


@requires(Permission.CODE_INTERVIEWS)
@require_http_methods(["GET", "HEAD", "POST"])
@show_error_page
def codes(request: HttpRequest, language: str) -> HttpResponse:
    """The codebook: make a code, change one, or take one out."""
    if request.method != "POST":
        return _codes(request, language)
    action = _codebook_action(request)
    typed = action.kind is ActionKind.SET_CODE
    edited = _typed(action) if typed else CodebookCode("", "")
    try:
        coding_project().do(current_account(request).name, action, lead=leads(request))
    except TakesFromOthers as refused:
        takes = (action.code, refused.number) if leads(request) else None
        return _codes(request, language, edited, reason(refused), takes)
    except BlikveldError as refused:
        return _codes(request, language, edited, reason(refused))
    return rendering.go(language, "interviews_codes")


def _codes(
    request: HttpRequest,
    language: str,
    edited: CodebookCode | None = None,
    problem: str = "",
    takes: tuple[str, int] | None = None,
) -> HttpResponse:
    """The codebook as a page. `takes` is a code that a lead may drop, and how much others lose.

    Without `edited` the code that the address names is in the form.
    """
    state = coding_project().log().state
    if edited is None:
        edited = state.codes.get(request.GET.get("code", ""), CodebookCode("", ""))
    there = edited if edited.key in state.codes else CodebookCode("", "")
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


def _codebook_action(request: HttpRequest) -> Action:
    match field(request, "do"):
        case "drop":
            return _drop(request)
        case "merge":
            code, into = field(request, "code"), field(request, "into")
            return Action(ActionKind.MERGE_CODES, code=code, into=into)
        case _:
            return _set(request)


def _drop(request: HttpRequest) -> Action:
    lost = max(number(request.POST.get("number")), 0)
    return Action(ActionKind.DROP_CODE, code=field(request, "code"), number=lost)


def _set(request: HttpRequest) -> Action:
    name, key = field(request, "name"), field(request, "code")
    # A name tells who a code is for people, never for the log: two may bear the same.
    code = key or new_identifier()
    taken = {c.called for c in coding_project().log().state.codes.values() if c.key != code}
    return Action(
        ActionKind.SET_CODE,
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


def _typed(action: Action) -> CodebookCode:
    """What somebody filled in, to stand in the form again when it was refused."""
    words = (action.name, action.definition, action.include, action.exclude, action.example)
    return CodebookCode(action.code, *words, action.parent, action.report_key)


@requires(Permission.CODE_INTERVIEWS)
@require_POST
@show_error_page
def undo(request: HttpRequest, language: str) -> HttpResponse:
    """Take back one's last action, or the one that was pointed at."""
    target = number(request.POST.get("target"))
    coding_project().undo(current_account(request).name, target if target > 0 else None)
    return rendering.go(language, "interviews_log")
