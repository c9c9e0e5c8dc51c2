"""The place of the export and of erasing at the desk."""

from __future__ import annotations

from django.urls import path

from blikveld.desk.export import erasing, taking
from blikveld.desk.export.words import ACTS, WORDS
from blikveld.desk.pages import Link, Section
from blikveld.desk.roles import Task

SECTION = Section(
    key="export",
    urls=(
        path("<str:language>/export/", taking.export, name="export"),
        path("<str:language>/erasing/", erasing.erasing, name="erasing"),
    ),
    links=(
        Link("export", Task.EXPORT, WORDS["export"], WORDS["export_about"]),
        Link("erasing", Task.SEE_ERASING, WORDS["erasing"], WORDS["erasing_about"]),
    ),
    acts=ACTS,
)
