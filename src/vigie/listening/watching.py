"""What happened that an alert may speak of: urgent posts, more posts than a team wants to miss."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import ibis.expr.types as ir

from vigie.listening.alerting import Occasion
from vigie.listening.sampled import estimate

LOOK_BACK = timedelta(days=3)
"""Older posts warn nobody: longer than any silence and cool-down together hold a warning back."""
MOST_POSTS = 50
"""Posts that one warning lists."""

Post = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Seen:
    """Something that happened, and what a warning says of it."""

    occasion: Occasion
    posts: Sequence[Post] = ()
    facts: Mapping[str, object] = field(default_factory=dict)


def urgent(texts: ir.Table, *, since: datetime) -> list[Seen]:
    """Return each urgent post by others that was published since."""
    found = texts.filter(
        (texts.origin == "others") & (texts.published_at >= since) & (texts.urgency.length() > 0)
    )
    rows = _latest(found)
    return [
        Seen(
            occasion=Occasion(
                key=f"urgent:{row['network']}:{row['post']}",
                at=row["published_at"],
                is_urgent=True,
            ),
            posts=[_told(row)],
        )
        for row in rows
    ]


def many(
    texts: ir.Table, *, least: int, within: timedelta, after: datetime, now: datetime
) -> list[Seen]:
    """Return that at least so many posts by others came within a time, if they did.

    Posts published before ``after``, the last warning, are not counted again.
    """
    since = max(now - within, after)
    found = texts.filter((texts.origin == "others") & (texts.published_at >= since))
    counted = estimate(found)
    if counted.posts < least:
        return []
    seen = Seen(
        occasion=Occasion(key=f"count:{now.isoformat()}", at=now),
        posts=[_told(row) for row in _latest(found)],
        facts={
            "count": counted.posts,
            "seconds": within.total_seconds(),
            **({"one_in": counted.each} if counted.is_sampled else {}),
        },
    )
    return [seen]


def months_since(since: datetime, now: datetime) -> list[date]:
    """Return the months that posts published since may lie in, wherever their days are counted."""
    day, last = (since - timedelta(days=1)).date().replace(day=1), (now + timedelta(days=1)).date()
    months = []
    while day <= last:
        months.append(day)
        day = (day + timedelta(days=32)).replace(day=1)
    return months


def _latest(found: ir.Table) -> list[dict[str, Any]]:
    chosen = found.order_by(found.published_at.desc(), found.network, found.post).limit(MOST_POSTS)
    columns = ("network", "post", "published_at", "url", "urgency", "intents")
    rows: list[dict[str, Any]] = chosen.select(*columns).to_pyarrow().to_pylist()
    return rows


def _told(row: Post) -> Post:
    """Return what a warning says of a post: never its words, nor who wrote it."""
    at: datetime = row["published_at"]
    return {
        "network": row["network"],
        "post": row["post"],
        "url": row["url"],
        "at": at.isoformat(),
        "urgency": list(row["urgency"] or ()),
        "intents": list(row["intents"] or ()),
    }
