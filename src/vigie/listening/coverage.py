"""How much of each day was really collected, so that nobody is alarmed by their own collector."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from vigie.listening.forecast import Numbers
from vigie.model import Cursor

STREAMS = frozenset({"posts", "mentions", "comments", "answers", "replies", "search"})
"""What brings words of people; profiles and figures do not count."""
BUSY = 5.0
"""A network that usually brings so many posts a day and brings none was not listened to."""
AROUND = 14
"""Days before and after that say what is usual."""


@dataclass(frozen=True, kw_only=True)
class Share:
    """The share of each day that was collected, by network, 0 to 1."""

    days: int
    by_network: Mapping[str, Numbers]

    def of(self, network: str) -> Numbers:
        """Return the share of each day; nothing of a network that is not known."""
        found = self.by_network.get(network)
        return np.zeros(self.days) if found is None else found


def share_seen(
    cursors: Iterable[Cursor],
    brought: Mapping[str, Numbers],
    *,
    days: Sequence[date],
    now: datetime,
    zone: ZoneInfo,
) -> Share:
    """Return how much of each day was seen of each network.

    Where a network is asked, its cursors say between which moments all was read; of two connectors
    that read the same, the one that saw most of a day counts. Where posts come
    by files alone, they speak for the days from the first to the last of them, but for days
    without any on a busy network. ``brought`` are all posts of the network by day. Of the day
    that is not over, what is over of it counts.
    """
    asked: dict[str, dict[tuple[str, str], Numbers]] = {}
    spans = [_span(day, now=now, zone=zone) for day in days]
    for cursor in cursors:
        if cursor.stream in STREAMS and cursor.complete_from and cursor.complete_to:
            share = _of_cursor(cursor.complete_from, cursor.complete_to, spans)
            of = asked.setdefault(cursor.network, {})
            key = (cursor.subject, cursor.stream)
            of[key] = np.maximum(of[key], share) if key in of else share
    found = {network: np.mean(list(of.values()), axis=0) for network, of in asked.items()}
    inferred = {
        network: _inferred(posts) for network, posts in brought.items() if network not in found
    }
    return Share(days=len(days), by_network=found | inferred)


def _span(day: date, *, now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    start = datetime.combine(day, time(), tzinfo=zone)
    end = datetime.combine(day + timedelta(days=1), time(), tzinfo=zone)
    return start, min(end, now) if now > start else end


def _of_cursor(
    first: datetime, last: datetime, spans: Sequence[tuple[datetime, datetime]]
) -> Numbers:
    shares = [
        (min(last, end) - max(first, start)) / (end - start) if start < last and first < end else 0
        for start, end in spans
    ]
    found: Numbers = np.clip(np.array(shares, dtype=float), 0.0, 1.0)
    return found


def _inferred(posts: Numbers) -> Numbers:
    known = np.flatnonzero(posts)
    found = np.zeros(len(posts))
    if not len(known):
        return found
    found[known[0] : known[-1] + 1] = 1.0
    for day in np.flatnonzero((posts == 0) & (found > 0)):
        near = posts[max(day - AROUND, 0) : day + AROUND + 1]
        if np.median(near) >= BUSY:
            found[day] = 0.0
    return found
