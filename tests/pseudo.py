"""Words in a language that nobody translated: the English ones between ‹ and ›. Invented."""

from __future__ import annotations

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from blikveld.locale.catalogues import Audience, read_po_file, template_of


def pseudo(language: str, audience: Audience = Audience.RESPONDENTS) -> Catalog:
    """A whole catalogue, with as many plural forms as the language has."""
    made = Catalog(locale=language, charset="utf-8", fuzzy=False)
    for message in read_po_file(template_of(audience), None):
        if isinstance(message.id, tuple):
            text: str | tuple[str, ...] = (f"‹{message.id[1]}›",) * made.num_plurals
        else:
            text = f"‹{message.id}›"
        if message.id:
            made.add(message.id, text, context=message.context)
    return made


def save(catalogue: Catalog, path: Path) -> Path:
    """Write a catalogue into a file, and return the file."""
    path.parent.mkdir(exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue)
    return path


def give_words(study: Path, language: str) -> Path:
    """Give a study words of its own for a language, and return their file."""
    return save(pseudo(language), study / "words" / f"{language}.po")
