"""Likes and comments each by itself: what the posts of a month gathered."""

from __future__ import annotations

import ibis.expr.types as ir

from vigie.measure.answers import exact, mean_of
from vigie.measure.indicator import Tables
from vigie.measure.posts import GRAIN, own_posts

NAMES = ("likes", "comments")


def reactions(tables: Tables) -> ir.Table:
    """Return what is known of each count over the own posts of an account and month.

    Columns: account, month_on, network, of (posts), and for each of ``NAMES``: ``_n`` (posts where
    it is known), ``_sum``, ``_squares`` (the sum of squares) and ``_seen_at``.
    """
    posts = own_posts(tables)
    return posts.group_by(GRAIN).agg(
        network=posts.network.max(),
        of=posts.count(),
        **{
            f"{name}_{part}": value
            for name in NAMES
            for part, value in _parts(posts, posts[name]).items()
        },
    )


def _parts(posts: ir.Table, count: ir.IntegerColumn) -> dict[str, ir.Value]:
    return {
        "n": count.count(),
        "sum": count.sum(),
        # Whole numbers add up to the same digits in any order; squared floats would not.
        "squares": (count * count).sum(),
        "seen_at": posts.observed_at.max(where=count.notnull()),
    }


def total(tables: Tables, name: str, *, least_n: int) -> ir.Table:
    """Return the sum of one count over the posts where it is known."""
    found = _of(reactions(tables), name)
    return exact(found, found.total, least_n=least_n)


def mean(tables: Tables, name: str, *, least_n: int) -> ir.Table:
    """Return the mean of one count over the posts where it is known, with its interval."""
    return mean_of(_of(reactions(tables), name), least_n=least_n)


def _of(found: ir.Table, name: str) -> ir.Table:
    n = found[f"{name}_n"]
    return found.select(
        *GRAIN,
        "network",
        n=n,
        total=found[f"{name}_sum"],
        squares=found[f"{name}_squares"],
        coverage=n / found.of,
        seen_at=found[f"{name}_seen_at"],
    )
