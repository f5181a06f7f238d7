"""How much of each day was really collected, so that nobody is alarmed by their own collector."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

import numpy as np

from vigie.listening.forecast import Numbers
from vigie.listening.searched import SEARCH
from vigie.listening.searching import query_of
from vigie.model import Cursor

STREAMS = frozenset({"posts", "mentions", "comments", "answers", "replies", SEARCH})
"""What brings words of people; profiles and figures do not count."""
Shares = list[Numbers]
Key = TypeVar("Key")
BUSY = 5.0
"""A network that usually brings so many posts a day and brings none was not listened to."""
AROUND = 14
"""Days before and after that say what is usual."""


@dataclass(frozen=True, kw_only=True)
class Share:
    """The share of each day that was collected, 0 to 1."""

    days: int
    by_network: Mapping[str, Numbers]
    """Of what is asked about accounts; where none is, of all that is searched."""
    by_search: Mapping[tuple[str, str], Numbers] = field(default_factory=dict)
    """Query, network → of what the network is searched for this query."""
    asked: frozenset[str] = frozenset()
    """Networks that are asked about accounts."""

    def of(self, network: str, query: str = "") -> Numbers:
        """Return the share of each day of what a query is fed by; nothing of what is not known.

        Accounts and its own searches weigh alike: what another query is searched for says nothing
        of this one.
        """
        found, own = self.by_network.get(network), self.by_search.get((query, network))
        if own is not None and found is not None and network in self.asked:
            return (found + own) / 2
        if own is not None:
            return own
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
    spans = [_span(day, now=now, zone=zone) for day in days]
    read: dict[tuple[str, str, str], Numbers] = {}
    for cursor in cursors:
        if cursor.stream not in STREAMS or not cursor.complete_from or not cursor.complete_to:
            continue
        # What is asked about single posts, as for replies, has a last look and no span.
        if cursor.complete_from < cursor.complete_to:
            share = _of_cursor(cursor.complete_from, cursor.complete_to, spans)
            key = (cursor.network, cursor.subject, cursor.stream)
            read[key] = np.maximum(read[key], share) if key in read else share
    accounts, searched, by_search = _grouped(read)
    found = _means(searched) | _means(accounts)
    inferred = {
        network: _inferred(posts) for network, posts in brought.items() if network not in found
    }
    return Share(
        days=len(days),
        by_network=found | inferred,
        by_search=_means(by_search),
        asked=frozenset(accounts),
    )


def _grouped(
    read: Mapping[tuple[str, str, str], Numbers],
) -> tuple[dict[str, Shares], dict[str, Shares], dict[tuple[str, str], Shares]]:
    """Part what is asked about accounts from what is searched, and that by query, too."""
    accounts: dict[str, Shares] = {}
    searched: dict[str, Shares] = {}
    by_search: dict[tuple[str, str], Shares] = {}
    for (network, subject, stream), share in read.items():
        if stream == SEARCH:
            searched.setdefault(network, []).append(share)
            by_search.setdefault((query_of(subject), network), []).append(share)
        else:
            accounts.setdefault(network, []).append(share)
    return accounts, searched, by_search


def _means(groups: Mapping[Key, Shares]) -> dict[Key, Numbers]:
    return {name: np.mean(shares, axis=0) for name, shares in groups.items()}


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
