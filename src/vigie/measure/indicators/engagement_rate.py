"""What a usual post brings about, beside the audience that could see it."""

from __future__ import annotations

from typing import ClassVar

import ibis.expr.types as ir

from vigie.measure.answers import MedianOfPosts, observed
from vigie.measure.indicator import Tables
from vigie.measure.posts import known_posts
from vigie.words import Words, _


class EngagementRate(MedianOfPosts):
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
