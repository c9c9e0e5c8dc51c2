"""Taking a transcript in, and judging what else could tell who somebody is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from blikveld.desk import rendering
from blikveld.desk.access import requires
from blikveld.desk.accounts.login import current_account
from blikveld.desk.audit_log.writing import write
from blikveld.desk.error_pages import reason, show_error_page
from blikveld.desk.interviews.showing import coding_project, field, sent, shown, workspace
from blikveld.desk.interviews.words import KINDS, WORDS
from blikveld.desk.roles import Permission
from blikveld.desk.words import of_study, place_names_of
from blikveld.errors import BlikveldError
from blikveld.interviews import withdrawal
from blikveld.interviews.coding_project import InterviewMetadata
from blikveld.interviews.deidentification import Context, IdentifierKind, People, Speaker
from blikveld.interviews.deidentification.programs import installed
from blikveld.interviews.study_files import hidden
from blikveld.interviews.workspace import WaitingTranscript, Workspace, WorkspaceError
from blikveld.web import served_study

_AROUND = 60


@requires(Permission.PREPARE_INTERVIEWS)
@require_http_methods(["GET", "HEAD", "POST"])
@show_error_page
def import_transcript(request: HttpRequest, language: str) -> HttpResponse:
    """A file becomes a draft without speakers."""
    if request.method != "POST":
        return _form(request, language, {}, 200)
    errors = _missing(request, language)
    if errors:
        return _form(request, language, errors, 422)
    study, name = served_study.current().study, field(request, "name")
    people = speakers(request)
    raw, file_name = sent(request) or (b"", "")
    try:
        work = workspace()
        work.import_transcript(
            raw,
            file_name,
            people,
            name,
            language=study.languages[0],
            context=Context(people, place_names_of(study), installed(), hidden(study)),
        )
    except BlikveldError as refused:
        return _form(request, language, {"file": reason(refused)}, 422)
    about = InterviewMetadata(field(request, "function"), field(request, "municipality"))
    coding_project().describe(name, about, invented="invented" in request.POST)
    write(current_account(request).name, "interviews.taken_in", name)
    return rendering.go(language, "interviews_protect", name)


def _missing(request: HttpRequest, language: str) -> dict[str, str]:
    found = {
        key: WORDS["needed"][language] for key in ("name", "speakers") if not field(request, key)
    }
    if sent(request) is None:
        found["file"] = WORDS["needed"][language]
    if "speakers" not in found and any("=" not in line for line in _lines(request, "speakers")):
        found["speakers"] = WORDS["speakers_form"][language]
    return found


def _lines(request: HttpRequest, name: str) -> list[str]:
    return [line.strip() for line in request.POST.get(name, "").splitlines() if line.strip()]


def speakers(request: HttpRequest) -> People:
    """Who speaks, as a form lists them: on each line names, and what is read instead."""
    lines = (line for line in _lines(request, "speakers") if "=" in line)
    pairs = (line.split("=", 1) for line in lines)
    listed = tuple(
        Speaker(tuple(name.strip() for name in names.split(",") if name.strip()), label.strip())
        for names, label in pairs
    )
    return People(listed, tuple(_lines(request, "organisations")))


def _form(request: HttpRequest, language: str, errors: dict[str, str], status: int) -> HttpResponse:
    study = served_study.current().study
    said = of_study(study, language)
    functions = [(f.code, f.label[said]) for d in study.domains for f in d.functions]
    offered = [(m.key, m.name) for m in study.municipalities]
    given = {key: field(request, key) for key in ("name", "speakers", "organisations")}
    chosen = {key: field(request, key) for key in ("function", "municipality")}
    return shown(
        request,
        "new",
        language,
        status,
        errors=errors,
        given=given,
        chosen=chosen,
        functions=functions,
        towns=offered,
        invented="invented" in request.POST,
    )


@dataclass(frozen=True, slots=True)
class IdentifierSuggestion:
    """One suggestion as it is judged: with the words around it."""

    number: int
    before: str
    words: str
    after: str
    kind: str
    accepted: bool


@requires(Permission.PREPARE_INTERVIEWS)
@require_http_methods(["GET", "HEAD", "POST"])
@show_error_page
def pseudonymise(request: HttpRequest, language: str, name: str) -> HttpResponse:
    """Say of each suggestion whether it goes, add what was missed, and protect for good."""
    work, problem = workspace(), ""
    waiting = work.waiting(name)
    if request.method == "POST":
        try:
            waiting = _judged(request, work, waiting)
        except WorkspaceError as refused:
            return _protect(request, language, waiting, reason(refused))
        match field(request, "do"):
            case "add":
                problem, waiting = _added(request, language, work, name, waiting)
            case "protect":
                work.pseudonymise(name)
                write(current_account(request).name, "interviews.protected", name)
                return rendering.go(language, "interviews")
    return _protect(request, language, waiting, problem)


def _protect(
    request: HttpRequest, language: str, waiting: WaitingTranscript, problem: str = ""
) -> HttpResponse:
    return shown(
        request,
        "protect",
        language,
        422 if problem else 200,
        name=waiting.draft.key,
        version=waiting.version,
        problem=problem,
        notes=waiting.draft.notes,
        suggestions=list(_suggestions(waiting, language)),
        kinds=[(kind.value, KINDS[kind][language]) for kind in IdentifierKind],
        text=waiting.draft.text,
    )


@requires(Permission.PREPARE_INTERVIEWS)
@require_http_methods(["GET", "HEAD", "POST"])
@show_error_page
def withdraw(request: HttpRequest, language: str, name: str) -> HttpResponse:
    """Say what goes with an interview, and remove it with all that was made of it."""
    work = workspace()
    text = work.texts().get(name)
    if text is None:
        raise Http404
    if request.method == "POST":
        withdrawal.withdraw(work, name, current_account(request).name)
        write(current_account(request).name, "interviews.withdrawn", name)
        return rendering.go(language, "interviews")
    state = coding_project().log().state
    counts = withdrawal.certificate(state, text, current_account(request).name)
    return shown(request, "withdraw", language, name=name, counts=counts)


def _judged(request: HttpRequest, work: Workspace, waiting: WaitingTranscript) -> WaitingTranscript:
    kept = set(request.POST.getlist("take"))
    # Ticks stand for suggestions by their order, which another person may have changed.
    accepted = tuple(str(n) in kept for n in range(len(waiting.spans)))
    judged = replace(waiting, accepted=accepted)
    work.judge(judged, seen=field(request, "version"))
    return judged


def _added(
    request: HttpRequest, language: str, work: Workspace, name: str, waiting: WaitingTranscript
) -> tuple[str, WaitingTranscript]:
    words = field(request, "words")
    known = {kind.value: kind for kind in IdentifierKind}
    kind = known.get(field(request, "kind"), IdentifierKind.PERSON)
    at = waiting.draft.text.find(words) if words else -1
    if at < 0:
        return WORDS["not_there"][language].format(words), waiting
    while at >= 0:
        waiting = work.add(name, at, at + len(words), kind)
        at = waiting.draft.text.find(words, at + len(words))
    return "", waiting


def _suggestions(waiting: WaitingTranscript, language: str) -> Iterator[IdentifierSuggestion]:
    text = waiting.draft.text
    pairs = zip(waiting.spans, waiting.accepted, strict=True)
    for number, (span, accepted) in enumerate(pairs):
        before = text[max(0, span.start - _AROUND) : span.start]
        after = text[span.end : span.end + _AROUND]
        words = span.words(text)
        yield IdentifierSuggestion(
            number, before, words, after, KINDS[span.kind][language], accepted
        )
