"""The place of the calls at the desk."""

from __future__ import annotations

from django.urls import path

from blikveld.desk.calls import calling, meeting, overseeing
from blikveld.desk.calls.words import ACTS, WORDS
from blikveld.desk.pages import Link, Section
from blikveld.desk.roles import Task

_AT = "<str:language>/calls/"
_LIST = "<str:language>/call-list/"
SECTION = Section(
    key="calls",
    urls=(
        path(_AT, calling.calls, name="calls"),
        path(f"{_AT}next/", calling.following, name="calls_next"),
        path(f"{_AT}outcome/", calling.outcome, name="calls_outcome"),
        path(f"{_AT}undo/", calling.undo, name="calls_undo"),
        path(f"{_AT}back/", calling.back, name="calls_back"),
        path(f"{_AT}appointments/", meeting.appointments, name="calls_appointments"),
        path(f"{_AT}appointments/<slug:key>/", meeting.keep, name="calls_keep"),
        path(_LIST, overseeing.overview, name="calls_overview"),
        path(f"{_LIST}import/", overseeing.list_, name="calls_list"),
        path(f"{_LIST}remaining.csv", overseeing.remaining, name="calls_remaining"),
        path(f"{_LIST}hours/", overseeing.hours, name="calls_hours"),
        path(f"{_LIST}release/", overseeing.release, name="calls_release"),
    ),
    links=(
        Link("calls", Task.CALL, WORDS["calls"], WORDS["calls_about"]),
        Link("calls_overview", Task.PREPARE_CALLS, WORDS["list"], WORDS["list_about"]),
    ),
    acts=ACTS,
)
