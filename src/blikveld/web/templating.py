"""What pages are made from: templates, the script, a style sheet for each theme, and the words of
the pages themselves, whose texts stand in the catalogues (`blikveld.locale`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.http import HttpResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from blikveld.locale import Catalogue, direction, language_name, respondents
from blikveld.study.model import Study
from blikveld.study.sites import Site
from blikveld.study.themes import USUAL, Theme

_WEB = Path(__file__).parent / "templates"
_STYLE = _WEB / "style.css"


@dataclass(frozen=True, slots=True)
class StyleSheet:
    """A style sheet and its address, which changes with it: browsers may keep it for good."""

    url: str
    content: bytes


def usual() -> StyleSheet:
    """The style sheet where no site is meant."""
    return sheet(USUAL)


def style_of(study: Study, site: str) -> StyleSheet:
    """The style sheet of a site's pages."""
    return sheet(study.theme(site))


def find(study: Study, url: str) -> StyleSheet:
    """The style sheet with this address; the usual one for an address of an earlier version."""
    return next((found for found in map(sheet, study.themes) if found.url == url), usual())


def sheet(theme: Theme) -> StyleSheet:
    """The colours of a theme, and after them the rules that use them."""
    return _made(tuple(theme.colours.items()))


@lru_cache(maxsize=100)
def _made(colours: tuple[tuple[str, str], ...]) -> StyleSheet:
    filled = "".join(f"--{name}:{value};" for name, value in colours)
    content = f":root{{{filled}}}\n".encode() + _STYLE.read_bytes()
    return StyleSheet(f"/style-{sha256(content).hexdigest()[:12]}.css", content)


def strict_environment(folders: Sequence[Path]) -> Environment:
    """Templates of these folders. What a template does not know is an error; all is escaped."""
    return Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The compiled templates of this process."""
    found = strict_environment([_WEB])
    found.globals["style_url"] = usual().url
    found.globals["script_url"] = script_url()
    found.globals["language_name"] = language_name
    found.globals["direction"] = direction
    found.filters["fill"] = _fill
    return found


def _fill(message: str, **values: object) -> Markup:
    """A message with its placeholders filled in, each escaped once."""
    return escape(message).format(**values)


def page(template: str, status: int = 200, **context: object) -> HttpResponse:
    """A page from a template."""
    return HttpResponse(environment().get_template(template).render(context), status=status)


@lru_cache(maxsize=1)
def script() -> bytes:
    """The one script. Every page works without it."""
    return (_WEB / "script.js").read_bytes()


@lru_cache(maxsize=1)
def script_url() -> str:
    """Its address, which changes with its content too."""
    return f"/script-{sha256(script()).hexdigest()[:12]}.js"


@dataclass(frozen=True, slots=True)
class PageWords:
    """Every word around the questions: the messages `page.…`, by name."""

    browser_title: str
    skip: str
    language_choice: str
    step: str
    start: str
    start_again: str
    go_on: str
    next: str
    finish: str
    back: str
    optional: str
    choose_one: str
    choose_more: str
    check_again: str
    error: str
    named: str
    errors: str
    recovered: str
    resume: str
    cookie: str
    no_session: str
    address_kept: str
    draft_kept: str
    draft_lost: str
    waiting: str
    held: str
    held_again: str
    held_later: str
    down: str
    busy_start: str
    whole_link: str
    whole_title: str
    whole_text: str
    whole_back: str
    whole_for: str
    code_wish: str
    code_shown: str
    code_how: str
    code_have: str
    code_none: str
    code_title: str
    code_label: str
    code_help: str
    code_wrong: str
    code_busy: str
    thanks: str
    thanks_text: str
    another: str
    closed: str
    closed_text: str
    not_open: str
    not_open_text: str
    busy: str
    unknown: str
    unknown_text: str
    no_entry: str
    no_entry_text: str
    too_large: str
    too_large_text: str
    unreadable: str
    unreadable_text: str
    broken: str


@dataclass(frozen=True, slots=True)
class ScriptWords:
    """What we say to who telephones, not to the respondent: the messages `script.…`."""

    title: str
    begin: str
    before: str
    consent: str
    read: str
    end: str
    end_text: str
    resume: str


@dataclass(frozen=True, slots=True)
class MonitorWords:
    """The words of a contact's page: the messages `monitor.…` without a number in them."""

    title: str
    about: str
    no_rate: str
    step: str
    number: str
    completed: str


def words(study: Study, language: str) -> PageWords:
    """The words of a page in a language of the study."""
    return _page_words(study.folder, language)


def script_words(study: Study, language: str) -> ScriptWords:
    """The words for who telephones."""
    return _script_words(study.folder, language)


def monitor_words(study: Study, language: str) -> MonitorWords:
    """The words of the monitor."""
    return page_catalogue(study, language).fill(MonitorWords, "monitor")


def page_catalogue(study: Study, language: str) -> Catalogue:
    """The respondents' catalogue of a study in one of its languages."""
    return respondents(language, study.folder)


@lru_cache(maxsize=100)
def _page_words(folder: Path, language: str) -> PageWords:
    return respondents(language, folder).fill(PageWords, "page")


@lru_cache(maxsize=100)
def _script_words(folder: Path, language: str) -> ScriptWords:
    return respondents(language, folder).fill(ScriptWords, "script")


def paragraphs(text: str) -> tuple[Markup, ...]:
    """Text as paragraphs: split at blank lines, safe to print, telephone numbers as links."""
    parts = re.split(r"\n\s*\n", text.strip())
    return tuple(_linked(" ".join(part.split())) for part in parts)


_TELEPHONE = re.compile(r"\b0\d{2,3}-\d{4,7}\b")


def _linked(text: str) -> Markup:
    def link(match: re.Match[str]) -> str:
        number = match.group()
        return f'<a href="tel:{number.replace("-", "")}">{number}</a>'

    # A telephone number holds nothing that escaping changes.
    return Markup(_TELEPHONE.sub(link, str(escape(text))))  # noqa: S704


def pipe_text(text: str, study: Study, site: Site) -> str:
    """Text with the site's name where the study asks for it."""
    return text.replace(f"{{{study.sites.name}}}", site.name)
