"""Posts as the store holds them now: what was taken down is not there any more."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from vigie.store.store import Store


@dataclass(frozen=True, kw_only=True)
class SeenPost:
    """A public post, without its author."""

    network: str
    post: str
    text: str
    url: str
    published_at: datetime


Key = tuple[str, str]
"""A network, and its own identifier of a post."""


def seen_post(store: Store, network: str, post: str) -> SeenPost | None:
    """Return a post someone else wrote, or one of the institutions', while it is public."""
    return seen_posts(store, [(network, post)]).get((network, post))


def seen_posts(store: Store, keys: Collection[Key]) -> dict[Key, SeenPost]:
    """Return those of these posts that are public still."""
    found: dict[Key, SeenPost] = {}
    if not keys:
        return found
    posts = sorted({post for _network, post in keys})
    for name in ("posts", "mentions"):
        table = store.table(name)
        kept = table.filter(table.post.isin(posts)).select(
            "network", "post", "text", "url", "published_at"
        )
        for row in kept.to_pyarrow().to_pylist():
            key = row["network"], row["post"]
            if key in keys:
                found[key] = SeenPost(**{**row, "text": row["text"] or "", "url": row["url"] or ""})
    return found
