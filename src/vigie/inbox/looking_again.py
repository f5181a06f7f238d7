"""Whether what came still stands as it was: authors change and take down what they said."""

from __future__ import annotations

from datetime import timedelta

from vigie.inbox.bench import Bench
from vigie.inbox.channel import Channel, Known
from vigie.inbox.intake import put
from vigie.inbox.models import Box, Message

LOOKED_BACK = timedelta(days=30)
"""What is older is not looked at any more."""


def look_again(box: Box, channel: Channel, bench: Bench) -> None:
    """Keep what a network says of messages that were changed or taken down, when it is time to."""
    now = bench.clock()
    if channel.looks_again is None or not _is_time(box, channel.looks_again, bench):
        return
    rows = Message.objects.filter(
        box=box, direction="in", is_withdrawn=False, said_at__gte=now - LOOKED_BACK
    ).order_by("-pk")
    known = [
        Known(key=row.key, words=row.words, edited_at=row.edited_at, facts=row.facts)
        for row in rows[: channel.most_looked_at]
    ]
    if known:
        position = Box.objects.values_list("position", flat=True).get(pk=box.pk)
        brought = channel.look_again(known, position, bench.http)
        if brought.body:
            put(box, brought.body, home=bench.settings.home, now=now)
        Box.objects.filter(pk=box.pk).update(position=brought.position)
    Box.objects.filter(pk=box.pk).update(looked_at=now)


def _is_time(box: Box, every: timedelta, bench: Bench) -> bool:
    return box.looked_at is None or bench.clock() - box.looked_at >= every
