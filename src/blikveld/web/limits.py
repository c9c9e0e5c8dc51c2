"""How often something may happen in a while, whoever does it: no address is looked at or kept."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable


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


CODES = Limit(30, 60.0)
"""Codes that are tried a minute in this process. Guessing 80 bits would take for ever anyway; this
keeps the slow hash from being used to keep the server busy.
"""
