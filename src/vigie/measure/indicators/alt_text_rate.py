"""How much of what an account shows can be read by those who do not see it."""

from __future__ import annotations

from typing import ClassVar

import ibis
import ibis.expr.types as ir

from vigie.measure.answers import share_of
from vigie.measure.indicator import Indicator, Tables
from vigie.measure.posts import own_posts
from vigie.words import Words, _


class AltTextRate(Indicator):
    """The share of own posts with images whose images all carry alternative text, in percent.

    A post with images of which it is not known whether they are described is left out; the
    coverage says so.
    """

    label: ClassVar[Words] = _("Posts with alternative text")
    unit: ClassVar[Words] = _("%")
    needs: ClassVar[frozenset[str]] = frozenset({"posts", "snapshots"})
    least_n: ClassVar[int] = 5
    source: ClassVar[Words | None] = _("Wilson, JASA 22 (1927), for the interval.")

    def compute(self, tables: Tables) -> ir.Table:
        """Return the share of posts that leave no image without words."""
        posts = own_posts(tables)
        shows = posts.kind.isin(["image", "carousel"]).fill_null(False)
        has_images = posts.images > 0
        described = posts.images_described >= posts.images
        return share_of(
            posts,
            has_images.ifelse(described, ibis.null("boolean")),
            among=has_images.fill_null(shows),
            least_n=self.least_n,
        )
