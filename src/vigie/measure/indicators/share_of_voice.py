"""How much of what is said is said of an institution."""

from __future__ import annotations

from typing import ClassVar

import ibis.expr.types as ir

from vigie.measure.answers import estimated
from vigie.measure.indicator import Indicator, Tables
from vigie.measure.uncertainty import wilson
from vigie.measure.voices import voices
from vigie.words import Words, _


class ShareOfVoice(Indicator):
    """The mentions of an institution over those of its whole peer group, in percent.

    The peer group is its kind in its country. A mention is a public post by someone else that
    concerns one of its accounts; one that concerns several institutions counts for each. What only
    a query found does not count: who listens more would be heard more. The coverage is the share
    of the group's institutions of whom anything was heard.
    """

    label: ClassVar[Words] = _("Share of voice")
    unit: ClassVar[Words] = _("%")
    needs: ClassVar[frozenset[str]] = frozenset({"mentions", "accounts", "institutions"})
    least_n: ClassVar[int] = 100
    level: ClassVar[str] = "institution"
    source: ClassVar[Words | None] = _("Wilson, JASA 22 (1927), for the interval.")

    def compute(self, tables: Tables) -> ir.Table:
        """Return the share of each institution by network and over all of them."""
        found = voices(tables)
        share = found.said / found.n.nullif(0)
        low, high = wilson(share, found.n)
        return estimated(
            found, least_n=self.least_n, value=share * 100, low=low * 100, high=high * 100
        )
