"""What a municipal contact sends around: a ready e-mail with the open link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from blikveld.results.formatting import day
from blikveld.study.model import Municipality, Study

_NL = """\
Onderwerp: Wilt u meedoen? {title}

Beste collega,

In {municipality} loopt een onderzoek: {title}. Wilt u de vragenlijst invullen? Dat kan op uw
telefoon of op een computer, met deze link:

{link}

De link is voor iedereen in {municipality} dezelfde. Wij kunnen dus niet zien wie meedoet en wie
niet. Ook als u er op uw werk nooit mee te maken heeft, hebben we uw antwoorden nodig.

De vragenlijst staat open tot en met {until}. Stuurt u dit bericht gerust door aan collega's die
ook in {municipality} werken.

Hartelijk dank!
"""
_EN = """\
Subject: Will you take part? {title}

Dear colleague,

There is a study going on in {municipality}: {title}. Would you fill in the questionnaire? You can
do so on your phone or on a computer, by this link:

{link}

The link is the same for everybody in {municipality}. So we cannot see who takes part and who does
not. We need your answers too if you never come across the subject in your work.

The questionnaire is open until {until}. Feel free to pass this message on to colleagues who also
work in {municipality}.

Thank you very much!
"""
_TEXTS: Mapping[str, str] = {"nl": _NL, "en": _EN}


@dataclass(frozen=True, slots=True)
class InvitationText:
    """An e-mail in one language: `text` begins with its subject."""

    language: str
    text: str


def invitations(
    study: Study, municipality: Municipality, links: Mapping[str, str]
) -> list[InvitationText]:
    """One e-mail for each language of the study; `links` is from language to open link.

    A language without words here gets the English text around its own title.
    """
    return [
        InvitationText(
            language,
            _TEXTS.get(language, _EN).format(
                title=study.title[language],
                municipality=municipality.name,
                link=links[language],
                until=day(study.fieldwork.last, language),
            ),
        )
        for language in study.languages
    ]
