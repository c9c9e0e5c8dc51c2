"""Where the call list is, what time it is for who is called, and the way to the script."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

from blikveld.desk.databases import own_folder
from blikveld.desk.environment import SCRIPT
from blikveld.desk.words import of_study
from blikveld.fieldwork.calls import passes
from blikveld.fieldwork.calls.book import CallBook
from blikveld.fieldwork.calls.hours import HERE
from blikveld.study.model import Mode
from blikveld.web import site
from blikveld.web.environment import phone_key
from blikveld.web.interviewers import KEY

_USUAL_SCRIPT = "http://127.0.0.1:8000"


def book() -> CallBook:
    """The call list of the fieldwork."""
    return CallBook.at(_data())


def now() -> datetime:
    """The time of the callers."""
    return datetime.now(HERE)


def script(municipality: str, language: str) -> str:
    """The script of a municipality, open today to whoever follows this; empty without one."""
    study = site.current().study
    if Mode.PHONE not in study.modes:
        return ""
    server = os.environ.get(SCRIPT, _USUAL_SCRIPT).rstrip("/")
    given = urlencode({KEY: passes.make(phone_key(_data()), now().date())})
    return f"{server}/{of_study(study, language)}/tel/{municipality}/?{given}"


def _data() -> Path:
    return own_folder().parent
