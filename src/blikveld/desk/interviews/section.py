"""The section of the interviews: addresses, menu link and acts."""

from __future__ import annotations

from django.urls import path

from blikveld.desk.interviews import (
    acting,
    coding,
    comparing,
    downloads,
    exchanging,
    preparing,
    views,
)
from blikveld.desk.roles import Permission
from blikveld.desk.sections import DeskSection, MenuLink
from blikveld.desk.words import acts, texts

WORDS = texts("interviews")

_AT = "<str:language>/interviews/"
SECTION = DeskSection(
    key="interviews",
    urls=(
        path(_AT, views.overview, name="interviews"),
        path(f"{_AT}new/", preparing.import_transcript, name="interviews_new"),
        path(f"{_AT}draft/<slug:name>/", preparing.pseudonymise, name="interviews_protect"),
        path(f"{_AT}withdraw/<slug:name>/", preparing.withdraw, name="interviews_withdraw"),
        path(f"{_AT}text/<slug:name>/", acting.text, name="interviews_text"),
        path(f"{_AT}text/<slug:name>/act/", acting.act, name="interviews_act"),
        path(f"{_AT}text/<slug:name>/panel/", coding.panel, name="interviews_panel"),
        path(f"{_AT}text/<slug:name>/changes/", coding.changes, name="interviews_changes"),
        path(f"{_AT}codes/", views.codes, name="interviews_codes"),
        path(f"{_AT}undo/", views.undo, name="interviews_undo"),
        path(f"{_AT}log/", views.log, name="interviews_log"),
        path(f"{_AT}themes/", views.themes, name="interviews_themes"),
        path(f"{_AT}quotes/", views.quotes, name="interviews_quotes"),
        path(f"{_AT}tables/", downloads.show_tables, name="interviews_tables"),
        path(
            f"{_AT}tables/interviews.<slug:form>",
            downloads.download_tables,
            name="interviews_tables_file",
        ),
        path(f"{_AT}reading/<slug:name>/", comparing.read_along, name="interviews_reading"),
        path(f"{_AT}compare/<slug:name>/", comparing.compare, name="interviews_compare"),
        path(f"{_AT}exchange/", exchanging.show_exchange, name="interviews_exchange"),
        path(
            f"{_AT}exchange/interviews.qdpx", exchanging.download_project, name="interviews_project"
        ),
        path(f"{_AT}exchange/codes.qdc", exchanging.download_codebook, name="interviews_codebook"),
    ),
    links=(
        MenuLink(
            "interviews", Permission.CODE_INTERVIEWS, WORDS["interviews"], WORDS["interviews_about"]
        ),
    ),
    acts=acts("interviews"),
)
