"""Which groups of institutions a sector's totals are given for, and who is in them."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from vigie.measure.audience import month_ends
from vigie.measure.indicator import ASKED, Tables
from vigie.measure.months import last_day
from vigie.measure.shared import Shared
from vigie.measure.stacking import stack

EVERYONE = "all"
"""The group of all institutions, and the network that stands for all networks."""
UNKNOWN = "unknown"
TOP = 10


def groups(institutions: ir.Table) -> ir.Table:
    """Return who is in which group: everyone, a country, a kind, and a kind in a country.

    ``fr`` is a country, ``university`` a kind, ``university.fr`` both.
    """
    kind = institutions.kind.fill_null(UNKNOWN)
    country = institutions.country.fill_null(UNKNOWN).lower()
    keys = (ibis.literal(EVERYONE), country, kind, kind + "." + country)
    who = ("institution", "opened_on", "closed_on", "merged_into")
    return stack(*(institutions.select(*who, group=key) for key in keys)).distinct()


def principal_accounts(accounts: ir.Table) -> ir.Table:
    """Return the account that makes an institution's headline on each network.

    Where a register names two, the first by key: always the same one.
    """
    chosen = accounts.filter(accounts.is_principal)
    first = chosen.group_by("institution", "network").agg(account=chosen.account.min())
    return chosen.semi_join(first, "account").select(
        "account", "institution", "network", "closed_on"
    )


def sector_followers(tables: Tables) -> ir.Table:
    """Return the audience of each institution of each group, by network and over all of them.

    Columns: group, network, month_on, institution, followers (unknown: not seen), seen_at. There is
    a row for each institution that ought to have been seen: on a network, those that have a
    principal account there; over all networks, every institution that exists in that month.
    """
    ends = month_ends(tables)
    months = tables.get(ASKED)
    months = ends.select("month_on").distinct() if months is None else months
    there = _existing(groups(tables["institutions"]), months)
    principal = principal_accounts(tables["accounts"]).rename(gone_on="closed_on")
    owned = there.join(principal, "institution")
    owned = owned.filter(owned.gone_on.isnull() | (owned.gone_on > owned.month_on))
    seen = owned.left_join(ends.drop("network"), ["account", "month_on"])
    by_network = seen.group_by("group", "network", "month_on", "institution").agg(
        followers=seen.followers.sum(), seen_at=seen.seen_at.max()
    )
    whole = by_network.group_by("group", "month_on", "institution").agg(
        followers=by_network.followers.sum(), seen_at=by_network.seen_at.max()
    )
    everyone = there.left_join(whole, ["group", "month_on", "institution"])
    return stack(by_network, everyone.mutate(network=ibis.literal(EVERYONE)))


def _existing(members: ir.Table, months: ir.Table) -> ir.Table:
    """Return the members of each group that exist in each month: opened, not closed or merged."""
    both = members.cross_join(months)
    opened = (both.opened_on <= last_day(both.month_on)).fill_null(True)
    closed = (both.closed_on <= both.month_on).fill_null(both.merged_into.notnull())
    return both.filter(opened & ~closed).select("group", "month_on", "institution")


@Shared
def totals(tables: Tables) -> ir.Table:
    """Return the sum over each group, what the first ten hold of it, and how many were seen."""
    found = sector_followers(tables)
    grouped = found.group_by("group", "network", "month_on").agg(
        total=found.followers.sum(),
        largest=found.followers.collect().sort(),
        n=found.followers.count(),
        coverage=found.followers.notnull().mean(),
        seen_at=found.seen_at.max(),
    )
    top = grouped.largest[-TOP:].sums()
    grouped = grouped.mutate(top=top).drop("largest")
    return grouped.filter(grouped.n > 0).rename(account="group")
