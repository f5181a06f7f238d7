"""How often an account's videos were played."""

from __future__ import annotations

from typing import ClassVar

import ibis.expr.types as ir

from vigie.measure.answers import exact
from vigie.measure.indicator import Indicator, Tables
from vigie.measure.posts import GRAIN, counted_posts
from vigie.words import Words, _


class Views(Indicator):
    """Plays of the own videos of the month, added up.

    Videos published in the month, not the whole channel. A video whose plays are unknown is left
    out: the coverage says how many went in. What counts as a play differs from one network to the
    next, so plays are not added up over networks.
    """

    label: ClassVar[Words] = _("Views")
    unit: ClassVar[Words] = _("views")
    needs: ClassVar[frozenset[str]] = frozenset({"posts", "snapshots"})
    least_n: ClassVar[int] = 1

    def compute(self, tables: Tables) -> ir.Table:
        """Return the sum over the videos whose plays are known."""
        posts = counted_posts(tables)
        videos = posts.filter(posts.kind == "video")
        known = videos.views.notnull()
        found = videos.group_by(GRAIN).agg(
            network=videos.network.max(),
            total=videos.views.sum(),
            n=known.sum(),
            coverage=known.mean(),
            seen_at=videos.observed_at.max(where=known),
        )
        return exact(found, found.total, least_n=self.least_n)
