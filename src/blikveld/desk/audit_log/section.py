"""The journal's place at the desk."""

from __future__ import annotations

from django.urls import path

from blikveld.desk.audit_log import views
from blikveld.desk.roles import Permission
from blikveld.desk.sections import DeskSection, MenuLink
from blikveld.desk.words import texts

WORDS = texts("audit_log")

SECTION = DeskSection(
    key="audit_log",
    urls=(path("<str:language>/audit-log/", views.journal, name="audit_log"),),
    links=(MenuLink("audit_log", Permission.READ_AUDIT_LOG, WORDS["title"], WORDS["about"]),),
)
