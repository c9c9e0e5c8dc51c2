"""Monitoring of the fieldwork: the response by link, how it grew, and opening and closing it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_http_methods, require_safe
from markupsafe import Markup

from blikveld.desk import rendering
from blikveld.desk.access import requires
from blikveld.desk.accounts.login import current_account
from blikveld.desk.audit_log.entries import change
from blikveld.desk.roles import Permission, has_permission
from blikveld.desk.sections import DeskSection, MenuLink
from blikveld.desk.words import acts, of_study, texts, translate
from blikveld.fieldwork.counters import Counts, finished_by, stepped, sum_days
from blikveld.fieldwork.counters import DailyTotal as DayLine
from blikveld.fieldwork.sessions import SurveyLink
from blikveld.fieldwork.store import Phase
from blikveld.locale.conventions import short_day
from blikveld.study.model import Mode
from blikveld.web import fieldwork as of_web
from blikveld.web import served_study
from blikveld.web.answers.models import day_lines
from blikveld.web.served_study import ServedStudy

WORDS = texts("monitoring")

_NEXT = {Phase.PREPARED: Phase.OPEN, Phase.OPEN: Phase.CLOSED, Phase.CLOSED: Phase.OPEN}
_ACT = {Phase.OPEN: "fieldwork.opened", Phase.CLOSED: "fieldwork.closed"}


@requires(Permission.RUN_FIELDWORK)
@require_http_methods(["GET", "HEAD", "POST"])
def fieldwork(request: HttpRequest, language: str) -> HttpResponse:
    """Where the fieldwork stands, and a form to open or close it."""
    here = served_study.current()
    phase = here.store.phase()
    if request.method != "POST":
        return _page(request, language, phase)
    wanted = request.POST.get("phase", "")
    if wanted != _NEXT[phase].value:
        # Somebody else did so meanwhile, or the page was old.
        return _page(request, language, phase, {"sure": WORDS["changed"][language]})
    if "sure" not in request.POST:
        return _page(request, language, phase, {"sure": WORDS["not_sure"][language]})
    of_web.check_study(here.study)
    with change(current_account(request).name, _ACT[_NEXT[phase]], here.study.key):
        here.store.set_phase(here.study.version, _NEXT[phase])
    return rendering.go(language, "fieldwork")


def _page(
    request: HttpRequest, language: str, phase: Phase, errors: dict[str, str] | None = None
) -> HttpResponse:
    return rendering.page(
        request,
        "monitoring/fieldwork.html",
        language,
        422 if errors else 200,
        t=translate(WORDS, language),
        phase=phase.value,
        next=_NEXT[phase].value,
        again=phase is Phase.CLOSED,
        errors=errors or {},
    )


@dataclass(frozen=True, slots=True)
class LinkCounts:
    """The counts of one link, or of several together."""

    site: str
    site_name: str
    mode: str
    opened: str
    started: int
    completed: int


@dataclass(frozen=True, slots=True)
class SplitCounts:
    """How many finished by one mode, for each code of a variable that is called `label`."""

    label: str
    mode: str
    rows: tuple[tuple[str, int], ...]


@requires(Permission.SEE_RESPONSE)
@require_safe
def responses(request: HttpRequest, language: str) -> HttpResponse:
    """Every link, all links together, and how the whole grew."""
    here = served_study.current()
    sites, counts = here.study.sites, here.store.counts()
    lines = [line for site in sites for line in _link_counts(here, counts, site.key, language)]
    return _seeing_page(request, language, lines, day_lines())


@requires(Permission.SEE_RESPONSE)
@require_safe
def one_site(request: HttpRequest, language: str, site: str) -> HttpResponse:
    """The links of one site, by what the study names too, and how it grew."""
    here = served_study.current()
    if site not in here.study.sites.keys:
        raise Http404
    lines = list(_link_counts(here, here.store.counts(), site, language))
    own = {site: day_lines().get(site, ())}
    exports = has_permission(current_account(request).role, Permission.EXPORT)
    split = list(_split(here, site, language)) if exports else []
    return _seeing_page(request, language, lines, own, here.study.sites[site].name, split)


def _seeing_page(
    request: HttpRequest,
    language: str,
    lines: list[LinkCounts],
    grew: Mapping[str, tuple[DayLine, ...]],
    name: str = "",
    split: Sequence[SplitCounts] = (),
) -> HttpResponse:
    here = served_study.current()
    smallest = here.study.disclosure.threshold
    growth = Growth(here.study.fieldwork.first.isoformat(), sum_days(grew, smallest))
    return rendering.page(
        request,
        "monitoring/monitoring.html",
        language,
        t=translate(WORDS, language),
        name=name,
        phase=here.store.phase().value,
        runs=has_permission(current_account(request).role, Permission.RUN_FIELDWORK),
        lines=lines,
        total=_together(lines),
        split=split,
        site=here.study.sites.one(of_study(here.study, language)),
        smallest=smallest,
        growth=growth,
        picture=growth.picture(WORDS["growth"][language], language) if growth.steps else "",
    )


def _link_counts(
    here: ServedStudy, counts: Mapping[SurveyLink, Counts], site: str, language: str
) -> Iterator[LinkCounts]:
    smallest = here.study.disclosure.threshold
    location = here.study.sites[site].name
    for mode in here.study.modes:
        found = counts.get(SurveyLink(site, mode), Counts())
        yield LinkCounts(
            site,
            location,
            WORDS[mode.value][language],
            # Interviewers open the page for every call: that says nothing.
            str(stepped(found.opened, smallest)) if mode is Mode.WEB else "–",
            stepped(found.started, smallest),
            stepped(found.finished, smallest),
        )


def _together(lines: list[LinkCounts]) -> LinkCounts:
    return LinkCounts(
        "",
        "",
        "",
        str(sum(int(line.opened) for line in lines if line.opened.isdigit())),
        sum(line.started for line in lines),
        sum(line.completed for line in lines),
    )


def _split(here: ServedStudy, site: str, language: str) -> Iterator[SplitCounts]:
    """Who finished, by each variable that the study names for it and each of its modes."""
    spoken = of_study(here.study, language)
    for name in here.study.collecting.monitor_by:
        label = here.study.variables[name].label[spoken]
        for mode in here.study.modes:
            found = finished_by(here.routing, here.store.at(SurveyLink(site, mode)), name)
            rows = tuple((code.label[spoken], number) for code, number in found)
            yield SplitCounts(label, WORDS[mode.value][language], rows)


_WIDTH, _HEIGHT = 340, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 330, 16, 158


@dataclass(frozen=True, slots=True)
class Growth:
    """`steps` are the days (YYYY-MM-DD) with the number reached, the oldest first.

    `opening` is the day on which the study planned to begin; the line begins there with nobody.
    """

    opening: str
    steps: tuple[tuple[str, int], ...]

    def rows(self, language: str) -> list[tuple[str, int]]:
        """The steps with their days as people write them."""
        return [(written_day(day, language), number) for day, number in self.steps]

    def picture(self, title: str, language: str) -> Markup:
        """The line as SVG, with `title` for who cannot see it. There is at least one step."""
        first, last = min(self.opening, self.steps[0][0]), self.steps[-1][0]
        most = max(number for _, number in self.steps)
        span = max(1, (_date(last) - _date(first)).days)

        def across(day: str) -> float:
            return _LEFT + (_RIGHT - _LEFT) * (_date(day) - _date(first)).days / span

        def up(number: int) -> float:
            return _BOTTOM - (_BOTTOM - _TOP) * number / max(1, most)

        line = f"M{_LEFT} {_BOTTOM}" + "".join(
            f"H{across(day):.1f}V{up(number):.1f}" for day, number in self.steps
        )
        return Markup(
            '<svg class="growth" viewBox="0 0 {w} {h}" role="img" aria-label="{title}">'
            '<path class="axis" d="M{left} {top}V{bottom}H{right}"/>'
            '<path class="line" d="{line}"/>'
            '<text x="{number}" y="{most_at}" text-anchor="end">{most}</text>'
            '<text x="{number}" y="{bottom}" text-anchor="end">0</text>'
            '<text x="{left}" y="{under}">{first}</text>'
            '<text x="{right}" y="{under}" text-anchor="end">{last}</text></svg>'
        ).format(
            w=_WIDTH,
            h=_HEIGHT,
            title=title,
            left=_LEFT,
            right=_RIGHT,
            top=_TOP,
            bottom=_BOTTOM,
            line=line,
            number=_LEFT - 8,
            most_at=_TOP + 10,
            most=most,
            under=_BOTTOM + 22,
            first=written_day(first, language),
            last=written_day(last, language),
        )


def written_day(day: str, language: str) -> str:
    """A day as people write it: '7 apr 2021'."""
    return short_day(_date(day), language)


def _date(day: str) -> date:
    return date.fromisoformat(day)


_AT = "<str:language>/monitoring/"
SECTION = DeskSection(
    key="monitoring",
    urls=(
        path(_AT, responses, name="monitoring"),
        path(f"{_AT}<slug:site>/", one_site, name="monitoring_of"),
        path("<str:language>/fieldwork/", fieldwork, name="fieldwork"),
    ),
    links=(
        MenuLink(
            "monitoring", Permission.SEE_RESPONSE, WORDS["monitoring"], WORDS["monitoring_about"]
        ),
        MenuLink(
            "fieldwork", Permission.RUN_FIELDWORK, WORDS["fieldwork"], WORDS["fieldwork_about"]
        ),
    ),
    acts=acts("fieldwork"),
)
