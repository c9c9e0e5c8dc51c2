"""Which shares may also be printed without a stratum. Its own count is the difference."""

from __future__ import annotations

from blikveld.disclosure.policy import Policy
from blikveld.results.cell import Influence


def may_stand_alone(found: Influence, policy: Policy) -> bool:
    """Whether neither the stratum's own numbers nor those of the others are too small."""
    own = found.own
    parts = (own.count, own.base - own.count, own.base, found.without.base, found.without.count)
    return not any(map(policy.small, parts))
