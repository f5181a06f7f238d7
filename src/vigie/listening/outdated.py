"""Lets go of what warnings say of posts: after a while, and at once when a post was taken down."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from vigie.listening.models import AlertSent

POSTS_FOR, KEPT_FOR = timedelta(days=30), timedelta(days=365)
"""How long a warning names its posts, and how long it is kept at all."""

Post = tuple[str, str]
"""Network and identifier."""


def let_go(gone: Collection[Post], *, now: datetime) -> int:
    """Forget the posts of old warnings and those that are gone; return how many warnings changed.

    ``gone``: posts that their authors took down.
    """
    AlertSent.objects.filter(decided_at__lt=now - KEPT_FOR).delete()
    changed = 0
    for row in AlertSent.objects.exclude(facts__posts=[]).iterator():
        posts = row.facts.get("posts", [])
        is_old = row.decided_at < now - POSTS_FOR
        kept = [
            post for post in posts if not is_old and (post["network"], post["post"]) not in gone
        ]
        if len(kept) < len(posts):
            AlertSent.objects.filter(pk=row.pk).update(facts={**row.facts, "posts": kept})
            changed += 1
    return changed
