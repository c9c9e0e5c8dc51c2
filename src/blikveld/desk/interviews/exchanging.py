"""Pages to export interviews as REFI-QDA, and to import a project of another program."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from blikveld.desk import rendering
from blikveld.desk.access import requires
from blikveld.desk.accounts.login import current_account
from blikveld.desk.audit_log.entries import write
from blikveld.desk.error_pages import show_error_page
from blikveld.desk.interviews.preparing import speakers
from blikveld.desk.interviews.showing import coding_project, field, refusal, render, sent, workspace
from blikveld.desk.roles import Permission
from blikveld.desk.words import texts
from blikveld.errors import BlikveldError
from blikveld.interviews import exchange, refi
from blikveld.interviews.deidentification import Context
from blikveld.interviews.deidentification.programs import installed
from blikveld.interviews.study_files import hidden
from blikveld.study.labels import place_names
from blikveld.web import served_study

WORDS = texts("interviews")


@requires(Permission.PREPARE_INTERVIEWS)
@require_http_methods(["GET", "HEAD", "POST"])
@show_error_page
def show_exchange(request: HttpRequest, language: str) -> HttpResponse:
    """Links to what goes out, and a form for what comes in."""
    if request.method != "POST":
        return render(request, "exchange", language, trouble=(), given=_given(request))
    file = sent(request)
    if file is None:
        problem = WORDS["needed"][language]
        return _refused(request, language, problem)
    try:
        taken = _taken_over(request, file)
    except BlikveldError as refused:
        return _refused(request, language, refusal(refused, language))
    write(current_account(request).name, "interviews.taken_over", str(len(taken.texts)))
    if taken.problems:
        given = _given(request)
        return render(request, "exchange", language, trouble=taken.problems, given=given)
    return rendering.go(language, "interviews")


def _taken_over(request: HttpRequest, file: tuple[bytes, str]) -> exchange.ImportedProject:
    work, study = workspace(), served_study.current().study
    package = refi.RefiArchive.read(*file)
    found = refi.project(package)
    there = work.texts().values()
    taken = exchange.import_project(
        found, study.languages[0], coding_project().log().state, there, work.drafts()
    )
    people = speakers(request)
    context = Context(people, place_names(study), installed(), hidden(study))
    work.take_over(taken, context, package)
    return taken


def _refused(request: HttpRequest, language: str, problem: str) -> HttpResponse:
    given = _given(request)
    return render(request, "exchange", language, 422, trouble=(), problem=problem, given=given)


def _given(request: HttpRequest) -> dict[str, str]:
    return {key: field(request, key) for key in ("speakers", "organisations")}


@requires(Permission.PREPARE_INTERVIEWS)
@require_safe
@show_error_page
def download_project(request: HttpRequest, language: str) -> HttpResponse:
    """Texts, codes, codings, memos and coders as .qdpx."""
    study = served_study.current().study
    title = study.title[study.languages[0]]
    whole = exchange.export_project(
        title, coding_project().texts().values(), coding_project().log().state
    )
    write(current_account(request).name, "interviews.exported", "qdpx")
    package = refi.package(whole, coding_project().others(whole))
    return _file(package.written(), "application/zip", "interviews.qdpx")


@requires(Permission.PREPARE_INTERVIEWS)
@require_safe
@show_error_page
def download_codebook(request: HttpRequest, language: str) -> HttpResponse:
    """The codebook alone as .qdc."""
    whole = exchange.export_project("", (), coding_project().log().state)
    write(current_account(request).name, "interviews.exported", "qdc")
    return _file(
        refi.Codebook.of(whole.codes, "Blikveld").written(), "application/xml", "codes.qdc"
    )


def _file(raw: bytes, kind: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(raw, content_type=kind, headers=headers)
