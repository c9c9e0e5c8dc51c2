"""An interviewer at work: one organisation at a time, and how the call ended."""

from __future__ import annotations

from datetime import date, time

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe
from markupsafe import Markup

from blikveld.desk import rendering
from blikveld.desk.calls import place
from blikveld.desk.calls.showing import day, moment, refused, shown, told
from blikveld.desk.calls.words import NOBODY, WHY, WORDS
from blikveld.desk.guard import allowed, person
from blikveld.desk.journal.writing import write
from blikveld.desk.roles import Task
from blikveld.desk.words import of_study
from blikveld.fieldwork.calls import CallRefused, Case, Disposition, Nothing, Outcome, Section, why
from blikveld.fieldwork.calls.dispositions import SECTIONS
from blikveld.fieldwork.calls.outcomes import FARTHEST
from blikveld.fieldwork.counters import Link
from blikveld.study.model import Mode
from blikveld.web import site
from blikveld.web.frames import TextFrame, page_frame

_NAMED = 8
"""So many signs of its random key name a case in the journal."""


@allowed(Task.CALL)
@require_safe
def calls(request: HttpRequest, language: str) -> HttpResponse:
    """The organisation to call now; or who is next; or why there is nobody, and until when."""
    held = place.book().held(place.now(), person(request).name)
    if held is not None:
        return _organisation(request, language, held)
    return _between(request, language)


@allowed(Task.CALL)
@require_POST
@told
def following(request: HttpRequest, language: str) -> HttpResponse:
    """Take the next organisation: nobody else gets it today."""
    place.book().take(place.now(), person(request).name)
    return rendering.go(language, "calls")


@allowed(Task.CALL)
@require_POST
@told
def back(request: HttpRequest, language: str) -> HttpResponse:
    """Put an organisation back, without an outcome."""
    place.book().put_back(place.now(), person(request).name)
    return rendering.go(language, "calls")


@allowed(Task.CALL)
@require_POST
@told
def outcome(request: HttpRequest, language: str) -> HttpResponse:
    """Keep how a call ended. What is wrong is told on the same page, with what was filled in."""
    me, now = person(request).name, place.now()
    key = request.POST.get("organisation", "")
    try:
        kept = place.book().record(key, _outcome(request), now, me)
    except CallRefused as wrong:
        held = place.book().held(now, me)
        if held is None or held.organisation.key != key:
            return refused(request, language, wrong)
        errors = {wrong.field: wrong.reason[language]}
        return _organisation(request, language, held, errors)
    write(me, "calls.outcome", named(kept))
    ended = kept.attempts[-1].disposition
    return rendering.go(language, "calls", query=f"?kept={ended.value}")


@allowed(Task.CALL)
@require_POST
@told
def undo(request: HttpRequest, language: str) -> HttpResponse:
    """Take back one's own last outcome of today; that organisation is here again."""
    case = place.book().undo(place.now(), person(request).name)
    write(person(request).name, "calls.undone", named(case))
    return rendering.go(language, "calls")


def named(case: Case) -> str:
    """What the journal calls a case: the beginning of its random key."""
    return case.organisation.key[:_NAMED]


def _outcome(request: HttpRequest) -> Outcome:
    known = {d.value: d for d in Disposition if d.section is not None}
    disposition = known.get(request.POST.get("disposition", ""), Disposition.NOT_ATTEMPTED)
    when, clock = request.POST.get("day", ""), request.POST.get("time", "")
    return Outcome(disposition, _read("day", when), _clock(clock))


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
    now, one = place.now(), case.organisation
    appointment = case.appointment
    return shown(
        request,
        "organisation",
        language,
        422 if errors else 200,
        errors=errors or {},
        one=one,
        where=_where(case, language),
        why=WHY[why(case, now, person(request).name)][language],
        appointed=moment(appointment.due(now), language) if appointment else "",
        earlier=[
            (day(a.day, language), a.disposition.label[language], a.disposition.code)
            for a in reversed(case.attempts)
        ],
        script=place.script(one.municipality, language),
        opening=WORDS["opening"][language].format(
            study=_title(language), place=_municipality(one.municipality)
        ),
        aloud=_aloud(case, language),
        outcomes=_choices(language),
        chosen=request.POST.get("disposition", ""),
        given={name: request.POST.get(name, "") for name in ("day", "time")},
        first=now.date().isoformat(),
        last=(now.date() + FARTHEST).isoformat(),
    )


def _between(request: HttpRequest, language: str) -> HttpResponse:
    me, now, book = person(request).name, place.now(), place.book()
    found = book.look(now, me)
    due = book.next_due(now, me) if isinstance(found, Nothing) else None
    labels = {d.value: f"{d.label[language]} ({d.code})" for d in Disposition}
    return shown(
        request,
        "between",
        language,
        nobody=NOBODY[found][language] if isinstance(found, Nothing) else "",
        ahead=isinstance(found, Nothing) and found in (Nothing.OUTSIDE_HOURS, Nothing.LATER),
        due=moment(due, language) if due else "",
        meetings=any(case.appointment for case in book.cases()),
        kept=labels.get(request.GET.get("kept", ""), ""),
        can_undo=book.can_undo(me),
    )


def _choices(language: str) -> list[tuple[Section, str, list[Disposition]]]:
    return [
        (section, title[language], [d for d in Disposition if d.section is section])
        for section, title in SECTIONS.items()
    ]


def _title(language: str) -> str:
    study = site.current().study
    return study.title[of_study(study, language)]


def _municipality(key: str) -> str:
    return site.current().study.municipality(key).name


def _where(case: Case, language: str) -> str:
    """The municipality, and the domain where it is known."""
    study, one = site.current().study, case.organisation
    domains = {d.key: d.label[of_study(study, language)] for d in study.domains}
    return ", ".join(filter(None, (_municipality(one.municipality), domains.get(one.domain or ""))))


def _aloud(case: Case, language: str) -> tuple[Markup, ...]:
    """What the script begins with, so that an interviewer knows it before it rings."""
    now = site.current()
    link = Link(case.organisation.municipality, Mode.PHONE)
    frame = page_frame(now.routing, 1, of_study(now.study, language), link)
    texts = [f for section in frame.sections for f in section.frames if isinstance(f, TextFrame)]
    return texts[0].text if texts else ()
