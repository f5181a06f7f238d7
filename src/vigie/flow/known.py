"""What is known before a connector asks: how far each stream was read, and the recent posts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from vigie.columns import records_of
from vigie.model import Cursor, Post
from vigie.store.store import Store

METRICS = ("comments", "shares")
"""Those of a post that change when more is said about it."""


@dataclass(frozen=True, kw_only=True)
class Own:
    """A post of an account, as it was last seen."""

    published_at: datetime
    metrics: Mapping[str, int | None]


@dataclass(kw_only=True)
class Known:
    """Cursors by subject and stream, and own posts that are still looked at, by account."""

    cursors: dict[tuple[str, str], Cursor] = field(default_factory=dict)
    posts: dict[str, dict[str, Own]] = field(default_factory=dict)
    """Account → post → what is known of it; reposts are not among them."""

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
        ).select("account", "post", "published_at", *METRICS)
        for row in recent.to_pyarrow().to_pylist():
            metrics = {name: row[name] for name in METRICS}
            own = Own(published_at=row["published_at"], metrics=metrics)
            known.posts.setdefault(row["account"], {})[row["post"]] = own
        return known

    def add(self, posts: Iterable[object]) -> None:
        """Add posts that were just seen."""
        for post in posts:
            if isinstance(post, Post) and not post.is_repost:
                metrics = {name: getattr(post, name) for name in METRICS}
                own = Own(published_at=post.published_at, metrics=metrics)
                self.posts.setdefault(post.account, {})[post.post] = own

    def newest(self, subject: str) -> datetime | None:
        """Return when the newest own post of an account was published, as the network says."""
        own = self.posts.get(subject, {}).values()
        return max((post.published_at for post in own), default=None)

    def metrics(self, subject: str, post: str, names: Sequence[str]) -> list[int | None]:
        """Return metrics of an own post as they were last seen."""
        return [self.posts[subject][post].metrics[name] for name in names]

    def published(self, subject: str, post: str) -> datetime:
        """Return when an own post was published."""
        return self.posts[subject][post].published_at

    def recent(self, subject: str, *, since: datetime) -> Sequence[str]:
        """Return the own posts of an account published since, newest first."""
        own = self.posts.get(subject, {})
        found = [post for post in own if own[post].published_at >= since]
        return sorted(found, key=lambda post: own[post].published_at, reverse=True)


def _first(day: date) -> date:
    return day.replace(day=1)
