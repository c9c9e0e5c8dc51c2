"""Catalogues of words: gettext files, read and checked by Babel. Nothing here knows a study.

A message is found by its id, the `msgctxt` of the file; `msgid` is the English text and `msgstr`
the translation. The template of an audience (`respondents.pot`) lists its ids and is the English
catalogue itself, so that no English text stands in two files.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from enum import Enum
from functools import lru_cache
from gettext import c2py
from pathlib import Path
from string import Formatter
from typing import Any, TypeVar

from babel.core import UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po, write_po

from blikveld.atomic_files import whole
from blikveld.errors import BlikveldError, Fault, Faults
from blikveld.locale.conventions import is_known, locale

SOURCE = "en"
"""The language of the templates."""

_HERE = Path(__file__).parent
_OWN = "words"
"""The folder of a study in which its own catalogues of respondents' words stand."""
_SHOWN = 8


class Audience(Enum):
    """Who reads the words. Each has a template and, for each language, one catalogue."""

    RESPONDENTS = "respondents"
    """Who meets the questionnaire: respondents, who calls them, a site's contact."""
    DESK = "desk"
    READERS = "report"


class ReadersText(dict[str, str]):
    """A text for readers in the languages that Blikveld has; English in a study of others."""

    def __missing__(self, language: str) -> str:
        return self[SOURCE]


class UnknownMessage(BlikveldError):
    """Code asks for a message that no catalogue has: a fault of ours, not of a translator."""

    def __init__(self, key: str) -> None:
        problem = f"There is no message {key!r}."
        super().__init__("unknown-message", "the words", problem, "Add it to the template.")


_Filled = TypeVar("_Filled")
_Member = TypeVar("_Member", bound=Enum)


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """The words of one audience in one language, complete: from the id to its plural forms.

    `form` gives the number of the plural form for a whole number, by the rule of the language.
    """

    language: str
    messages: Mapping[str, tuple[str, ...]]
    form: Callable[[int], int]

    def text(self, key: str) -> str:
        """Return a message. Raises UnknownMessage."""
        return self._forms(key)[0]

    def counted(self, key: str, number: int) -> str:
        """Return the form of a message that fits a number, which stands in it as {number}."""
        forms = self._forms(key)
        return forms[min(self.form(number), len(forms) - 1)].format(number=number)

    def under(self, prefix: str) -> dict[str, str]:
        """Return the messages right under `prefix`, by the rest of the id; '' is for the top."""
        return {
            key.rpartition(".")[2]: forms[0]
            for key, forms in self.messages.items()
            if key.rpartition(".")[0] == prefix
        }

    def fill(self, made: type[_Filled], prefix: str) -> _Filled:
        """Build a dataclass of texts, each field from the message of its name under `prefix`.

        Raises UnknownMessage for a field without a message.
        """
        names: list[str] = [field.name for field in fields(made)]  # type: ignore[arg-type]
        return made(**{name: self.text(f"{prefix}.{name.rstrip('_')}") for name in names})

    def by_member(self, members: type[_Member], prefix: str) -> dict[_Member, str]:
        """Return the message of each member of an enum, by its name under `prefix`."""
        return {member: self.text(f"{prefix}.{member.name.lower()}") for member in members}

    def _forms(self, key: str) -> tuple[str, ...]:
        try:
            return self.messages[key]
        except KeyError:
            raise UnknownMessage(key) from None


def template_of(audience: Audience) -> Path:
    """The file that lists the messages of an audience, in English."""
    return _HERE / f"{audience.value}.pot"


@lru_cache(maxsize=len(Audience))
def _template(audience: Audience) -> Catalog:
    return read_po_file(template_of(audience), None)


@lru_cache(maxsize=100)
def catalogue(audience: Audience, language: str, study: Path | None = None) -> Catalogue:
    """The words of an audience in a language, read once a process. Raises as `read_words` does."""
    return read_words(audience, language, study)


def read_words(audience: Audience, language: str, study: Path | None = None) -> Catalogue:
    """Read the words of an audience in a language, and check them.

    `study` is the folder of a study: a catalogue that stands there wins. Raises BlikveldError
    where there is no catalogue, and Faults for one that is not complete.
    """
    template, path = _template(audience), find(audience, language, study)
    if path is None:
        raise BlikveldError(
            "no-words",
            f"language {language!r}",
            f"Blikveld has no words for {audience.value} in this language.",
            f"Choose from {', '.join(languages(audience))}, or translate them (docs/languages.md).",
        )
    if path == template_of(audience):
        return Catalogue(SOURCE, _texts(template), c2py("n != 1"))
    own = study is not None and path.parent == study / _OWN
    return _checked(path, f"{_OWN}/{path.name}" if own else str(path), language, template)


@lru_cache(maxsize=100)
def in_all(audience: Audience, prefix: str) -> Mapping[str, Mapping[str, str]]:
    """The messages right under `prefix`, by the rest of the id, in every language of Blikveld."""
    spoken = {code: catalogue(audience, code).under(prefix) for code in languages(audience)}
    return {key: {code: spoken[code][key] for code in spoken} for key in spoken[SOURCE]}


def by_member(
    audience: Audience, members: type[_Member], prefix: str
) -> dict[_Member, Mapping[str, str]]:
    """The message of each member of an enum, by its name under `prefix`, in every language.

    Raises UnknownMessage.
    """
    spoken = {
        code: catalogue(audience, code).by_member(members, prefix) for code in languages(audience)
    }
    return {member: {code: spoken[code][member] for code in spoken} for member in members}


def respondents(language: str, study: Path | None = None) -> Catalogue:
    """The words around a questionnaire; `study` is its folder. Raises as `catalogue` does."""
    return catalogue(Audience.RESPONDENTS, language, study)


def check_respondents(language: str, study: Path) -> None:
    """Raise as `read_words` does. What a study brings is read anew, for it may have changed."""
    own = (study / _OWN / f"{language}.po").is_file()
    (read_words if own else catalogue)(Audience.RESPONDENTS, language, study)


def respondents_or_source(language: str, study: Path | None = None) -> Catalogue:
    """The same for readers: in English where a language has no such words.

    Nobody who fills in a questionnaire gets these, for its study is refused.
    """
    try:
        return respondents(language, study)
    except BlikveldError:
        return catalogue(Audience.RESPONDENTS, SOURCE)


def find(audience: Audience, language: str, study: Path | None = None) -> Path | None:
    """The file with the words of an audience in a language; None where there is none."""
    own = study / _OWN / f"{language}.po" if study and audience is Audience.RESPONDENTS else None
    if own and own.is_file():
        return own
    if language == SOURCE:
        return template_of(audience)
    path = _HERE / language / f"{audience.value}.po"
    return path if path.is_file() else None


def languages(audience: Audience) -> tuple[str, ...]:
    """The languages in which Blikveld itself has the words of an audience."""
    found = {path.parent.name for path in _HERE.glob(f"*/{audience.value}.po")}
    return tuple(sorted({SOURCE, *found}))


def draft_words(language: str, study: Path) -> tuple[Path, int]:
    """Write a catalogue of respondents' words to translate into a study, and count what lacks.

    What is translated there already stays; where the English changed it is marked as fuzzy. Nothing
    is written for a language that Babel does not know. Raises BlikveldError and Faults.
    """
    if not is_known(language):
        problem, mend = "No language has this code.", "Use its code in ISO 639, such as nl or en."
        raise BlikveldError("language", f"language {language!r}", problem, mend)
    path = study / _OWN / f"{language}.po"
    drafted = read_po_file(path, language) if path.is_file() else _empty(language)
    drafted.update(read_po_file(template_of(Audience.RESPONDENTS), None))
    drafted.obsolete.clear()
    path.parent.mkdir(exist_ok=True)
    with whole(path) as half, half.open("wb") as file:
        write_po(file, drafted, width=96, no_location=True)
    return path, sum(not _is_translated(message) for message in _messages(drafted))


def _empty(language: str) -> Catalog:
    return Catalog(locale(language), header_comment=f"# {language}.", charset="utf-8", fuzzy=False)


def read_po_file(path: Path, language: str | None, name: str = "") -> Catalog:
    """Read a catalogue as it stands, unchecked. Raises Faults where it is no gettext file."""
    name = name or path.name
    try:
        with path.open("rb") as file:
            return read_po(file, locale=locale(language) if language else None, abort_invalid=True)
    except PoFileError as error:
        line = None if error.lineno is None else error.lineno + 1
        raise _unreadable(name, line, f"This is no gettext file: {error.args[0]}.") from None
    except (LookupError, ValueError, UnknownLocaleError) as error:
        raise _unreadable(name, None, f"This is no gettext file in UTF-8: {error}.") from None
    except OSError as error:
        raise _unreadable(name, None, f"It cannot be opened: {error.strerror}.") from None


def _unreadable(file: str, line: int | None, problem: str) -> Faults:
    mend = "Open it with a program for translators, and save it as UTF-8."
    return Faults([Fault("po", file, line, problem, mend)])


def _texts(template: Catalog) -> dict[str, tuple[str, ...]]:
    return {_key(message): _forms(message.id) for message in _messages(template)}


def _messages(found: Catalog) -> Iterator[Message]:
    return (message for message in found if message.id)


def _key(message: Message) -> str:
    return str(message.context)


def _forms(text: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ("",))


def _checked(path: Path, name: str, language: str, template: Catalog) -> Catalogue:
    found = read_po_file(path, language, name)
    faults = [*_ids(found, template, name, path), *_translations(found, template, name)]
    if faults:
        raise Faults(faults)
    texts = {_key(message): _forms(message.string) for message in _messages(found)}
    return Catalogue(language, texts, _plural_rule(found, name))


def _plural_rule(found: Catalog, name: str) -> Callable[[int], int]:
    """The rule of the file's own header, once it is sure that it gives a form for every number."""
    try:
        rule = c2py(found.plural_expr)
        fits = all(0 <= rule(number) < found.num_plurals for number in range(1_000))
    except (ValueError, ZeroDivisionError):
        fits = False
    if not fits:
        raise _unreadable(name, None, f"Plural-Forms cannot be used: {found.plural_expr}.")
    return rule


def _ids(found: Catalog, template: Catalog, name: str, path: Path) -> Iterator[Fault]:
    """Every message of the template once, and no other."""
    have, wanted = (
        {_key(message): message for message in _messages(one)} for one in (found, template)
    )
    written = len(re.findall(rb"(?m)^msgctxt ", path.read_bytes()))
    usable = {key for key, message in have.items() if _is_translated(message)}
    if missing := [key for key in wanted if key not in usable]:
        problem = f"{len(missing)} messages have no translation: {_some(missing)}."
        yield Fault(
            "words-missing", name, None, problem, "Translate them, and unmark what is fuzzy."
        )
    for key, message in have.items():
        if key not in wanted:
            problem, mend = f"There is no message {key!r} to translate.", "Take it out."
            yield Fault("words-unknown", name, message.lineno, problem, mend)
    if written != len(have):
        problem, mend = "A message stands in it twice.", "Keep one of the two."
        yield Fault("words-twice", name, None, problem, mend)


def _is_translated(message: Message) -> bool:
    return not message.fuzzy and all(_forms(message.string))


def _translations(found: Catalog, template: Catalog, name: str) -> Iterator[Fault]:
    """Each translation is of the English text of today, with its placeholders, in every form."""
    wanted = {_key(message): message for message in _messages(template)}
    for message in filter(_is_translated, _messages(found)):
        source = wanted.get(_key(message))
        if source is None:
            continue
        if _forms(message.id) != _forms(source.id):
            problem = f"The English text of {_key(message)!r} has changed."
            mend = "Bring the file up to date with its template (docs/languages.md)."
            yield Fault("words-outdated", name, message.lineno, problem, mend)
        elif problem := _wrong_form(message):
            yield Fault(
                "words-placeholders", name, message.lineno, problem, "Write them as they are."
            )


def _wrong_form(message: Message) -> str:
    source, forms = _forms(message.id), _forms(message.string)
    wanted = placeholders(source[-1])
    for form in forms:
        if (have := placeholders(form)) != wanted:
            return (
                f"{_key(message)!r} holds {_some(have or {'no placeholder'})}; "
                f"it should hold {_some(wanted or {'none'})}."
            )
    return ""


def placeholders(text: str) -> frozenset[str]:
    """What is filled in where a text has braces, each as it is written; a lone brace is one too."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        return frozenset({"{"})
    filled = [_written(*part[1:]) for part in parts if part[1] is not None]
    return frozenset(f"{text} {at}" if text == "{}" else text for at, text in enumerate(filled))


def _written(name: Any, spec: Any, conversion: Any) -> str:
    return f"{{{name}{f'!{conversion}' if conversion else ''}{f':{spec}' if spec else ''}}}"


def _some(keys: Any) -> str:
    names = sorted(keys) if isinstance(keys, (set, frozenset)) else list(keys)
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
