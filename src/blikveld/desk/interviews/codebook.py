"""The codebook as a page of its own, and what its forms send."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from blikveld.desk import rendering
from blikveld.desk.access import requires
from blikveld.desk.accounts.login import current_account
from blikveld.desk.error_pages import show_error_page
from blikveld.desk.interviews.coding import tree
from blikveld.desk.interviews.showing import coding_project, field, leads, number, refusal, shown
from blikveld.desk.roles import Permission
from blikveld.errors import BlikveldError
from blikveld.interviews.coding import (
    Action,
    ActionKind,
    CodebookCode,
    CodingState,
    TakesFromOthers,
    free_key,
    new_identifier,
)


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
        return _codes(request, language, edited, refusal(refused, language), takes)
    except BlikveldError as refused:
        return _codes(request, language, edited, refusal(refused, language))
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
            return set_code(request, coding_project().log().state)


def _drop(request: HttpRequest) -> Action:
    lost = max(number(request.POST.get("number")), 0)
    return Action(ActionKind.DROP_CODE, code=field(request, "code"), number=lost)


def set_code(request: HttpRequest, state: CodingState) -> Action:
    """The code that a form describes: a new one, or one with other words."""
    name, key = field(request, "name"), field(request, "code")
    # A name tells who a code is for people, never for the log: two may bear the same.
    code = key or new_identifier()
    taken = {c.called for c in state.codes.values() if c.key != code}
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
