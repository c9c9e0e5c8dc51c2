"""The journal as a page, the latest line first, with whether its chain still holds."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from blikveld.desk import rendering
from blikveld.desk.guard import allowed
from blikveld.desk.journal import chain
from blikveld.desk.journal.models import Line
from blikveld.desk.journal.words import WORDS
from blikveld.desk.pages import acts
from blikveld.desk.roles import Task
from blikveld.desk.words import said

_A_PAGE = 50


@allowed(Task.READ_JOURNAL)
@require_safe
def journal(request: HttpRequest, language: str) -> HttpResponse:
    """Who did what, and when."""
    known = acts()
    shown = Paginator(Line.objects.order_by("-number"), _A_PAGE).get_page(request.GET.get("page"))
    lines = [
        (line, known[line.act][language] if line.act in known else line.act, _more(line))
        for line in shown
    ]
    verdict = chain.verify(Line.objects.order_by("number").iterator(chunk_size=1_000))
    context: dict[str, Any] = {
        "t": said(WORDS, language),
        "lines": lines,
        "shown": shown,
        "verdict": verdict,
    }
    return rendering.page(request, "journal/journal.html", language, **context)


def _more(line: Line) -> str:
    return ", ".join(f"{name}: {value}" for name, value in line.more.items())
