"""What is due of the walls of classes: posts with their hashtags come, old questions go."""

from __future__ import annotations

from datetime import datetime

from vigie import flow
from vigie.culture import wall_changes
from vigie.culture.gathering import forget_posts, gather, posts_kept
from vigie.culture.wall_models import Wall
from vigie.store.store import Store


def keep_walls(store: Store, *, now: datetime) -> None:
    """Gather posts for every open wall that takes them, then forget what must go."""
    for wall in Wall.objects.filter(closed_at__isnull=True, closes_at__gt=now, takes_posts=True):
        gather(wall, flow.tagged(store, wall.tag, since=wall.opened_at), at=now)
    forget_posts(_taken_down(store))
    wall_changes.forget_due(at=now)


def _taken_down(store: Store) -> list[tuple[str, str]]:
    """Return which of the posts on walls their authors took down."""
    kept = posts_kept()
    if not kept:
        return []
    tombstones = store.table("tombstones")
    near = tombstones.filter(tombstones.post.isin(sorted({post for _network, post in kept})))
    rows = near.select("network", "post").to_pyarrow().to_pylist()
    return [key for row in rows if (key := (row["network"], row["post"])) in kept]
