"""What the audience of a sector adds up to, and how much of the sector was seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import ibis.expr.types as ir

from vigie.present.writing import Rounded
from vigie.words import Words, _

AUDIENCE = "sector_audience"
TOP_TEN = "sector_top_ten"
PERCENT = 100
"""That share is measured in %."""


@dataclass(frozen=True, kw_only=True)
class Total:
    """The audience of a group on a network at the end of a month."""

    group: str
    network: str
    month_on: date
    followers: float | None
    seen: int
    """Institutions that were counted."""
    expected: int
    """Institutions that ought to have been."""
    top_ten: float | None = None
    """Share of the audience that the ten largest hold."""
    seen_at: datetime | None = None

    @property
    def words(self) -> Words:
        """Say the sum with its coverage: 1.0 million, 218 of 250 institutions seen."""
        return _(
            "{followers}, {seen} of {expected} institutions seen",
            followers=_("unknown") if self.followers is None else Rounded(self.followers),
            seen=self.seen,
            expected=self.expected,
        )


def totals(
    values: ir.Table, *, months: Sequence[date] = (), groups: Sequence[str] = ()
) -> list[Total]:
    """Return the totals of these months and groups (none named: all), in order."""
    wanted = values.filter(values.level == "sector", values.indicator.isin([AUDIENCE, TOP_TEN]))
    if months:
        wanted = wanted.filter(wanted.month_on.isin(list(months)))
    if groups:
        wanted = wanted.filter(wanted.subject.isin(list(groups)))
    columns = ("indicator", "subject", "network", "month_on", "value", "n", "coverage", "seen_at")
    rows = wanted.select(*columns).to_pyarrow().to_pylist()
    shares = {
        (row["subject"], row["network"], row["month_on"]): row["value"] / PERCENT
        for row in rows
        if row["indicator"] == TOP_TEN and row["value"] is not None
    }
    found = [
        Total(
            group=row["subject"],
            network=row["network"],
            month_on=row["month_on"],
            followers=row["value"],
            seen=row["n"],
            expected=_expected(row["n"], row["coverage"]),
            top_ten=shares.get((row["subject"], row["network"], row["month_on"])),
            seen_at=row["seen_at"],
        )
        for row in rows
        if row["indicator"] == AUDIENCE
    ]
    return sorted(found, key=lambda one: (one.month_on, one.group, one.network))


def _expected(seen: int, coverage: float | None) -> int:
    """Return how many there are: the coverage is the share of them that was seen."""
    return round(seen / coverage) if coverage else seen
