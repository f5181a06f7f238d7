"""What a usual post brings about, beside the audience that could see it."""

from __future__ import annotations

from typing import ClassVar

import ibis.expr.types as ir

from vigie.measure.answers import median_of, observed
from vigie.measure.indicator import Indicator, Tables
from vigie.measure.posts import known_posts
from vigie.words import Words, _


class EngagementRate(Indicator):
    """The median, over the own posts of the month, of interactions over the followers of that day.

    The followers of a day are those of the last look at or before it, at most 45 days old. Never
    mixed with rates per view, per reach or per student. Compared within one network only.
    """

    label: ClassVar[Words] = _("Engagement rate")
    unit: ClassVar[Words] = _("per follower")
    needs: ClassVar[frozenset[str]] = frozenset({"posts", "snapshots"})
    least_n: ClassVar[int] = 5
    lookback: ClassVar[tuple[int, ...]] = (1, 2)

    def observations(self, tables: Tables) -> ir.Table:
        """Return the interactions per follower of each post."""
        posts = known_posts(tables)
        return observed(posts, posts.interactions / posts.followers.nullif(0))

    def compute(self, tables: Tables) -> ir.Table:
        """Return the median over the posts of each month."""
        return median_of(self.observations(tables), least_n=self.least_n)
