"""The questionnaire as it meets a respondent: pages, the path through them, and answers."""

from __future__ import annotations

from blikveld.questionnaire.answers import Message, ParsedPage, keep, read
from blikveld.questionnaire.routing import Page, PageSection, PathWalk, Routing, pages, walk_path

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
