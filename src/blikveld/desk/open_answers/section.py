"""The section of open answers: addresses, menu links and acts."""

from __future__ import annotations

from django.urls import path

from blikveld.desk.open_answers import coding, release
from blikveld.desk.roles import Permission
from blikveld.desk.sections import DeskSection, MenuLink
from blikveld.desk.words import acts, texts

WORDS = texts("open_answers")

_AT = "<str:language>/open-answers/"
SECTION = DeskSection(
    key="open_answers",
    urls=(
        path(f"{_AT}coding/", coding.coding, name="open_answers_coding"),
        path(f"{_AT}coding/<slug:variable>/", coding.code, name="open_answers_code"),
        path(f"{_AT}coding.csv", coding.codes, name="open_answers_codes"),
        path(f"{_AT}release/", release.waiting, name="open_answers_release"),
        path(f"{_AT}release/<slug:mark>/", release.one, name="open_answers_one"),
        path(f"{_AT}released/", release.released, name="open_answers_released"),
    ),
    links=(
        MenuLink(
            "open_answers_coding",
            Permission.CODE_OPEN_ANSWERS,
            WORDS["coding"],
            WORDS["coding_about"],
        ),
        MenuLink(
            "open_answers_release",
            Permission.READ_REMARKS,
            WORDS["release"],
            WORDS["release_about"],
        ),
    ),
    acts=acts("open_answers"),
)
