"""What the same network, kind of post and audience predict of a post's interactions."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

LEAST_ACCOUNTS = 5
"""With fewer accounts on a network in a month there is nothing to be compared with."""
LEAST_FOR_LINE = 9
"""Three accounts in each third: with fewer the audience is not taken into account."""
OF_NETWORK = ("network", "month_on")
OF_KIND = ("network", "month_on", "kind")
RARE = "rare"
"""Kinds that fewer than five accounts used are compared together."""


def predicted(posts: ir.Table) -> ir.Table:
    """Return known posts with ``reached`` (log1p of the interactions) and ``predicted``.

    The line is Tukey's resistant line (Exploratory Data Analysis, 1977; Velleman and Hoaglin,
    1981): accounts are cut in three by audience, and the slope joins the medians of the outer
    thirds. Like Theil and Sen's it cannot be bent by a few posts that went round the world, but it
    needs three medians where theirs needs the slopes of all pairs of accounts. One point is one
    account (its median per kind of post), so that those who publish most do not speak loudest.
    Levels are one median per kind. Without a line (too few accounts with a known audience) the
    prediction is the median of the kind alone.
    """
    posts = posts.mutate(
        kind=posts.kind.fill_null("unknown"),
        reached=(posts.interactions.cast("float64") + 1).ln(),
        size=posts.followers.nullif(0).cast("float64").ln(),
    ).select("account", *OF_KIND, "observed_at", "reached", "size")
    points = _points(posts)
    lined = points.join(_slopes(points), OF_NETWORK)
    joined = posts.left_join(_levels(lined), OF_KIND)
    return joined.mutate(
        predicted=joined.has_line.ifelse(joined.level + joined.slope * joined.size, joined.level)
    )


def _points(posts: ir.Table) -> ir.Table:
    """Return one point per account, month and kind: its median audience and success."""
    known = posts.filter(posts.reached.notnull())
    points = known.group_by("account", *OF_KIND).agg(
        x=known["size"].median(), y=known.reached.median()
    )
    kinds = points.group_by(OF_KIND).agg(users=points.count())
    kinds = kinds.mutate(level_of=(kinds.users >= LEAST_ACCOUNTS).ifelse(kinds.kind, RARE))
    return points.join(kinds.drop("users"), OF_KIND)


def _slopes(points: ir.Table) -> ir.Table:
    """Return the slope of each network and month, and whether there is one.

    Kinds are laid over each other at their medians first: larger accounts may use other kinds.
    """
    sized = points.filter(points.x.notnull())
    middle = sized.group_by(*OF_NETWORK, "level_of").agg(mx=sized.x.median(), my=sized.y.median())
    laid = sized.join(middle, [*OF_NETWORK, "level_of"])
    laid = laid.mutate(x=laid.x - laid.mx, y=laid.y - laid.my)
    cuts = laid.group_by(OF_NETWORK).agg(
        first=laid.x.quantile(1 / 3), second=laid.x.quantile(2 / 3), sized=laid.account.nunique()
    )
    cut = laid.join(cuts, OF_NETWORK)
    small, large = cut.x <= cut["first"], cut.x >= cut.second
    ends = cut.group_by(OF_NETWORK).agg(
        rise=cut.y.median(where=large) - cut.y.median(where=small),
        run=cut.x.median(where=large) - cut.x.median(where=small),
        sized=cut.sized.max(),
    )
    counted = points.group_by(OF_NETWORK).agg(accounts=points.account.nunique())
    both = counted.left_join(ends, OF_NETWORK)
    has_line = ((both.sized >= LEAST_FOR_LINE) & (both.run > 0)).fill_null(False)
    return both.select(
        *OF_NETWORK,
        "accounts",
        has_line=has_line,
        slope=has_line.ifelse(both.rise / both.run.nullif(0), 0.0),
    )


def _levels(lined: ir.Table) -> ir.Table:
    """Return the level of each kind: what is left, in the median, once the audience is counted."""
    lined = lined.mutate(left=lined.has_line.ifelse(lined.y - lined.slope * lined.x, lined.y))
    whole = lined.group_by(OF_NETWORK).agg(whole=lined.left.median())
    groups = lined.group_by(*OF_NETWORK, "level_of").agg(
        level=lined.left.median(), points=lined.left.count()
    )
    kinds = lined.group_by(OF_KIND).agg(
        level_of=lined.level_of.max(),
        slope=lined.slope.max(),
        has_line=lined.has_line.any(),
        accounts=lined.accounts.max(),
    )
    found = kinds.join(groups, [*OF_NETWORK, "level_of"]).join(whole, OF_NETWORK)
    level = (found.points >= LEAST_ACCOUNTS).ifelse(found.level, found.whole)
    return found.select(
        *OF_KIND,
        "slope",
        "has_line",
        level=(found.accounts >= LEAST_ACCOUNTS).ifelse(level, ibis.null("float64")),
    )
