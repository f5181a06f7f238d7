"""How much and on how many days an account published, and when it is sure that it did not."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from vigie.measure.audience import OLDEST, looks
from vigie.measure.indicator import Tables
from vigie.measure.months import days_between, last_day, months_later
from vigie.measure.posts import GRAIN, counted_posts
from vigie.measure.shared import Shared
from vigie.measure.stacking import stack


@Shared
def activity(tables: Tables) -> ir.Table:
    """Return the own posts and active days of each account and month.

    Columns: account, month_on, network, posts, days, n, seen_at. A month without posts is there
    only when it is known to be silent; its n counts the two looks that say so.
    """
    posts = counted_posts(tables)
    found = posts.group_by(GRAIN).agg(
        network=posts.network.max(),
        posts=posts.count(),
        days=posts.published_on.nunique(),
        n=posts.count(),
        seen_at=posts.observed_at.max(),
    )
    silent = silent_months(tables["snapshots"]).anti_join(found, GRAIN)
    zero = ibis.literal(0, "int64")
    return stack(found, silent.mutate(posts=zero, days=zero, n=ibis.literal(2, "int64")))


def silent_months(snapshots: ir.Table) -> ir.Table:
    """Return the months in which the network's own counter of posts did not move.

    The counter must have been looked at on the month's last day, and before its first day at most
    45 days earlier: nothing seen is not yet nothing published.
    """
    found = looks(snapshots, "posts")
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
