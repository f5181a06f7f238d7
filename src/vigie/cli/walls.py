"""What is due of the walls of classes: posts with their hashtags come, old questions go."""

from __future__ import annotations

from datetime import datetime

from vigie import flow
from vigie.culture import wall_changes
from vigie.culture.gathering import gather
from vigie.culture.wall_models import Wall
from vigie.store.store import Store


def keep_walls(store: Store, *, now: datetime) -> None:
    """Gather posts for every open wall that takes them, then forget what is due."""
    for wall in Wall.objects.filter(closed_at__isnull=True, closes_at__gt=now, takes_posts=True):
        gather(wall, flow.tagged(store, wall.tag, since=wall.opened_at), at=now)
    wall_changes.forget_due(at=now)
