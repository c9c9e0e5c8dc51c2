"""Dates in words: 7 april 2021, 7 April 2021."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

MONTHS: Mapping[str, tuple[str, ...]] = {
    "nl": (
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}
"""The months by language. A language that is not here gets the English ones."""


def day(when: date, language: str) -> str:
    """A day as it is written in running text."""
    return f"{when.day} {month(when, language)}"


def month(when: date, language: str) -> str:
    """A month and its year."""
    return f"{MONTHS.get(language, MONTHS['en'])[when.month - 1]} {when.year}"
