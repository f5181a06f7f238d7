"""What happens in the last weeks of the invented sector, and sets people talking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from vigie.demo.character import OURS
from vigie.demo.span import Span


@dataclass(frozen=True, kw_only=True)
class Happening:
    """Something people talk about for some days."""

    institution: str
    kind: str
    """The file of what they say."""
    days_ago: int
    size: int
    """How many posts there are of it."""
    networks: Mapping[str, float]
    """Where they are, in shares."""
    hour: int
    """At which it begins."""
    fading: float
    """How fast people stop: the inverse of the days they usually go on."""

    def day(self, span: Span) -> date:
        """Return its first day: never on a weekend."""
        day = span.today - timedelta(days=self.days_ago)
        return day - timedelta(days=max(day.weekday() - 4, 0))


HAPPENINGS = (
    Happening(
        institution=OURS,
        kind="outage",
        days_ago=4,
        size=150,
        networks={"bluesky": 0.3, "instagram": 0.45, "facebook": 0.25},
        hour=9,
        fading=2.2,
    ),
    Happening(
        institution="universite-de-montrieux",
        kind="cold",
        days_ago=12,
        size=70,
        networks={"facebook": 0.5, "instagram": 0.5},
        hour=7,
        fading=0.7,
    ),
    Happening(
        institution="universite-de-valmirande",
        kind="medal",
        days_ago=8,
        size=90,
        networks={"instagram": 0.7, "bluesky": 0.3},
        hour=17,
        fading=1.4,
    ),
)
