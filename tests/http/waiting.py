"""A clock that only moves when someone sleeps, and an opener that lives by it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from tests.cast import NOON
from vigie.http import Http
from vigie.http.addresses import Allowed
from vigie.http.lines import Seconds

QUICK = Seconds(connect=2, read=0.3, answer=1.0)


@dataclass
class Clock:
    """Counts seconds slept; ``jump`` moves the day's time and nothing else."""

    slept: list[float] = field(default_factory=list)
    jumped: timedelta = timedelta()

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))

    def monotonic(self) -> float:
        return sum(self.slept)

    def now(self) -> datetime:
        return NOON + self.jumped + timedelta(seconds=self.monotonic())


def opener(clock: Clock, **given: Any) -> Http:
    """Return an opener for loopback, which waits by this clock and without chance."""
    usual: dict[str, Any] = {
        "agent": "Vigie/test (+watch@northfield.example)",
        "allowed": Allowed.of("127.0.0.1"),
        "seconds": replace(QUICK),
        "clock": clock.now,
        "monotonic": clock.monotonic,
        "sleep": clock.sleep,
        "random": lambda: 0.0,
    }
    return Http(**{**usual, **given})
