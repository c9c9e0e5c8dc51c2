"""Words that say a number, and when they stop being true."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blikveld.results.share_phrases import (
    Nearness,
    UnknownPhrase,
    fraction,
    phrase,
    phrases,
    spell_rank,
    spelled,
)


@pytest.mark.parametrize(
    ("count", "base", "dutch", "english"),
    [
        (393, 821, "bijna de helft", "almost half"),
        (821, 1637, "de helft", "half"),
        (182, 931, "een op de vijf", "one in five"),
        (74, 232, "bijna een op de drie", "almost one in three"),
        (480, 821, "bijna drie op de vijf", "almost three in five"),
        (53, 100, "ruim de helft", "just over half"),
        (100, 100, "iedereen", "everybody"),
        (0, 100, "niemand", "nobody"),
    ],
)
def test_the_nearest_words(count: int, base: int, dutch: str, english: str) -> None:
    assert fraction(count, base, "nl") == dutch
    assert fraction(count, base, "en") == english


@pytest.mark.parametrize(
    ("words", "count", "holds"),
    [
        ("bijna de helft", 480, True),
        ("bijna de helft", 500, False),
        ("bijna de helft", 449, False),
        ("Meer dan de helft", 501, True),
        ("meer dan de helft", 500, False),
        ("minder dan één op de drie", 333, True),
        ("ruim een kwart", 260, True),
        ("ruim een kwart", 301, False),
        ("de meerderheid", 500, False),
        ("ongeveer twee op de vijf", 395, True),
        ("iedereen", 999, False),
        ("meer dan een kwart", 280, True),
        ("meer dan een kwart", 333, True),
        ("meer dan een kwart", 334, False),
        ("meer dan een kwart", 450, False),
        ("meer dan een tiende", 880, False),
        ("meer dan de helft", 970, False),
        ("meer dan negen op de tien", 990, True),
        ("minder dan de helft", 401, True),
        ("minder dan de helft", 400, False),
        ("minder dan de helft", 30, False),
        ("minder dan een tiende", 10, True),
        ("de meerderheid", 740, True),
        ("de meerderheid", 750, False),
        ("een minderheid", 251, True),
        ("een minderheid", 250, False),
        ("bijna een kwart", 215, False),
        ("ruim een vijfde", 215, True),
        ("ruim een vijfde", 240, False),
        ("ongeveer een kwart", 224, False),
        ("ongeveer een kwart", 226, True),
        ("bijna iedereen", 999, True),
    ],
)
def test_words_hold_or_do_not(words: str, count: int, *, holds: bool) -> None:
    assert phrase(words, "nl").holds(count, 1000) is holds


@given(st.integers(0, 300), st.integers(1, 300), st.sampled_from(["nl", "en"]))
def test_what_the_book_says_is_true(count: int, base: int, language: str) -> None:
    count = min(count, base)
    assert phrase(fraction(count, base, language), language).holds(count, base)


@given(st.integers(0, 1000), st.sampled_from(["nl", "en"]))
def test_what_holds_is_no_further_off_than_the_next_fraction(count: int, language: str) -> None:
    """Every phrase that holds lies between the fractions on either side of its own."""
    share = Fraction(count, 1000)
    plain = sorted({found.fraction for found in phrases(language)})
    for found in phrases(language):
        if found.until is None and found.holds(count, 1000):
            index = plain.index(found.fraction)
            assert plain[max(index - 1, 0)] <= share <= plain[min(index + 1, len(plain) - 1)]


@given(st.integers(0, 300), st.integers(1, 300), st.sampled_from(["nl", "en"]))
def test_what_holds_is_true(count: int, base: int, language: str) -> None:
    count = min(count, base)
    assert all(p.is_true(count, base) for p in phrases(language) if p.holds(count, base))


def test_words_may_be_true_and_still_mislead() -> None:
    words = phrase("meer dan een kwart", "nl")
    assert words.is_true(45, 100)
    assert not words.holds(45, 100)
    assert not words.is_true(20, 100)
    assert not words.is_true(0, 0)


def test_no_words_are_true_of_nobody() -> None:
    assert not any(found.holds(0, 0) for found in phrases("en"))
    with pytest.raises(ValueError, match="nothing"):
        fraction(0, 0, "nl")


def test_words_outside_the_book_and_other_languages_are_refused() -> None:
    with pytest.raises(UnknownPhrase):
        phrase("best veel", "nl")
    with pytest.raises(UnknownPhrase):
        next(phrases("fr"))
    with pytest.raises(UnknownPhrase):
        spell_rank(6, "nl")


def test_no_two_phrases_of_a_language_have_the_same_words() -> None:
    for language in ("nl", "en"):
        texts = [found.text for found in phrases(language)]
        assert len(texts) == len(set(texts))
        assert {found.nearness for found in phrases(language)} == set(Nearness)
        assert all(0 <= found.fraction <= Fraction(1) for found in phrases(language))


def test_places_and_small_numbers() -> None:
    assert spell_rank(1, "nl") == "meest"
    assert spell_rank(2, "en") == "second most"
    assert spelled(13, "nl") == "dertien"
    assert spelled(21, "en") is None
