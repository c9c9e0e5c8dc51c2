"""What can be told by its form: addresses, numbers, plates, dates. Dutch forms."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from blikveld.interviews.protect.spans import Kind, Source, Span

_MONTHS = (
    "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"
    "|jan|feb|mrt|apr|jun|jul|aug|sept?|okt|nov|dec"
)
_DAYS = "maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag"
_NATIONAL, _MOBILE = 10, 9
_IBAN_NL = 18
_PLATE = 6
_SPOKEN_DAYS = (
    "een|eerste|twee|drie|derde|vier|vijf|zes|zeven|acht|achtste|negen|tien|elf|twaalf|dertien"
    "|veertien|vijftien|zestien|zeventien|achttien|negentien|(?:(?:een|twee|drie|vier|vijf|zes"
    "|zeven|acht|negen)[eë]n)?twintig|(?:eenen)?dertig"
)
_DIGIT = "nul|een|één|twee|drie|vier|vijf|zes|zeven|acht|negen"
_MAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_MAIL_SPOKEN = re.compile(
    r"\b(?:\w+ (?:punt|streepje|underscore) )*\w+ (?:apenstaartje?|at) \w+(?: punt \w+)+",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w@.])@\w[\w.]*\w")
_PHONE = re.compile(r"(?<![\w+-])\(?(?:\+\s?31|0031|0)(?:[ \-./()]{0,4}\d){8,12}(?![\w-])")
_PHONE_SPOKEN = re.compile(
    rf"\bnul(?:[ ,-]+(?:{_DIGIT}|\w+tig|\w+tien|tien|elf|twaalf)){{4,9}}\b", re.I
)
_IBAN = re.compile(r"\b[A-Za-z]{2} ?\d{2}(?: ?[A-Za-z0-9]{4}){2,7}(?: ?[A-Za-z0-9]{1,3})?\b")
_PLATES = re.compile(r"(?<![\w-])[A-Za-z0-9]{1,3}(-[A-Za-z0-9]{1,3}){2}(?![\w-])")
# With spaces only in capitals: 'in 3 van de 12' is no plate.
_PLATES_SPACED = re.compile(
    r"(?<![\w-])(?:[A-Z]{1,3} \d{1,3} [A-Z]{1,3}|\d{1,3} [A-Z]{1,3} \d{1,3}"
    r"|[A-Z]{2} [A-Z]{2} \d{2}|\d{2} [A-Z]{2} [A-Z]{2}|\d{2} \d{2} [A-Z]{2}|[A-Z]{2} \d{2} \d{2})"
    r"(?![\w-])"
)
_PLATES_CLOSE = re.compile(
    r"(?<![\w-])(?:[A-Z]{1,3}\d{1,3}[A-Z]{1,3}|\d{1,3}[A-Z]{1,3}\d{1,3}|[A-Z]{4}\d{2}|\d{2}[A-Z]{4}"
    r"|[A-Z]{2}\d{4})(?![\w-])"
)
_PLAIN = {
    **dict.fromkeys(map(ord, "\u00a0\u2000\u2002\u2003\u2007\u2009\u200a\u202f\u3000"), " "),
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2212"), "-"),
}
"""Spaces and hyphens that a program put in place of plain ones; positions stay the same."""
_DATES = (
    re.compile(r"(?<![\w-])\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})(?![\w-])"),
    re.compile(r"(?<![\w-])\d{4}-\d{2}-\d{2}(?![\w-])"),
    re.compile(
        rf"(?:\b(?:{_DAYS}) )?(?<!\d)\d{{1,2}}e? (?:{_MONTHS})\b\.?(?: (?:\d{{4}}|['’]\d\d)\b)?",
        re.IGNORECASE,
    ),
    re.compile(rf"\b(?:{_SPOKEN_DAYS})(?:de|ste)? (?:{_MONTHS})\b(?: \d{{4}}\b)?", re.IGNORECASE),
)


def patterns(whole: str) -> Iterator[Span]:
    """Everything in a text that has the form of an address, a number, a plate or a date."""
    text = whole.translate(_PLAIN)
    yield from _all(_MAIL, text, Kind.MAIL)
    yield from _all(_MAIL_SPOKEN, text, Kind.MAIL)
    yield from _all(_HANDLE, text, Kind.HANDLE)
    yield from _all(_IBAN, text, Kind.ACCOUNT, _is_account)
    yield from _all(_PHONE, text, Kind.PHONE, _is_phone)
    yield from _all(_PHONE_SPOKEN, text, Kind.PHONE)
    yield from _all(_PLATES, text, Kind.PLATE, _is_plate)
    yield from _all(_PLATES_SPACED, text, Kind.PLATE, _is_plate)
    yield from _all(_PLATES_CLOSE, text, Kind.PLATE, _is_close_plate)
    for form in _DATES:
        yield from _all(form, text, Kind.DATE)


def _all(
    form: re.Pattern[str], text: str, kind: Kind, fits: Callable[[str], bool] = bool
) -> Iterator[Span]:
    for match in form.finditer(text):
        if fits(match.group()):
            yield Span(match.start(), match.end(), kind, Source.PATTERN)


def _digits(words: str) -> str:
    return "".join(sign for sign in words if sign.isdigit())


def _is_phone(words: str) -> bool:
    digits = _digits(words)
    if digits.startswith("0") and not digits.startswith("0031"):
        return len(digits) == _NATIONAL
    rest = digits.removeprefix("00").removeprefix("31").removeprefix("0")
    return len(rest) == _MOBILE


def _is_account(words: str) -> bool:
    # A Dutch number is taken as it comes, for what is spoken holds slips; others must add up.
    plain = words.replace(" ", "").upper()
    if plain.startswith("NL"):
        return len(plain) == _IBAN_NL
    return int("".join(str(int(sign, 36)) for sign in plain[4:] + plain[:4])) % 97 == 1


def _is_plate(words: str) -> bool:
    plain = re.sub("[- ]", "", words)
    mixed = any(map(str.isdigit, plain)) and any(map(str.isalpha, plain))
    whole = all(part.isdigit() or part.isalpha() for part in re.split("[- ]", words))
    return len(plain) == _PLATE and mixed and whole


def _is_close_plate(words: str) -> bool:
    return len(words) == _PLATE
