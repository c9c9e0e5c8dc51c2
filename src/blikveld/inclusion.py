"""The funnel: who counts, and who left by which rule."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from blikveld.responses.rule_masks import Mask, masks
from blikveld.responses.snapshot import Snapshot
from blikveld.study.model import InclusionStep, Study


@dataclass(frozen=True, slots=True)
class Stage:
    """What one inclusion rule did: how many left by it, how many remained."""

    step: InclusionStep
    left: int
    remained: int


@dataclass(frozen=True, slots=True)
class Funnel:
    """Everybody who started, the stages in order, and who is included (in snapshot order)."""

    started: int
    stages: tuple[Stage, ...]
    included: Mask

    @property
    def remained(self) -> int:
        """How many respondents the tables are made from."""
        return self.stages[-1].remained if self.stages else self.started


def funnel(study: Study, snapshot: Snapshot) -> Funnel:
    """Apply the study's inclusion rules one after the other.

    A respondent stays while every rule is true; unknown is not true. Who leaves by a rule is
    not asked the next one.
    """
    truth = masks(study, snapshot, (step.keep for step in study.inclusion))
    inside = np.ones(snapshot.rows, dtype=bool)
    stages = []
    for step in study.inclusion:
        kept = inside & truth[step.keep]
        stages.append(Stage(step, int(inside.sum() - kept.sum()), int(kept.sum())))
        inside = kept
    return Funnel(snapshot.rows, tuple(stages), inside)
