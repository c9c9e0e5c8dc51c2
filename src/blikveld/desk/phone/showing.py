"""Shared parts of the phone pages: the call list, the callers' clock, the script, the menu."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse

from blikveld.desk import rendering
from blikveld.desk.accounts.login import current_account
from blikveld.desk.databases import own_folder
from blikveld.desk.environment import SCRIPT
from blikveld.desk.error_pages import handle_error
from blikveld.desk.roles import Permission, has_permission
from blikveld.desk.words import WORDS as SAID
from blikveld.desk.words import of_study, texts, translate
from blikveld.locale.conventions import near_day
from blikveld.phone import CallRefused, day_pass
from blikveld.phone.call_list import CallList
from blikveld.phone.queue import HERE
from blikveld.study.model import Mode
from blikveld.web import served_study
from blikveld.web.environment import phone_key
from blikveld.web.views import KEY

WORDS = texts("phone")
_USUAL_SCRIPT = "http://127.0.0.1:8000"


def book() -> CallList:
    """The call list of the fieldwork."""
    return CallList.at(_data())


def now() -> datetime:
    """The time of the callers."""
    return datetime.now(HERE)


def script(site: str, language: str) -> str:
    """The script of a site, open today to whoever follows this; empty without one."""
    study = served_study.current().study
    if Mode.PHONE not in study.modes:
        return ""
    server = os.environ.get(SCRIPT, _USUAL_SCRIPT).rstrip("/")
    given = urlencode({KEY: day_pass.make(phone_key(_data()), now().date())})
    return f"{server}/{of_study(study, language)}/tel/{site}/?{given}"


def _data() -> Path:
    return own_folder().parent


_MENU = (
    ("phone", Permission.CALL),
    ("phone_appointments", Permission.CALL),
    ("phone_overview", Permission.PREPARE_CALLS),
    ("phone_list", Permission.PREPARE_CALLS),
    ("phone_hours", Permission.PREPARE_CALLS),
)


def render(
    request: HttpRequest, template: str, language: str, status: int = 200, **context: Any
) -> HttpResponse:
    """A page of the calls."""
    role = current_account(request).role
    whole: dict[str, Any] = {
        "t": translate(WORDS, language),
        "rooms": [
            (name, WORDS[name][language]) for name, task in _MENU if has_permission(role, task)
        ],
        **context,
    }
    return rendering.page(request, f"phone/{template}.html", language, status, **whole)


def moment(when: datetime, language: str) -> str:
    """A day and a time of day in words."""
    return f"{near_day(when.date(), language)}, {when:%H:%M}"


def show_refusal(request: HttpRequest, language: str, why: CallRefused) -> HttpResponse:
    """A page that says why something cannot be done, and that nothing changed."""
    title = SAID["cannot"][language]
    return render(request, "refused", language, 409, title=title, reason=why.reason[language])


show_error_page = handle_error(CallRefused, show_refusal)
"""A view of the calls of which a refusal becomes a page."""
