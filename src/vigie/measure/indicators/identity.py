"""How far an institution can be told from its peers by what it posts."""

from __future__ import annotations

from typing import ClassVar

import ibis
import ibis.expr.types as ir

from vigie.measure.answers import estimated
from vigie.measure.indicator import Indicator, Tables
from vigie.measure.sector import EVERYONE
from vigie.words import Words, _


class Identity(Indicator):
    """How often a machine tells a post of the institution from one of a peer: 0.5 is guessing.

    It learns from posts of one half of the two years that end with the month, and is examined on
    the other half: 250 posts of the institution and 250 of its peers of the same kind and
    language, in equal parts, drawn twenty times. Names, cities, handles and signature hashtags are
    taken out first. The interval holds nine draws in ten. The coverage is the share of the
    institution's posts that could be read. It is made by vigie identity, once a month.
    """

    label: ClassVar[Words] = _("Identity")
    unit: ClassVar[Words] = _("0 to 1")
    needs: ClassVar[frozenset[str]] = frozenset({"identities"})
    least_n: ClassVar[int] = 250
    level: ClassVar[str] = "institution"
    source: ClassVar[Words | None] = _(
        "Lopez-Paz and Oquab, Revisiting classifier two-sample tests (2017)."
    )

    def compute(self, tables: Tables) -> ir.Table:
        """Return what was found of each institution."""
        seen = tables["identities"]
        found = seen.select(
            "month_on", "value", "low", "high", "coverage",
            account=seen.institution, network=ibis.literal(EVERYONE), n=seen.posts,
            seen_at=seen.computed_at,
        )  # fmt: skip
        return estimated(
            found, least_n=self.least_n, value=found.value, low=found.low, high=found.high
        )
