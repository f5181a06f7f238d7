"""What a usual video brings about, beside the times it was played."""

from __future__ import annotations

from typing import ClassVar

import ibis.expr.types as ir

from vigie.measure.answers import MedianOfPosts, observed
from vigie.measure.indicator import Tables
from vigie.measure.posts import known_posts
from vigie.words import Words, _


class ViewRate(MedianOfPosts):
    """The median, over the own videos of the month, of interactions over views.

    A video without a known number of views, or without any, is left out.
    """

    label: ClassVar[Words] = _("View rate")
    unit: ClassVar[Words] = _("per view")
    needs: ClassVar[frozenset[str]] = frozenset({"posts", "snapshots"})
    least_n: ClassVar[int] = 5

    def observations(self, tables: Tables) -> ir.Table:
        """Return the interactions per view of each video."""
        posts = known_posts(tables)
        videos = posts.filter(posts.kind == "video")
        return observed(videos, videos.interactions / videos.views.nullif(0))
