"""The words a report adds by itself, from the catalogue of its readers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from blikveld.errors import BlikveldError
from blikveld.locale import Audience, catalogue, languages


def speaks(language: str) -> bool:
    """Whether a report can be written in this language."""
    return language in languages(Audience.READERS)


@lru_cache(maxsize=20)
def words(language: str) -> Mapping[str, str]:
    """A report's own words in a language. Raises BlikveldError for one it does not speak."""
    if not speaks(language):
        raise BlikveldError(
            "report-language",
            f"language {language!r}",
            "The report does not speak this language.",
            f"Choose one of: {', '.join(languages(Audience.READERS))}.",
        )
    return catalogue(Audience.READERS, language).under("")


def listed(items: tuple[str, ...], language: str) -> str:
    """'a, b and c'; or 'a, b; c and d' where names hold a comma or an 'and' themselves."""
    *first, last = items
    own = f" {words(language)['and']} "
    if any("," in item or own in item for item in items):
        return "; ".join(items)
    return f"{', '.join(first)}{own}{last}" if first else last
