"""Find identifiers by their form, in Dutch forms.

First telephone, addresses, links and names of accounts; then numbers by which one person is known:
of bank accounts, citizens, cases and students, with plates, dates and ages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

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


_MONTHS = (
    "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"
    "|jan|feb|mrt|apr|jun|jul|aug|sept?|okt|nov|dec"
)
_DAYS = "maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag"
_SPOKEN_DAYS = (
    "een|eerste|twee|drie|derde|vier|vijf|zes|zeven|acht|achtste|negen|tien|elf|twaalf|dertien"
    "|veertien|vijftien|zestien|zeventien|achttien|negentien|(?:(?:een|twee|drie|vier|vijf|zes"
    "|zeven|acht|negen)[eë]n)?twintig|(?:eenen)?dertig"
)
_IBAN_NL = 18
_CITIZEN = 9
_PLATE = 6
_FEWEST_DIGITS = 3
_IBAN = re.compile(r"\b[A-Za-z]{2} ?\d{2}(?: ?[A-Za-z0-9]{4}){2,7}(?: ?[A-Za-z0-9]{1,3})?\b")
_ACCOUNT_OLD = re.compile(r"\brekening(?:nummer)?\W{1,3}(?P<it>\d{2}(?:[. ]?\d{2}){2}[. ]?\d{3})\b")
_CITIZENS = re.compile(r"(?<![\w.-])\d{3,4}[ .-]?\d{2,3}[ .-]?\d{2,3}(?![\w-])")
_LONG = re.compile(r"(?<![\w.,€-])(?<!€ )\d{7,20}(?![\w-])(?! ?(?:euro|gulden|dollar))")
_CUED = re.compile(
    r"\b(?:\w*(?:dossier|zaak|cli[eë]nt|klant|student|studenten|leerling|polis|pati[eë]nt|kenmerk"
    r"|referentie|paspoort|rijbewijs|identiteitskaart|id-?kaart|verblijfs(?:document|vergunning)"
    r"|registratie|aangifte|proces-verbaal|bestel|order|order|personeels|lidmaatschaps|burgerservice"
    r"|sofi|serie|document|inschrijf|kvk|btw|v|bsn|pv|sap|crm))"
    r"[- ]?(?:nummer|nr|no|code|id)?\b\.?\s?(?::|=|is|was|van|met|,|#)?\s?"
    r"(?P<it>(?:[A-Za-z]{1,4}[-/. ]?)?\d(?:[\w/]|[-. ](?=\w*\d))*)",
    re.IGNORECASE,
)
_FORMS = (
    re.compile(r"(?<![\w-])[A-NP-Z]{2}[A-NP-Z0-9]{6}\d(?![\w-])"),
    re.compile(r"(?<![\w-])[sS]\d{6,8}(?![\w-])"),
    re.compile(r"\bPL\d{4}[- ]?\d{6,12}\b"),
    re.compile(r"(?<![\w-])\d{2}/\d{6}-\d{2}(?![\w-])"),
    re.compile(r"\bECLI:[A-Z]{2}:[A-Z]+:\d{4}:\w+"),
)
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
_PLATES_CUED = re.compile(
    r"\b(?:kenteken|nummerbord|nummerplaat|kentekenplaat)\b(?:\s(?:is|was|van|met|begon|nr\.?))?[\s:]*"
    r"(?P<it>[A-Z0-9ÄÖÜ]{1,4}(?:[- ]?[A-Z0-9]{1,4}){1,3})"
)
_YEAR = r"(?:\d{4}|['’`]?\d\d)"
_DATES = (
    re.compile(
        rf"(?<![\w-])\d{{1,2}}(?:(?:[-/.] ?)\d{{1,2}}(?:[-/.] ?)| \d{{1,2}} (?=\d{{4}}))"
        rf"{_YEAR}(?![\w-])"
    ),
    re.compile(r"(?<![\w-])(?:19|20)\d{2}[-/. ]\d{1,2}[-/. ]\d{1,2}(?![\w-])"),
    re.compile(
        rf"(?:\b(?:{_DAYS}) )?(?<!\d)\d{{1,2}}e?[-. ] ?(?:{_MONTHS})\b\.?(?:[-. ] ?{_YEAR}\b)?",
        re.IGNORECASE,
    ),
    re.compile(rf"(?<!\d){_YEAR}[-. ] ?(?:{_MONTHS})[-. ] ?\d{{1,2}}\b", re.IGNORECASE),
    re.compile(rf"\b(?:{_MONTHS}) (?:19|20)\d\d\b", re.IGNORECASE),
    re.compile(rf"\b(?:{_SPOKEN_DAYS})(?:de|ste)? (?:{_MONTHS})\b(?: \d{{4}}\b)?", re.IGNORECASE),
)
_AGES = re.compile(r"(?<![\w.,-])(?:9\d|1[01]\d)(?=(?: jaar\b|[- ]jarige?\b))")


def numbers(text: str) -> Iterator[Span]:
    """Everything in a plain text that has the form of such a number."""
    yield from all_of(_IBAN, text, IdentifierKind.ACCOUNT, _is_account)
    yield from _cued(_ACCOUNT_OLD, text, IdentifierKind.ACCOUNT)
    yield from all_of(_CITIZENS, text, IdentifierKind.NUMBER, _is_citizen)
    yield from all_of(_LONG, text, IdentifierKind.NUMBER)
    yield from _cued(_CUED, text, IdentifierKind.NUMBER)
    for form in _FORMS:
        yield from all_of(form, text, IdentifierKind.NUMBER, _has_digits)
    yield from all_of(_PLATES, text, IdentifierKind.PLATE, _is_plate)
    yield from all_of(_PLATES_SPACED, text, IdentifierKind.PLATE, _is_plate)
    yield from all_of(_PLATES_CLOSE, text, IdentifierKind.PLATE, _is_close_plate)
    yield from _cued(_PLATES_CUED, text, IdentifierKind.PLATE)
    for form in _DATES:
        yield from all_of(form, text, IdentifierKind.DATE)
    yield from all_of(_AGES, text, IdentifierKind.AGE)


def all_of(
    form: re.Pattern[str], text: str, kind: IdentifierKind, fits: Callable[[str], bool] = bool
) -> Iterator[Span]:
    """Every place where a form stands and fits."""
    for match in form.finditer(text):
        if fits(match.group()):
            yield Span(match.start(), match.end(), kind, SuggestionSource.PATTERN)


def _cued(form: re.Pattern[str], text: str, kind: IdentifierKind) -> Iterator[Span]:
    """What stands behind a word that tells what it is, when there are digits enough in it."""
    for match in form.finditer(text):
        if _has_digits(match["it"]):
            yield Span(match.start("it"), match.end("it"), kind, SuggestionSource.PATTERN)


def digits(words: str) -> str:
    """The digits of some words."""
    return "".join(sign for sign in words if sign.isdigit())


def _has_digits(words: str) -> bool:
    return len(digits(words)) >= _FEWEST_DIGITS


def _is_account(words: str) -> bool:
    # A Dutch number is taken as it comes, for what is spoken holds slips; others must add up.
    plain = words.replace(" ", "").upper()
    if plain.startswith("NL"):
        return len(plain) == _IBAN_NL
    return int("".join(str(int(sign, 36)) for sign in plain[4:] + plain[:4])) % 97 == 1


def _is_citizen(words: str) -> bool:
    """Whether nine digits pass the test of eleven that a BSN passes."""
    found = digits(words)
    if len(found) != _CITIZEN or found == "0" * _CITIZEN:
        return False
    weights: tuple[int, ...] = (*range(_CITIZEN, 1, -1), -1)
    total: int = sum(int(digit) * weight for digit, weight in zip(found, weights, strict=True))
    return total % 11 == 0


def _is_plate(words: str) -> bool:
    plain = re.sub("[- ]", "", words)
    mixed = any(map(str.isdigit, plain)) and any(map(str.isalpha, plain))
    whole = all(part.isdigit() or part.isalpha() for part in re.split("[- ]", words))
    return len(plain) == _PLATE and mixed and whole


def _is_close_plate(words: str) -> bool:
    return len(words) == _PLATE
