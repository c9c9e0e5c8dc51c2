"""What a respondent reads when an answer cannot be kept: plain words, and what to do."""

from __future__ import annotations

from blikveld.kinds.posted import AnswerError, Limit
from blikveld.kinds.words import write_value
from blikveld.locale import respondents
from blikveld.study.model import Study, Text

__all__ = ["AnswerError", "words"]


def words(trouble: AnswerError, study: Study, limit: Limit = None) -> Text:
    """The message in every language of the study, from the catalogues: `answer.…`.

    A whole `limit`, such as the room for a text in characters, stands in it as {number} with the
    plural form that fits; another limit, such as a number or a day, as {limit}.
    """
    return {language: _filled(study, language, trouble, limit) for language in study.languages}


def _filled(study: Study, language: str, trouble: AnswerError, limit: Limit) -> str:
    words, key = respondents(language, study.folder), f"answer.{trouble.value}"
    if isinstance(limit, int):
        return words.counted(key, limit)
    text = words.text(key)
    return text if limit is None else text.format(limit=write_value(limit, language))
