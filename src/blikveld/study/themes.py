"""The look of a site's pages: colours by NL Design System token, and what makes them read.

Contrast is that of WCAG 2.2: 4.5 for text, 3 for borders and other parts that carry meaning.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

WHITE = "#ffffff"
TEXT, PART = 4.5, 3.0
_PREFIX = "utrecht-"

COLOURS: Mapping[str, str] = MappingProxyType(
    {
        "utrecht-document-background-color": "#faf6ef",
        "utrecht-document-color": "#2a241f",
        "utrecht-heading-1-color": "#16454c",
        "utrecht-link-color": "#0f5660",
        "utrecht-focus-background-color": "#ffe08a",
        "utrecht-focus-outline-color": "#2a241f",
        "utrecht-button-primary-action-background-color": "#15606b",
        "utrecht-button-primary-action-color": "#ffffff",
        "utrecht-button-primary-action-hover-background-color": "#0e464f",
        "utrecht-button-secondary-action-color": "#15606b",
        "utrecht-form-label-color": "#2a241f",
        "utrecht-form-field-description-color": "#5d5349",
        "utrecht-form-field-error-message-color": "#a3231b",
        "utrecht-textbox-border-color": "#7d7266",
        "utrecht-textbox-background-color": "#ffffff",
        "utrecht-form-field-option-background-color": "#ffffff",
        "utrecht-form-field-option-border-color": "#8b8073",
        "utrecht-form-field-option-checked-background-color": "#e3f0f0",
        "utrecht-alert-info-background-color": "#e3f0f0",
        "utrecht-progress-background-color": "#e2d9cb",
    }
)
"""Every colour a theme can set, with that of the usual theme."""

_PAIRS: tuple[tuple[str, str, float], ...] = (
    ("document-color", "document-background-color", TEXT),
    ("document-color", WHITE, TEXT),
    ("document-color", "textbox-background-color", TEXT),
    ("document-color", "form-field-option-background-color", TEXT),
    ("document-color", "form-field-option-checked-background-color", TEXT),
    ("document-color", "alert-info-background-color", TEXT),
    ("heading-1-color", "document-background-color", TEXT),
    ("link-color", "document-background-color", TEXT),
    ("link-color", "alert-info-background-color", TEXT),
    ("link-color", WHITE, TEXT),
    ("form-label-color", "document-background-color", TEXT),
    ("form-field-description-color", "document-background-color", TEXT),
    ("form-field-error-message-color", "document-background-color", TEXT),
    ("form-field-error-message-color", WHITE, TEXT),
    ("button-primary-action-color", "button-primary-action-background-color", TEXT),
    ("button-primary-action-color", "button-primary-action-hover-background-color", TEXT),
    ("button-secondary-action-color", "document-background-color", TEXT),
    ("button-primary-action-background-color", "document-background-color", PART),
    ("button-primary-action-background-color", "form-field-option-checked-background-color", PART),
    ("button-primary-action-background-color", "progress-background-color", PART),
    ("textbox-border-color", "document-background-color", PART),
    ("textbox-border-color", "textbox-background-color", PART),
    ("form-field-option-border-color", "document-background-color", PART),
    ("form-field-option-border-color", "form-field-option-background-color", PART),
    ("focus-outline-color", "document-background-color", PART),
    ("focus-outline-color", "focus-background-color", PART),
)


@dataclass(frozen=True, slots=True)
class Theme:
    """A look: `tokens` are the colours that differ from the usual ones, as #rrggbb.

    `members` are the sites whose pages look like this.
    """

    key: str
    members: tuple[str, ...] = ()
    tokens: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def colours(self) -> Mapping[str, str]:
        """All colours: the theme's own, and the usual ones for the rest."""
        return {**COLOURS, **self.tokens}


USUAL = Theme("usual")
"""The theme of every site that has no other."""


@dataclass(frozen=True, slots=True)
class TooFaint:
    """Two colours that stand too near each other: `ratio` is under `least`."""

    front: str
    back: str
    ratio: float
    least: float


def too_faint(theme: Theme) -> Iterator[TooFaint]:
    """Every pair of colours of a theme that people could not tell apart well enough."""
    colours = theme.colours
    for front, back, least in _PAIRS:
        one, other = _token(front), _token(back)
        ratio = contrast(colours.get(one, one), colours.get(other, other))
        if ratio < least:
            yield TooFaint(one, other, ratio, least)


def _token(name: str) -> str:
    return name if name == WHITE else _PREFIX + name


def contrast(one: str, other: str) -> float:
    """The contrast between two colours written #rrggbb: from 1 (none) to 21 (black and white)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    # The curve of sRGB, with the limit as WCAG 2.2 writes it.
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
