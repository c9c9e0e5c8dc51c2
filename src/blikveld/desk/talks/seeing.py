"""The overview, the log, themes with their matrices, and the quotes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from blikveld.desk import rendering
from blikveld.desk.guard import allowed, person
from blikveld.desk.roles import Task
from blikveld.desk.talks.coding import tree
from blikveld.desk.talks.place import room, workplace
from blikveld.desk.talks.showing import field, leads, number, shown
from blikveld.desk.talks.words import DONE
from blikveld.desk.telling import told
from blikveld.desk.words import of_study
from blikveld.interviews.coding import Action, Kind
from blikveld.interviews.coding.matrices import by_attribute, spoken_of, together
from blikveld.interviews.roles import Naming
from blikveld.web import site


@allowed(Task.CODE_TALKS)
@require_safe
@told
def talks(request: HttpRequest, language: str) -> HttpResponse:
    """Every draft and text, and how far this coder is."""
    state, me = room().log().state, person(request).name
    texts = [
        (
            name,
            sum(p.text == name for p in state.of_coder(me)),
            (name, me) in state.finished,
            bool(state.comparable(name)),
        )
        for name in room().texts()
    ]
    return shown(request, "talks", language, texts=texts, drafts=workplace().drafts())


@allowed(Task.CODE_TALKS)
@require_safe
@told
def log(request: HttpRequest, language: str) -> HttpResponse:
    """This coder's own actions, the latest first; others' codings stay unseen until compared."""
    me, whole = person(request).name, room().log()
    shared = (Kind.SET_CODE, Kind.DROP_CODE, Kind.QUOTE, Kind.UNQUOTE)
    names = {e.action.code: e.action.name for e in whole.entries if e.action.kind is Kind.SET_CODE}
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


@allowed(Task.CODE_TALKS)
@require_safe
@told
def themes(request: HttpRequest, language: str) -> HttpResponse:
    """Themes, what goes together, and codes by function and municipality.

    Until coders are ready, this counts what each sees: one's own codings, and what was settled.
    """
    state = room().log().state.seen_by(person(request).name)
    study = site.current().study
    said, about = of_study(study, language), room().about()
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
        counts=spoken_of(state),
        grids=grids,
        pairs=pairs,
    )


@allowed(Task.CODE_TALKS)
@require_http_methods(["GET", "HEAD", "POST"])
@told
def quotes(request: HttpRequest, language: str) -> HttpResponse:
    """The passages that the report quotes: where, and whose they are said to be."""
    if request.method == "POST":
        action = Action(
            Kind.UNQUOTE,
            code=field(request, "code"),
            text=field(request, "text"),
            start=number(request.POST.get("start")),
            end=number(request.POST.get("end")),
            about=field(request, "place"),
            number=max(number(request.POST.get("number")), 0),
        )
        room().do(person(request).name, action, lead=leads(request))
        return rendering.go(language, "talks_quotes")
    study, state = site.current().study, room().log().state
    said, labels = of_study(study, language), room().labels(Naming.of_study(study))
    texts = room().texts()
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
    me = person(request).name
    return shown(request, "quotes", language, rows=rows, invented=room().invented, me=me)
