"""Lists of words that separate names from other words; data/NOTICE.md gives their sources."""

from __future__ import annotations

import gzip
from enum import Enum
from functools import cache
from importlib.resources import files

_FOLDER = files("blikveld.interviews.deidentification").joinpath("data")
_LONGEST = 15
"""Letters of the longest word in the list of words."""
_SHORTEST_PART = 3


class Category(Enum):
    """Names that tell of many people at once: a study hides them or leaves them readable."""

    COUNTRIES = "countries"
    NATIONAL_BODIES = "national_bodies"


class Visibility(Enum):
    """Whether a category stands in a protected text as it was said."""

    HIDDEN = "hidden"
    READABLE = "readable"


_LISTS = {
    Category.COUNTRIES: ("countries",),
    Category.NATIONAL_BODIES: ("national_bodies", "firms"),
}


@cache
def listed(name: str) -> frozenset[str]:
    """The words of a list; in a short list an underscore stands for a space."""
    packed = _FOLDER.joinpath(f"{name}.txt.gz")
    if packed.is_file():
        lines = gzip.decompress(packed.read_bytes()).decode("utf-8").splitlines()
        return frozenset(line for line in lines if not line.startswith("#"))
    lines = _FOLDER.joinpath(f"{name}.txt").read_text(encoding="utf-8").splitlines()
    words = (word for line in lines if not line.startswith("#") for word in line.split())
    return frozenset(word.replace("_", " ") for word in words)


@cache
def readable(hide: frozenset[Category]) -> frozenset[str]:
    """What has a capital and tells of nobody, when these categories are hidden."""
    lists = (name for category in Category if category not in hide for name in _LISTS[category])
    whole = listed("ordinary") | (listed("adjectives") - places())
    return whole | frozenset().union(*map(listed, lists))


@cache
def given_names() -> frozenset[str]:
    """Given names, of the Netherlands first and of many countries."""
    return listed("given_names") | listed("more_given_names")


@cache
def surnames() -> frozenset[str]:
    """Surnames as they are written behind a given name, and their last words."""
    return listed("surnames") | {name.split()[-1] for name in listed("surnames")}


@cache
def places() -> frozenset[str]:
    """Towns and villages, and large cities elsewhere; none that sentences often begin with."""
    return (listed("places") | listed("more_places")) - listed("starters")


def is_word(word: str) -> bool:
    """Whether a word is one of the language in lower case, or is made of two of them."""
    lower, known = word.lower(), listed("words")
    if lower in known or all(part in known for part in lower.split("-")):
        return True
    if len(lower) <= _LONGEST:
        return False
    cuts = range(_SHORTEST_PART, len(lower) - _SHORTEST_PART + 1)
    return any(_made_of(lower[:cut], lower[cut:], known) for cut in cuts)


def _made_of(front: str, back: str, known: frozenset[str]) -> bool:
    return back in known and (front in known or front.removesuffix("s") in known)


TITLES = (
    *("mevrouw", "meneer", "heer", "juf", "meester", "agent", "wijkagent"),
    *("dokter", "oom", "tante", "opa", "oma", "imam", "dominee", "rechercheur", "brigadier"),
    *("juffrouw", "hoofdagent", "inspecteur", "docent", "mentor", "collega", "professor"),
    *("dhr", "mevr", "mw", "mej", "hr", "dr", "drs", "mr", "ir", "ing", "prof", "ds", "mgr", "jhr"),
    *("mijnheer", "zuster", "broeder", "pastoor", "notaris", "advocaat", "rechter", "wethouder"),
    *(
        "burgemeester",
        "minister",
        "premier",
        "president",
        "directeur",
        "trainer",
        "coach",
        "familie",
    ),
)
"""Words that stand before a surname. Short ones are written with a dot, which ends no sentence."""
SHORTENED = (
    *("bijv", "bv", "o.a", "nl", "ca", "m.b.t", "i.v.m", "t.a.v", "incl", "excl", "blz", "nr"),
    *("tel", "jl", "st", "resp", "m.n", "n.a.v", "t.o.v", "d.m.v", "a.d", "o.l.v", "vs"),
)
"""Words with a dot after which a sentence goes on."""
BODIES = (
    *("Stichting", "Vereniging", "Team", "Wijkteam", "Buurtteam", "Jeugdteam", "Bureau", "ROC"),
    *("Gemeente", "Basisschool", "Praktijkschool", "School", "Zorgpunt", "Zorggroep", "Jeugdhuis"),
    *("Buurthuis", "Wijkcentrum", "Jongerencentrum", "Woonstichting", "Woningcorporatie", "Moskee"),
    *("Kredietbank", "Welzijn", "Kerk", "Café", "Hotel", "Restaurant", "Sportschool", "Sporthal"),
    *("Voetbalclub", "Buurthuiskamer", "Opvang", "Kliniek", "Praktijk", "College", "AZC", "MBO"),
    *("Werkplein", "Hogeschool", "Universiteit", "Jongerenwerk", "Inloophuis", "Garage"),
    *("OBS", "CBS", "RKBS", "PCBS", "IKC", "SBO", "VSO", "ISK", "GGZ", "GGD", "CJG", "RIBW"),
    *("FC", "SC", "VV", "SV", "AFC", "RKVV", "RKSV", "CVV", "BC", "HC", "TC", "AV", "MHC"),
    *("Raad", "Ministerie", "Commissie", "Instituut", "Centrum", "Federatie", "Partij", "Kamer"),
    *("Dienst", "Fonds", "Unie", "Verbond", "Bond", "Maatschappij", "Koninklijke", "Bank", "Hof"),
    *("Rechtbank", "Ziekenhuis", "Kinderopvang", "Provincie", "Omgevingsdienst", "Coöperatie"),
)
"""Words with which the name of an organisation begins."""
BODY_ENDS = (
    *("team", "school", "club", "vereniging", "stichting", "corporatie", "centrum", "bureau"),
    *("college", "lyceum", "veiligheidshuis", "zorghuis", "buurthuis", "jeugdhuis", "moskee"),
    *("zorggroep", "wijkraad", "sportschool", "sporthal", "kazerne", "internaat", "coöperatie"),
    *("ziekenhuis", "bibliotheek", "apotheek", "kliniek", "bank", "partij", "universiteit"),
    *("ministerie", "opvang", "huisartsenpraktijk", "praktijk", "tehuis", "instelling"),
)
"""Ends of words with which the name of an organisation begins, with or without a capital."""


def body(word: str) -> bool:
    """Whether a word tells that the name of an organisation follows."""
    return word in BODIES or word.lower().endswith(BODY_ENDS)


SCHOOLS = (
    *("College", "Lyceum", "Gymnasium", "School", "Academie", "Scholengemeenschap", "Mavo"),
    *("Beheer", "Holding", "BV", "B.V.", "Zorg", "Welzijn", "Ziekenhuis", "Museum", "Bank"),
    *("NV", "Groep", "Group", "Partij", "Universiteit", "Stichting", "Kliniek", "Centrum"),
)
"""Words with which the name of an organisation ends."""
BODY_BEHIND = (
    *("ziekenhuis", "college", "school", "lyceum", "kliniek", "museum", "universiteit", "moskee"),
    *("kerk", "stadion", "theater", "centrum"),
)
"""Words without a capital with which the name of an organisation ends."""
STREETS = (
    *("straat", "weg", "laan", "plein", "kade", "gracht", "dijk", "singel", "hof", "park"),
    *("steeg", "dreef", "plantsoen", "pad", "vaart", "markt", "haven", "brug"),
)
"""Ends of the names of streets."""
TOWNS = (
    *("dam", "drecht", "wijk", "burg", "veen", "hoven", "dorp", "berg", "beek", "veld", "donk"),
    *("brink", "kwartier", "polder", "mond", "horst", "lo", "rode", "zijl", "meer"),
)
"""Ends of the names of towns and quarters."""
