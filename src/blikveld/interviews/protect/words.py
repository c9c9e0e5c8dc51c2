"""The lists of words by which names are told from other words."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

_FOLDER = files("blikveld.interviews.protect").joinpath("data")


@cache
def listed(name: str) -> frozenset[str]:
    """The words of a list; an underscore stands for a space."""
    lines = _FOLDER.joinpath(f"{name}.txt").read_text(encoding="utf-8").splitlines()
    words = (word for line in lines if not line.startswith("#") for word in line.split())
    return frozenset(word.replace("_", " ") for word in words)


TITLES = (
    *("mevrouw", "meneer", "heer", "juf", "meester", "agent", "wijkagent"),
    *("dokter", "oom", "tante", "opa", "oma", "imam", "dominee", "rechercheur", "brigadier"),
    *("juffrouw", "hoofdagent", "inspecteur", "docent", "mentor", "collega", "professor"),
    *("dhr", "mevr", "mw", "mej", "hr", "dr", "drs", "mr", "ir", "ing", "prof", "ds", "mgr", "jhr"),
)
"""Words that stand before a surname. Short ones are written with a dot, which ends no sentence."""
BODIES = (
    *("Stichting", "Vereniging", "Team", "Wijkteam", "Buurtteam", "Jeugdteam", "Bureau", "ROC"),
    *("Gemeente", "Basisschool", "Praktijkschool", "School", "Zorgpunt", "Zorggroep", "Jeugdhuis"),
    *("Buurthuis", "Wijkcentrum", "Jongerencentrum", "Woonstichting", "Woningcorporatie", "Moskee"),
    *("Kredietbank", "Welzijn", "Kerk", "Café", "Hotel", "Restaurant", "Sportschool", "Sporthal"),
    *("Voetbalclub", "Buurthuiskamer", "Opvang", "Kliniek", "Praktijk", "College", "AZC", "MBO"),
    *("Werkplein", "Hogeschool", "Universiteit", "Jongerenwerk", "Inloophuis", "Garage"),
    *("OBS", "CBS", "RKBS", "PCBS", "IKC", "SBO", "VSO", "ISK", "GGZ", "GGD", "CJG", "RIBW"),
    *("FC", "SC", "VV", "SV", "AFC", "RKVV", "RKSV", "CVV", "BC", "HC", "TC", "AV", "MHC"),
)
"""Words with which the name of an organisation begins."""
BODY_ENDS = (
    *("team", "school", "club", "vereniging", "stichting", "corporatie", "centrum", "bureau"),
    *("college", "lyceum", "veiligheidshuis", "zorghuis", "buurthuis", "jeugdhuis", "moskee"),
    *("zorggroep", "wijkraad", "sportschool", "sporthal", "kazerne", "internaat", "coöperatie"),
)
"""Ends of words with which the name of an organisation begins, with or without a capital."""


def body(word: str) -> bool:
    """Whether a word tells that the name of an organisation follows."""
    return word in BODIES or word.lower().endswith(BODY_ENDS)


SCHOOLS = (
    *("College", "Lyceum", "Gymnasium", "School", "Academie", "Scholengemeenschap", "Mavo"),
    *("Beheer", "Holding", "BV", "B.V.", "Zorg", "Welzijn"),
)
"""Words with which the name of an organisation ends."""
STREETS = (
    *("straat", "weg", "laan", "plein", "kade", "gracht", "dijk", "singel", "hof", "park"),
    *("steeg", "dreef", "plantsoen", "pad", "vaart", "markt", "haven", "brug"),
)
"""Ends of the names of streets."""
TOWNS = (
    *("dam", "drecht", "wijk", "burg", "veen", "hoven", "dorp", "berg", "beek", "veld", "donk"),
    *("brink", "kwartier", "polder", "mond", "horst", "lo", "rode", "zijl", "meer"),
)
"""Ends of the names of towns and districts."""
