"""Names of places that a study knows, by which a text can tell where somebody works."""

from __future__ import annotations

from blikveld.study.model import Study


def place_names_of(study: Study) -> frozenset[str]:
    """The names of its municipalities and of their districts."""
    names = {m.name for m in study.municipalities}
    return frozenset(names | {d.name for m in study.municipalities for d in m.districts})
