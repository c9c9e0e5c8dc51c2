"""What erasing does and how it is done. Not here: the desk has no addresses to erase."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from blikveld.desk import rendering
from blikveld.desk.databases import own_folder
from blikveld.desk.export.words import WORDS
from blikveld.desk.guard import allowed
from blikveld.desk.roles import Task
from blikveld.desk.words import said
from blikveld.web import keeping

_KINDS = ("contacts", "answers", "calls")


@allowed(Task.SEE_ERASING)
@require_safe
def erasing(request: HttpRequest, language: str) -> HttpResponse:
    """The three things that are erased, the command for each, and the backups that count."""
    places = keeping.places(own_folder().parent)
    return rendering.page(
        request,
        "export/erasing.html",
        language,
        t=said(WORDS, language),
        kinds=_KINDS,
        backups=[(str(place), (place / keeping.ABOUT).exists()) for place in places],
    )
