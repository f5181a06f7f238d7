"""How much of what an account publishes answers someone."""

from __future__ import annotations

from typing import ClassVar

import ibis.expr.types as ir

from vigie.measure.answers import share_of
from vigie.measure.indicator import Indicator, Tables
from vigie.measure.posts import own_posts
from vigie.words import Words, _


class ConversationShare(Indicator):
    """The share of own posts that reply to someone else, in percent."""

    label: ClassVar[Words] = _("Share of conversation")
    unit: ClassVar[Words] = _("%")
    needs: ClassVar[frozenset[str]] = frozenset({"posts", "snapshots"})
    least_n: ClassVar[int] = 10
    source: ClassVar[Words | None] = _("Wilson, JASA 22 (1927), for the interval.")

    def compute(self, tables: Tables) -> ir.Table:
        """Return the share of replies among posts of which it is known."""
        posts = own_posts(tables)
        return share_of(posts, posts.is_reply, least_n=self.least_n)
