"""What an account's posts brought about."""

from __future__ import annotations

from typing import ClassVar

import ibis.expr.types as ir

from vigie.measure.answers import exact
from vigie.measure.indicator import Indicator, Tables
from vigie.measure.posts import GRAIN, known_posts
from vigie.words import Words, _


class Interactions(Indicator):
    """Likes, comments and shares of the own posts of the month, added up.

    A count the network withholds all month long is left out of the sum. A post that lacks a count
    its siblings have is left out altogether: the coverage says how many posts went in.
    """

    label: ClassVar[Words] = _("Interactions")
    unit: ClassVar[Words] = _("interactions")
    needs: ClassVar[frozenset[str]] = frozenset({"posts", "snapshots"})
    least_n: ClassVar[int] = 5
    is_additive: ClassVar[bool] = True

    def compute(self, tables: Tables) -> ir.Table:
        """Return the sum over the posts whose interactions are known."""
        posts = known_posts(tables)
        known = posts.interactions.notnull()
        found = posts.group_by(GRAIN).agg(
            network=posts.network.max(),
            total=posts.interactions.sum(),
            n=known.sum(),
            coverage=known.mean(),
            seen_at=posts.observed_at.max(where=known),
        )
        return exact(found, found.total, least_n=self.least_n)
