"""How often an account answers a public question within a day."""

from __future__ import annotations

from typing import ClassVar

import ibis.expr.types as ir

from vigie.measure.answers import estimated
from vigie.measure.indicator import Indicator, Tables
from vigie.measure.questions import BY, DAY, labelled, waits
from vigie.measure.survival import share_within
from vigie.words import Words, _


class ResponseShare24h(Indicator):
    """The share of public questions to an account that it answered within 24 hours, in percent.

    Questions are replies, mentions, tags and reviews whose label *intent* holds *question*; the
    coverage says how much of what was said to the account is labelled at all. An answer is a public
    post of the account that replies to the question, or comes later in the same thread without
    replying to someone else. Kaplan–Meier: a question is followed to the month's end or the
    last look at the account; one still unanswered then is censored, never dropped.
    """

    label: ClassVar[Words] = _("Answered within 24 hours")
    unit: ClassVar[Words] = _("%")
    needs: ClassVar[frozenset[str]] = frozenset({"mentions", "labels", "posts", "snapshots"})
    least_n: ClassVar[int] = 10
    source: ClassVar[Words | None] = _(
        "Kaplan and Meier, JASA 53 (1958); Greenwood (1926) for the variance, with Wilson’s limits "
        "(Rothman, J Chron Dis 31, 1978)."
    )

    def compute(self, tables: Tables) -> ir.Table:
        """Return the estimated share of each account and month."""
        found = labelled(tables).left_join(share_within(waits(tables), BY, seconds=DAY), BY)
        return estimated(
            found, least_n=self.least_n,
            value=found.share * 100, low=found.low * 100, high=found.high * 100,
        )  # fmt: skip

    def follow_ups(self, tables: Tables) -> ir.Table:
        """Return how long each question was followed, and whether that ended in an answer."""
        return waits(tables)
