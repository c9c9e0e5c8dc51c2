"""The overview, the log, themes with their matrices, and the quotes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from blikveld.desk import rendering
from blikveld.desk.access import requires
from blikveld.desk.accounts.login import current_account
from blikveld.desk.error_pages import show_error_page
from blikveld.desk.interviews.coding import tree
from blikveld.desk.interviews.showing import coding_project, field, leads, number, shown, workspace
from blikveld.desk.roles import Permission
from blikveld.desk.words import of_members, of_study
from blikveld.interviews.attribution import Naming
from blikveld.interviews.coding import Action, ActionKind
from blikveld.interviews.coding.retrieval import by_attribute, theme_count, together
from blikveld.interviews.workspace import certificates
from blikveld.web import served_study

DONE = of_members(ActionKind, "interviews.done")


@requires(Permission.CODE_INTERVIEWS)
@require_safe
@show_error_page
def talks(request: HttpRequest, language: str) -> HttpResponse:
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
    return shown(request, "interviews", language, texts=texts, drafts=drafts, withdrawn=withdrawn)


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
    return shown(request, "log", language, lines=lines)


@requires(Permission.CODE_INTERVIEWS)
@require_safe
@show_error_page
def themes(request: HttpRequest, language: str) -> HttpResponse:
    """Themes, what goes together, and codes by function and municipality.

    Until coders are ready, this counts what each sees: one's own codings, and what was settled.
    """
    state = coding_project().log().state.seen_by(current_account(request).name)
    study = served_study.current().study
    said, about = of_study(study, language), coding_project().about()
    functions = {f.code: f.label[said] for d in study.domains for f in d.functions}
    towns = {m.key: m.name for m in study.municipalities}
    grids = []
    for kind, names in (("function", functions), ("municipality", towns)):
        trait = {text: getattr(found, kind) for text, found in about.items()}
        columns = sorted(set(trait.values()))
        counts = by_attribute(state, trait)
        heads = [names.get(column, column) for column in columns]
        rows = [
            (depth, code.name, [counts.get((code.key, column), 0) for column in columns])
            for depth, code in tree(state)
        ]
        grids.append((kind, heads, rows))
    pairs = [
        (state.codes[one].name, state.codes[other].name, count)
        for (one, other), count in together(state).items()
    ]
    return shown(
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
    return shown(request, "quotes", language, rows=rows, invented=coding_project().invented, me=me)
