"""What the interview pages share: folders, the project, the workspace, the menu."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse

from blikveld.desk import rendering
from blikveld.desk.accounts.login import current_account
from blikveld.desk.databases import own_folder
from blikveld.desk.roles import Permission, has_permission
from blikveld.desk.words import texts, translate
from blikveld.interviews.coding_project import CodingProject
from blikveld.interviews.workspace import Workspace

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


def shown(
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
