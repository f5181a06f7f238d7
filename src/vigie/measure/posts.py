"""Own posts, and what is known of each: its interactions and the audience of its day."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from vigie.measure.audience import audience_of_days, daily_looks
from vigie.measure.indicator import Tables
from vigie.measure.months import month_of
from vigie.measure.shared import Shared
from vigie.measure.stacking import stack

COUNTED = ("likes", "comments", "shares")
"""What an interaction is in every indicator; saves and clicks are told by too few networks."""
KEPT = (
    "account", "network", "published_on", "observed_at", "kind", "is_reply", "views", "images",
    "images_described",
)  # fmt: skip
"""What indicators ask of a post beside its counts: what is not named here is not read."""
KNOWN = ("account", "network", "month_on", "observed_at", "kind", "views")
"""What is kept of each post beside its interactions and its audience."""
GRAIN = ("account", "month_on")


def own_posts(tables: Tables) -> ir.Table:
    """Return the posts that are an account's own, with their month.

    A repost of someone else's words is not an own post; a post of which it is not known counts as
    own, for networks without reposts never say so. A carousel is one row, hence one post.
    """
    posts = tables["posts"]
    return posts.filter(~posts.is_repost.fill_null(False)).select(
        *KEPT, *COUNTED, month_on=month_of(posts.published_on)
    )


def counted_posts(tables: Tables) -> ir.Table:
    """Return own posts with their ``interactions``.

    Interactions are the sum of the counts the network reports on that account and month. A count
    that is unknown on every post of the month is withheld and left out of the sum; one that is
    unknown on some posts only makes the interactions of those posts unknown, for a sum of what
    happens to be known would look like a poorer post.
    """
    own = own_posts(tables)
    # Most posts have every count, and need not be matched with what their account reports.
    whole = own.likes + own.comments + own.shares
    complete = own.filter(whole.notnull())
    reported = own.group_by(GRAIN).agg(
        **{f"has_{name}": own[name].notnull().any() for name in COUNTED}
    )
    partial = own.filter(whole.isnull()).join(reported, GRAIN)
    return stack(
        complete.select(*own.columns, interactions=whole),
        partial.select(*own.columns, interactions=_sum_of_reported(partial)),
    )


@Shared
def audience_days(tables: Tables) -> ir.Table:
    """Return the audience of every account on the days from the first post to the last."""
    posts = tables["posts"]
    span = posts.agg(first=posts.published_on.min(), last=posts.published_on.max())
    return audience_of_days(daily_looks(tables), span)


@Shared
def known_posts(tables: Tables) -> ir.Table:
    """Return own posts with their ``interactions`` and ``followers`` (the audience of that day).

    Of what was known of a post before it is ``KNOWN`` only; the rest is asked of ``own_posts``.
    """
    posts = counted_posts(tables)
    both = posts.left_join(audience_days(tables), ["account", "published_on"])
    return both.select(*KNOWN, "interactions", "followers")


def _sum_of_reported(posts: ir.Table) -> ir.Value:
    has = [posts[f"has_{name}"] for name in COUNTED]
    # Adding an unknown makes the sum unknown, which is what is wanted of a reported count.
    parts = [
        known.ifelse(posts[name], ibis.literal(0, "int64"))
        for name, known in zip(COUNTED, has, strict=True)
    ]
    return (has[0] | has[1] | has[2]).ifelse(parts[0] + parts[1] + parts[2], ibis.null("int64"))
