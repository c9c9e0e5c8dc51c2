"""The templates of the pages. Those of the phone room stand in its own folder and build on ours."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.http import HttpResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from blikveld.web import sheets

_WEB = Path(__file__).parent / "templates"
_PHONE = Path(__file__).parent.parent / "phone" / "templates"


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The compiled templates of this process. What a template does not know is an error."""
    found = Environment(
        loader=FileSystemLoader([_WEB, _PHONE]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    found.globals["style_url"] = sheets.usual().url
    found.globals["script_url"] = script_url()
    return found


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
