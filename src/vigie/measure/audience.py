"""The audience of an account at a month's end and on a day, never older than 45 days."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from vigie.measure.indicator import ASKED, Tables
from vigie.measure.months import days_between, days_later, last_day, month_of, months_later
from vigie.measure.shared import Shared
from vigie.measure.stacking import stack

OLDEST = 45
"""Days after which a look at an audience no longer says what it is."""


def looks(snapshots: ir.Table, metric: str = "followers") -> ir.Table:
    """Return the looks at which a metric of the account was known, with their month."""
    return snapshots.filter(snapshots[metric].notnull()).select(
        "account", "network", "observed_on", "observed_at", metric,
        month_on=month_of(snapshots.observed_on),
    )  # fmt: skip


@Shared
def daily_looks(tables: Tables) -> ir.Table:
    """Return the last look of each day at which the audience was known."""
    found = looks(tables["snapshots"])
    return found.group_by("account", "observed_on").agg(
        network=found.network.max(),
        followers=found.followers.argmax(found.observed_at),
        observed_at=found.observed_at.max(),
    )


@Shared
def month_ends(tables: Tables) -> ir.Table:
    """Return the audience at each month's end: the last look at or before it.

    Columns: account, network, month_on, followers, looked_on, seen_at, n (1). The look may be from
    the month before, for a look of 45 days can reach no further: no join on time is needed,
    only a group and its latest.
    """
    found = daily_looks(tables)
    own = found.group_by("account", month_on=month_of(found.observed_on)).agg(
        network=found.network.max(),
        followers=found.followers.argmax(found.observed_at),
        looked_on=found.observed_on.max(),
        seen_at=found.observed_at.max(),
    )
    both = stack(own, own.mutate(month_on=months_later(own.month_on, 1)))
    newest = both.group_by("account", "month_on").agg(
        network=both.network.max(),
        followers=both.followers.argmax(both.seen_at),
        looked_on=both.looked_on.max(),
        seen_at=both.seen_at.max(),
    )
    newest = newest.mutate(n=ibis.literal(1, "int64"))
    return newest.filter(days_between(newest.looked_on, last_day(newest.month_on)) <= OLDEST)


def asked_for(ends: ir.Table, tables: Tables) -> ir.Table:
    """Keep the months that a pass is asked for, where there is a pass."""
    return ends.semi_join(tables[ASKED], "month_on") if ASKED in tables else ends


def audience_of_days(found: ir.Table, span: ir.Table) -> ir.Table:
    """Return the audience of each account on each day of a span: the last look at or before it.

    ``found`` are daily looks, ``span`` one row: the ``first`` day and the ``last``. Days on which
    nothing was known within 45 days are left out. A look holds good until the next one, or until it
    is too old.
    """
    near = found.cross_join(span)
    near = near.filter(
        near.observed_on >= days_later(near["first"], -OLDEST), near.observed_on <= near["last"]
    )
    looked = near.select("account", "followers", "first", "last", looked_on=near.observed_on)
    following = looked.looked_on.lead().over(group_by="account", order_by="looked_on")
    looked = looked.mutate(next_on=following, old_on=days_later(looked.looked_on, OLDEST + 1))
    is_followed = (looked.next_on < looked.old_on).fill_null(False)
    within = looked.mutate(until=is_followed.ifelse(looked.next_on, looked.old_on))
    after = days_later(within["last"], 1)
    within = within.select(
        "account", "followers",
        since=(within.looked_on < within["first"]).ifelse(within["first"], within.looked_on),
        until=(within.until < after).ifelse(within.until, after),
    )  # fmt: skip
    within = within.filter(within.since < within.until)
    days = within.select(
        "account", "followers", "since",
        further=ibis.range(0, days_between(within.since, within.until)).unnest(),
    )  # fmt: skip
    day = (days.since.cast("timestamp") + days.further.as_interval("D")).cast("date")
    return days.select("account", published_on=day, followers=days.followers)


def growth_over(tables: Tables, *, months: int) -> ir.Table:
    """Return the growth in percent between month's ends so many months apart.

    Columns: account, network, month_on, growth, n (2: the looks), seen_at. There is no row without
    two different looks at a known, non-empty audience, or across a break of the series. A
    break takes effect at the start of its day: a look on that day is already behind it.
    """
    now = asked_for(month_ends(tables), tables)
    then = month_ends(tables)
    then = then.select(
        "account", month_on=months_later(then.month_on, months), before=then.followers,
        before_on=then.looked_on,
    )  # fmt: skip
    pairs = now.join(then, ["account", "month_on"])
    pairs = pairs.filter(pairs.looked_on > pairs.before_on, pairs.before > 0)
    accounts = tables["accounts"].select("account", "institution")
    pairs = pairs.left_join(accounts, "account")
    unbroken = pairs.anti_join(*_breaks(pairs, tables["events"]))
    return unbroken.select(
        "account", "network", "month_on", "seen_at",
        growth=(unbroken.followers / unbroken.before - 1) * 100, n=ibis.literal(2),
    )  # fmt: skip


def _breaks(pairs: ir.Table, events: ir.Table) -> tuple[ir.Table, list[ir.BooleanValue]]:
    """Return the events that break a series, and which of the pairs each of them breaks."""
    broken = events.filter(events.breaks_series)
    concerns = [
        broken[name].isnull() | (broken[name] == pairs[name])
        for name in ("network", "institution", "account")
    ]
    return broken, [broken.day > pairs.before_on, broken.day <= pairs.looked_on, *concerns]
