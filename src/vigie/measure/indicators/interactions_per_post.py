"""What a usual post brings about."""

from __future__ import annotations

from typing import ClassVar

import ibis.expr.types as ir

from vigie.measure.answers import MedianOfPosts, observed
from vigie.measure.indicator import Tables
from vigie.measure.posts import known_posts
from vigie.words import Words, _


class InteractionsPerPost(MedianOfPosts):
    """The median, over the own posts of the month, of likes + comments + shares.

    The median and not the mean: one post that everybody shares does not make a good month.
    """

    label: ClassVar[Words] = _("Interactions per post")
    unit: ClassVar[Words] = _("interactions")
    needs: ClassVar[frozenset[str]] = frozenset({"posts", "snapshots"})
    least_n: ClassVar[int] = 5

    def observations(self, tables: Tables) -> ir.Table:
        """Return the interactions of each post."""
        posts = known_posts(tables)
        return observed(posts, posts.interactions)
