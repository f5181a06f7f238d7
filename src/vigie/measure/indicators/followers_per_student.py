"""The audience beside the size of the institution."""

from __future__ import annotations

from typing import ClassVar

import ibis
import ibis.expr.types as ir

from vigie.measure.answers import exact
from vigie.measure.audience import asked_for, month_ends
from vigie.measure.indicator import Indicator, Tables
from vigie.words import Words, _

FIRST_MONTH = 9
"""The academic year begins in September and is named by the calendar year it begins in."""
OLDEST_YEAR = 2
"""Enrolments are published late: the latest of these years before serves meanwhile."""


class FollowersPerStudent(Indicator):
    """*Followers* over the students enrolled that academic year.

    A threshold to pass (1.0: more followers than students), never a key to rank by. The academic
    year begins in September. Until its enrolment is published, the latest of the two years
    before serves.
    """

    label: ClassVar[Words] = _("Followers per student")
    unit: ClassVar[Words] = _("per student")
    needs: ClassVar[frozenset[str]] = frozenset({"snapshots", "accounts", "enrolments"})
    least_n: ClassVar[int] = 1
    lookback: ClassVar[tuple[int, ...]] = (1,)

    def compute(self, tables: Tables) -> ir.Table:
        """Return the ratio of each account with the students of its institution."""
        ends = asked_for(month_ends(tables), tables)
        accounts, enrolments = tables["accounts"], tables["enrolments"]
        owned = ends.join(accounts.select("account", "institution"), "account")
        owned = owned.mutate(
            year=owned.month_on.year() - (owned.month_on.month() < FIRST_MONTH).cast("int64")
        )
        known = enrolments.filter(enrolments.students > 0).rename(enrolled="year")
        both = owned.join(known, "institution")
        both = both.filter(both.enrolled.between(both.year - OLDEST_YEAR, both.year))
        found = both.group_by("account", "month_on").agg(
            network=both.network.max(),
            ratio=both.followers.max() / both.students.argmax(both.enrolled),
            seen_at=both.seen_at.max(),
            n=ibis.literal(1),
        )
        return exact(found, found.ratio, least_n=self.least_n)
