"""The shapes an indicator's answer takes: an exact count, a median, mean or share of posts."""

from __future__ import annotations

from abc import abstractmethod

import ibis
import ibis.expr.types as ir

from vigie.measure.indicator import Indicator, Tables
from vigie.measure.posts import GRAIN
from vigie.measure.uncertainty import (
    median_interval,
    rank_table,
    silent_below,
    students_half_width,
    wilson,
)

KINDS = {
    "account": "string", "network": "string", "month_on": "date", "value": "float64",
    "low": "float64", "high": "float64", "n": "int64", "coverage": "float64",
    "seen_at": "timestamp('UTC', 6)",
}  # fmt: skip
"""The columns of every indicator's answer."""


def exact(found: ir.Table, value: ir.Value, *, least_n: int) -> ir.Table:
    """Complete ``account, network, month_on, n`` and, where known, ``coverage`` and ``seen_at``.

    An exact count has no interval: nothing was drawn.
    """
    return _answer(found, found.n, least_n=least_n, value=value)


def observed(posts: ir.Table, quantity: ir.Value) -> ir.Table:
    """Return what each post says of a quantity: unknown where the post cannot say.

    Columns: ``account``, ``network``, ``month_on``, ``observed_at`` and ``observed`` (float).
    """
    return posts.select(
        "account", "network", "month_on", "observed_at", observed=quantity.cast("float64")
    )


class MedianOfPosts(Indicator):
    """An indicator that is the median, over the posts of each month, of what each of them says."""

    @abstractmethod
    def observations(self, tables: Tables) -> ir.Table:
        """Return what each post says: a row per post, made by ``observed``."""

    def compute(self, tables: Tables) -> ir.Table:
        """Return the median over the posts of each month."""
        return median_of(self.observations(tables), least_n=self.least_n)


def median_of(posts: ir.Table, *, least_n: int) -> ir.Table:
    """Return the median of ``observed`` over each account's posts of a month.

    Posts of which it is unknown are left out; the coverage says how many went in.
    """
    known = posts.observed.notnull()
    grouped = posts.group_by(GRAIN).agg(
        network=posts.network.max(),
        of=posts.count(),
        n=posts.observed.count(),
        listed=posts.observed.collect().sort(),
        seen_at=posts.observed_at.max(where=known),
    )
    ranks = rank_table()
    ranked = grouped.left_join(ranks, grouped.n == ranks.length)
    value, low, high = median_interval(ranked.listed, ranked.n, ranked.low_rank)
    return _answer(
        ranked, ranked.n, least_n=least_n,
        value=value, low=low, high=high, coverage=ranked.n / ranked.of,
    )  # fmt: skip


def mean_of(found: ir.Table, *, least_n: int) -> ir.Table:
    """Return the mean over posts of a count, from its ``total`` and the sum of its ``squares``.

    ``found`` also holds what ``exact`` completes, with ``n`` the posts where the count is known.
    A count is never below 0, nor is the lower end of the interval.
    """
    found = found.mutate(of=found.n.cast("float64").nullif(0))
    found = found.mutate(middle=found.total.cast("float64") / found.of)
    half = students_half_width(found.middle, found.squares.cast("float64"), found.of)
    found = found.mutate(half=half)
    return _answer(
        found, found.n, least_n=least_n,
        value=found.middle, high=found.middle + found.half,
        low=(found.middle < found.half).ifelse(0.0, found.middle - found.half),
        coverage=found.coverage,
    )  # fmt: skip


def share_of(
    posts: ir.Table,
    holds: ir.BooleanValue,
    *,
    least_n: int,
    among: ir.BooleanValue | None = None,
) -> ir.Table:
    """Return in what share of each account's posts of a month something holds, in percent.

    Posts of which it is unknown are left out, and the coverage says how many went in. ``among``
    says which posts it is asked of, when not of all: of any other it must be unknown.
    """
    known = holds.notnull()
    found = posts.group_by(GRAIN).agg(
        network=posts.network.max(),
        of=posts.count(where=among),
        n=holds.count(),
        share=holds.cast("float64").mean(),
        seen_at=posts.observed_at.max(where=known),
    )
    found = found.filter(found.of > 0)
    low, high = wilson(found.share, found.n)
    return _answer(
        found, found.n, least_n=least_n,
        value=found.share * 100, low=low * 100, high=high * 100, coverage=found.n / found.of,
    )  # fmt: skip


def estimated(found: ir.Table, *, least_n: int, **known: ir.Value) -> ir.Table:
    """Complete an estimate that has its own interval: ``value``, ``low`` and ``high``."""
    return _answer(found, found.n, least_n=least_n, **known)


def _answer(found: ir.Table, n: ir.IntegerValue, *, least_n: int, **known: ir.Value) -> ir.Table:
    """Return the columns every answer has; below the least n only n itself is said."""
    columns: dict[str, ir.Value] = {name: found[name] for name in KINDS if name in found.columns}
    columns |= {name: silent_below(value, n, least_n) for name, value in known.items()}
    if "coverage" in known:
        columns["coverage"] = known["coverage"]
    return found.select(
        **{
            name: columns[name].cast(kind) if name in columns else ibis.null(kind)
            for name, kind in KINDS.items()
        }
    )
