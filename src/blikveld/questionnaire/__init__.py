"""The questionnaire as it meets a respondent: pages, the path through them, and answers."""

from __future__ import annotations

from blikveld.questionnaire.answers import Message, ParsedPage, keep, read
from blikveld.questionnaire.pages import Page, PageSection, pages
from blikveld.questionnaire.path_walk import PathWalk, walk_path
from blikveld.questionnaire.routing import Routing

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
