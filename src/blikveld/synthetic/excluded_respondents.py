"""Respondents who are not in the tables: who broke off, and who left at inclusion.

Nothing was published about their answers. Each is made after an included respondent, with what
made them leave set on the copy; all of it is invented.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from blikveld.rules import Missing, Value
from blikveld.study.model import Study
from blikveld.synthetic.lookup import Lookup
from blikveld.synthetic.plan import Copies, PlanError


@dataclass(frozen=True, slots=True)
class DrawnRespondent:
    """A respondent before the texts are written. `cut` is the last question that was answered,
    '' for none; None for somebody who completed."""

    person: dict[str, Value]
    cut: str | None = None


def draw_excluded(
    study: Study, people: Sequence[dict[str, Value]], plan: Sequence[Copies], draw: random.Random
) -> Iterator[DrawnRespondent]:
    """Every respondent who leaves. Raises PlanError when nobody can be copied."""
    lookup = Lookup(study, people[0])
    for copies in plan:
        sources = [p for p in people if lookup.truth(copies.source, p) is True]
        for _ in range(copies.count):
            yield _draft(copies, sources, draw)


def _draft(
    copies: Copies, sources: Sequence[dict[str, Value]], draw: random.Random
) -> DrawnRespondent:
    cut: str | None = None
    if copies.cut:
        (cut,) = draw.choices(list(copies.cut), list(copies.cut.values()))
    fitting = [p for p in sources if not cut or not isinstance(p[cut], Missing)]
    if not fitting:
        raise PlanError("copies", f"Nobody can be copied up to {cut!r}.", "Change source or cut.")
    other = draw.choice(sources)
    mixed = {name: other[name] for name in copies.mixed}
    return DrawnRespondent({**draw.choice(fitting), **mixed, **copies.settings}, cut)
