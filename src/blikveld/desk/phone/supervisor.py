"""Pages of the supervisor of calls: their progress, the call list and the hours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import time

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from blikveld.desk import rendering
from blikveld.desk.access import requires
from blikveld.desk.accounts.login import current_account
from blikveld.desk.audit_log.entries import write
from blikveld.desk.phone import showing
from blikveld.desk.phone.showing import render, show_error_page
from blikveld.desk.roles import Permission
from blikveld.desk.words import of_members, of_study, texts
from blikveld.errors import Fault, Faults
from blikveld.phone import CallRefused, Disposition, Hours
from blikveld.phone.list_files import columns, read
from blikveld.phone.list_files import write as listed
from blikveld.phone.outcomes import CaseStatus, OutcomeCounts, count_by_status
from blikveld.phone.queue import DayPart
from blikveld.results.formatting import rounded
from blikveld.stats.outcomes import Dispositions, rates
from blikveld.web import served_study

WORDS = texts("phone")
STANDS = of_members(CaseStatus, "call.stand")
RATES, FAULTS = texts("call.rate"), texts("call.fault")
_ALL, _LIKELY, _SURE = "(I+P+R+NC+O+U)", "(I+P+R+NC+O+eU)", "(I+P+R+NC+O)"
FORMULAS: Mapping[str, str] = {
    **{f"rr{n}": f"{top} / {base}" for n, (top, base) in enumerate(
        [(top, base) for base in (_ALL, _LIKELY, _SURE) for top in ("I", "(I+P)")], 1
    )},
    "coop1": "I / (I+P+R+O)",
    "coop2": "(I+P) / (I+P+R+O)",
    "coop3": "I / (I+P+R)",
    "coop4": "(I+P) / (I+P+R)",
    **{f"ref{n}": f"R / {base}" for n, base in enumerate((_ALL, _LIKELY, _SURE), 1)},
    **{f"con{n}": f"(I+P+R+O) / {base}" for n, base in enumerate((_ALL, _LIKELY, _SURE), 1)},
    "e": "(I+P+R+NC+O) / (I+P+R+NC+O+NE)",
}  # fmt: skip
"""How a rate is made, in AAPOR's letters."""
_MOST_FAULTS = 100


@requires(Permission.PREPARE_CALLS)
@require_safe
def overview(request: HttpRequest, language: str) -> HttpResponse:
    """How many organisations stand where, and the outcome rates: of the whole sample only."""
    book = showing.book()
    found, stands = book.outcomes(), count_by_status(book.cases(), showing.now())
    return render(
        request,
        "overview",
        language,
        stands=[(text[language], stands[stand]) for stand, text in STANDS.items()],
        total=sum(stands.values()),
        outcomes=_outcomes(found, language),
        cases=found.cases,
        calls=found.calls,
        rates=_rates(found, language),
        released=request.GET.get("released", "") == "yes",
    )


@requires(Permission.PREPARE_CALLS)
@require_http_methods(["GET", "HEAD", "POST"])
def list_(request: HttpRequest, language: str) -> HttpResponse:
    """Add organisations from a file: all of it, or, when a line is wrong, nothing."""
    if request.method != "POST":
        return _list(request, language)
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        return _list(request, language, 422, errors={"file": WORDS["no_file"][language]})
    try:
        # What it is called on somebody's computer goes nowhere.
        found = read(served_study.current().study, file.read(), "list")
    except Faults as wrong:
        errors = {"file": WORDS["wrong_lines"][language]}
        return _list(request, language, 422, errors=errors, faults=_faults(wrong, language))
    added = showing.book().add(found)
    write(current_account(request).name, "phone.imported", str(added.new))
    return _list(request, language, added=WORDS["added"][language].format(added.new, added.known))


@requires(Permission.PREPARE_CALLS)
@require_POST
def remaining(request: HttpRequest, language: str) -> HttpResponse:
    """What is still to be called, as a list that can be imported elsewhere."""
    left = [case.organisation for case in showing.book().cases() if not case.closed]
    write(current_account(request).name, "phone.exported", str(len(left)))
    headers = {
        "Content-Disposition": 'attachment; filename="remaining.csv"',
        "Cache-Control": "no-store",
    }
    file = listed(served_study.current().study, left)
    return HttpResponse(file, content_type="text/csv; charset=utf-8", headers=headers)


@requires(Permission.PREPARE_CALLS)
@require_http_methods(["GET", "HEAD", "POST"])
def hours(request: HttpRequest, language: str) -> HttpResponse:
    """From when to when is called, on working days."""
    if request.method != "POST":
        return _hours(request, language, _as_fields(showing.book().hours()))
    given = {name: request.POST.get(name, "") for name in _as_fields(Hours())}
    try:
        showing.book().set_hours(_read(given))
    except (CallRefused, ValueError) as wrong:
        reason = wrong.reason if isinstance(wrong, CallRefused) else WORDS["unreadable_time"]
        return _hours(request, language, given, 422, errors={"morning_start": reason[language]})
    write(current_account(request).name, "phone.hours")
    return _hours(request, language, given, done=True)


@requires(Permission.PREPARE_CALLS)
@require_POST
@show_error_page
def release(request: HttpRequest, language: str) -> HttpResponse:
    """Give back what interviewers have before them: somebody went home in the middle."""
    if freed := showing.book().release(showing.now()):
        write(current_account(request).name, "phone.released", str(freed))
    return rendering.go(language, "phone_overview", query="?released=yes")


def _outcomes(found: OutcomeCounts, language: str) -> list[tuple[str, str, int, int]]:
    labels = {d.value: d.label[language] for d in Disposition}
    rows = ((code, labels[name], cases, calls) for code, name, _, cases, calls in found.rows())
    return [row for row in rows if row[2]]


def _rates(found: OutcomeCounts, language: str) -> list[tuple[str, str, str, str]]:
    """Name in words, AAPOR's abbreviation, how it is made, and the share."""
    groups = {group.value: number for group, number in found.groups().items()}
    made = rates(Dispositions(**groups))
    rows = []
    for field in fields(made):
        value: float | None = getattr(made, field.name)
        share = f"{rounded(100 * value, language, 1)}%" if value is not None else ""
        share = share or WORDS["no_base"][language]
        name = RATES[field.name.rstrip("0123456789")][language]
        short = field.name if field.name == "e" else field.name.upper()
        rows.append((name, short, FORMULAS[field.name], share))
    return rows


def _list(
    request: HttpRequest,
    language: str,
    status: int = 200,
    *,
    errors: dict[str, str] | None = None,
    faults: list[tuple[int | None, str]] | None = None,
    added: str = "",
) -> HttpResponse:
    study = served_study.current().study
    said, beside = of_study(study, language), study.collecting.call_column
    variable = study.variables[beside] if beside else None
    return render(
        request,
        "list",
        language,
        status,
        errors=errors or {},
        faults=(faults or [])[:_MOST_FAULTS],
        more=max(0, len(faults or []) - _MOST_FAULTS),
        added=added,
        columns=",".join(columns(study)),
        sites=(study.sites.plural[said], ", ".join(study.sites.keys)),
        beside=(variable.label[said], ", ".join(c.code for c in variable.codes))
        if variable
        else None,
    )


def _faults(wrong: Faults, language: str) -> list[tuple[int | None, str]]:
    def position(fault: Fault) -> tuple[int, str]:
        return fault.line or 0, fault.code

    study, found = served_study.current().study, sorted(wrong.faults, key=position)
    said, beside = of_study(study, language), study.collecting.call_column
    words = {
        "site": study.sites.one(said),
        "category": study.variables[beside].label[said] if beside else "",
        "columns": ", ".join(columns(study)),
    }
    texts = (FAULTS[fault.code.removeprefix("calls-")][language] for fault in found)
    return [(fault.line, text.format(**words)) for fault, text in zip(found, texts, strict=True)]


def _as_fields(hours: Hours) -> dict[str, str]:
    fields = {}
    for part, (start, end) in hours.parts.items():
        fields[f"{part.value}_start"] = start.isoformat("minutes")
        fields[f"{part.value}_end"] = end.isoformat("minutes")
    return fields


def _read(given: dict[str, str]) -> Hours:
    def clock(name: str) -> time:
        return time.fromisoformat(given[name]).replace(tzinfo=None)

    return Hours({p: (clock(f"{p.value}_start"), clock(f"{p.value}_end")) for p in DayPart})


def _hours(
    request: HttpRequest,
    language: str,
    given: dict[str, str],
    status: int = 200,
    *,
    errors: dict[str, str] | None = None,
    done: bool = False,
) -> HttpResponse:
    return render(request, "hours", language, status, given=given, errors=errors or {}, done=done)
