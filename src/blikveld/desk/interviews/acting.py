"""Carry out coders' actions, from a form or from the script of the coding page."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from blikveld.desk.access import requires
from blikveld.desk.error_pages import show_error_page
from blikveld.desk.interviews.coding import CodingView, page_of, rows_since, view_of
from blikveld.desk.interviews.showing import coding_project, field, leads, number, refusal
from blikveld.desk.interviews.views import set_code
from blikveld.desk.roles import Permission
from blikveld.desk.words import texts
from blikveld.errors import BlikveldError
from blikveld.interviews.coding import (
    Action,
    ActionKind,
    LogEntry,
    MemoKind,
    TakesFromOthers,
    free_key,
    new_identifier,
)
from blikveld.interviews.coding.retrieval import to_split

PAGE = texts("coding_page")

_MOST_ACTIONS = 500


@requires(Permission.CODE_INTERVIEWS)
@require_http_methods(["GET", "HEAD", "POST"])
@show_error_page
def text(request: HttpRequest, language: str, name: str) -> HttpResponse:
    """The coding page, and what its forms send."""
    if request.method != "POST":
        return page_of(view_of(request, language, name))
    view = view_of(request, language, name, QueryDict(field(request, "next").removeprefix("?")))
    lost, problem, done = 0, "", 0
    try:
        done = _do_form(view)
    except TakesFromOthers as refused:
        lost, problem = refused.number, refusal(refused, language)
    except BlikveldError as refused:
        problem = refusal(refused, language)
    after = view_of(request, language, name, view.query)
    if request.headers.get("X-Script"):
        told = PAGE["done_times"][language].format(done) if done > 1 else ""
        rest = {"problem": problem, "told": told, "number_lost": lost if leads(request) else 0}
        gone = field(request, "do") in ("merge", "drop") and not problem
        following = {"next": "tab=codes"} if gone else {}
        return JsonResponse({**rows_since(after, view.state), **rest, **following})
    if problem:
        return page_of(after, problem, 422)
    query, anchor = field(request, "next"), field(request, "at")
    address = reverse("interviews_text", args=[language, name])
    where = f"{address}{query}{f'#{anchor}' if anchor else ''}"
    return HttpResponse(status=303, headers={"Location": where})


def _do_form(view: CodingView) -> int:
    """Do what a form asks for; returns how many actions that were."""
    what = field(view.request, "do")
    if what == "undo":
        target = number(view.request.POST.get("target"))
        coding_project().undo(view.who, target if target > 0 else None)
        return 1
    actions = _FORMS.get(what, _no_actions)(view)
    if len(actions) > 1:
        batch = new_identifier()
        actions = [replace(action, batch=batch) for action in actions]
    coding_project().do(view.who, *actions, lead=leads(view.request))
    return len(actions)


def _selection(view: CodingView) -> dict[str, Any]:
    post = view.request.POST
    return {
        "text": view.text.key,
        "start": number(post.get("start")),
        "end": number(post.get("end")),
    }


def _give(view: CodingView) -> list[Action]:
    """A code for the chosen words, made where there is none yet, and a memo with it."""
    code, name, made = field(view.request, "code"), field(view.request, "name"), []
    if name:
        code = new_identifier()
        made.append(_new_code(view, code, name))
    place = _selection(view)
    made.append(Action(ActionKind.CODE, code=code, **place))
    if words := field(view.request, "words"):
        made.append(_segment_memo(view, place, code, words))
    return made


def _new_code(view: CodingView, code: str, name: str) -> Action:
    taken = {c.called for c in view.log.state.codes.values()}
    return Action(ActionKind.SET_CODE, code=code, name=name, report_key=free_key(name, taken))


def _segment_memo(view: CodingView, place: Mapping[str, Any], code: str, words: str) -> Action:
    return Action(
        ActionKind.MEMO,
        memo=new_identifier(),
        memo_kind=MemoKind.SEGMENT,
        about=view.text.key,
        start=place["start"],
        end=place["end"],
        code=code,
        words=words,
    )


def _uncode(view: CodingView) -> list[Action]:
    """Take a code off one's own passage: every coding of it that was merged into that code."""
    place, code = _selection(view), field(view.request, "code")
    state = view.log.state
    given = {
        p.code
        for p in state.given
        if (p.text, p.start, p.end, p.author) == (*place.values(), view.who)
        and state.root(p.code) == code
    }
    return [Action(ActionKind.UNCODE, code=key, **place) for key in sorted(given) or [code]]


def _quote(view: CodingView) -> list[Action]:
    place, code = field(view.request, "place"), field(view.request, "code")
    return [Action(ActionKind.QUOTE, code=code, about=place, **_selection(view))]


def _memo(view: CodingView) -> list[Action]:
    """A memo on the text, on a code, on chosen words, or on the study as a whole."""
    about, words = field(view.request, "about"), field(view.request, "words")
    if about == "selection":
        return [_segment_memo(view, _selection(view), "", words)]
    if about in view.log.state.codes:
        kind = MemoKind.CODE
    else:
        kind = MemoKind.TEXT if about == "text" else MemoKind.METHOD
        about = view.text.key if about == "text" else ""
    memo = new_identifier()
    return [Action(ActionKind.MEMO, memo=memo, memo_kind=kind, words=words, about=about)]


def _finish(view: CodingView) -> list[Action]:
    return [Action(ActionKind.FINISH, text=view.text.key)]


def _set(view: CodingView) -> list[Action]:
    return [set_code(view.request, view.log.state)]


def _merge(view: CodingView) -> list[Action]:
    code, into = field(view.request, "code"), field(view.request, "into")
    return [Action(ActionKind.MERGE_CODES, code=code, into=into)]


def _drop(view: CodingView) -> list[Action]:
    lost = max(number(view.request.POST.get("number")), 0)
    return [Action(ActionKind.DROP_CODE, code=field(view.request, "code"), number=lost)]


def _split(view: CodingView) -> list[Action]:
    """A new code for those of one's own passages of a code in which some words stand."""
    old, name, words = (field(view.request, key) for key in ("code", "name", "words"))
    texts = {key: found.text for key, found in coding_project().texts().items()}
    passages = to_split(view.log.state, texts, view.who, old, words)
    new = new_identifier()
    made = [_new_code(view, new, name)]
    for p in passages:
        place: dict[str, Any] = {"text": p.text, "start": p.start, "end": p.end}
        made.append(Action(ActionKind.UNCODE, code=p.code, **place))
        made.append(Action(ActionKind.CODE, code=new, **place))
    return made


def _code_hits(view: CodingView) -> list[Action]:
    """A code for every sentence that was found and ticked, where it has not got that yet."""
    code, state, made = field(view.request, "code"), view.log.state, []
    for place in view.request.POST.getlist("place")[:_MOST_ACTIONS]:
        text, start, end = (*place.split(":"), "", "")[:3]
        where: dict[str, Any] = {"text": text, "start": number(start), "end": number(end)}
        there = {(p.text, p.start, p.end, p.code) for p in state.of_coder(view.who)}
        if (*where.values(), code) not in there:
            made.append(Action(ActionKind.CODE, code=code, **where))
    return made


def _no_actions(view: CodingView) -> list[Action]:
    return []


_FORMS: Mapping[str, Callable[[CodingView], list[Action]]] = {
    "code": _give,
    "uncode": _uncode,
    "quote": _quote,
    "memo": _memo,
    "finish": _finish,
    "set": _set,
    "merge": _merge,
    "drop": _drop,
    "split": _split,
    "code_hits": _code_hits,
}


@requires(Permission.CODE_INTERVIEWS)
@require_POST
@show_error_page
def act(request: HttpRequest, language: str, name: str) -> HttpResponse:
    """Do what the script sends, each action alone; tell what was refused and what changed."""
    view = view_of(request, language, name)
    try:
        sent = json.loads(request.body)
        rows = sent["actions"]
        actions = [_sent_action(view, row) for row in rows[:_MOST_ACTIONS]]
        same = sent["after"] == (view.log.entries[-1].number if view.log.entries else 0)
    except (ValueError, KeyError, TypeError):
        return HttpResponseBadRequest()
    log, refused = coding_project().do_each(view.who, actions, lead=leads(request))
    after = view_of(request, language, name)
    told = _describe_undo(log.entries, view, language)
    words = [{"event": a.event, "words": refusal(problem, language)} for a, problem in refused]
    rows = rows_since(after, view.state if same and not refused else None)
    return JsonResponse({**rows, "refused": words, "told": told})


_FIELDS: Mapping[str, tuple[str, ...]] = {
    "code": ("text", "start", "end", "code"),
    "uncode": ("text", "start", "end", "code"),
    "set_code": ("code", "name"),
    "memo": ("memo", "about", "start", "end", "code", "words", "seen"),
    "undo": (),
}
_NUMBERS = frozenset({"start", "end", "seen"})


def _sent_action(view: CodingView, row: Mapping[str, Any]) -> Action:
    """The action of a row. Raises ValueError, KeyError and TypeError for what is none of ours."""
    kind = ActionKind(row["kind"])
    given: dict[str, Any] = {}
    for key in _FIELDS[row["kind"]]:
        value = row[key]
        if type(value) is not (int if key in _NUMBERS else str):
            raise TypeError(key)
        given[key] = value
    if kind is ActionKind.MEMO:
        given["memo_kind"] = MemoKind.SEGMENT
    if kind is ActionKind.SET_CODE:
        taken = {c.called for c in view.log.state.codes.values()}
        given["report_key"] = free_key(given["name"], taken)
    return Action(kind, event=str(row["event"]), batch=str(row.get("batch", "")), **given)


def _describe_undo(entries: tuple[LogEntry, ...], view: CodingView, language: str) -> str:
    """What was taken back just now, in words; '' where nothing was."""
    new = entries[len(view.log.entries) :]
    targets = {e.action.target for e in new if e.action.kind is ActionKind.UNDO}
    taken = [e for e in entries if e.number in targets]
    if not taken:
        return ""
    names = {e.action.code: e.action.name for e in entries if e.action.kind is ActionKind.SET_CODE}
    first = taken[-1].action
    what = " ".join(part for part in (names.get(first.code, ""), first.text) if part)
    return PAGE["taken_back"][language].format(what or PAGE["tab_memos"][language])
