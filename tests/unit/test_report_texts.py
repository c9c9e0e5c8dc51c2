"""The texts of the shipped report: where facts come from, how long they are, how they read."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from statistics import median

import pytest

import blikveld

REPORT = Path(blikveld.__file__).parent / "studies/criminele_uitbuiting/report"
SOURCE = Path(__file__).parents[3] / "shared/source"
LANGUAGES = ("nl", "en")
SHARE = 60
"""Per cent of the published words that a chapter has, or a reason."""

_CAPTION = re.compile(r"{% call (?:figure|dot_map|figure_table|key_figure).*?{% endcall %}", re.S)
_CODE = re.compile(r"{%.*?%}", re.S)
_CLAIM = re.compile(r"{{.*?}}", re.S)


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((REPORT / name).read_text(encoding="utf-8").splitlines()))


@lru_cache
def text(language: str, name: str) -> str:
    """A text on one line, without the signs that set it apart."""
    found = (REPORT / language / name).read_text(encoding="utf-8")
    return " ".join(re.sub(r"(?m)^> ?", "", found).split())


@lru_cache
def published() -> str:
    """The published study on one line, words that were divided over lines made whole."""
    found = "".join(p.read_text(encoding="utf-8") for p in sorted(SOURCE.glob("*.txt")))
    return " ".join(re.sub(r"[\u2010-]\s*\n\s*(?=[a-z])", "", found).split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fact_of_the_table_stands_in_its_text(language: str) -> None:
    facts = rows("facts.csv")
    assert len(facts) > 90
    lost = [
        fact[language]
        for fact in facts
        if fact[language] not in text(language, fact[f"{language}_text"])
    ]
    assert lost == []


@pytest.mark.skipif(not SOURCE.exists(), reason="needs the published study in ../shared")
def test_every_fact_of_the_table_stands_in_the_published_study() -> None:
    lost = [
        f["published_words"] for f in rows("facts.csv") if f["published_words"] not in published()
    ]
    assert lost == []


def prose(language: str, names: str) -> str:
    """What a reader reads of texts: captions and code left out, a claim as one word."""
    found = (text(language, name) for name in names.split())
    return " ".join(_CLAIM.sub("1", _CODE.sub(" ", _CAPTION.sub(" ", one))) for one in found)


def lengths(language: str) -> Iterator[tuple[Mapping[str, str], int, int]]:
    """Each part of the report, its words, and how many per cent of the published ones that is."""
    for part in rows("lengths.csv"):
        words = len(prose(language, part[language]).split())
        yield part, words, 100 * words // int(part["published"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_chapter_is_as_long_as_was_published_or_says_why_not(language: str) -> None:
    for part, words, share in lengths(language):
        print(f"{language} {part['part']:<28}{words:>6} of {part['published']:>6} {share:>4}%")
        assert share >= SHARE or part["reason"], part
        assert share < SHARE or not part["reason"], f"a reason too many: {part}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_neither_staccato_nor_endless(language: str) -> None:
    named = " ".join(part[language] for part in rows("lengths.csv"))
    plain = re.sub(r"[*#]+|^- |\((?:1;? ?)+\)", " ", prose(language, named))
    found = [len(s.split()) for s in re.split(r"(?<=[.?!])\s+", plain) if len(s.split()) > 1]
    short, long = (100 * sum(test(n) for n in found) // len(found) for test in _TESTS)
    print(
        f"{language} {len(found)} sentences, median {median(found)} words, {short}% of 8 or fewer,"
        f" {long}% over 25"
    )
    assert short <= 35
    assert long <= 12


_TESTS = (lambda words: words <= 8, lambda words: words > 25)
