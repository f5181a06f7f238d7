"""How much is said of each institution, beside what is said of its peers."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from vigie.measure.indicator import Tables
from vigie.measure.months import month_of
from vigie.measure.sector import EVERYONE, UNKNOWN
from vigie.measure.shared import Shared
from vigie.measure.stacking import stack

OF_GROUP = ("group", "network", "month_on")


@Shared
def voices(tables: Tables) -> ir.Table:
    """Return what was said to or of each institution, and of its whole peer group.

    Columns: account (the institution), network (or ``all``), month_on, said, n (the group's),
    coverage (share of the group's institutions of whom anything was heard), seen_at. There is a
    row for everyone who has an account there, in a month in which anything was heard of the group.
    """
    heard = _heard(tables)
    there = _there(tables, heard)
    found = there.left_join(heard, ["institution", "network", "month_on"]).select(
        "institution", *OF_GROUP, said=heard.said.fill_null(0), seen_at=heard.seen_at
    )
    whole = found.group_by(OF_GROUP).agg(
        n=found.said.sum(),
        coverage=(found.said > 0).mean(),
        seen_at=found.seen_at.max(),
    )
    both = found.drop("seen_at").join(whole, OF_GROUP)
    return both.filter(both.n > 0).select(
        "network", "month_on", "said", "n", "coverage", "seen_at", account=both.institution
    )


def _heard(tables: Tables) -> ir.Table:
    """Return how many public posts concern the accounts of each institution.

    What only a query found does not count: who listens more would be heard more.
    """
    mentions = tables["mentions"]
    owned = tables["accounts"].select(subject="account", institution="institution")
    found = mentions.select(
        "network", "post", "subject", "observed_at", month_on=month_of(mentions.published_on)
    ).join(owned, "subject")
    posts = found.group_by("institution", "network", "month_on", "post").agg(
        seen_at=found.observed_at.max()
    )
    each = posts.group_by("institution", "network", "month_on").agg(
        said=posts.count(), seen_at=posts.seen_at.max()
    )
    whole = posts.group_by("institution", "month_on").agg(
        said=posts.count(), seen_at=posts.seen_at.max()
    )
    return stack(each, whole.mutate(network=ibis.literal(EVERYONE)))


def _there(tables: Tables, heard: ir.Table) -> ir.Table:
    """Return who has an open account where, in the months in which anything was heard."""
    institutions, accounts = tables["institutions"], tables["accounts"]
    kind = institutions.kind.fill_null(UNKNOWN)
    country = institutions.country.fill_null(UNKNOWN).lower()
    group = institutions.select("institution", group=kind + "." + country)
    networks = accounts.select("institution", "network", "closed_on")
    both = stack(networks, networks.mutate(network=ibis.literal(EVERYONE)))
    months = heard.select("month_on").distinct()
    at = both.join(group, "institution").cross_join(months)
    is_open = at.closed_on.isnull() | (at.closed_on > at.month_on)
    return at.filter(is_open).select("institution", *OF_GROUP).distinct()
