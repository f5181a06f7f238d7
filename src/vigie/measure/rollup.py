"""From the values of accounts to those of institutions, and what a sector adds up to."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from vigie.measure.sector import EVERYONE, principal_accounts
from vigie.measure.stacking import stack


def institution_values(values: ir.Table, accounts: ir.Table, additive: Sequence[str]) -> ir.Table:
    """Return the values of institutions from those of their accounts.

    Level ``institution``: the principal account of each network, whose figures stand unchanged, and
    under network ``all`` the sum over networks of what may be added up. Level
    ``institution_all``: the same sums with the secondary accounts. The coverage of a sum is the
    share of the accounts there that could be counted; a sum of none is unknown.
    """
    owners = principal_accounts(accounts).select("institution", account_of="account")
    headline = values.join(owners, values.subject == owners.account_of)
    headline = headline.mutate(subject=headline.institution, level=ibis.literal("institution"))
    return stack(
        headline.select(*values.columns),
        _sums(values.filter(values.indicator.isin(list(additive))), _sums_of(accounts)),
    )


def _sums_of(accounts: ir.Table) -> ir.Table:
    """Return which sums each account goes into: a level and a network, which may be ``all``."""
    every = accounts.select("account", "institution", "network", "closed_on")
    principal = principal_accounts(accounts).select(*every.columns)
    return stack(
        *(
            table.mutate(network=network, level=ibis.literal(level))
            for table, network, level in (
                (every, every.network, "institution_all"),
                (every, ibis.literal(EVERYONE), "institution_all"),
                (principal, ibis.literal(EVERYONE), "institution"),
            )
        )
    )


def _sums(values: ir.Table, sums_of: ir.Table) -> ir.Table:
    grain = ["level", "institution", "network", "month_on"]
    parts = values.drop("level", "network").join(sums_of, values.subject == sums_of.account)
    sums = parts.group_by("indicator", *grain).agg(
        value=parts.value.sum(),
        known=parts.value.count(),
        n=parts.n.sum(),
        seen_at=parts.seen_at.max(),
    )
    months = values.select("month_on").distinct()
    there = sums_of.cross_join(months)
    there = there.filter((there.closed_on > there.month_on).fill_null(True))
    there = there.group_by(grain).agg(accounts=there.count())
    found = sums.left_join(there, grain)
    coverage = found.known / found.accounts
    return found.select(
        "indicator", "level", "network", "month_on", "value", "n", "seen_at",
        subject=found.institution,
        low=ibis.null("float64"),
        high=ibis.null("float64"),
        coverage=(coverage > 1).ifelse(1.0, coverage),
    )  # fmt: skip
