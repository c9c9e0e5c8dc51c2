"""The place of the export and of erasing at the desk."""

from __future__ import annotations

from django.urls import path

from blikveld.desk.export import views
from blikveld.desk.roles import Permission
from blikveld.desk.sections import DeskSection, MenuLink
from blikveld.desk.words import acts, texts

WORDS = texts("export")

SECTION = DeskSection(
    key="export",
    urls=(
        path("<str:language>/export/", views.download_export, name="export"),
        path("<str:language>/erasing/", views.erasing, name="erasing"),
    ),
    links=(
        MenuLink("export", Permission.EXPORT, WORDS["export"], WORDS["export_about"]),
        MenuLink("erasing", Permission.SEE_ERASING, WORDS["erasing"], WORDS["erasing_about"]),
    ),
    acts=acts("export"),
)
