"""When a box was not read, why, and how much was caught up with: so that nobody has to guess."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from vigie.inbox.boxes import member_of
from vigie.inbox.channel import Channel
from vigie.inbox.models import Arrival, Box, Outage

TURNS = 3
"""Turns that may be missed: a server that is slow once is no outage."""


def is_long(silence: timedelta, member: type[Channel]) -> bool:
    """Whether a box that was not read for so long was missed."""
    return silence > TURNS * member.every


def note_end(box: Box, *, now: datetime) -> None:
    """Keep how long a box was not read that is read again now, where that was long.

    To be called before the box is said to be read: it still says since when, and why.
    """
    row = Box.objects.filter(pk=box.pk).exclude(read_at=None).first()
    if row is None or row.read_at is None or not is_long(now - row.read_at, member_of(row)):
        return
    Outage.objects.create(
        box=row,
        began_at=row.read_at,
        ended_at=now,
        failure=row.failure,
        fetched=Arrival.objects.filter(box=row, received_at__gt=row.read_at).count(),
    )


def outages(box: Box, *, since: datetime) -> Sequence[Outage]:
    """Return when a box was not read and caught up since a moment, the latest first."""
    return list(Outage.objects.filter(box=box, ended_at__gte=since))


def not_read_since(box: Box, *, now: datetime) -> datetime | None:
    """Return since when a box waits to be read again; none: it is read, or never was."""
    if box.state == "paused" or not member_of(box).is_fetched or box.read_at is None:
        return None
    is_missed = box.state == "broken" or is_long(now - box.read_at, member_of(box))
    return box.read_at if is_missed else None
