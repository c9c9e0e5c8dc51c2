"""Templates, the script, and the style sheet of each theme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.http import HttpResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from blikveld.locale import direction, language_name
from blikveld.study.model import Study
from blikveld.study.themes import USUAL, Theme

_WEB = Path(__file__).parent / "templates"
_STYLE = _WEB / "style.css"


@dataclass(frozen=True, slots=True)
class StyleSheet:
    """A style sheet and its address, which changes with it: browsers may keep it for good."""

    url: str
    content: bytes


def usual() -> StyleSheet:
    """The style sheet where no municipality is meant."""
    return sheet(USUAL)


def of(study: Study, municipality: str) -> StyleSheet:
    """The style sheet of a municipality's pages."""
    return sheet(study.theme(municipality))


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
