"""The place of respondents' texts at the desk."""

from __future__ import annotations

from django.urls import path

from blikveld.desk.pages import Link, Section
from blikveld.desk.roles import Task
from blikveld.desk.texts import coding, publishing, releasing
from blikveld.desk.texts.words import ACTS, WORDS

_AT = "<str:language>/texts/"
SECTION = Section(
    key="texts",
    urls=(
        path(f"{_AT}coding/", coding.coding, name="texts_coding"),
        path(f"{_AT}coding/<slug:variable>/", coding.code, name="texts_code"),
        path(f"{_AT}coding.csv", publishing.codes, name="texts_codes"),
        path(f"{_AT}release/", releasing.waiting, name="texts_release"),
        path(f"{_AT}release/<slug:mark>/", releasing.one, name="texts_one"),
        path(f"{_AT}released/", releasing.released, name="texts_released"),
    ),
    links=(
        Link("texts_coding", Task.CODE_TEXTS, WORDS["coding"], WORDS["coding_about"]),
        Link("texts_release", Task.READ_REMARKS, WORDS["release"], WORDS["release_about"]),
    ),
    acts=ACTS,
)
