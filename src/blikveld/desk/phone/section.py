"""The section of the telephone: addresses, menu links and acts."""

from __future__ import annotations

from django.urls import path

from blikveld.desk.phone import calling, supervisor
from blikveld.desk.roles import Permission
from blikveld.desk.sections import DeskSection, MenuLink
from blikveld.desk.words import acts, texts

WORDS = texts("phone")

_AT = "<str:language>/phone/"
_LIST = "<str:language>/call-list/"
SECTION = DeskSection(
    key="phone",
    urls=(
        path(_AT, calling.calls, name="phone"),
        path(f"{_AT}next/", calling.following, name="phone_next"),
        path(f"{_AT}outcome/", calling.outcome, name="phone_outcome"),
        path(f"{_AT}undo/", calling.undo, name="phone_undo"),
        path(f"{_AT}back/", calling.back, name="phone_back"),
        path(f"{_AT}appointments/", calling.appointments, name="phone_appointments"),
        path(f"{_AT}appointments/<slug:key>/", calling.keep, name="phone_keep"),
        path(_LIST, supervisor.overview, name="phone_overview"),
        path(f"{_LIST}import/", supervisor.list_, name="phone_list"),
        path(f"{_LIST}remaining.csv", supervisor.remaining, name="phone_remaining"),
        path(f"{_LIST}hours/", supervisor.hours, name="phone_hours"),
        path(f"{_LIST}release/", supervisor.release, name="phone_release"),
    ),
    links=(
        MenuLink("phone", Permission.CALL, WORDS["phone"], WORDS["phone_about"]),
        MenuLink("phone_overview", Permission.PREPARE_CALLS, WORDS["list"], WORDS["list_about"]),
    ),
    acts=acts("phone"),
)
