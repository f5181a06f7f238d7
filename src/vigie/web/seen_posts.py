"""Posts as the store holds them now: what was taken down is not there any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import ibis

from vigie.store.store import Store


@dataclass(frozen=True, kw_only=True)
class SeenPost:
    """A public post, without its author."""

    network: str
    post: str
    text: str
    url: str
    published_at: datetime


def seen_post(store: Store, network: str, post: str) -> SeenPost | None:
    """Return a post someone else wrote, or one of the institutions', while it is public."""
    for name in ("mentions", "posts"):
        table = store.table(name)
        found = table.filter((table.network == network) & (table.post == post))
        kept = found.select("text", "url", "published_at").order_by(ibis.desc("published_at"))
        for row in kept.limit(1).to_pyarrow().to_pylist():
            return SeenPost(
                network=network,
                post=post,
                text=row["text"] or "",
                url=row["url"] or "",
                published_at=row["published_at"],
            )
    return None
