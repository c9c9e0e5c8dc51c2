"""What a request tells of its visitor: a language and a link, with the addresses of its pages and
its cookie, and what was sent in. Used now and kept nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from typing import assert_never

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, QueryDict

from blikveld.fieldwork.sessions import FormAction, SurveyLink
from blikveld.fieldwork.visits import Form, Visit
from blikveld.questionnaire import Page
from blikveld.study.model import Mode, Study
from blikveld.web.served_study import ServedStudy

SEGMENTS = {Mode.WEB: "v", Mode.PHONE: "tel"}
"""What stands for a mode in an address."""


@dataclass(frozen=True, slots=True)
class LinkContext:
    """A link of the study in one of its languages."""

    served: ServedStudy
    language: str
    link: SurveyLink

    @property
    def study(self) -> Study:
        """The study that is served."""
        return self.served.study

    @property
    def landing(self) -> str:
        """The address of the first page, the one that is spread."""
        return f"/{self.language}/{SEGMENTS[self.link.mode]}/{self.link.site}/"

    @property
    def done(self) -> str:
        """The address of the page of thanks."""
        return f"{self.landing}done/"

    @property
    def code(self) -> str:
        """The address of the page to go on with a code."""
        return f"{self.landing}code/"

    @property
    def whole(self) -> str:
        """The address of the whole questionnaire, to read or to print."""
        return f"{self.landing}print/"

    def page(self, page: Page | None) -> str:
        """The address of a page; of the page of thanks for None."""
        return f"{self.landing}p/{page.number}/" if page else self.done

    @property
    def cookie(self) -> str:
        """The name of the cookie that holds the token. Each link has its own."""
        return cookie_name(f"blikveld-{self.link.mode.value}-{self.link.site}")

    @property
    def template_folder(self) -> str:
        """Where the templates for this mode stand."""
        return "phone/" if self.link.mode is Mode.PHONE else ""

    def others(self) -> tuple[LinkContext, ...]:
        """The same place in the study's other languages."""
        languages = (code for code in self.study.languages if code != self.language)
        return tuple(replace(self, language=code) for code in languages)


def find_context(served: ServedStudy, language: str, site: str, mode: Mode) -> LinkContext:
    """The place with this address. Raises Http404 when the study is not held there."""
    study = served.study
    known = study.sites.keys
    if language not in study.languages or site not in known or mode not in study.modes:
        raise Http404
    return LinkContext(served, language, SurveyLink(site, mode))


def cookie_name(name: str) -> str:
    """The name as the browser has it. Over HTTPS no other host can set a cookie of this name.

    A neighbour, such as another host of the same town, can set cookies for all of its hosts, and
    so choose whose questionnaire a page is of. Browsers take `__Host-` from the host itself only.
    """
    return f"__Host-{name}" if settings.ENVIRONMENT.https else name


def set_cookie(response: HttpResponse, name: str, value: str, seconds: int | None) -> None:
    """Set a cookie that no script can read; without `seconds` it goes when the browser closes."""
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        httponly=True,
        samesite="Lax",
        secure=settings.ENVIRONMENT.https,
    )


# A question's name is a Python name, so these can never be the name of a question.
SESSION_FIELD = "blikveld-session"
ACTION_FIELD = "blikveld-go"
SUBMISSION_FIELD = "blikveld-submission"
"""Turn and number of a draft: `3-1`. A page is shown with the number of the last one."""

_SUBMISSION = re.compile(r"(\d{1,6})-(\d{1,6})", re.ASCII)
_ROBOT = re.compile(
    r"bot\b|crawl|spider|slurp|preview|scanner|facebookexternalhit|whatsapp|headlesschrome/.*lighthouse",
    re.IGNORECASE,
)


def is_person(request: HttpRequest) -> bool:
    """Whether somebody looks at the page, as far as can be told: no robot, no page fetched ahead.

    Link scanners that pass for a browser are counted, so 'opened' is an upper bound.
    """
    ahead = request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))
    robot = _ROBOT.search(request.headers.get("User-Agent", ""))
    return request.method == "GET" and "prefetch" not in ahead and robot is None


class Source(Enum):
    """Which website made the browser send a form, as far as the browser tells."""

    OURS = "ours"
    FOREIGN = "foreign"
    UNTOLD = "untold"
    """No header says: an old browser, one that hides it, or no browser at all."""


def source(request: HttpRequest) -> Source:
    """Where a form was sent from. A sibling host, or another port of ours, is foreign too."""
    fetched = request.headers.get("Sec-Fetch-Site")
    if fetched:
        return Source.OURS if fetched in ("same-origin", "none") else Source.FOREIGN
    told = request.headers.get("Origin") or request.headers.get("Referer")
    if told is None:
        return Source.UNTOLD
    host = told.partition("://")[2].partition("/")[0]
    ours = bool(host) and host == request.META.get("HTTP_HOST")
    return Source.OURS if ours else Source.FOREIGN


def is_foreign(request: HttpRequest) -> bool:
    """Whether another website made the browser send this form.

    Following a link from elsewhere is not foreign: it changes nothing.
    """
    return request.method == "POST" and source(request) is Source.FOREIGN


def visit(request: HttpRequest, context: LinkContext) -> Visit:
    """Who comes, and where."""
    return Visit(
        context.link, context.language, tokens(request, context), context.served.starts.admit
    )


def tokens(request: HttpRequest, context: LinkContext) -> tuple[str, ...]:
    """The tokens that the visitor surely got from us, the best one first.

    The token in the form goes first: a page belongs to whom it was made for. Where nothing tells
    who made the form, it counts only beside the same token in the cookie, which no other website
    can read or write.
    """
    cookie = request.COOKIES.get(context.cookie, "")
    if request.method != "POST":
        return (cookie,) if cookie else ()
    sent = request.POST.get(SESSION_FIELD, "")
    match source(request):
        case Source.OURS:
            return tuple(token for token in (sent, cookie) if token)
        case Source.UNTOLD:
            return (cookie,) if cookie and sent == cookie else ()
        case Source.FOREIGN:
            return ()
        case never:
            assert_never(never)


def form(request: HttpRequest) -> Form:
    """The fields of a form that was sent in."""
    return _lists(request.POST)


def sent(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """Every field of a form of ours, to stand on a page once more; nothing of a foreign form.

    Where nothing tells the source, the token is left out unless the visitor's own cookie has it.
    """
    if request.method != "POST" or is_foreign(request):
        return
    try:
        fields = list(request.POST.lists())
    except (BadRequest, SuspiciousOperation, OSError):
        # It cannot be read as a form, so there is nothing to give back.
        return
    trusted = source(request) is Source.OURS
    for name, values in fields:
        for value in map(str, values):
            if name != SESSION_FIELD or trusted or value in request.COOKIES.values():
                yield name, value


def form_action(request: HttpRequest) -> FormAction:
    """Which button was pressed. Sending a form without a button means going on."""
    named = request.POST.get(ACTION_FIELD, "")
    return next((action for action in FormAction if action.value == named), FormAction.NEXT)


def submission_number(request: HttpRequest) -> tuple[int, int]:
    """The turn and number of a draft; numbers that fit no draft where there are none."""
    found = _SUBMISSION.fullmatch(request.POST.get(SUBMISSION_FIELD, ""))
    return (int(found[1]), int(found[2])) if found else (-1, 0)


def _lists(fields: QueryDict) -> Form:
    return {name: [str(value) for value in values] for name, values in fields.lists()}
