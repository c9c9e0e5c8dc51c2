"""What can be told by its form: telephone, addresses, links, names of accounts. Dutch forms.

Numbers by which somebody is known, plates, dates and ages are in `numbers`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from blikveld.interviews.deidentification.numbers import all_of, digits, numbers
from blikveld.interviews.deidentification.spans import IdentifierKind, Span, SuggestionSource
from blikveld.interviews.deidentification.words import is_word

_NATIONAL, _MOBILE = 10, 9
_FOREIGN_FEWEST, _FOREIGN_MOST = 7, 15
_DIGIT = "nul|een|één|twee|drie|vier|vijf|zes|zeven|acht|negen"
_MAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_MAIL_SPOKEN = re.compile(
    r"\b(?:\w+ (?:punt|streepje|underscore) )*\w+ (?:apenstaartje?|at) \w+(?: punt \w+)+",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w@.])@\w[\w.]*\w")
_NETWORK = r"(?:insta(?:gram)?|snap(?:chat)?|tik ?tok|telegram|twitter|discord|facebook|threads)"
_ACCOUNT = re.compile(
    rf"\b{_NETWORK}(?:-?(?:account|naam|profiel))?\b[\s:]*(?:\(|(?:is|was|heet|heette|als|naam)\s)?"
    r"[“\"'‘]?(?P<it>[a-z_.]*[a-z][a-z_.]*\d[\w.]*|\w+(?:[._]\w+)+)",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(?<![\w+-])\(?(?:\+\s?31|0031|0)(?:[ \-./()]{0,4}\d){8,12}(?![\w-])")
_PHONE_FOREIGN = re.compile(r"(?<![\w+])(?:\+|00)[1-9](?:[ \-./()]{0,3}\d){6,14}(?![\w-])")
_PHONE_SERVICE = re.compile(r"(?<![\w-])0(?:800|900|906|909|88)(?:[ -]?\d){4,7}(?![\w-])")
_PHONE_SPOKEN = re.compile(
    rf"\bnul(?:[ ,-]+(?:{_DIGIT}|\w+tig|\w+tien|tien|elf|twaalf)){{4,9}}\b", re.IGNORECASE
)
_ENDINGS = "nl|com|org|net|be|eu|info|io|gg|tv|app"
_LINK = re.compile(
    r"\b(?:https?://|www\.)[^\s<>\"”]+[\w/]"
    rf"|(?<![\w@.-])(?:[a-z0-9-]+\.)+(?:{_ENDINGS})(?:/[^\s<>\"”]*[\w/])?(?![\w.]\w)(?![\w-])"
    r"|(?<![\w@.-])(?:t|wa|m)\.me/[^\s<>\"”]*[\w/]",
    re.IGNORECASE,
)
_STREET = (
    "straat|weg|laan|plein|kade|gracht|dijk|singel|hof|park|steeg|dreef|plantsoen|pad|vaart|markt"
    "|haven|brug|baan|bolwerk|dam|burg|wal|hoek|kamp|akker|veld|erf|hage|horst|plaats|ring|rak"
    "|strjitte|dyk|str|ln|pln|plnts|sngl|gr|hf|prk|wg|pd|drf|mrkt|st|stg"
)
_STREET_SMALL = "straat|laan|plein|gracht|kade|singel|dreef|plantsoen|steeg"
_STREET_BEFORE = r"(?:(?:van|de|der|den|oude|nieuwe|lange|korte|grote|kleine)\s)*"
_HOUSE = r"\d{1,5}(?:\s?[a-zA-Z](?![\w])|-?(?:\d{1,3}|[IVX]{1,4}|hs|bis)\b|\s(?:bis|hs)\b)?"
_ADDRESSES = (
    re.compile(rf"\b(?:[A-Z][\w'’.-]*\s)*[A-Z][\w'’-]*(?:{_STREET})\.?\s{_HOUSE}(?!\w)"),
    re.compile(rf"\b{_STREET_BEFORE}[a-z][\w'’-]+(?:{_STREET_SMALL})\s{_HOUSE}(?!\w)"),
    re.compile(
        r"\b(?:Laan|Plein|Weg|Kade|Hof|Singel|Gracht|Straat|Dreef)\s(?:van|der|den|de|het|op|\s)+"
        rf"(?:[A-Z][\w'’-]*\s){{1,4}}{_HOUSE}(?!\w)"
    ),
    re.compile(r"\bpostbus\s\d{1,6}\b", re.IGNORECASE),
    re.compile(r"(?<![\w-])[1-9]\d{3}(?:\s?[A-Z]{2}|[a-z]{2})(?![\w-])"),
)

# In lower case 'onderweg 3 keer' is no address: only words that the language does not have are.
_STREET_LOWER = re.compile(
    rf"\b{_STREET_BEFORE}(?P<street>[a-z][\w'’-]{{3,}}(?:weg|dijk|hof|park|pad|vaart|markt|baan))"
    rf"\s{_HOUSE}(?!\w)"
)


def patterns(whole: str) -> Iterator[Span]:
    """Everything in a text that has the form of an address, a number, a plate or a date."""
    text = whole.translate(_PLAIN)
    yield from all_of(_MAIL, text, IdentifierKind.MAIL)
    yield from all_of(_MAIL_SPOKEN, text, IdentifierKind.MAIL)
    yield from all_of(_HANDLE, text, IdentifierKind.HANDLE)
    yield from all_of(_LINK, text, IdentifierKind.LINK)
    yield from all_of(_PHONE, text, IdentifierKind.PHONE, _is_phone)
    yield from all_of(_PHONE_FOREIGN, text, IdentifierKind.PHONE, _is_foreign)
    yield from all_of(_PHONE_SERVICE, text, IdentifierKind.PHONE)
    yield from all_of(_PHONE_SPOKEN, text, IdentifierKind.PHONE)
    for match in _ACCOUNT.finditer(text):
        yield Span(
            match.start("it"), match.end("it"), IdentifierKind.HANDLE, SuggestionSource.PATTERN
        )
    for form in _ADDRESSES:
        yield from all_of(form, text, IdentifierKind.ADDRESS)
    for match in _STREET_LOWER.finditer(text):
        if not is_word(match["street"]):
            yield Span(*match.span(), IdentifierKind.ADDRESS, SuggestionSource.PATTERN)
    yield from numbers(text)


_PLAIN = {
    **dict.fromkeys(map(ord, "\u00a0\u2000\u2002\u2003\u2007\u2009\u200a\u202f\u3000"), " "),
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2212"), "-"),
}
"""Spaces and hyphens that a program put in place of plain ones; positions stay the same."""


def _is_phone(words: str) -> bool:
    found = digits(words)
    if found.startswith("0") and not found.startswith("0031"):
        return len(found) == _NATIONAL
    rest = found.removeprefix("00").removeprefix("31").removeprefix("0")
    return len(rest) == _MOBILE


def _is_foreign(words: str) -> bool:
    return _FOREIGN_FEWEST <= len(digits(words).removeprefix("00")) <= _FOREIGN_MOST
