"""The place of the interviews at the desk."""

from __future__ import annotations

from django.urls import path

from blikveld.desk.pages import Link, Section
from blikveld.desk.roles import Task
from blikveld.desk.talks import coding, comparing, exchanging, preparing, seeing
from blikveld.desk.talks.words import ACTS, WORDS

_AT = "<str:language>/talks/"
SECTION = Section(
    key="talks",
    urls=(
        path(_AT, seeing.talks, name="talks"),
        path(f"{_AT}new/", preparing.take_in, name="talks_new"),
        path(f"{_AT}draft/<slug:name>/", preparing.protect, name="talks_protect"),
        path(f"{_AT}text/<slug:name>/", coding.text, name="talks_text"),
        path(f"{_AT}codes/", coding.codes, name="talks_codes"),
        path(f"{_AT}undo/", coding.undo, name="talks_undo"),
        path(f"{_AT}log/", seeing.log, name="talks_log"),
        path(f"{_AT}themes/", seeing.themes, name="talks_themes"),
        path(f"{_AT}quotes/", seeing.quotes, name="talks_quotes"),
        path(f"{_AT}compare/<slug:name>/", comparing.compare, name="talks_compare"),
        path(f"{_AT}exchange/", exchanging.exchange, name="talks_exchange"),
        path(f"{_AT}exchange/talks.qdpx", exchanging.project, name="talks_project"),
        path(f"{_AT}exchange/codes.qdc", exchanging.codebook, name="talks_codebook"),
    ),
    links=(Link("talks", Task.CODE_TALKS, WORDS["talks"], WORDS["talks_about"]),),
    acts=ACTS,
)
