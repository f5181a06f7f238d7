"""What is known before a connector asks: how far each stream was read, and the recent posts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from vigie.columns import records_of
from vigie.model import Cursor, Post
from vigie.store.store import Store


@dataclass(kw_only=True)
class Known:
    """Cursors by subject and stream, and own posts that are still looked at, by account."""

    cursors: dict[tuple[str, str], Cursor] = field(default_factory=dict)
    posts: dict[str, dict[str, datetime]] = field(default_factory=dict)
    """Account → post → when it was published; reposts are not among them."""

    @classmethod
    def read(cls, store: Store, connector: str, network: str, *, since: datetime) -> Known:
        """Read once for a whole run: asking the store for each account would cost more."""
        table = store.table("cursors")
        mine = records_of(Cursor, table.filter(table.connector == connector).to_pyarrow())
        known = cls(cursors={(cursor.subject, cursor.stream): cursor for cursor in mine})
        months = [month for month in store.months("posts") if month >= _first(since.date())]
        if not months:
            return known
        posts = store.table("posts", months=months)
        recent = posts.filter(
            (posts.network == network)
            & (posts.published_at >= since)
            & ~posts.is_repost.fill_null(False)
        ).select("account", "post", "published_at")
        for row in recent.to_pyarrow().to_pylist():
            known.posts.setdefault(row["account"], {})[row["post"]] = row["published_at"]
        return known

    def add(self, posts: Iterable[object]) -> None:
        """Add posts that were just seen."""
        for post in posts:
            if isinstance(post, Post) and not post.is_repost:
                self.posts.setdefault(post.account, {})[post.post] = post.published_at

    def newest(self, subject: str) -> datetime | None:
        """Return when the newest own post of an account was published, as the network says."""
        return max(self.posts.get(subject, {}).values(), default=None)

    def recent(self, subject: str, *, since: datetime) -> Sequence[str]:
        """Return the own posts of an account published since, newest first."""
        found = self.posts.get(subject, {})
        return sorted((post for post in found if found[post] >= since), key=found.__getitem__)[::-1]


def _first(day: date) -> date:
    return day.replace(day=1)
