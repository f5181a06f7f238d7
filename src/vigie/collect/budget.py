"""What may still be asked of a network in a period: calls, posts, euros."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from vigie.collect.connector import Allowance
from vigie.model import Run

AHEAD = timedelta(hours=1)
"""A clock may be set by so much without the journal being doubted."""


@dataclass(frozen=True, kw_only=True)
class Budget:
    """An allowance and what was spent of it; unknown limits are no limits."""

    allowance: Allowance
    calls: int = 0
    posts: int = 0
    euros: float = 0.0
    price_per_post: float = 0.0
    resets_at: datetime | None = None
    """When the first part of what was spent no longer counts."""

    @property
    def calls_left(self) -> int | None:
        """Calls that may still be made; unknown: no limit."""
        return _left(self.allowance.calls, self.calls)

    @property
    def posts_left(self) -> int | None:
        """Posts that may still be read, by their number and by their price."""
        left = _left(self.allowance.posts, self.posts)
        if self.allowance.euros is None or not self.price_per_post:
            return left
        affordable = max(int((self.allowance.euros - self.euros) / self.price_per_post), 0)
        return affordable if left is None else min(left, affordable)

    @property
    def euros_left(self) -> float | None:
        """Euros that may still be spent; unknown: no limit."""
        return None if self.allowance.euros is None else max(self.allowance.euros - self.euros, 0)

    def is_enough(self, *, calls: int, posts: int) -> bool:
        """Whether a question that takes so many calls and brings so many posts may be put."""
        left = ((self.calls_left, calls), (self.posts_left, min(posts, 1)))
        return all(known is None or known >= needed for known, needed in left)

    def after(self, *, calls: int, posts: int) -> Budget:
        """Return what is left after a question."""
        return replace(
            self,
            calls=self.calls + calls,
            posts=self.posts + posts,
            euros=self.euros + posts * self.price_per_post,
        )


def _left(limit: int | None, spent: int) -> int | None:
    return None if limit is None else max(limit - spent, 0)


def budget_of(
    allowance: Allowance, runs: Iterable[Run], *, now: datetime, price_per_post: float = 0.0
) -> Budget:
    """Return the budget that the journal of a connector leaves now.

    The period slides: what was spent longer ago than ``allowance.per`` no longer counts, nor
    what is said to be spent in the future, by a clock that was ahead.
    """
    recent = [run for run in runs if now - allowance.per < run.started_at < now + AHEAD]
    return Budget(
        allowance=allowance,
        calls=sum(run.calls or 0 for run in recent),
        posts=sum(run.read for run in recent),
        euros=sum(run.cost or 0.0 for run in recent),
        price_per_post=price_per_post,
        resets_at=min((run.started_at for run in recent), default=now) + allowance.per,
    )
