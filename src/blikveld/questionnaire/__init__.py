"""The questionnaire as it meets a respondent: pages, the path through them, and answers."""

from __future__ import annotations

from blikveld.questionnaire.answers import Message, ParsedPage, keep, read
from blikveld.questionnaire.routing import PathWalk, Routing, walk_path
from blikveld.study.page_breaks import Page, PageSection, pages

__all__ = [
    "Message",
    "Page",
    "PageSection",
    "ParsedPage",
    "PathWalk",
    "Routing",
    "keep",
    "pages",
    "read",
    "walk_path",
]
