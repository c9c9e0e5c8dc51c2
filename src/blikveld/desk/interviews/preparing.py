"""Pages to import a transcript, and to judge what else in it could identify somebody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from blikveld.desk import rendering
from blikveld.desk.access import requires
from blikveld.desk.accounts.login import current_account
from blikveld.desk.audit_log.entries import write
from blikveld.desk.error_pages import show_error_page
from blikveld.desk.interviews.showing import (
    TRAITS,
    coding_project,
    field,
    refusal,
    render,
    sent,
    traits,
    workspace,
)
from blikveld.desk.roles import Permission
from blikveld.desk.words import of_members, texts
from blikveld.errors import BlikveldError
from blikveld.interviews.coding_project import InterviewMetadata
from blikveld.interviews.deidentification import Context, IdentifierKind, KnownNames, Span, Speaker
from blikveld.interviews.deidentification.find import second_look
from blikveld.interviews.deidentification.programs import installed
from blikveld.interviews.drafts import WaitingTranscript
from blikveld.interviews.study_files import hidden
from blikveld.interviews.withdrawal import certificate, withdraw_interview
from blikveld.interviews.workspace import WorkspaceError
from blikveld.study.labels import place_names
from blikveld.web import served_study

WORDS = texts("interviews")
KINDS = of_members(IdentifierKind, "interviews.kind")

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
            context=Context(people, place_names(study), installed(), hidden(study)),
        )
    except BlikveldError as refused:
        return _form(request, language, {"file": refusal(refused, language)}, 422)
    about = InterviewMetadata(field(request, "role"), field(request, "site"))
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


def speakers(request: HttpRequest) -> KnownNames:
    """Who speaks, as a form lists them: on each line names, and what is read instead."""
    lines = (line for line in _lines(request, "speakers") if "=" in line)
    pairs = (line.split("=", 1) for line in lines)
    listed = tuple(
        Speaker(tuple(name.strip() for name in names.split(",") if name.strip()), label.strip())
        for names, label in pairs
    )
    return KnownNames(listed, tuple(_lines(request, "organisations")))


def _form(request: HttpRequest, language: str, errors: dict[str, str], status: int) -> HttpResponse:
    given = {key: field(request, key) for key in ("name", "speakers", "organisations")}
    chosen = {key: field(request, key) for key in TRAITS}
    return render(
        request,
        "new",
        language,
        status,
        errors=errors,
        given=given,
        chosen=chosen,
        traits=traits(language),
        invented="invented" in request.POST,
    )


@dataclass(frozen=True, slots=True)
class IdentifierSuggestion:
    """One suggestion as it is judged: with the words around it."""

    number: int
    before: str
    words: str
    after: str
    accepted: bool


@requires(Permission.PREPARE_INTERVIEWS)
@require_http_methods(["GET", "HEAD", "POST"])
@show_error_page
def pseudonymise(request: HttpRequest, language: str, name: str) -> HttpResponse:
    """Say of each suggestion whether it goes, look a second time, and protect for good."""
    work, problem = workspace(), ""
    waiting = work.waiting(name)
    if request.method == "POST":
        try:
            decided, problem = _decided(request, waiting, language)
            work.judge(decided, seen=field(request, "version"))
        except WorkspaceError as refused:
            return _protect(request, language, waiting, refusal(refused, language))
        waiting = decided
        if field(request, "do") == "protect":
            work.pseudonymise(name)
            write(current_account(request).name, "interviews.protected", name)
            return rendering.go(language, "interviews")
    return _protect(request, language, waiting, problem)


def _decided(
    request: HttpRequest, waiting: WaitingTranscript, language: str
) -> tuple[WaitingTranscript, str]:
    """The draft after what a form says, and what could not be done of it."""
    what, _, rest = request.POST.get("do", "").partition(":")
    if what == "undo":
        return waiting.undone(), ""
    kept = set(request.POST.getlist("take"))
    # Ticks stand for suggestions by their order, which another person may have changed.
    ticked = waiting.with_ticks(lambda number: str(number) in kept)
    match what:
        case "all" | "none":
            return ticked.with_kind(_kind(rest), accepted=what == "all"), ""
        case "cover":
            kind, _, words = rest.partition(":")
            return ticked.covering(words, _kind(kind)), ""
        case "add":
            words = field(request, "words")
            if not words or words not in waiting.draft.text:
                return ticked, WORDS["not_there"][language].format(words)
            return ticked.covering(words, _kind(field(request, "kind"))), ""
        case _:
            return ticked, ""


def _kind(value: str) -> IdentifierKind:
    known = {kind.value: kind for kind in IdentifierKind}
    return known.get(value, IdentifierKind.PERSON)


def _protect(
    request: HttpRequest, language: str, waiting: WaitingTranscript, problem: str = ""
) -> HttpResponse:
    by_kind: dict[IdentifierKind, list[IdentifierSuggestion]] = {}
    for number, (span, accepted) in enumerate(waiting.decisions):
        row = _suggestion(waiting.draft.text, number, span, accepted=accepted)
        by_kind.setdefault(span.kind, []).append(row)
    study = served_study.current().study
    rows = second_look(waiting.draft.text, waiting.spans, hidden(study))
    return render(
        request,
        "protect",
        language,
        422 if problem else 200,
        name=waiting.draft.key,
        version=waiting.version,
        problem=problem,
        notes=waiting.draft.notes,
        by_kind=[(kind.value, KINDS[kind][language], found) for kind, found in by_kind.items()],
        unjudged=rows[:_ROWS],
        unjudged_count=len(rows),
        offered=[(kind.value, KINDS[kind][language]) for kind in _OFFERED],
        can_undo=bool(waiting.before),
        kinds=[(kind.value, KINDS[kind][language]) for kind in IdentifierKind],
        pieces=list(_pieces(waiting)),
    )


_ROWS = 150
"""How many words the second look shows; what comes behind them are ordinary words."""
_OFFERED = (IdentifierKind.PERSON, IdentifierKind.TOWN, IdentifierKind.ORGANISATION)


def _suggestion(text: str, number: int, span: Span, *, accepted: bool) -> IdentifierSuggestion:
    before = text[max(0, span.start - _AROUND) : span.start]
    after = text[span.end : span.end + _AROUND]
    return IdentifierSuggestion(number, before, span.words(text), after, accepted)


def _pieces(waiting: WaitingTranscript) -> Iterator[list[tuple[str, bool]]]:
    """The lines of the draft in pieces, each with whether it goes."""
    text, goes = waiting.draft.text, bytearray(len(waiting.draft.text))
    for span, accepted in waiting.decisions:
        if accepted:
            goes[span.start : span.end] = b"\x01" * (span.end - span.start)
    for line in re.finditer(r"[^\n]+", text):
        places = range(*line.span())
        groups = groupby(places, key=goes.__getitem__)
        yield [("".join(text[i] for i in inside), bool(gone)) for gone, inside in groups]


@requires(Permission.PREPARE_INTERVIEWS)
@require_http_methods(["GET", "HEAD", "POST"])
@show_error_page
def withdraw(request: HttpRequest, language: str, name: str) -> HttpResponse:
    """Say what goes with an interview, and remove it with all that was made of it."""
    work = workspace()
    text = work.interviews().get(name)
    if text is None:
        raise Http404
    if request.method == "POST":
        withdraw_interview(work, name, current_account(request).name)
        write(current_account(request).name, "interviews.withdrawn", name)
        return rendering.go(language, "interviews")
    state = coding_project().log().state
    counts = certificate(state, text, current_account(request).name)
    return render(request, "withdraw", language, name=name, counts=counts)
