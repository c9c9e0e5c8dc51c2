"""Shared parts of the interview pages: folders, project, menu, and the words of a refusal.

A refusal is said in the language of the page. A test holds its words to the code.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse

from blikveld.desk import rendering
from blikveld.desk.accounts.login import current_account
from blikveld.desk.databases import own_folder
from blikveld.desk.error_pages import reason
from blikveld.desk.roles import Permission, has_permission
from blikveld.desk.words import of_study, texts, translate
from blikveld.errors import BlikveldError
from blikveld.interviews.coding import TakesFromOthers
from blikveld.interviews.coding.objections import Loss, Sort
from blikveld.interviews.coding_project import CodingProject
from blikveld.interviews.workspace import Workspace
from blikveld.web import served_study

WORDS = texts("interviews")
KEYS = (
    ("↓ ↑", "sentence"),
    ("Shift ↓ ↑", "sentences"),
    ("→ ←", "end"),
    ("Shift → ←", "start"),
    ("PgDn PgUp", "turn"),
    ("Enter, q", "last_code"),
    ("1–9", "recent_code"),
    ("c", "code"),
    ("m", "memo"),
    ("v", "about"),
    ("n p", "passage"),
    ("o", "next_here"),
    ("e", "select"),
    ("w", "resize"),
    ("x", "remove"),
    ("z", "undo"),
    ("r", "passages"),
    ("b", "back"),
    ("f", "search"),
    ("\\", "panel"),
)
"""The keys of the coding page, each with the message that says what it does."""

KEY_SETTING = "BLIKVELD_DESK_INTERVIEWS_KEY"
"""Where the key to the placeholders lies, for who keeps it on another disk."""


def coding_project() -> CodingProject:
    """The interviews as coders see them."""
    return CodingProject(_folder())


def workspace() -> Workspace:
    """The interviews with their drafts and their key. Raises InvalidPseudonymKey."""
    return Workspace.at(
        _folder(), Path(os.environ.get(KEY_SETTING, own_folder() / "interviews.key"))
    )


def _folder() -> Path:
    made = own_folder() / "interviews"
    for part in (made, made / "drafts", made / "texts"):
        part.mkdir(mode=0o700, parents=True, exist_ok=True)
    return made


_MENU = (
    "interviews",
    "interviews_codes",
    "interviews_themes",
    "interviews_tables",
    "interviews_quotes",
    "interviews_log",
    "interviews_exchange",
)


def render(
    request: HttpRequest, template: str, language: str, status: int = 200, **context: Any
) -> HttpResponse:
    """A page of the interviews."""
    whole: dict[str, Any] = {
        "t": translate(WORDS, language),
        "rooms": [(name, WORDS[name][language]) for name in _MENU],
        "prepares": leads(request),
        "problem": "",
        **context,
    }
    return rendering.page(request, f"interviews/{template}.html", language, status, **whole)


def leads(request: HttpRequest) -> bool:
    """Whether this person may take away what others made, with the number that was shown."""
    return has_permission(current_account(request).role, Permission.PREPARE_INTERVIEWS)


def field(request: HttpRequest, name: str) -> str:
    """What was filled in, without space around it."""
    return request.POST.get(name, "").strip()


def number(text: str | None) -> int:
    """A position in a text; -1 for what is none."""
    return int(text) if text is not None and text.isascii() and text.isdigit() else -1


def sent(request: HttpRequest) -> tuple[bytes, str] | None:
    """What a file holds that was sent in, and what it is called. It never lies on the disk."""
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        return None
    file.seek(0)
    return file.read(), file.name or ""


IN_DUTCH: Mapping[str, str] = {
    # Coding.
    "no-passage": "De passage ligt niet in de tekst. Kies woorden.",
    "code-incomplete": "Een code heeft een naam nodig. Vul die in.",
    "code-merged": "Deze code is intussen samengevoegd met ‘{code}’. Verander die.",
    "code-removed": "De code ‘{code}’ is intussen weggehaald. Maak haar opnieuw als dat nodig is.",
    "code-exists": "Er is al een code ‘{code}’ met dit kenmerk. Probeer het opnieuw.",
    "code-changed": "{who} heeft de code ‘{code}’ intussen veranderd. Kijk ernaar, en verander haar"
    " opnieuw als u dat nog wilt.",
    "theme-circle": "Een thema kan niet onder zichzelf staan. Kies een ander thema.",
    "report-key-taken": "Het rapport noemt de code ‘{code}’ al ‘{key}’. Kies een andere naam.",
    "memo-incomplete": "Een memo heeft woorden nodig. Vul die in.",
    "memo-of-other": "{who} schreef deze memo. Schrijf er zelf een.",
    "codes-under": "Onder dit thema staan nog codes: {codes}. Zet die eerst ergens anders.",
    "not-coded": "Deze passage heeft deze code van u niet. Kies een andere.",
    "coded-already": "Deze passage heeft deze code al. Kies een andere.",
    "quote-nowhere": "Een citaat heeft een plaats in het rapport nodig. Kies er een.",
    "quoted-already": "Dit citaat staat daar al. Kies een andere passage of plaats.",
    "not-quoted": "Dit citaat staat daar niet. Kies een andere passage of plaats.",
    "finished-already": "Dat zei u al. Ga verder met een andere tekst.",
    "undo-of-other": "U kunt alleen terugnemen wat u zelf deed. Vraag het aan wie het deed.",
    "undone-already": "Dat is al teruggenomen. Kies iets anders.",
    "comparing-already": "Het vergelijken is al begonnen. Ga ermee verder.",
    "comparing-began": "Het vergelijken van {text} is begonnen: wat ieder apart deed, blijft zoals"
    " het is. Spreek het samen af, op de pagina Vergelijken.",
    "frozen": "Dan zou veranderen wat ieder apart deed in {text}, en dat wordt al vergeleken. Voeg"
    " liever codes samen.",
    "not-ready": "Niet iedereen die deze tekst codeert, is klaar. Wacht op hen.",
    "merge-circle": "Een code kan niet samengaan met zichzelf of met een code eronder. Kies een"
    " andere.",
    "no-code": "Die code is er niet (meer). Maak haar eerst.",
    "no-text": "Die tekst is er niet (meer). Misschien is het gesprek ingetrokken.",
    "no-undo": "Er is niets van u om terug te nemen.",
    "no-right": "Alleen wie de gesprekken voorbereidt, trekt er een in. Vraag het daar.",
    "event-taken": "Er ging iets mis met het nummer van deze stap. Probeer het opnieuw.",
    "of-others": "Dan raken anderen kwijt wat zij maakten: {loss}. Vraag het hun, of iemand die de"
    " gesprekken voorbereidt.",
    "log-changed": "Het logboek is niet wat er geschreven is. Waarschuw de beheerder en zet een"
    " kopie terug.",
    "log-differs": "Iemand anders schreef intussen ook. Probeer het opnieuw.",
    "approach": "Dit onderzoek werkt reflexief; dan heeft dit getal geen betekenis.",
    "scale": "Deze waarden passen niet op de schaal.",
    # The folder.
    "no-role": "Van dit gesprek is niet bekend welke rol de spreker heeft. Vul dat eerst in.",
    "no-draft": "Dit concept is er niet (meer), of het is veranderd. Voeg het gesprek opnieuw toe.",
    "text-exists": "Er is al een tekst met deze naam, en die verandert nooit. Kies een andere.",
    "judged-meanwhile": "Iemand anders besliste intussen over dit concept. Kijk wat er staat, en"
    " beslis opnieuw.",
    "no-words": "Deze woorden staan niet in het concept. Kies andere.",
    "nothing-to-undo": "Er is niets om terug te nemen in dit concept.",
    "text-key": "Dit kan geen naam van een tekst zijn. Gebruik kleine letters, cijfers, - en _.",
    "text-changed": "Deze tekst is veranderd nadat zij werd beschermd; codes zouden verkeerd staan."
    " Zet het bestand terug uit een kopie.",
    "no-interviews": "Dit onderzoek heeft geen map met gesprekken.",
    "unreadable": "Dit bestand kan niet worden geopend.",
    "bad-key": "Dit is geen sleutel. Gebruik het bestand dat is gemaakt.",
    "not-ours": "De lijst met namen is met een andere sleutel afgesloten, of veranderd.",
    "key-inside": "Een sleutel hoort niet in de map die zij opent. Bewaar haar ergens anders.",
    "key-exists": "Daar staat al een bestand, en een sleutel wordt nooit overschreven.",
    "no-key": "De sleutel is er niet. Is zij vernietigd, dan kan niemand meer nagaan wie het was.",
    "deduce": "Het programma deduce stopte. Zijn voorstellen ontbreken.",
    "frog": "Het programma frog stopte. Zijn voorstellen ontbreken.",
    # Files.
    "too-large": "Dit bestand is te groot. Geef het transcript, niet de opname.",
    "signs": "Er staat een teken in dat niet in XML kan. Haal het weg.",
    "no-project": "In dit archief staat niet één project. Exporteer het opnieuw.",
    "no-archive": "Dit archief kan niet worden gelezen. Exporteer het project opnieuw.",
    "refused-archive": "Dit archief is geweigerd, omdat het niet veilig is om uit te pakken.",
    "encoding": "Dit bestand is niet in UTF-8. Bewaar het opnieuw als UTF-8.",
    "doctype": "Het bestand verwijst naar een documenttype. Haal de regel met DOCTYPE weg.",
    "no-xml": "Dit is geen XML. Exporteer het bestand opnieuw.",
    "faults": "Dit bestand voldoet niet aan REFI-QDA. Exporteer het opnieuw.",
    "no-odt": "Dit is geen leesbaar OpenDocument. Bewaar het opnieuw als .odt.",
    "no-pdf": "Deze PDF kan niet worden gelezen. Bewaar het opnieuw als PDF of .docx.",
    "pictures": "De bladzijden van deze PDF zijn plaatjes zonder tekst. Geef het bestand waaruit"
    " zij is gemaakt.",
    "no-docx": "Dit is geen leesbaar Word-bestand. Bewaar het opnieuw als .docx.",
    "archive": "Dit is een archief. Pak het uit, en geef het transcript.",
    "empty": "In dit bestand zegt niemand iets. Kijk of het het goede is.",
    "web-page": "Dit is een webpagina. Bewaar alleen de woorden, als tekst.",
    "no-captions": "Een regel is een tijd van ondertitels, en de regels eromheen niet. Download het"
    " bestand opnieuw.",
    "binary": "Dit is geen tekst. Geef een .vtt, een .docx of een tekst.",
    "no-transcript": "Dit is geen transcript. Bewaar het als .docx of .vtt.",
    "json": "Deze soort JSON kennen we niet. Exporteer als .vtt of .docx.",
    "no-columns": "Geen kolom is voor woorden. Noem er een ‘text’ en een ‘speaker’.",
    "no-xlsx": "Dit is geen leesbaar Excel-bestand. Bewaar het opnieuw als .xlsx.",
    "no-cues": "Er staat geen ondertitel met een tijd in. Download het transcript opnieuw.",
    "no-time": "Een regel is geen tijd van ondertitels. Schrijf haar als de andere.",
}
"""By the code of a refusal; in braces what it names."""


_SORTS: Mapping[Sort, tuple[str, str]] = {
    Sort.CODE: ("code", "codes"),
    Sort.PASSAGE: ("passage", "passages"),
    Sort.MEMO: ("memo", "memo’s"),
    Sort.QUOTE: ("citaat", "citaten"),
}


def refusal(refused: BlikveldError, language: str) -> str:
    """What is wrong and how to mend it, in a language."""
    if language == "nl" and refused.code in IN_DUTCH:
        values: dict[str, str] = dict(getattr(refused, "values", {}))
        if isinstance(refused, TakesFromOthers):
            values["loss"] = _loss(refused.loss)
        return IN_DUTCH[refused.code].format_map(values)
    return reason(refused)


def _loss(loss: Loss) -> str:
    rows = sorted(loss.counts.items(), key=lambda row: (row[0][0], row[0][1].value))
    return ", ".join(f"{n} {_SORTS[sort][n > 1]} van {who}" for (who, sort), n in rows)


TRAITS = ("role", "site")
"""What is known of who spoke in an interview."""


@dataclass(frozen=True, slots=True)
class SpeakerTrait:
    """What the study calls a trait, and its values by their codes."""

    label: str
    names: Mapping[str, str]


def traits(language: str) -> Mapping[str, SpeakerTrait]:
    """The traits of who spoke, in the study's own words; a study without roles has no values."""
    study = served_study.current().study
    said = of_study(study, language)
    roles, sites = study.roles, study.sites
    names = {item.code: item.label[said] for item in roles.at(roles.nearest.name)} if roles else {}
    label = roles.nearest.label[said] if roles else WORDS["role"][language]
    return {
        "role": SpeakerTrait(label, names),
        "site": SpeakerTrait(sites.label[said], {site.key: site.name for site in sites}),
    }
