"""Words in a language that nobody translated: the English ones between ‹ and ›. Invented."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from ruamel.yaml import YAML

from blikveld.locale import Audience
from blikveld.locale import languages as known_languages
from blikveld.locale.catalogues import read_po_file, template_of
from blikveld.locale.conventions import locale


def pseudo(language: str, audience: Audience = Audience.RESPONDENTS) -> Catalog:
    """A whole catalogue, with as many plural forms as the language has."""
    made = Catalog(locale=locale(language), charset="utf-8", fuzzy=False)
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


def speak(source: Path, target: Path, *languages: str) -> Path:
    """Copy a study of nl and en, held in other languages; its own texts stand between ‹ and › too.

    Words of its own are given for what Blikveld does not speak.
    """
    shutil.copytree(source, target)
    yaml = YAML()
    yaml.width = 10_000
    for file in target.glob("*.yaml"):
        whole = yaml.load(file)
        _translate(whole, languages)
        if file.name == "study.yaml":
            whole["languages"] = list(languages)
        yaml.dump(whole, file)
    for language in set(languages) - set(known_languages(Audience.RESPONDENTS)):
        give_words(target, language)
    return target


def _translate(node: Any, languages: tuple[str, ...]) -> None:
    if isinstance(node, dict) and "nl" in node and "en" in node:
        words = str(node.pop("en"))
        del node["nl"]
        marked = "\n\n".join(f"‹{part.strip()}›" for part in words.split("\n\n"))
        node.update(dict.fromkeys(languages, marked))
    elif isinstance(node, dict):
        for value in node.values():
            _translate(value, languages)
    elif isinstance(node, list):
        for value in node:
            _translate(value, languages)
