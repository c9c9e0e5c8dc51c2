"""Pages of the interviewer: the next call, its outcome, and appointments."""

from __future__ import annotations

from datetime import date, datetime, time

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe
from markupsafe import Markup

from blikveld.desk import rendering
from blikveld.desk.access import requires
from blikveld.desk.accounts.login import current_account
from blikveld.desk.audit_log.entries import write
from blikveld.desk.phone import showing
from blikveld.desk.phone.showing import moment, render, show_error_page, show_refusal
from blikveld.desk.roles import Permission
from blikveld.desk.words import of_members, of_study, texts
from blikveld.fieldwork.sessions import SurveyLink
from blikveld.locale.conventions import near_day
from blikveld.phone import (
    Appointment,
    CallOutcome,
    CallReason,
    CallRefused,
    Case,
    Disposition,
    NoCallReason,
    OutcomeHeading,
    why,
)
from blikveld.phone.outcomes import FARTHEST
from blikveld.study.model import Mode
from blikveld.web import served_study
from blikveld.web.page_layout import TextLayout, lay_out_page

WORDS = texts("phone")
WHY = of_members(CallReason, "call.why")
NOBODY = of_members(NoCallReason, "call.nobody")
HEADINGS = of_members(OutcomeHeading, "outcome.heading")
_NAMED = 8
"""So many signs of its random key name a case in the journal."""


@requires(Permission.CALL)
@require_safe
def calls(request: HttpRequest, language: str) -> HttpResponse:
    """The organisation to call now; or who is next; or why there is nobody, and until when."""
    held = showing.book().held(showing.now(), current_account(request).name)
    if held is not None:
        return _organisation(request, language, held)
    return _between(request, language)


@requires(Permission.CALL)
@require_POST
@show_error_page
def following(request: HttpRequest, language: str) -> HttpResponse:
    """Take the next organisation: nobody else gets it today."""
    showing.book().take(showing.now(), current_account(request).name)
    return rendering.go(language, "phone")


@requires(Permission.CALL)
@require_POST
@show_error_page
def back(request: HttpRequest, language: str) -> HttpResponse:
    """Put an organisation back, without an outcome."""
    showing.book().put_back(showing.now(), current_account(request).name)
    return rendering.go(language, "phone")


@requires(Permission.CALL)
@require_POST
@show_error_page
def outcome(request: HttpRequest, language: str) -> HttpResponse:
    """Keep how a call ended. What is wrong is told on the same page, with what was filled in."""
    me, now = current_account(request).name, showing.now()
    key = request.POST.get("organisation", "")
    try:
        kept = showing.book().record(key, _outcome(request), now, me)
    except CallRefused as wrong:
        held = showing.book().held(now, me)
        if held is None or held.organisation.key != key:
            return show_refusal(request, language, wrong)
        errors = {wrong.field: wrong.reason[language]}
        return _organisation(request, language, held, errors)
    write(me, "phone.outcome", named(kept))
    ended = kept.attempts[-1].disposition
    return rendering.go(language, "phone", query=f"?kept={ended.value}")


@requires(Permission.CALL)
@require_POST
@show_error_page
def undo(request: HttpRequest, language: str) -> HttpResponse:
    """Take back one's own last outcome of today; that organisation is here again."""
    case = showing.book().undo(showing.now(), current_account(request).name)
    write(current_account(request).name, "phone.undone", named(case))
    return rendering.go(language, "phone")


def named(case: Case) -> str:
    """What the journal calls a case: the beginning of its random key."""
    return case.organisation.key[:_NAMED]


def _outcome(request: HttpRequest) -> CallOutcome:
    known = {d.value: d for d in Disposition if d.heading is not None}
    disposition = known.get(request.POST.get("disposition", ""), Disposition.NOT_ATTEMPTED)
    when, clock = request.POST.get("day", ""), request.POST.get("time", "")
    return CallOutcome(disposition, _read("day", when), _clock(clock))


def _read(field: str, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise CallRefused("unreadable", field, WORDS["unreadable_day"]) from None


def _clock(text: str) -> time | None:
    try:
        # Without a zone: it is that of who is called.
        return time.fromisoformat(text).replace(tzinfo=None) if text else None
    except ValueError:
        raise CallRefused("unreadable", "time", WORDS["unreadable_time"]) from None


def _organisation(
    request: HttpRequest, language: str, case: Case, errors: dict[str, str] | None = None
) -> HttpResponse:
    now, one = showing.now(), case.organisation
    appointment = case.appointment
    return render(
        request,
        "organisation",
        language,
        422 if errors else 200,
        errors=errors or {},
        one=one,
        where=_where(case, language),
        why=WHY[why(case, now, current_account(request).name)][language],
        appointed=moment(appointment.due(now), language) if appointment else "",
        earlier=[
            (near_day(a.day, language), a.disposition.label[language], a.disposition.code)
            for a in reversed(case.attempts)
        ],
        script=showing.script(one.site, language),
        opening=WORDS["opening"][language].format(
            study=_title(language), place=_site_name(one.site)
        ),
        aloud=_aloud(case, language),
        outcomes=_choices(language),
        chosen=request.POST.get("disposition", ""),
        given={name: request.POST.get(name, "") for name in ("day", "time")},
        first=now.date().isoformat(),
        last=(now.date() + FARTHEST).isoformat(),
    )


def _between(request: HttpRequest, language: str) -> HttpResponse:
    me, now, book = current_account(request).name, showing.now(), showing.book()
    found = book.look(now, me)
    due = book.next_due(now, me) if isinstance(found, NoCallReason) else None
    labels = {d.value: f"{d.label[language]} ({d.code})" for d in Disposition}
    return render(
        request,
        "between",
        language,
        nobody=NOBODY[found][language] if isinstance(found, NoCallReason) else "",
        ahead=isinstance(found, NoCallReason)
        and found in (NoCallReason.OUTSIDE_HOURS, NoCallReason.LATER),
        due=moment(due, language) if due else "",
        meetings=any(case.appointment for case in book.cases()),
        kept=labels.get(request.GET.get("kept", ""), ""),
        can_undo=book.can_undo(me),
    )


def _choices(language: str) -> list[tuple[OutcomeHeading, str, list[Disposition]]]:
    return [
        (section, title[language], [d for d in Disposition if d.heading is section])
        for section, title in HEADINGS.items()
    ]


def _title(language: str) -> str:
    study = served_study.current().study
    return study.title[of_study(study, language)]


def _site_name(key: str) -> str:
    return served_study.current().study.sites[key].name


def _where(case: Case, language: str) -> str:
    """The site, and what stands in the further column of the list."""
    study, one = served_study.current().study, case.organisation
    beside = study.collecting.call_column
    variable = study.variables[beside] if beside else None
    known = {c.code: c.label[of_study(study, language)] for c in variable.codes} if variable else {}
    return ", ".join(filter(None, (_site_name(one.site), known.get(one.category or ""))))


def _aloud(case: Case, language: str) -> tuple[Markup, ...]:
    """What the script begins with, so that an interviewer knows it before it rings."""
    now = served_study.current()
    link = SurveyLink(case.organisation.site, Mode.PHONE)
    frame = lay_out_page(now.routing, 1, of_study(now.study, language), link)
    texts = [f for section in frame.sections for f in section.layouts if isinstance(f, TextLayout)]
    return texts[0].text if texts else ()


_MISSED, _TODAY, _LATER = "missed", "today", "later"


@requires(Permission.CALL)
@require_safe
def appointments(request: HttpRequest, language: str) -> HttpResponse:
    """Every appointment, one's own and those of others, soonest first."""
    now, me = showing.now(), current_account(request).name
    groups: dict[str, list[tuple[str, str, str, str]]] = {_MISSED: [], _TODAY: [], _LATER: []}
    for meeting, case in _all():
        whose = WORDS["mine" if meeting.by == me else "theirs"][language]
        one = case.organisation
        name = f"{one.name}, {_site_name(one.site)}"
        row = (one.key, moment(meeting.due(now), language), name, whose)
        groups[_group(meeting, now)].append(row)
    titled = [(WORDS[group][language], rows) for group, rows in groups.items() if rows]
    return render(request, "appointments", language, groups=titled)


@requires(Permission.CALL)
@require_POST
@show_error_page
def keep(request: HttpRequest, language: str, key: str) -> HttpResponse:
    """Take the organisation of an appointment, early or late."""
    showing.book().take_one(key, showing.now(), current_account(request).name)
    return rendering.go(language, "phone")


def _all() -> list[tuple[Appointment, Case]]:
    found = [(c.appointment, c) for c in showing.book().cases() if c.appointment and not c.closed]
    return sorted(found, key=lambda pair: (pair[0].day, pair[0].time, pair[1].organisation.key))


def _group(meeting: Appointment, now: datetime) -> str:
    if meeting.late(now) > 0:
        return _MISSED
    return _TODAY if meeting.day == now.date() else _LATER
