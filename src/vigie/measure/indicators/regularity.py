"""How evenly an account publishes."""

from __future__ import annotations

from itertools import combinations
from typing import ClassVar

import ibis
import ibis.expr.types as ir

from vigie.measure.answers import exact
from vigie.measure.indicator import Indicator, Tables
from vigie.measure.posts import GRAIN, own_posts
from vigie.words import Words, _

WEEKS = range(4)
"""The full weeks of any month: a fifth would be of three days at most."""


class Regularity(Indicator):
    """1 minus the normalised Gini coefficient of the month's weekly counts of own posts.

    The weeks are the month's four full ones, counted from its first day (days 29 to 31 belong to
    none, so that all are of one length). 1: as many posts each week; 0: all in one week. n is the
    number of weeks.
    """

    label: ClassVar[Words] = _("Regularity")
    unit: ClassVar[Words] = _("0 to 1")
    needs: ClassVar[frozenset[str]] = frozenset({"posts", "snapshots"})
    least_n: ClassVar[int] = 4
    source: ClassVar[Words | None] = _(
        "Gini, Variabilità e mutabilità (1912), normalised by k/(k-1)."
    )

    def compute(self, tables: Tables) -> ir.Table:
        """Return how even the four weeks of each month were."""
        posts = own_posts(tables)
        day = posts.published_on.day()
        found = posts.group_by(GRAIN).agg(
            network=posts.network.max(),
            seen_at=posts.observed_at.max(),
            n=ibis.literal(len(WEEKS)),
            **{
                f"week_{index}": posts.count(where=(day > 7 * index) & (day <= 7 * (index + 1)))
                for index in WEEKS
            },
        )
        counts = [found[f"week_{index}"] for index in WEEKS]
        apart = sum((a - b).abs() for a, b in combinations(counts, 2))
        # Normalised, Gini's coefficient is the sum of all differences over (k - 1) times the total.
        gini = apart / ((len(WEEKS) - 1) * sum(counts).nullif(0))
        return exact(found, 1 - gini, least_n=self.least_n)
