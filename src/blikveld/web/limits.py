"""How often something may happen in a while, whoever does it: no address is looked at or kept."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

from blikveld.fieldwork.counters import Link


class Limit:
    """At most so many times in so many seconds, within this process and in memory only."""

    def __init__(
        self, most: int, seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.most, self.seconds, self._clock = most, seconds, clock
        self._times, self._lock = deque[float](), threading.Lock()

    def admits(self) -> bool:
        """Whether it may happen once more now; then it is counted."""
        with self._lock:
            now = self._clock()
            while self._times and self._times[0] <= now - self.seconds:
                self._times.popleft()
            if len(self._times) >= self.most:
                return False
            self._times.append(now)
            return True


class Starts:
    """How many questionnaires may begin a minute at each link, in this process; 0 is no limit."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock = most, clock
        self._limits: dict[Link, Limit] = {}

    def admit(self, link: Link) -> bool:
        """Whether one more may begin at this link now; then it is counted."""
        if not self._most:
            return True
        limit = self._limits.setdefault(link, Limit(self._most, 60.0, self._clock))
        return limit.admits()


CODES = Limit(30, 60.0)
"""Codes that are tried a minute in this process. Guessing 80 bits would take for ever anyway; this
keeps the slow hash from being used to keep the server busy.
"""
