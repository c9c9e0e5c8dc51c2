"""Pages of all interviews together: the overview, the codebook, themes, quotes and the log."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from blikveld.desk import rendering
from blikveld.desk.access import requires
from blikveld.desk.accounts.login import current_account
from blikveld.desk.error_pages import show_error_page
from blikveld.desk.interviews.coding import tree
from blikveld.desk.interviews.showing import (
    coding_project,
    field,
    leads,
    number,
    refusal,
    render,
    traits,
    workspace,
)
from blikveld.desk.roles import Permission
from blikveld.desk.words import of_members, of_study
from blikveld.errors import BlikveldError
from blikveld.interviews.attribution import Naming
from blikveld.interviews.coding import (
    Action,
    ActionKind,
    CodebookCode,
    CodingState,
    TakesFromOthers,
    free_key,
    new_identifier,
)
from blikveld.interviews.coding.retrieval import by_attribute, theme_count, together
from blikveld.interviews.withdrawal import certificates
from blikveld.web import served_study

DONE = of_members(ActionKind, "interviews.done")


@requires(Permission.CODE_INTERVIEWS)
@require_safe
@show_error_page
def overview(request: HttpRequest, language: str) -> HttpResponse:
    """Every draft and text, and how far this coder is."""
    state, me = coding_project().log().state, current_account(request).name
    texts = [
        (
            name,
            sum(p.text == name for p in state.of_coder(me)),
            (name, me) in state.finished,
            bool(state.comparable(name)),
        )
        for name in coding_project().texts()
    ]
    work = workspace()
    withdrawn = certificates(work.folder) if leads(request) else ()
    drafts = work.drafts()
    return render(request, "interviews", language, texts=texts, drafts=drafts, withdrawn=withdrawn)


@requires(Permission.CODE_INTERVIEWS)
@require_safe
@show_error_page
def log(request: HttpRequest, language: str) -> HttpResponse:
    """This coder's own actions, the latest first; others' codings stay unseen until compared."""
    me, whole = current_account(request).name, coding_project().log()
    shared = (ActionKind.SET_CODE, ActionKind.DROP_CODE, ActionKind.QUOTE, ActionKind.UNQUOTE)
    names = {
        e.action.code: e.action.name for e in whole.entries if e.action.kind is ActionKind.SET_CODE
    }
    lines = [
        (
            entry,
            DONE[entry.action.kind][language],
            names.get(entry.action.code, ""),
            whole.can_undo(me, entry.number),
        )
        for entry in reversed(whole.entries)
        if entry.author == me or entry.action.kind in shared
    ]
    return render(request, "log", language, lines=lines)


@requires(Permission.CODE_INTERVIEWS)
@require_safe
@show_error_page
def themes(request: HttpRequest, language: str) -> HttpResponse:
    """Themes, what goes together, and codes by role and site.

    Until coders are ready, this counts what each sees: one's own codings, and what was settled.
    """
    state = coding_project().log().state.seen_by(current_account(request).name)
    about, grids = coding_project().about(), []
    for kind, known in traits(language).items():
        trait, names = {text: getattr(found, kind) for text, found in about.items()}, known.names
        columns = sorted(set(trait.values()))
        counts = by_attribute(state, trait)
        heads = [names.get(column, column) for column in columns]
        rows = [
            (depth, code.name, [counts.get((code.key, column), 0) for column in columns])
            for depth, code in tree(state)
        ]
        grids.append((known.label, heads, rows))
    pairs = [
        (state.codes[one].name, state.codes[other].name, count)
        for (one, other), count in together(state).items()
    ]
    return render(
        request,
        "themes",
        language,
        tree=tree(state),
        counts=theme_count(state),
        grids=grids,
        pairs=pairs,
    )


@requires(Permission.CODE_INTERVIEWS)
@require_http_methods(["GET", "HEAD", "POST"])
@show_error_page
def quotes(request: HttpRequest, language: str) -> HttpResponse:
    """The passages that the report quotes: where, and whose they are said to be."""
    if request.method == "POST":
        action = Action(
            ActionKind.UNQUOTE,
            code=field(request, "code"),
            text=field(request, "text"),
            start=number(request.POST.get("start")),
            end=number(request.POST.get("end")),
            about=field(request, "place"),
            number=max(number(request.POST.get("number")), 0),
        )
        coding_project().do(current_account(request).name, action, lead=leads(request))
        return rendering.go(language, "interviews_quotes")
    study, state = served_study.current().study, coding_project().log().state
    said, labels = of_study(study, language), coding_project().labels(Naming.of_study(study))
    texts = coding_project().texts()
    rows = [
        (
            quote,
            texts[quote.text].text[quote.start : quote.end] if quote.text in texts else None,
            state.codes[quote.code].name,
            labels[quote.text].text(said) if quote.text in labels else "?",
            state.quoted_by[quote],
        )
        for quote in state.quotes
    ]
    me = current_account(request).name
    return render(request, "quotes", language, rows=rows, invented=coding_project().invented, me=me)


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
    return render(
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
