"""How much and on how many days an account published, and when it is sure that it did not."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from vigie.measure.audience import OLDEST, looks
from vigie.measure.indicator import Tables
from vigie.measure.months import days_between, last_day, months_later
from vigie.measure.posts import GRAIN, own_posts
from vigie.measure.shared import Shared
from vigie.measure.stacking import stack


def activity(tables: Tables) -> ir.Table:
    """Return how many own posts each account published in each month.

    Columns: account, month_on, network, count, n, seen_at. A month without posts is there only
    when it is known to be silent; its n counts the two looks that say so.
    """
    posts = own_posts(tables)
    return with_silence(_counted(posts, posts.count()), tables)


def active_days(tables: Tables) -> ir.Table:
    """Return on how many days each account published in each month, in the same columns."""
    posts = own_posts(tables)
    return with_silence(_counted(posts, posts.published_on.nunique()), tables)


def _counted(posts: ir.Table, count: ir.IntegerScalar) -> ir.Table:
    return posts.group_by(GRAIN).agg(
        network=posts.network.max(), count=count, n=posts.count(), seen_at=posts.observed_at.max()
    )


def with_silence(found: ir.Table, tables: Tables) -> ir.Table:
    """Add a count of 0 for the months in which an account is known to have been silent."""
    silent = silent_months(tables).anti_join(found, GRAIN)
    return stack(
        found,
        silent.mutate(count=ibis.literal(0, "int64"), n=ibis.literal(2, "int64")),
    )


@Shared
def silent_months(tables: Tables) -> ir.Table:
    """Return the months in which the network's own counter of posts did not move.

    The counter must have been looked at on the month's last day, and before its first day at most
    45 days earlier: nothing seen is not yet nothing published.
    """
    found = looks(tables["snapshots"], "posts")
    ends = found.group_by("account", "month_on").agg(
        network=found.network.max(),
        counted=found.posts.argmax(found.observed_at),
        looked_on=found.observed_on.max(),
        seen_at=found.observed_at.max(),
    )
    last = ends.filter(ends.looked_on == last_day(ends.month_on))
    before = ends.select(
        "account",
        month_on=months_later(ends.month_on, 1),
        counted_before=ends.counted,
        before_on=ends.looked_on,
    )
    pairs = last.join(before, ["account", "month_on"])
    return pairs.filter(
        pairs.counted == pairs.counted_before,
        days_between(pairs.before_on, pairs.month_on) <= OLDEST,
    ).select("account", "month_on", "network", "seen_at")
