"""The questionnaire as it meets a respondent: pages, the path through them, and answers."""

from blikveld.questionnaire.answers import Message, Reading, keep, read
from blikveld.questionnaire.pages import Page, Section, pages
from blikveld.questionnaire.routing import Routing
from blikveld.questionnaire.walk import Walk, walk

__all__ = [
    "Message",
    "Page",
    "Reading",
    "Routing",
    "Section",
    "Walk",
    "keep",
    "pages",
    "read",
    "walk",
]
