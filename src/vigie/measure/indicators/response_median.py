"""How long one waits for an account's public answer."""

from __future__ import annotations

from typing import ClassVar

import ibis.expr.types as ir

from vigie.measure.answers import estimated
from vigie.measure.indicator import Indicator, Tables
from vigie.measure.questions import BY, HOUR, labelled, waits
from vigie.measure.survival import median_wait
from vigie.words import Words, _


class ResponseMedian(Indicator):
    """The hours after which half of the public questions to an account are answered.

    Questions, answers and the treatment of silence are those of *answered within 24 hours*. Where
    fewer than half are answered while they were followed there is no median: it is unknown, not
    short.
    """

    label: ClassVar[Words] = _("Median time to an answer")
    unit: ClassVar[Words] = _("hours")
    needs: ClassVar[frozenset[str]] = frozenset({"mentions", "labels", "posts", "snapshots"})
    least_n: ClassVar[int] = 10
    source: ClassVar[Words | None] = _(
        "Kaplan and Meier, JASA 53 (1958); Brookmeyer and Crowley, Biometrics 38 (1982), for the "
        "interval."
    )

    def compute(self, tables: Tables) -> ir.Table:
        """Return the median wait of each account and month."""
        found = labelled(tables).left_join(median_wait(waits(tables), BY), BY)
        return estimated(
            found, least_n=self.least_n,
            value=found.seconds / HOUR, low=found.low / HOUR, high=found.high / HOUR,
        )  # fmt: skip
