"""Numbers that a text takes from elsewhere, and the sources they are from.

A study lists its sources in `report/sources.yaml`. A number that is not counted here is typed in
a text only as `cited('672', 'monitor')`, and the same text must name that source as well:
`source('monitor')`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from blikveld.errors import BlikveldError
from blikveld.report.claims.facts import FalseClaim
from blikveld.report.claims.shares import Claim, ClaimText
from blikveld.report.model import Hyperlink, Inline, Listing, Paragraph, TextRun
from blikveld.study.model import Study, Text
from blikveld.yaml_reading.fault_log import choose

FILE = "sources.yaml"
_KEYS = ("author", "year", "title", "publisher", "address")
_LABEL = re.compile(r"\d{1,2}[a-z]?")


class BadSources(BlikveldError):
    """sources.yaml cannot be used."""

    def __init__(self, study: Study, problem: str) -> None:
        mend = f"Each key holds: {', '.join(_KEYS)}; only author and year are needed."
        super().__init__("report-sources", str(study.folder / "report" / FILE), problem, mend)


@dataclass(frozen=True, slots=True)
class Citation:
    """Something that somebody else wrote. `year` is text: a date, 'no date' or several years."""

    author: Text
    year: Text
    title: Text
    publisher: Text
    address: str

    def short(self, language: str) -> str:
        """Return how a text names it: 'Bekkers e.a., 2020'."""
        return ", ".join(part for part in (self.author[language], self.year[language]) if part)

    def line(self, language: str) -> tuple[Inline, ...]:
        """Return how a list of sources names it."""
        told = f"{self.author[language]} ({self.year[language]})."
        for words in (self.title[language], self.publisher[language]):
            told += f" {words}." if words else ""
        if not self.address:
            return (TextRun(told),)
        return (TextRun(f"{told} "), Hyperlink((TextRun(self.address),), self.address))


def load(study: Study) -> Mapping[str, Citation]:
    """Return the sources of a study by their key; none where it lists none. Raises BadSources."""
    path = study.folder / "report" / FILE
    if not path.exists():
        return {}
    try:
        found: Any = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except YAMLError as error:
        raise BadSources(study, f"It is no YAML: {error}") from None
    if not isinstance(found, dict):
        raise BadSources(study, "It does not go from keys to sources.")
    return {str(key): _source(study, str(key), told) for key, told in found.items()}


def _source(study: Study, key: str, told: Any) -> Citation:
    if not isinstance(told, dict) or not {"author", "year"} <= set(told) <= set(_KEYS):
        raise BadSources(study, f"{key!r} holds something else than it should.")
    author, year, title, publisher = (_text(study, key, told.get(n, "")) for n in _KEYS[:4])
    return Citation(author, year, title, publisher, str(told.get("address", "")))


def _text(study: Study, key: str, told: Any) -> Text:
    """Words in each language; words given once are the same in all."""
    if isinstance(told, dict):
        if set(told) != set(study.languages):
            raise BadSources(study, f"{key!r} has no words in each language of the study.")
        return {str(language): str(words) for language, words in told.items()}
    return dict.fromkeys(study.languages, str(told))


def cited(known: Mapping[str, Citation], number: str, *keys: str) -> Claim:
    """Return a number or a date from elsewhere, as it was printed there: '672'."""
    _checked(known, keys)
    return Claim((), lambda facts: ClaimText(str(number)), cites=keys)


def source(known: Mapping[str, Citation], *keys: str) -> Claim:
    """Return the sources themselves: 'Bekkers e.a., 2020; CKM, 2021'."""
    _checked(known, keys)
    return Claim(
        (),
        lambda facts: ClaimText("; ".join(known[k].short(facts.language) for k in keys)),
        names=keys,
    )


def numeral(label: str) -> Claim:
    """Return a number that is a name, such as that of a recommendation: '1a'. It counts nothing."""
    if not _LABEL.fullmatch(str(label)):
        raise FalseClaim(
            f"{label!r} is no name.", "It is a number under 100, with a letter or not."
        )
    return Claim((), lambda facts: ClaimText(str(label)))


def _checked(known: Mapping[str, Citation], keys: Sequence[str]) -> None:
    if not keys:
        raise FalseClaim("No source is named.", f"Write its key, as it stands in {FILE}.")
    for key in keys:
        if key not in known:
            raise FalseClaim(f"There is no source {key!r}.", choose(key, known))


def unnamed(claims: Sequence[Claim]) -> Iterator[str]:
    """Yield the sources that a text takes numbers from without naming them."""
    named = {key for claim in claims for key in claim.names}
    for key in dict.fromkeys(key for claim in claims for key in claim.cites):
        if key not in named:
            yield key


def listed(known: Mapping[str, Citation], claims: Sequence[Claim], language: str) -> Listing:
    """Return every source that the texts name, by author."""
    used = {key for claim in claims for key in (*claim.names, *claim.cites)}
    found = sorted((known[key] for key in used), key=lambda s: s.short(language).casefold())
    return Listing(tuple((Paragraph(one.line(language)),) for one in found))
