"""The place of the response and of the fieldwork at the desk."""

from __future__ import annotations

from django.urls import path

from blikveld.desk.pages import Link, Section
from blikveld.desk.responses import running, seeing
from blikveld.desk.responses.words import ACTS, WORDS
from blikveld.desk.roles import Task

_AT = "<str:language>/responses/"
SECTION = Section(
    key="responses",
    urls=(
        path(_AT, seeing.responses, name="responses"),
        path(f"{_AT}<slug:municipality>/", seeing.municipality, name="responses_of"),
        path("<str:language>/fieldwork/", running.fieldwork, name="fieldwork"),
    ),
    links=(
        Link("responses", Task.SEE_RESPONSE, WORDS["responses"], WORDS["responses_about"]),
        Link("fieldwork", Task.RUN_FIELDWORK, WORDS["fieldwork"], WORDS["fieldwork_about"]),
    ),
    acts=ACTS,
)
