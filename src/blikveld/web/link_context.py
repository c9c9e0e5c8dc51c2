"""Where a visitor is: a language, a link, the addresses of its pages, and its cookie."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.conf import settings
from django.http import Http404, HttpResponse

from blikveld.fieldwork.counters import SurveyLink
from blikveld.questionnaire import Page
from blikveld.study.model import Mode, Study
from blikveld.web.served_study import ServedStudy

SEGMENTS = {Mode.WEB: "v", Mode.PHONE: "tel"}
"""What stands for a mode in an address."""


@dataclass(frozen=True, slots=True)
class LinkContext:
    """A link of the study in one of its languages."""

    site: ServedStudy
    language: str
    link: SurveyLink

    @property
    def study(self) -> Study:
        """The study that is served."""
        return self.site.study

    @property
    def landing(self) -> str:
        """The address of the first page, the one that is spread."""
        return f"/{self.language}/{SEGMENTS[self.link.mode]}/{self.link.municipality}/"

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
        return cookie_name(f"blikveld-{self.link.mode.value}-{self.link.municipality}")

    @property
    def template_folder(self) -> str:
        """Where the templates for this mode stand."""
        return "phone/" if self.link.mode is Mode.PHONE else ""

    def others(self) -> tuple[LinkContext, ...]:
        """The same place in the study's other languages."""
        languages = (code for code in self.study.languages if code != self.language)
        return tuple(replace(self, language=code) for code in languages)


def find_context(site: ServedStudy, language: str, municipality: str, mode: Mode) -> LinkContext:
    """The place with this address. Raises Http404 when the study is not held there."""
    study = site.study
    known = {municipality.key for municipality in study.municipalities}
    if language not in study.languages or municipality not in known or mode not in study.modes:
        raise Http404
    return LinkContext(site, language, SurveyLink(municipality, mode))


def cookie_name(name: str) -> str:
    """The name as the browser has it. Over HTTPS no other host can set a cookie of this name.

    A neighbour, such as another site of the same town, can set cookies for the whole domain, and
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
