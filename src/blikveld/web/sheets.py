"""The style sheet of each theme: one file, so that a theme costs no request more."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from blikveld.study.model import Study
from blikveld.study.themes import USUAL, Theme

_STYLE = Path(__file__).parent / "templates" / "style.css"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A style sheet and its address, which changes with it: browsers may keep it for good."""

    url: str
    content: bytes


def usual() -> Sheet:
    """The style sheet where no municipality is meant."""
    return sheet(USUAL)


def of(study: Study, municipality: str) -> Sheet:
    """The style sheet of a municipality's pages."""
    return sheet(study.theme(municipality))


def find(study: Study, url: str) -> Sheet:
    """The style sheet with this address; the usual one for an address of an earlier version."""
    return next((found for found in map(sheet, study.themes) if found.url == url), usual())


def sheet(theme: Theme) -> Sheet:
    """The colours of a theme, and after them the rules that use them."""
    return _made(tuple(theme.colours.items()))


@lru_cache(maxsize=100)
def _made(colours: tuple[tuple[str, str], ...]) -> Sheet:
    filled = "".join(f"--{name}:{value};" for name, value in colours)
    content = f":root{{{filled}}}\n".encode() + _STYLE.read_bytes()
    return Sheet(f"/style-{sha256(content).hexdigest()[:12]}.css", content)
