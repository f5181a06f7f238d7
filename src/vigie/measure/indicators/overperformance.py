"""How an account's posts do beside what its audience predicts."""

from __future__ import annotations

from typing import ClassVar

import ibis.expr.types as ir

from vigie.measure.answers import MedianOfPosts, observed
from vigie.measure.indicator import Tables
from vigie.measure.posts import known_posts
from vigie.measure.prediction import predicted
from vigie.words import Words, _


class Overperformance(MedianOfPosts):
    """The median, over the own posts of the month, of log1p(interactions) minus its prediction.

    The prediction is what accounts of the same network reach that month with the same kind of post
    and as many followers, by a resistant line on the logarithm of followers. A log ratio: 0 is as
    predicted, 0.69 twice as much. Unknown where fewer than five accounts of the network can be
    compared. Where the network hides its audiences, only the kind of post is taken into account.
    """

    label: ClassVar[Words] = _("Overperformance")
    unit: ClassVar[Words] = _("log ratio")
    needs: ClassVar[frozenset[str]] = frozenset({"posts", "snapshots"})
    least_n: ClassVar[int] = 8
    lookback: ClassVar[tuple[int, ...]] = (1, 2)
    source: ClassVar[Words | None] = _(
        "Tukey, Exploratory Data Analysis (1977), the resistant line."
    )

    def observations(self, tables: Tables) -> ir.Table:
        """Return how far above its prediction each post is."""
        posts = predicted(known_posts(tables))
        return observed(posts, posts.reached - posts.predicted)
