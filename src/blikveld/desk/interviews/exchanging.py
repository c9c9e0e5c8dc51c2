"""REFI-QDA: the interviews for other programs, and a project of another program taken over."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from blikveld.desk import rendering
from blikveld.desk.access import requires
from blikveld.desk.accounts.signed_in import current_account
from blikveld.desk.audit_log.writing import write
from blikveld.desk.error_pages import reason, show_error_page
from blikveld.desk.interviews.showing import coding_project, sent, shown
from blikveld.desk.interviews.words import WORDS
from blikveld.desk.roles import Permission
from blikveld.errors import BlikveldError
from blikveld.interviews import exchange, refi
from blikveld.interviews import exchange as own
from blikveld.web import served_study


@requires(Permission.PREPARE_INTERVIEWS)
@require_http_methods(["GET", "HEAD", "POST"])
@show_error_page
def show_exchange(request: HttpRequest, language: str) -> HttpResponse:
    """Links to what goes out, and a form for what comes in."""
    if request.method != "POST":
        return shown(request, "exchange", language, trouble=())
    file = sent(request)
    if file is None:
        problem = WORDS["needed"][language]
        return shown(request, "exchange", language, 422, trouble=(), problem=problem)
    try:
        found = refi.project(refi.RefiArchive.read(*file))
        language_ = served_study.current().study.languages[0]
        taken = exchange.import_project(found, language_, coding_project().log().state)
        coding_project().take_over(taken)
    except BlikveldError as refused:
        return shown(request, "exchange", language, 422, trouble=(), problem=reason(refused))
    write(current_account(request).name, "interviews.taken_over", str(len(taken.texts)))
    if taken.problems:
        return shown(request, "exchange", language, trouble=taken.problems)
    return rendering.go(language, "interviews")


@requires(Permission.PREPARE_INTERVIEWS)
@require_safe
@show_error_page
def download_project(request: HttpRequest, language: str) -> HttpResponse:
    """Texts, codes, codings, memos and coders as .qdpx."""
    study = served_study.current().study
    title = study.title[study.languages[0]]
    whole = own.export_project(
        title, coding_project().texts().values(), coding_project().log().state
    )
    write(current_account(request).name, "interviews.exported", "qdpx")
    return _file(refi.package(whole).written(), "application/zip", "interviews.qdpx")


@requires(Permission.PREPARE_INTERVIEWS)
@require_safe
@show_error_page
def download_codebook(request: HttpRequest, language: str) -> HttpResponse:
    """The codebook alone as .qdc."""
    whole = own.export_project("", (), coding_project().log().state)
    write(current_account(request).name, "interviews.exported", "qdc")
    return _file(
        refi.Codebook.of(whole.codes, "Blikveld").written(), "application/xml", "codes.qdc"
    )


def _file(raw: bytes, kind: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(raw, content_type=kind, headers=headers)
