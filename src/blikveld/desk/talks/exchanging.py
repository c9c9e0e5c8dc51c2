"""REFI-QDA: the interviews for other programs, and a project of another program taken over."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from blikveld.desk import rendering
from blikveld.desk.guard import allowed, person
from blikveld.desk.journal.writing import write
from blikveld.desk.roles import Task
from blikveld.desk.talks.place import room
from blikveld.desk.talks.showing import sent, shown
from blikveld.desk.talks.words import WORDS
from blikveld.desk.telling import reason, told
from blikveld.errors import BlikveldError
from blikveld.interviews import exchange as own
from blikveld.interviews import foreign, refi
from blikveld.web import site


@allowed(Task.PREPARE_TALKS)
@require_http_methods(["GET", "HEAD", "POST"])
@told
def exchange(request: HttpRequest, language: str) -> HttpResponse:
    """Links to what goes out, and a form for what comes in."""
    if request.method != "POST":
        return shown(request, "exchange", language, trouble=())
    file = sent(request)
    if file is None:
        problem = WORDS["needed"][language]
        return shown(request, "exchange", language, 422, trouble=(), problem=problem)
    try:
        found = refi.project(refi.Package.read(*file))
        language_ = site.current().study.languages[0]
        taken = foreign.taken_over(found, language_, room().log().state)
        room().take_over(taken)
    except BlikveldError as refused:
        return shown(request, "exchange", language, 422, trouble=(), problem=reason(refused))
    write(person(request).name, "talks.taken_over", str(len(taken.texts)))
    if taken.trouble:
        return shown(request, "exchange", language, trouble=taken.trouble)
    return rendering.go(language, "talks")


@allowed(Task.PREPARE_TALKS)
@require_safe
@told
def project(request: HttpRequest, language: str) -> HttpResponse:
    """Texts, codes, codings, memos and coders as .qdpx."""
    study = site.current().study
    title = study.title[study.languages[0]]
    whole = own.project(title, room().texts().values(), room().log().state)
    write(person(request).name, "talks.exported", "qdpx")
    return _file(refi.package(whole).written(), "application/zip", "talks.qdpx")


@allowed(Task.PREPARE_TALKS)
@require_safe
@told
def codebook(request: HttpRequest, language: str) -> HttpResponse:
    """The codebook alone as .qdc."""
    whole = own.project("", (), room().log().state)
    write(person(request).name, "talks.exported", "qdc")
    return _file(
        refi.Codebook.of(whole.codes, "Blikveld").written(), "application/xml", "codes.qdc"
    )


def _file(raw: bytes, kind: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(raw, content_type=kind, headers=headers)
