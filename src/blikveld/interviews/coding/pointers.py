"""Which code stands for another, and which theme above it, when some were merged or dropped."""

from __future__ import annotations

from collections.abc import Mapping


def root_of(key: str, merged: Mapping[str, str]) -> str:
    """The code that stands for a code: itself, when it was not merged into another."""
    seen = {key}
    while key in merged and merged[key] not in seen:
        key = merged[key]
        seen.add(key)
    return key


def rooted(parents: Mapping[str, str]) -> dict[str, str]:
    """The themes above codes so that each code can be reached from the top of the codebook.

    `parents` is from code to theme, '' for none. Logs of before lost sight of codes whose theme had
    been dropped, or that stood in a circle.
    """
    found = dict(parents)
    for key, parent in parents.items():
        seen, above = {key}, parent
        while above in found and above not in seen:
            seen.add(above)
            above = found[above]
        if above and (parent not in found or above == key):
            found[key] = ""
    return found
