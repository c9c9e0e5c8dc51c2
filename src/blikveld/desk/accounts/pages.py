"""The place of accounts at the desk."""

from __future__ import annotations

from django.urls import path

from blikveld.desk.accounts import people, views
from blikveld.desk.accounts.words import ACTS, WORDS
from blikveld.desk.pages import Link, Section
from blikveld.desk.roles import Task

SECTION = Section(
    key="accounts",
    urls=(
        path("<str:language>/sign-in/", views.sign_in, name="sign_in"),
        path("<str:language>/sign-out/", views.sign_out, name="sign_out"),
        path("<str:language>/welcome/<str:token>/", views.welcome, name="welcome"),
        path("<str:language>/people/", people.people, name="people"),
        path("<str:language>/people/end/<int:key>/", people.end, name="people_end"),
    ),
    links=(Link("people", Task.INVITE, WORDS["people"], WORDS["people_about"]),),
    acts=ACTS,
)
