"""The desk's templates. Those of a room that is a package stand in its own folder `templates`."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.urls import Resolver404, resolve, reverse
from jinja2 import Environment

from blikveld.desk.roles import LABELS, Role, has_permission
from blikveld.desk.sections import MenuLink, sections
from blikveld.desk.words import LANGUAGES, WORDS, of_study, translate
from blikveld.locale import direction, language_name
from blikveld.web import served_study, templating

_HERE = Path(__file__).parent


def page(
    request: HttpRequest, template: str, language: str, status: int = 200, **context: Any
) -> HttpResponse:
    """A page from a template, with what every page of the desk has around it."""
    from blikveld.desk.accounts.login import current

    account = current(request) if hasattr(request, "session") else None
    study = served_study.current().study
    around = {
        "language": language,
        "direction": direction(language),
        "w": translate(WORDS, language),
        "style_url": style_url(),
        "script_url": script_url(),
        "study_title": study.title[of_study(study, language)],
        "account": account,
        "role": LABELS[Role(account.role)][language] if account else "",
        "menu": menu(account.role, language) if account else [],
        "here": request.path,
        "languages": [(_other(request, code), code, language_name(code)) for code in LANGUAGES],
        "form_token": get_token(request),
        "errors": {},
        "url": lambda name, *arguments: reverse(name, args=[language, *arguments]),
    }
    text = environment().get_template(template).render({**around, **context})
    return HttpResponse(text, status=status)


def go(language: str, name: str, *arguments: object, query: str = "") -> HttpResponse:
    """On to another page after something was done."""
    address = reverse(name, args=[language, *arguments]) + query
    return HttpResponse(status=303, headers={"Location": address})


def menu(role: str, language: str) -> list[tuple[str, str, str]]:
    """What somebody with this role can open: address, title, and what it is for."""
    return [
        (reverse(link.name, args=[language]), link.title[language], link.about[language])
        for link in links()
        if has_permission(role, link.permission)
    ]


def links() -> list[MenuLink]:
    """Every page that a menu can show."""
    return [link for section in sections() for link in section.links]


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The compiled templates of this process."""
    return templating.strict_environment([_HERE / "templates", *sorted(_HERE.glob("*/templates"))])


@lru_cache(maxsize=1)
def style() -> bytes:
    """The respondents' sheet in its usual theme, and after it what only the desk has."""
    sheets = _HERE.rglob("templates/*/*.css")
    own = sorted(sheets, key=lambda file: (file.name != "desk.css", file.parts[-2:]))
    return b"\n".join([templating.usual().content, *(file.read_bytes() for file in own)])


@lru_cache(maxsize=1)
def style_url() -> str:
    """Its address, which changes with its content."""
    return f"/desk-{sha256(style()).hexdigest()[:12]}.css"


@lru_cache(maxsize=1)
def script() -> bytes:
    """The script of the coding page, its parts in order; everything works without it."""
    parts = sorted((_HERE / "interviews" / "script").glob("*.js"))
    return b"\n".join(part.read_bytes() for part in parts)


@lru_cache(maxsize=1)
def script_url() -> str:
    """Its address, which changes with its content."""
    return f"/desk-{sha256(script()).hexdigest()[:12]}.js"


def _other(request: HttpRequest, language: str) -> str:
    """The same page in another language; the overview where there is no such page."""
    parts = request.path.split("/")
    if len(parts) > 1 and parts[1] in LANGUAGES and request.method in ("GET", "HEAD"):
        changed = "/".join(["", language, *parts[2:]])
        try:
            resolve(changed)
        except Resolver404:
            pass
        else:
            query = request.META.get("QUERY_STRING", "")
            return f"{changed}?{query}" if query else changed
    return f"/{language}/"
