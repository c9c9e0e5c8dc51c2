"""How a language is called and written: names, direction, dates and signs, from Babel's CLDR."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_decimal, get_decimal_symbol

_REGIONS = {"en": "en-GB"}
"""English as it is written in Europe: the day before the month."""


@lru_cache(maxsize=100)
def locale(language: str) -> Locale:
    """What Babel knows of a language. Raises ValueError for one that it does not know."""
    try:
        return Locale.parse(_REGIONS.get(language, language), sep="-")
    except UnknownLocaleError as error:
        raise ValueError(str(error)) from None


def is_known(language: str) -> bool:
    """Whether Babel knows the language."""
    try:
        locale(language)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=100)
def language_name(language: str) -> str:
    """What a language calls itself, as a heading: Nederlands, Français."""
    name = Locale.parse(language, sep="-").get_display_name() or language
    return name[:1].upper() + name[1:]


def direction(language: str) -> str:
    """`ltr` or `rtl`, for the attribute `dir`."""
    return locale(language).text_direction


def day(when: date, language: str) -> str:
    """A day as it is written in running text: 12 maart 2026."""
    return format_date(when, "long", locale(language))


def month(when: date, language: str) -> str:
    """A month and its year: maart 2026."""
    return format_date(when, "MMMM y", locale(language))


def near_day(when: date, language: str) -> str:
    """A day of this year, with its name: zondag 1 maart."""
    return format_date(when, "EEEE d MMMM", locale(language))


def short_day(when: date, language: str) -> str:
    """A day where there is little room: 7 apr 2026."""
    return format_date(when, "d MMM y", Locale.parse(language, sep="-"))


def whole_number(value: int, language: str) -> str:
    """A whole number with its thousands apart: 1.637 in Dutch."""
    return format_decimal(value, locale=locale(language))


def decimal_sign(language: str) -> str:
    """What stands between units and tenths: a comma in Dutch."""
    return get_decimal_symbol(locale(language))


def plain_number(value: Decimal, language: str) -> str:
    """A number as somebody would type it, with the decimals that it needs: 9999,99 in Dutch."""
    return format_decimal(value, "0.##########", locale(language))
