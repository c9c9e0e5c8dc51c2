"""How to mend a wrong name: the nearest right one, or the list to choose from."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_SHOWN = 12


def nearest(word: str, known: Iterable[str], *, alike: float = 0.7) -> str | None:
    """The known name that `word` was probably meant to be; None when nothing is so much alike."""
    names = {name.casefold(): name for name in known}
    found = get_close_matches(word.casefold(), names, n=1, cutoff=alike)
    return names[found[0]] if found else None


def choose(word: str, known: Iterable[str], *, empty: str = "There is none to choose.") -> str:
    """A sentence that helps to choose a known name instead of `word`."""
    names = list(dict.fromkeys(known))
    meant = nearest(word, names, alike=0.6)
    if meant is not None:
        return f"Did you mean {meant!r}?"
    if not names:
        return empty
    shown = ", ".join(names[:_SHOWN])
    return f"Choose from: {shown}{' and more' if len(names) > _SHOWN else ''}."
