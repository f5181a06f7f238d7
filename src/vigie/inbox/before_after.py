"""Whether a change changed anything: conversations of its topic before and after, week by week."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from vigie.measure.uncertainty import wilson_of

LONGEST = timedelta(weeks=26)
"""What is compared at most on either side."""
TOO_EARLY = timedelta(weeks=4)
"""A shorter time says nothing yet."""
LEAST = 10
"""Conversations on both sides together: fewer say nothing."""


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What came in equal times before and after a change."""

    days: int
    before: int
    after: int
    is_too_early: bool = False
    ratio: float | None = None
    """After to before, each a rate of the same length: 0.5 is half as many."""
    low: float | None = None
    high: float | None = None
    """Unknown where it may be any number, however large."""

    @property
    def weekly(self) -> tuple[float, float]:
        """Return how many came a week, before and after."""
        weeks = self.days / 7 or 1
        return self.before / weeks, self.after / weeks

    @property
    def is_told_apart(self) -> bool:
        """Whether the interval leaves no room for no change at all."""
        if self.ratio is None:
            return False
        return (self.high is not None and self.high < 1) or (self.low or 0) > 1


def effect(days: Iterable[date], *, changed_on: date, first: date | None, today: date) -> Effect:
    """Count what came in equal times on both sides of a change, its own day left out.

    ``first`` is the day since which anything is known: the time before is no longer than that. The
    ratio of two counts is sure as a share of their sum is (Przyborowski and Wilenski, Biometrika
    31, 1940), with Wilson's limits.
    """
    known = [day for day in days if first is not None]
    lasts = max(min(LONGEST, today - changed_on - timedelta(days=1)), timedelta(0))
    if first is not None:
        lasts = min(lasts, max(changed_on - first, timedelta(0)))
    before = sum(changed_on - lasts <= day < changed_on for day in known)
    after = sum(changed_on < day <= changed_on + lasts for day in known)
    if lasts < TOO_EARLY:
        return Effect(days=lasts.days, before=before, after=after, is_too_early=True)
    if before + after < LEAST or not before:
        return Effect(days=lasts.days, before=before, after=after)
    low, high = wilson_of(after / (before + after), before + after)
    return Effect(
        days=lasts.days,
        before=before,
        after=after,
        ratio=after / before,
        low=low / (1 - low) if low < 1 else None,
        high=high / (1 - high) if high < 1 else None,
    )
