"""What a municipal contact sends around: a ready e-mail with the open link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from blikveld.locale import respondents
from blikveld.locale.conventions import day
from blikveld.study.model import Municipality, Study


@dataclass(frozen=True, slots=True)
class InvitationText:
    """An e-mail in one language: `text` begins with its subject."""

    language: str
    text: str


def invitations(
    study: Study, municipality: Municipality, links: Mapping[str, str]
) -> list[InvitationText]:
    """One e-mail for each language of the study; `links` is from language to open link."""
    return [
        InvitationText(
            language,
            respondents(language, study.folder)
            .text("invitation.text")
            .format(
                title=study.title[language],
                municipality=municipality.name,
                link=links[language],
                until=day(study.fieldwork.last, language),
            ),
        )
        for language in study.languages
    ]
