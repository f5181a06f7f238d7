"""What each server still allows, and how quickly we ask it: kept in memory, for all threads."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

Limit = tuple[str, int, str]
"""A server, the keys that went with the question (as a number), and which of its limits."""


@dataclass(kw_only=True)
class Allowances:
    """Says when the next question may be put. Times are of a clock that never jumps."""

    gap_seconds: float = 0.0
    """Least time between two questions to one server."""
    _resting: dict[Limit, float] = field(default_factory=dict)
    _next: dict[str, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def rest(self, limit: Limit, until: float) -> None:
        """Leave a server alone until then, as it asked."""
        with self._lock:
            self._resting[limit] = until

    def rest_left(self, limit: Limit, now: float) -> float:
        """Return the seconds for which a server is still left alone; 0 where it may be asked."""
        with self._lock:
            until = self._resting.get(limit)
            if until is not None and until <= now:
                del self._resting[limit]
            return max((until or now) - now, 0.0)

    def turn(self, host: str, now: float) -> float:
        """Take the next turn to ask a server; return the seconds until it comes."""
        if not self.gap_seconds:
            return 0.0
        with self._lock:
            mine = max(self._next.get(host, now), now)
            self._next[host] = mine + self.gap_seconds
        return mine - now
