"""How often an account's videos were played."""

from __future__ import annotations

from typing import ClassVar

import ibis.expr.types as ir

from vigie.measure.answers import exact
from vigie.measure.indicator import Indicator, Tables
from vigie.measure.posts import GRAIN, own_posts
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
        posts = own_posts(tables)
        is_video = (posts.kind == "video").fill_null(False)
        known = posts.views.notnull()
        found = posts.group_by(GRAIN).agg(
            network=posts.network.max(),
            videos=posts.count(where=is_video),
            total=posts.views.sum(where=is_video),
            n=posts.count(where=is_video & known),
            coverage=known.mean(where=is_video),
            seen_at=posts.observed_at.max(where=is_video & known),
        )
        found = found.filter(found.videos > 0)
        return exact(found, found.total, least_n=self.least_n)
