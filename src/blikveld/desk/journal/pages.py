"""The journal's place at the desk."""

from __future__ import annotations

from django.urls import path

from blikveld.desk.journal import views
from blikveld.desk.journal.words import WORDS
from blikveld.desk.pages import Link, Section
from blikveld.desk.roles import Task

SECTION = Section(
    key="journal",
    urls=(path("<str:language>/journal/", views.journal, name="journal"),),
    links=(Link("journal", Task.READ_JOURNAL, WORDS["title"], WORDS["about"]),),
)
