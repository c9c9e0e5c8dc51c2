"""What a respondent reads when an answer cannot be kept: plain words, and what to do."""

from __future__ import annotations

from blikveld.kinds.posted import AnswerError
from blikveld.locale import Catalogue, respondents
from blikveld.study.model import Study, Text

__all__ = ["AnswerError", "words"]


def words(trouble: AnswerError, study: Study, limit: object = None) -> Text:
    """The message in every language of the study, from the catalogues: `answer.…`.

    A whole `limit`, such as the room for a text in characters, stands in it as {number} with the
    plural form that fits; another limit as {limit}.
    """
    key = f"answer.{trouble.value}"
    return {
        language: _filled(respondents(language, study.folder), key, limit)
        for language in study.languages
    }


def _filled(words: Catalogue, key: str, limit: object) -> str:
    if isinstance(limit, int):
        return words.counted(key, limit)
    return words.text(key) if limit is None else words.text(key).format(limit=limit)
