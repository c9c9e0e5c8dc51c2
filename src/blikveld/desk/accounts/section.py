"""The place of accounts at the desk."""

from __future__ import annotations

from django.urls import path

from blikveld.desk.accounts import views
from blikveld.desk.roles import Permission
from blikveld.desk.sections import DeskSection, MenuLink
from blikveld.desk.words import acts, texts

WORDS = texts("accounts")

SECTION = DeskSection(
    key="accounts",
    urls=(
        path("<str:language>/sign-in/", views.sign_in, name="sign_in"),
        path("<str:language>/sign-out/", views.sign_out, name="sign_out"),
        path("<str:language>/welcome/<str:token>/", views.welcome, name="welcome"),
        path("<str:language>/people/", views.people, name="people"),
        path("<str:language>/people/end/<int:key>/", views.end, name="people_end"),
    ),
    links=(MenuLink("people", Permission.INVITE, WORDS["people"], WORDS["people_about"]),),
    acts=acts("accounts"),
)
