"""Opening and closing the fieldwork. The respondents' server sees it and rewrites its databases."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from blikveld.desk import rendering
from blikveld.desk.guard import allowed, person
from blikveld.desk.journal.writing import change
from blikveld.desk.responses.words import WORDS
from blikveld.desk.roles import Task
from blikveld.desk.words import said
from blikveld.fieldwork.store import Phase
from blikveld.web import fieldwork as of_web
from blikveld.web import site

_NEXT = {Phase.PREPARED: Phase.OPEN, Phase.OPEN: Phase.CLOSED, Phase.CLOSED: Phase.OPEN}
_ACT = {Phase.OPEN: "fieldwork.opened", Phase.CLOSED: "fieldwork.closed"}


@allowed(Task.RUN_FIELDWORK)
@require_http_methods(["GET", "HEAD", "POST"])
def fieldwork(request: HttpRequest, language: str) -> HttpResponse:
    """Where the fieldwork stands, and a form to open or close it."""
    here = site.current()
    phase = here.store.phase()
    if request.method != "POST":
        return _page(request, language, phase)
    wanted = request.POST.get("phase", "")
    if wanted != _NEXT[phase].value:
        # Somebody else did so meanwhile, or the page was old.
        return _page(request, language, phase, {"sure": WORDS["changed"][language]})
    if "sure" not in request.POST:
        return _page(request, language, phase, {"sure": WORDS["not_sure"][language]})
    of_web.check_study(here.study)
    with change(person(request).name, _ACT[_NEXT[phase]], here.study.key):
        here.store.set_phase(here.study.version, _NEXT[phase])
    return rendering.go(language, "fieldwork")


def _page(
    request: HttpRequest, language: str, phase: Phase, errors: dict[str, str] | None = None
) -> HttpResponse:
    return rendering.page(
        request,
        "responses/fieldwork.html",
        language,
        422 if errors else 200,
        t=said(WORDS, language),
        phase=phase.value,
        next=_NEXT[phase].value,
        again=phase is Phase.CLOSED,
        errors=errors or {},
    )
