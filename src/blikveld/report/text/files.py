"""Where a report's texts stand, the few settings beside them, and the words a report adds itself.

A study keeps its texts in its folder under `report/`: `report.yaml`, and a folder for each language
with Markdown files that are read in the order of their names. A study without texts gets a plain
report of its funnel and tables. The words are those of the readers' catalogue.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from blikveld.errors import BlikveldError
from blikveld.locale import Audience, catalogue, languages
from blikveld.rules import Rule, parse
from blikveld.study.model import Study, Text


def is_spoken(language: str) -> bool:
    """Return whether a report can be written in this language."""
    return language in languages(Audience.READERS)


@lru_cache(maxsize=20)
def find_words(language: str) -> Mapping[str, str]:
    """Return a report's own words in a language. Raises BlikveldError for one it does not speak."""
    if not is_spoken(language):
        raise BlikveldError(
            "report-language",
            f"language {language!r}",
            "The report does not speak this language.",
            f"Choose one of: {', '.join(languages(Audience.READERS))}.",
        )
    return catalogue(Audience.READERS, language).under("")


def join_names(items: tuple[str, ...], language: str) -> str:
    """'a, b and c'; or 'a, b; c and d' where names hold a comma or an 'and' themselves."""
    *first, last = items
    own = f" {find_words(language)['and']} "
    if any("," in item or own in item for item in items):
        return "; ".join(items)
    return f"{', '.join(first)}{own}{last}" if first else last


_PLAIN = Path(__file__).parent / "plain"
_KEYS = frozenset({"subtitle", "about", "named", "map", "cover"})
_ON_REQUEST = "on_request"
_COVER = ("authors", "publisher", "date")


class NoTexts(BlikveldError):
    """A study has report texts, but not in the language that was asked for."""

    def __init__(self, study: Study, language: str) -> None:
        super().__init__(
            "no-report-texts",
            str(study.folder / "report"),
            f"There are no texts in language {language!r}.",
            f"Write them in report/{language}/, or choose another language.",
        )


class BadSettings(BlikveldError):
    """report.yaml cannot be used."""

    def __init__(self, path: Path, problem: str) -> None:
        keys = ", ".join(sorted(_KEYS))
        super().__init__("report-settings", str(path), problem, f"It may hold: {keys}.")


@dataclass(frozen=True, slots=True)
class CoverPicture:
    """A picture made from data: a disc for each group of `by`, with a dot for each person.

    Dots for whom `rule` is true stand in the heart. `key` tells readers what a dot is.
    """

    by: str
    rule: str
    key: Text


@dataclass(frozen=True, slots=True)
class ReportSettings:
    """What report.yaml says.

    `phrases` has better words for rules that come back often; they stand after 'respondents'.
    `positions` has for sites where they lie: to the east and to the north. `cover` has
    who wrote the report, who publishes it and when; `picture` what the dots on it stand for.
    """

    subtitle: Text
    about: tuple[Text, ...]
    phrases: Mapping[Rule, Text]
    positions: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    cover: Mapping[str, Text] = field(default_factory=dict)
    picture: CoverPicture | None = None

    def named(self, language: str) -> Mapping[Rule, str]:
        """Rules with their own words in a language, for rules.sentence."""
        return {rule: text[language] for rule, text in self.phrases.items()}


def find_files(study: Study, language: str) -> tuple[Path, ...]:
    """Return the texts of a report in their order, with those of parts that were asked for.

    Raises NoTexts, and BlikveldError for a part that there is not.
    """
    own = study.folder / "report"
    folder = own if own.is_dir() else _PLAIN
    found = tuple((folder / language).glob("*.md"))
    if not found:
        raise NoTexts(study, language)
    asked = (path for name in study.report_parts for path in _find_part(own, name, language))
    return tuple(sorted((*found, *asked), key=lambda path: path.name))


def _find_part(report: Path, name: str, language: str) -> tuple[Path, ...]:
    """The texts of a part that is made only when somebody asks for it by name."""
    known = sorted(path.name for path in (report / _ON_REQUEST).glob("*") if path.is_dir())
    found = tuple((report / _ON_REQUEST / name / language).glob("*.md")) if name in known else ()
    if not found:
        raise BlikveldError(
            "report-part",
            str(report / _ON_REQUEST / name),
            f"The report has no part {name!r} in {language!r} to add.",
            f"Parts that can be added: {', '.join(known) or 'none'}.",
        )
    return found


def read_headings(study: Study, language: str) -> Mapping[str, Mapping[int, str]]:
    """Of each text, by the name of its file, the headings with the line where each stands."""
    return {path.name: dict(_headings(path)) for path in find_files(study, language)}


def _headings(path: Path) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if re.match("#+ ", line):
            yield number, line.strip("# ").removesuffix("{-}").strip()


def read_settings(study: Study) -> ReportSettings:
    """Return the settings of a study's report; empty where it has none. Raises BadSettings."""
    path = study.folder / "report" / "report.yaml"
    if not path.exists():
        return ReportSettings(dict.fromkeys(study.languages, ""), (), {})
    try:
        loaded: Any = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except YAMLError as error:
        raise BadSettings(path, f"It is no YAML: {error}") from None
    return _checked(path, loaded, study.languages)


def _checked(path: Path, loaded: Any, languages: tuple[str, ...]) -> ReportSettings:
    if not isinstance(loaded, dict) or not set(loaded) <= _KEYS:
        raise BadSettings(path, "It holds something else than its keys.")
    subtitle = _text(path, loaded.get("subtitle", dict.fromkeys(languages, "")), languages)
    about = tuple(_text(path, text, languages) for text in loaded.get("about", ()))
    named = loaded.get("named", {})
    if not isinstance(named, dict):
        raise BadSettings(path, "`named` goes from rules to words.")
    phrases = {parse(str(rule)): _text(path, text, languages) for rule, text in named.items()}
    places = dict(_places(path, loaded.get("map", {})))
    cover, picture = _cover(path, loaded.get("cover"), languages)
    return ReportSettings(subtitle, about, phrases, places, cover, picture)


def _cover(
    path: Path, found: Any, languages: tuple[str, ...]
) -> tuple[Mapping[str, Text], CoverPicture | None]:
    """Who made the report. A cover that leaves one of them out is refused: nobody would notice."""
    if found is None:
        return {}, None
    if not isinstance(found, dict) or not set(_COVER) <= set(found) <= {*_COVER, "dots"}:
        raise BadSettings(path, f"`cover` holds each of: {', '.join(_COVER)}; and maybe dots.")
    told = {name: _text(path, found[name], languages) for name in _COVER}
    for name, text in told.items():
        if not all(words.strip() for words in text.values()):
            raise BadSettings(path, f"`cover` has no words for {name}.")
    return told, _dots(path, found.get("dots"), languages)


def _dots(path: Path, found: Any, languages: tuple[str, ...]) -> CoverPicture | None:
    match found:
        case None:
            return None
        case {"by": str() as by, "rule": str() as rule, "key": key} if len(found) == 3:
            return CoverPicture(by, rule, _text(path, key, languages))
        case _:
            raise BadSettings(path, "`dots` on the cover holds each of: by, rule, key.")


def _places(path: Path, found: Any) -> Iterator[tuple[str, tuple[float, float]]]:
    if not isinstance(found, dict):
        raise BadSettings(path, "`map` goes from sites to their places.")
    for key, place in found.items():
        match place:
            case [int() | float() as east, int() | float() as north]:
                yield str(key), (float(east), float(north))
            case _:
                raise BadSettings(path, f"{place!r} is no place: two numbers, east and north.")


def _text(path: Path, found: Any, languages: tuple[str, ...]) -> Text:
    if not isinstance(found, dict) or set(found) != set(languages):
        raise BadSettings(path, f"{found!r} has no words in each of: {', '.join(languages)}.")
    return {str(language): str(words) for language, words in found.items()}
