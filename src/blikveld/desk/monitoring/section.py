"""The place of the response and of the fieldwork at the desk."""

from __future__ import annotations

from django.urls import path

from blikveld.desk.monitoring import views
from blikveld.desk.roles import Permission
from blikveld.desk.sections import DeskSection, MenuLink
from blikveld.desk.words import acts, texts

WORDS = texts("monitoring")

_AT = "<str:language>/monitoring/"
SECTION = DeskSection(
    key="monitoring",
    urls=(
        path(_AT, views.responses, name="monitoring"),
        path(f"{_AT}<slug:municipality>/", views.municipality, name="monitoring_of"),
        path("<str:language>/fieldwork/", views.fieldwork, name="fieldwork"),
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
