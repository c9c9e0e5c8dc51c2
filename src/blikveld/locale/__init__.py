"""Words in catalogues, one for each language and audience, and how a language is written."""

from blikveld.locale.catalogues import (
    Audience,
    Catalogue,
    ReadersText,
    UnknownMessage,
    by_member,
    catalogue,
    check_respondents,
    draft_words,
    in_all,
    languages,
    read_words,
    respondents,
    respondents_or_source,
)
from blikveld.locale.conventions import direction, is_known, language_name

__all__ = [
    "Audience",
    "Catalogue",
    "ReadersText",
    "UnknownMessage",
    "by_member",
    "catalogue",
    "check_respondents",
    "direction",
    "draft_words",
    "in_all",
    "is_known",
    "language_name",
    "languages",
    "read_words",
    "respondents",
    "respondents_or_source",
]
